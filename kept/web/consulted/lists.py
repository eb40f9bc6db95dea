"""The cases and victims that one line of the access log is about, where these are several.

A day's work or a team's shows dozens of victims at a look. Their list is kept once, by its digest, and each line that
is about them names it: a look costs one line however many were seen, and each of them can be searched for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from kept.web.consulted.models import Access, Listed

Seen = tuple[str, str]
"""A case and a victim of it by their ids; the victim blank for the case as a whole."""


def put(seen: Collection[Seen]) -> str:
    """Keep a list, where it is not kept yet; returns its digest. Stands in the transaction of the line."""
    named = digest(seen)
    if not Listed.objects.filter(list=named).exists():
        Listed.objects.bulk_create(
            Listed(list=named, investigation=case, victim=victim) for case, victim in _once(seen)
        )
    return named


def digest(seen: Iterable[Seen]) -> str:
    """SHA-256, in hexadecimal, of a list's members, each once and in order."""
    return hashlib.sha256(json.dumps(_once(seen), ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def is_whole(named: str) -> bool:
    """Whether a list still holds what it held when it was written."""
    return digest(Listed.objects.filter(list=named).values_list("investigation", "victim")) == named


def of(lines: Iterable[Access]) -> dict[str, list[Seen]]:
    """The members of the lists that some lines name, by the list's digest, in order."""
    found: dict[str, list[Seen]] = {one.listed: [] for one in lines if one.listed}
    for one in Listed.objects.filter(list__in=found).order_by("investigation", "victim"):
        found[one.list].append((one.investigation, one.victim))
    return found


def about(investigation: str, victim: str) -> Q:
    """The lines about a case, a victim or a victim in a case, whether they name it themselves or on a list."""
    wanted = {name: said for name, said in (("investigation", investigation), ("victim", victim)) if said}
    return Q(**wanted) | Q(listed__in=Listed.objects.filter(**wanted).values("list"))


def common(values: Sequence[str]) -> str:
    """What is the same of all; blank where they differ."""
    return values[0] if values and len(set(values)) == 1 else ""


def _once(seen: Iterable[Seen]) -> list[Seen]:
    return sorted(set(seen))
