"""Who may see what: the one place where it is decided, as pure functions over a scope.

Pages, the API, exports, notices and commands all ask here, so nothing in it knows of any of them.
A decision is read in this order, and the first line that speaks wins:

1. barred from the investigation, or denied a unit that ever held it: no
2. restricted, and not named for it: no
3. named for it by a grant, or opened by one of the roles held: yes
4. anything else: no
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from kept.engine.entries import Posting
from kept.web.people.roles import OF_THE_FORCE, ROLES, Role


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the force, by its level (`kept.web.people.roles.LEVELS`) and name; the force itself has no name."""

    level: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """What holds from a moment up to another; without end while it lasts."""

    unit: Unit
    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Grant(Dated):
    """A role, given for a unit."""

    role: str = ""


@dataclass(frozen=True, slots=True)
class Denial(Dated):
    """A unit of which nothing may be seen, whatever else was given."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All that decides what a person may see at a moment.

    `officer` is their id in the records, blank where they have none. A case stays in sight for `keeps` after it has
    left them or their unit.
    """

    at: datetime
    officer: str = ""
    grants: tuple[Grant, ...] = ()
    denials: tuple[Denial, ...] = ()
    keeps: timedelta = timedelta(days=28)

    def granted(self) -> tuple[Grant, ...]:
        """The grants that hold now; a role that is not known gives nothing."""
        return tuple(one for one in self.grants if one.holds(self.at) and one.role in ROLES)

    def denied(self) -> tuple[Unit, ...]:
        """The units that are denied now."""
        return tuple(one.unit for one in self.denials if one.holds(self.at))

    def roles(self) -> tuple[Role, ...]:
        """The roles held now, each once, in the order of `ROLES`."""
        held = {one.role for one in self.granted()}
        return tuple(role for role in ROLES.values() if role.id in held)


NOBODY = Scope(datetime.max.replace(tzinfo=UTC))
"""The scope of who has not signed in."""


@dataclass(frozen=True, slots=True)
class Investigation:
    """What decides who may see an investigation: who holds and held it, whether it is restricted, who is barred."""

    id: str
    postings: tuple[Posting, ...] = ()
    restricted: bool = False
    barred: frozenset[str] = frozenset()


def may(scope: Scope, ability: str) -> bool:
    """Whether one of the roles held has an ability (`kept.web.people.roles.ABILITIES`), for the force where it must."""
    held = (one for one in scope.granted() if ability in ROLES[one.role].abilities)
    return any(one.unit.level == "force" or ability not in OF_THE_FORCE for one in held)


def may_of_all(scope: Scope, ability: str) -> bool:
    """Whether somebody may do that sort of thing for the whole force, and no unit of it is denied to them.

    Who is shown a total of the force could take from it what they are shown of its parts.
    """
    whole = any(one.unit.level == "force" and ability in ROLES[one.role].abilities for one in scope.granted())
    return whole and all(unit.level == "investigation" for unit in scope.denied())


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a case may be opened, and which line decided: a key of `BECAUSE`."""

    opens: bool
    because: str


BECAUSE = {
    "barred": "the investigation's own records bar this person from it",
    "denied": "a unit that holds or held it is denied to this person",
    "restricted": "it is restricted, and no role names this person for it",
    "named": "a role names this person for it",
    "role": "a role opens it",
    "outside": "no role opens it",
}
"""Why a case is in scope or not, in the order in which it is asked."""


def decide(scope: Scope, investigation: Investigation) -> Decision:
    """Whether the case of an investigation is in scope, and why."""
    if scope.officer and scope.officer in investigation.barred:
        return Decision(False, "barred")
    if any(_ever_within(unit, investigation) for unit in scope.denied()):
        return Decision(False, "denied")
    if named(scope, investigation):
        return Decision(True, "named")
    if investigation.restricted:
        return Decision(False, "restricted")
    opened = any(_opens(one, scope, investigation) for one in scope.granted())
    return Decision(opened, "role" if opened else "outside")


def may_open(scope: Scope, investigation: Investigation) -> bool:
    """Whether the case of an investigation is in scope."""
    return decide(scope, investigation).opens


def may_in(scope: Scope, ability: str, investigation: Investigation) -> bool:
    """Whether the case is in scope, and a role with an ability is among those that open it."""
    return may_open(scope, investigation) and may_open(narrowed(scope, ability), investigation)


def narrowed(scope: Scope, ability: str) -> Scope:
    """The scope with those of its grants alone whose role has an ability."""
    return replace(scope, grants=tuple(one for one in scope.granted() if ability in ROLES[one.role].abilities))


def units_opened(scope: Scope, ability: str) -> list[Unit]:
    """The units whose cases are opened by roles with an ability."""
    granted = [one for one in scope.granted() if ROLES[one.role].opens == "unit"]
    return [one.unit for one in granted if ability in ROLES[one.role].abilities]


def holds_now(scope: Scope, investigation: Investigation) -> bool:
    """Whether the case is in scope and this person holds it at this moment: who may reach its victims."""
    return may_open(scope, investigation) and any(
        _is_officer(scope, one) and _lasts(one, scope.at, timedelta(0)) for one in investigation.postings
    )


def named(scope: Scope, investigation: Investigation) -> bool:
    """Whether a grant that opens cases names this very investigation."""
    unit = Unit("investigation", investigation.id)
    return any(one.unit == unit and ROLES[one.role].opens != "nothing" for one in scope.granted())


def _ever_within(unit: Unit, investigation: Investigation) -> bool:
    return _whole(unit, investigation) or any(_of_unit(unit, one) for one in investigation.postings)


def _opens(grant: Grant, scope: Scope, investigation: Investigation) -> bool:
    opens = ROLES[grant.role].opens
    if opens == "held":
        return grant.unit.level != "investigation" and any(
            _is_officer(scope, one) for one in _in_sight(scope, investigation.postings)
        )
    return opens == "unit" and (
        grant.unit.level == "force"
        or any(_of_unit(grant.unit, one) for one in _in_sight(scope, investigation.postings))
    )


def _whole(unit: Unit, investigation: Investigation) -> bool:
    return unit.level == "force" or unit == Unit("investigation", investigation.id)


def _in_sight(scope: Scope, postings: Iterable[Posting]) -> Iterable[Posting]:
    return (one for one in postings if _lasts(one, scope.at, scope.keeps))


def _lasts(posting: Posting, at: datetime, longer: timedelta) -> bool:
    return posting.start <= at and (posting.end is None or at - longer < posting.end)


def _is_officer(scope: Scope, posting: Posting) -> bool:
    return bool(scope.officer) and posting.officer == scope.officer


def _of_unit(unit: Unit, posting: Posting) -> bool:
    names = {"team": posting.team, "department": posting.department, "area": posting.area}
    return bool(unit.name) and names.get(unit.level) == unit.name
