"""My day: what somebody owes which victim, what can still be kept first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kept.web import freshness
from kept.web.access import able, note_looks, seen_by
from kept.web.charge import tasks as charges
from kept.web.clock import now
from kept.web.contacts import book
from kept.web.day import notes
from kept.web.day.bands import BANDS, Band, counted
from kept.web.day.tasks import Card, Section, Task, cards, sections, tasks
from kept.web.day.words import by_when, heading
from kept.web.law import duties
from kept.web.people.cases import cases
from kept.web.people.policy import Scope
from kept.web.people.scoping import scope
from kept.web.worklist import reading

MOST = 30
"""How many victims a page shows at once; what comes after them is folded."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The cards of a band that a page shows, and how many the band has; `page` where these are paged."""

    band: Band
    cards: Sequence[Card]
    count: int
    page: Page[Card] | None = None


@dataclass(frozen=True, slots=True)
class _Charges:
    """The cases in which a charge lacked something, and those of which nothing is missing but nobody had asked; `upto`
    is when the last task of the latter was made."""

    lacking: Sequence[str]
    unchecked: Sequence[str]
    upto: datetime | None


@seen_by(able("cases"))
def day(request: HttpRequest) -> HttpResponse:
    """What I owe which victim: today, in the next 7 days, and what is overdue."""
    held = scope(request)
    owed = _mine(held)
    ours, of_others = [one for one in owed if one.of_police], [one for one in owed if not one.of_police]
    found = sections(cards(ours))
    shown = _paged(found, request) if request.GET.get("band") else _folded(found)
    asking, charged = notes.of_any({one.first.investigation for one in owed}), _charges(held)
    said = {
        "by_when": by_when,
        "heading": heading,
        "bands": BANDS,
        "fresh": freshness.of_worklist(),
        "shown": shown,
        "alone": "band" in request.GET,
        "counts": counted(one.days for one in ours),
        "victims": sum(len(section.cards) for section in found),
        "of_others": of_others,
        "notes": asking,
        "charges": charged.lacking,
        "unchecked": charged.unchecked,
        "unchecked_upto": charged.upto,
        "safe": _safe([card for section in shown for card in section.cards]),
        "officer": held.officer,
        "logs": settings.ENVIRONMENT.entry,
    }
    firsts = [*(card.first for section in shown for card in section.cards), *(one.first for one in of_others)]
    named = [*(one.investigation for one in asking), *charged.lacking, *charged.unchecked]
    seen = [*((one.investigation, one.victim) for one in firsts), *((one, "") for one in named)]
    note_looks(request, seen, "my day" if seen else "my day: nothing owed")
    return render(request, "day/day.html", said)


def _mine(held: Scope) -> list[Task]:
    """What is owed in the cases that this person holds and may open."""
    owed = reading.of_officer(held.officer)
    opened = cases().among(held, sorted({one.investigation for one in owed}))
    return tasks([one for one in owed if one.investigation in opened], duties(), now())


def _charges(held: Scope) -> _Charges:
    """The charges in the cases that this person holds and may open that came without what should come before them."""
    found = charges.of(held.officer)
    opened = cases().among(held, sorted({one.investigation for one in found}))
    ours = [one for one in found if one.investigation in opened]
    light = charges.light(ours)
    return _Charges(
        list(dict.fromkeys(one.investigation for one in charges.lacking(ours))),
        list(dict.fromkeys(one.investigation for one in light)),
        max((one.made for one in light), default=None),
    )


def _folded(found: Sequence[Section]) -> list[Shown]:
    """The first cards of all bands; of those that come after them, how many they are."""
    shown, left = [], MOST
    for section in found:
        shown.append(Shown(section.band, section.cards[:left], len(section.cards)))
        left = max(0, left - len(section.cards))
    return shown


def _paged(found: Sequence[Section], request: HttpRequest) -> list[Shown]:
    """The one band that was asked for, page by page; nothing where there is nothing in it."""
    wanted = [section for section in found if section.band.id == request.GET["band"]]
    pages = [Paginator(section.cards, MOST).get_page(request.GET.get("page")) for section in wanted]
    return [
        Shown(section.band, list(page), len(section.cards), page) for section, page in zip(wanted, pages, strict=True)
    ]


def _safe(shown: Sequence[Card]) -> set[str]:
    """The victims on some cards of whom a safe way is known. Which it is stands on a page of its own, and is logged."""
    persons = cases().persons({card.first.victim for card in shown} - {""})
    safe = book.with_safe_way(set(persons.values()), timezone.localdate())
    return {victim for victim, person in persons.items() if person in safe}
