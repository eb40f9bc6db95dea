"""The name of an obligation in an address: stable from run to run, and of use only within its own case."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from kept.engine.obligation import Obligation


def key_of(row: Obligation) -> str:
    """A digest of what makes the obligation this one: to whom, which duty and part of it, because of which start."""
    said = (row.subject_id, row.edition, row.duty, row.part, row.start_id or "", row.start_at.isoformat())
    return sha256("\x1f".join(said).encode()).hexdigest()[:20]


def find(rows: Iterable[Obligation], key: str) -> Obligation | None:
    """The obligation of that name among those of a case; None where it is of another case, or of none."""
    return next((row for row in rows if key_of(row) == key), None)
