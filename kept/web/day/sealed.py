"""Sealing what supervisors wrote once more, after a new key has come first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from kept.web.sealing import Sealer


def seal_rows_again(rows: QuerySet[Any], keys: Sealer, bound_to: Callable[[Any], str]) -> int:
    """Seal the `sealed` of every row with the newest key; returns how many were not yet.

    A row that somebody changes meanwhile is left as they wrote it, with the newest key.
    """
    done = 0
    for row in rows.iterator():
        if not keys.is_current(row.sealed):
            again = keys.seal(keys.open(row.sealed, bound_to(row)), bound_to(row))
            done += rows.model.objects.filter(pk=row.pk, sealed=row.sealed).update(sealed=again)
    return done
