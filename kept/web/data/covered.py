"""Which duties the records can show, and what else a force would have to extract to show the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kept.code import loader
from kept.code.model import Rulebook
from kept.contract.vocabulary import Vocabulary
from kept.engine.coverage import Coverage, coverage, supplied
from kept.records.store import Store
from kept.web.access import able, seen_by


@dataclass(frozen=True, slots=True)
class Gain:
    """What the records lack, in the contract's word and in plain ones; the duties that it alone would show.

    `towards` are those that lack something else as well.
    """

    lacking: str
    means: str
    shows: tuple[Coverage, ...]
    towards: tuple[Coverage, ...]


@seen_by(able("coverage"))
def coverage_page(request: HttpRequest) -> HttpResponse:
    """What can be measured, what each missing field would add, and what no extract is known to hold."""
    book = the_rulebook()
    covered = coverage(book, supplied(Store.open(settings.ENVIRONMENT.store).latest()))
    lacking = [one for one in covered if not one.measurable]
    never = {f"{duty.edition}/{duty.id}" for duty, _ in book.duties() if duty.not_measurable}
    said = {
        "covered": len(covered),
        "measurable": len(covered) - len(lacking),
        "gains": gains((one for one in lacking if one.name not in never), book.vocabulary),
        "never": [one for one in lacking if one.name in never],
    }
    return render(request, "data/coverage.html", said)


@lru_cache(maxsize=2)
def _rulebook(name: str) -> Rulebook:
    return loader.rulebook(name)


def the_rulebook() -> Rulebook:
    """The rulebook that evaluations use, read once. CodeError where it is wrong."""
    return _rulebook(settings.ENVIRONMENT.rulebook or loader.DEFAULT_RULEBOOK)


def gains(lacking: Iterable[Coverage], vocabulary: Vocabulary) -> list[Gain]:
    """What would be gained by each thing that is lacking, the most first."""
    found = list(lacking)
    words = dict.fromkeys(word for one in found for word in one.lacking)
    gained = [
        Gain(
            word,
            _means(word, vocabulary),
            tuple(one for one in found if one.lacking == (word,)),
            tuple(one for one in found if word in one.lacking and len(one.lacking) > 1),
        )
        for word in words
    ]
    return sorted(gained, key=lambda one: (-len(one.shows), -len(one.towards), one.lacking))


def _means(lacking: str, vocabulary: Vocabulary) -> str:
    known = {name: one.means for group in (vocabulary.kinds, vocabulary.attributes) for name, one in group.items()}
    return " / ".join(known[word] for word in lacking.split(" or ") if word in known)
