"""A force in which every name, id and word is one that nothing else says: where one of them appears, it was shown.

    A  O1's, of team Red                      F  O9's, of team Blue
    B  O1's until 10 days ago, then O2's      G  nobody was ever posted to it
    C  O1's until 40 days ago, then Blue's    H  Blue's until 5 days ago, then O1's
    D  O1's and restricted                    I  O5's, of team Green in another department
    E  O1's and restricted, and bars O1

Each has one victim, whose person has contact details. W was a victim of A until 5 days ago, when the crime was moved
to D; so was X, since the last evaluation. What was said of them while they were A's stands in the service still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from kept.code.loader import rulebook
from kept.engine.run import evaluate_store
from tests.support.forces import GrowingForce
from tests.web.conftest import NOW, ago

KEEPS = timedelta(days=28)
"""How long a case stays in sight after it has left somebody, as the service is set."""


def mark(name: str) -> str:
    """A word that nobody guesses, and that nothing else says."""
    return f"zq{sha256(name.encode()).hexdigest()[:10]}"


def uuid(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


@dataclass(frozen=True)
class Posting:
    """Who held a case: from and until so many days ago; without end while they hold it."""

    officer: str
    unit: str
    since: float
    until: float | None = None

    @property
    def team(self) -> str:
        return mark(self.unit)

    @property
    def units(self) -> dict[str, str]:
        """The team, department and area, by level."""
        return {level: mark(name) for level, name in PLACES[self.unit].items()}

    def lasts(self, longer: timedelta = timedelta(0)) -> bool:
        return self.until is None or ago(self.until) + longer > NOW


PLACES = {
    "Red": {"team": "Red", "department": "response", "area": "North"},
    "Blue": {"team": "Blue", "department": "response", "area": "South"},
    "Green": {"team": "Green", "department": "crime", "area": "North"},
}
"""The teams, each with its department and area."""
UNITS = {level: sorted({mark(one[level]) for one in PLACES.values()}) for level in ("team", "department", "area")}
OFFICERS = ("O1", "O2", "O5", "O9")


@dataclass(frozen=True)
class Case:
    """A case, by its letter: who held it, whether it is restricted, whom it bars."""

    letter: str
    postings: tuple[Posting, ...] = ()
    restricted: bool = False
    barred: str = ""

    @property
    def id(self) -> str:
        return mark(f"case {self.letter}")

    @property
    def victims(self) -> list[str]:
        """Those it has now."""
        return [mark(f"victim {one}") for one in self.people]

    @property
    def people(self) -> list[str]:
        """The letters of its victims."""
        return [self.letter, *(MOVED if self.letter == "D" else ())]


CASES = (
    Case("A", (Posting("O1", "Red", 100),)),
    Case("B", (Posting("O1", "Red", 100, 10), Posting("O2", "Red", 10))),
    Case("C", (Posting("O1", "Red", 100, 40), Posting("O9", "Blue", 40))),
    Case("D", (Posting("O1", "Red", 100),), restricted=True),
    Case("E", (Posting("O1", "Red", 100),), restricted=True, barred="O1"),
    Case("F", (Posting("O9", "Blue", 100),)),
    Case("G"),
    Case("H", (Posting("O9", "Blue", 100, 5), Posting("O1", "Red", 5))),
    Case("I", (Posting("O5", "Green", 100),)),
)
BY_ID = {case.id: case for case in CASES}
CASE = {case.letter: case for case in CASES}
THEN = ago(6)
"""When W was a victim of A."""
MOVED = ("W", "X")
PEOPLE = (*(case.letter for case in CASES), *MOVED)
"""The victims, by the letter of their case, and those who were moved."""
ENTERED = {"entered_at": ago(120)}
IN_CASE = ("case", "crime", "victim", "person", "event", "raw")
"""What the records say of a victim, each with a mark of its own."""


def loaded(folder: Path) -> Path:
    """The store: loaded and evaluated, and so again after W's crime was moved; then X's was moved as well."""
    grown = GrowingForce(folder, NOW)
    grown.load(
        crimes=[_crime(one) for one in PEOPLE],
        victims=[
            {"victim": mark(f"victim {one}"), "crime": mark(f"crime {one}"), "person": mark(f"person {one}"), **ENTERED}
            for one in PEOPLE
        ],
        postings=[_posted(case, one) for case in CASES for one in case.postings],
        restrictions=[
            {"investigation": case.id, "marking": "sensitive", "barred": mark(case.barred) if case.barred else None}
            for case in CASES
            if case.restricted
        ],
        events=[row for one in PEOPLE for row in _events(one)],
    )
    evaluate_store(grown.store, grown.latest(), rulebook(), THEN)
    grown.load(crimes=[{**_crime("W"), "investigation": CASE["D"].id, "entered_at": ago(5)}])
    evaluate_store(grown.store, grown.latest(), rulebook(), NOW)
    grown.load(crimes=[{**_crime("X"), "investigation": CASE["D"].id, "entered_at": ago(1)}])
    return grown.store.path


def then_of(one: str) -> Case:
    """The case that a victim was of at first."""
    return CASE["A" if one in MOVED else one]


def now_of(one: str) -> Case:
    """The case that a victim is of now."""
    return CASE["D" if one in MOVED else one]


def _crime(one: str) -> dict[str, Any]:
    return {"crime": mark(f"crime {one}"), "investigation": then_of(one).id, "reported_at": ago(121), **ENTERED}


def _posted(case: Case, one: Posting) -> dict[str, Any]:
    until = None if one.until is None else ago(one.until)
    return {"investigation": case.id, "officer": mark(one.officer), "from": ago(one.since), "to": until, **one.units}


def _events(one: str) -> Iterator[dict[str, Any]]:
    """An arrest of which the victim was to be told two weeks ago; and a row that no load takes, with a word in it."""
    arrest = {"kind": "suspect_arrested", "crime": mark(f"crime {one}"), "suspect": "S", "source": "custody"}
    yield {"event_id": mark(f"event {one}"), "occurred_at": ago(20), "entered_at": ago(19), **arrest}
    wrong = {"kind": "none-such", "victim": mark(f"victim {one}"), "value": mark(f"raw {one}")}
    yield {"event_id": mark(f"wrong {one}"), "occurred_at": ago(9), "entered_at": ago(9), **wrong}
