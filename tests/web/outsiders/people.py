"""People at random, and what each of them may see: worked out here, from who held what, and by nobody else's rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from kept.web.people.models import Denial, User
from kept.web.people.policy import Unit
from tests.web.conftest import ago, give
from tests.web.outsiders.force import CASES, KEEPS, OFFICERS, PEOPLE, PLACES, UNITS, Case, Posting, mark
from tests.web.outsiders.held import CONTACT, WORDS

HELD, OF_A_UNIT = {"investigator"}, {"supervisor", "victim_lead", "auditor", "analyst", "witness_care"}
"""The roles that open what somebody holds, and what the unit holds for which they are given; the others open none."""
FIGURES = {"supervisor", "victim_lead", "auditor", "champion", "analyst"}
ROLES = (*HELD, *OF_A_UNIT, "champion", "commissioner", "governance", "administrator")
LEVELS = ("team", "department", "area")
Given = tuple[str, str, str, str]
"""Something that was given: a role (blank for a denial), a level, a unit, and a key of `DATED`."""
DATED = {"now": (1, None), "past": (50, 2), "future": (-1, None), "ends": (9, -9)}
"""From and until how many days ago."""
LASTING = ("now", "ends")


@dataclass(frozen=True)
class Somebody:
    """A person: who they are in the records, blank for nobody, and what they were given."""

    officer: str = ""
    given: tuple[Given, ...] = ()

    @property
    def granted(self) -> list[Given]:
        return [one for one in self.given if one[0] and one[3] in LASTING]

    @property
    def denied(self) -> list[Given]:
        return [one for one in self.given if not one[0] and one[3] in LASTING]

    def has(self, roles: Iterable[str]) -> bool:
        return any(one[0] in roles for one in self.granted)

    def only(self, *roles: str) -> Somebody:
        """The same person with some of their roles."""
        return replace(self, given=tuple(one for one in self.given if one[0] in ("", *roles)))

    def opens(self, case: Case) -> bool:
        """Whether the case is theirs to see: what is denied comes first, then what is restricted."""
        if case.barred and case.barred == self.officer:
            return False
        if any(_ever(one, case) for one in self.denied):
            return False
        opening = [one for one in self.granted if one[0] in HELD | OF_A_UNIT]
        if any(one[1:3] == ("investigation", case.id) for one in opening):
            return True
        return not case.restricted and any(self._opened_by(one, case) for one in opening)

    def _opened_by(self, given: Given, case: Case) -> bool:
        role, level, unit, _ = given
        lately = [one for one in case.postings if one.lasts(KEEPS)]
        if role in HELD:
            return level != "investigation" and any(self.is_officer(one) for one in lately)
        return level == "force" or any(one.units.get(level) == unit for one in lately)

    def holds(self, case: Case) -> bool:
        return self.opens(case) and any(self.is_officer(one) for one in case.postings if one.lasts())

    def supervises(self, case: Case) -> bool:
        return self.opens(case) and self.only("supervisor").opens(case)

    def enters(self, case: Case) -> bool:
        """Whether they may enter what was done: who holds the case, and who cares for its witnesses."""
        return self.holds(case) or (self.opens(case) and self.only("witness_care").opens(case))

    def is_officer(self, posting: Posting) -> bool:
        return bool(self.officer) and posting.officer == self.officer

    def units(self, roles: Iterable[str] = FIGURES) -> list[tuple[str, str]]:
        """The units of which they were given some roles; the force alone where that is among them."""
        found = {one[1:3] for one in self.granted if one[0] in roles and one[1] != "investigation"}
        return [("force", "")] if ("force", "") in found else sorted(found)


def _ever(given: Given, case: Case) -> bool:
    _, level, unit, _ = given
    return level == "force" or unit == case.id or any(one.units.get(level) == unit for one in case.postings)


def marks_for(who: Somebody) -> set[str]:
    """Every mark that somebody may come upon, wherever they look; contact details aside."""
    found = {mark(who.officer), mark(f"name {who.officer}"), *(one[2] for one in who.granted)}
    for case in CASES:
        if who.opens(case):
            found |= _of(case)
            found |= _people_of(case.postings)
        if who.supervises(case):
            teams = {one.unit for one in case.postings if one.lasts()}
            found |= _people_of(one for other in CASES for one in other.postings if one.unit in teams)
    if who.units() and NEAR_BLUE & {*who.units()}:
        found.add(mark("view team"))
    return (found | _places(who)) - {one[2] for one in who.denied}


NEAR_BLUE = {("force", ""), ("team", mark("Blue")), ("department", mark("response")), ("area", mark("South"))}
"""The units that have cases in common with team Blue, with which a view is shared."""


def marks_of_contacts(who: Somebody) -> set[str]:
    """Those of how to reach the victims of the cases that they hold."""
    return {mark(f"{name} {one}") for case in CASES if who.holds(case) for one in case.people for name in CONTACT}


def _of(case: Case) -> set[str]:
    """What is known of a case: its victims, their crimes and events, and what was written about it."""
    said = (*IN_RECORDS, *WORDS, "entered", "charge")
    found = {mark(f"{name} {one}") for one in case.people for name in said}
    return found | {case.id} | {name for posting in case.postings for name in posting.units.values()}


IN_RECORDS = ("case", "crime", "victim", "person", "event", "wrong", "raw")


def _people_of(postings: Iterable[Posting]) -> set[str]:
    return {said for one in postings for said in (mark(one.officer), mark(f"name {one.officer}"))}


def _places(who: Somebody) -> set[str]:
    """The names of the units of which they see figures or teams, and of those that lie in one."""
    found: set[str] = set()
    for level, unit in who.units(FIGURES | OF_A_UNIT | {"commissioner"}):
        for place in PLACES.values():
            if level == "force" or mark(place[level]) == unit:
                found |= {mark(name) for name in place.values()}
    return found


ALL_MARKS = (
    {mark(one) for one in OFFICERS} | {mark(f"{what} {one}") for what in ("name", "user") for one in OFFICERS}
    | {name for names in UNITS.values() for name in names} | {case.id for case in CASES}
    | {mark(f"{name} {one}") for one in PEOPLE for name in (*IN_RECORDS, *WORDS, *CONTACT, "entered", "charge")}
    | {mark(one) for one in ("view ", "view team", "token", "notice")}
)  # fmt: skip
"""All that must not be shown to whoever it is not for. Who wrote what is said wherever their words are."""

_UNITS = [("force", ""), *((level, name) for level in LEVELS for name in UNITS[level])]
_UNITS += [("investigation", case.id) for case in CASES]
SOME_UNITS = st.sampled_from(_UNITS)
_when = st.sampled_from([*DATED, "now", "now", "ends"])
_grants = st.builds(lambda role, unit, when: (role, *unit, when), st.sampled_from(ROLES), SOME_UNITS, _when)
_denials = st.builds(lambda unit, when: ("", *unit, when), st.sampled_from(_UNITS[1:]), _when)


def somebody() -> st.SearchStrategy[Somebody]:
    """Somebody with up to three roles and perhaps a denial."""
    given = st.builds(
        lambda grants, denials: (*grants, *denials),
        st.lists(_grants, min_size=1, max_size=3),
        st.lists(_denials, max_size=1),
    )
    return st.builds(Somebody, st.sampled_from(["", *OFFICERS]), given)


def added(who: Somebody, name: str = "drawn") -> User:
    """Them in the database."""
    user = User.objects.create(name=name, shown="Somebody", officer=mark(who.officer) if who.officer else "")
    for role, level, unit, when in who.given:
        since, until = DATED[when]
        dated = {"since": ago(since), "until": None if until is None else ago(until)}
        if role:
            give(user, role, Unit(level, unit), **dated)
        else:
            Denial.objects.create(user=user, level=level, unit=unit, given_by="test", **dated)
    return user
