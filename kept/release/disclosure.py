"""Disclosure control: what of a release is suppressed, why, and whether that is enough.

`protect` decides, `verify` checks what was decided without knowing how. Every suppression is logged with its reason.
The log names small counts: it stays with the publishing body.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kept.release.attacker import Attacker
from kept.release.cells import Cell, Place, Table
from kept.release.knowledge import Group, Span, System, Unknown, gather, name_of
from kept.release.markers import Figure, Suppressed
from kept.release.overlap import Overlap
from kept.release.policy import Policy
from kept.release.register import Register, Released
from kept.release.secondary import further

Reason = Literal[
    "small count",
    "protects another cell",
    "differs from an earlier release by a small number",
    "differs from another table of this release by a small number",
]

NOTHING = Register()


@dataclass(frozen=True, slots=True)
class Decision:
    """One cell that is not shown, the reason, and what it protects in words (empty where it protects itself)."""

    cell: Cell
    reason: Reason
    protects: str = ""

    def as_data(self) -> dict[str, str]:
        """For JSON."""
        return {"cell": str(self.cell), "reason": self.reason, "protects": self.protects}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the figures give away: what, in which span it can be placed, and whether it is merely printed."""

    what: str
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.what} is known to be {self.low:.0f}"
        return f"{self.what} is known to lie from {self.low:.0f} to {self.high:.0f}"


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables with what may be printed of them.

    hidden  the cells that are not shown although there is room for them
    log     one decision for each hidden cell, in the order in which they were taken
    overlaps how the tables, with those of each earlier release of other measures, count the same people
    """

    tables: tuple[Table, ...]
    policy: Policy
    hidden: frozenset[Cell]
    log: tuple[Decision, ...] = ()
    overlaps: tuple[Overlap, ...] = ()

    def figure(self, table: Table, place: Place) -> Figure:
        """What is printed at a place of one of the tables; KeyError if the table has no room for a figure there."""
        if not table.layout.is_printed(place):
            raise KeyError(place)
        if table.layout.cell(place) in self.hidden:
            return Suppressed()
        return self.policy.rounded(table.counts[place])

    def released(self, release: str) -> Iterator[Released]:
        """The tables as the register keeps them: with nothing that is not printed."""
        for table in self.tables:
            figures = {place: self.figure(table, place) for place in table.layout.printed()}
            yield Released(release, table.layout, figures, self.policy)


def protect(
    tables: Sequence[Table], policy: Policy, register: Register = NOTHING, overlaps: Sequence[Overlap] = ()
) -> Protected:
    """Suppress what must not be seen in tables that leave together, after what has left already.

    First the small counts; then, for each of them and for each small difference, as much more as it takes that nobody
    can place it more narrowly than the policy allows. MeasureError where two figures of one definition differ.
    """
    system = gather(tables, policy, register, overlaps)
    log = [Decision(cell, "small count") for cell in system.printed if policy.is_small(system.truths[cell])]
    while added := _held_back(system, [decision.cell for decision in log], policy):
        log += added
    return Protected(tuple(tables), policy, frozenset(decision.cell for decision in log), tuple(log), tuple(overlaps))


def _held_back(system: System, hidden: Iterable[Cell], policy: Policy) -> list[Decision]:
    """What is to be hidden besides, until nothing is left to hide.

    It is begun anew until there is nothing: what was seen on the way to a pattern must be seen in the pattern itself,
    for `verify` sees no more than that.
    """
    attacker, lost = Attacker(system, hidden), Attacker(system, system.printed)
    sensitive, log = _sensitive(system, policy), list[Decision]()
    while added := [step for unknown in sensitive for step in _shield(attacker, lost, unknown, policy)]:
        log += added
    return log


def _sensitive(system: System, policy: Policy) -> list[Unknown]:
    return [unknown for unknown in system.spans if _may_be_small(system, unknown, policy)]


def _shield(attacker: Attacker, lost: Attacker, unknown: Unknown, policy: Policy) -> Iterator[Decision]:
    """Hide cells until an unknown is safe, or is past help."""
    reason = _reason(attacker.system, unknown)
    while known := _given_away(attacker, lost, unknown, policy):
        for cell in further(attacker, unknown, known, policy.width):
            attacker.hide(cell)
            yield Decision(cell, reason, name_of(unknown))


def _given_away(attacker: Attacker, lost: Attacker, unknown: Unknown, policy: Policy) -> Span | None:
    """In which span these tables let an unknown be placed, if that is too narrow.

    None if it is safe, and if it is past help: placed so whatever they do not print.
    """
    if attacker.hidden >= attacker.system.printed.keys():
        return None
    known = _exposed(attacker, unknown, policy)
    return None if known is None or _exposed(lost, unknown, policy) else known


def _reason(system: System, unknown: Unknown) -> Reason:
    difference = system.left_over.get(unknown)
    if difference is None:
        return "protects another cell"
    if difference.release is not None:
        return "differs from an earlier release by a small number"
    return "differs from another table of this release by a small number"


def _may_be_small(system: System, unknown: Unknown, policy: Policy) -> bool:
    """Whether an unknown has to be protected: it is small, or was suppressed earlier and may be."""
    if isinstance(unknown, Group):
        return False
    truth = system.truths.get(unknown)
    if truth is None:
        return True
    return policy.is_small(truth) and (truth != 0 or isinstance(unknown, Cell))


def _exposed(attacker: Attacker, unknown: Unknown, policy: Policy) -> Span | None:
    """In which span an unknown can be placed, if that is too narrow; None if it is safe."""
    if attacker.has_room(unknown, policy.width):
        return None
    known = attacker.span(unknown, policy.width)
    if known.width >= policy.width or not _holds_small(unknown, known, policy):
        return None
    return known


def _holds_small(unknown: Unknown, known: Span, policy: Policy) -> bool:
    """Whether what is in a span may be a small count. Zero is one only of a cell, and where zeros are suppressed."""
    if known == (0, 0):
        return policy.is_small(0) and isinstance(unknown, Cell)
    return known.low < policy.threshold and known.high > -policy.threshold


def verify(protected: Protected, register: Register = NOTHING) -> list[Finding]:
    """What tables give away as they are to be printed, with all that was released before; empty if nothing.

    It takes nothing from how cells were chosen: it looks at what is printed, and solves for what is not. What was
    known before, and would be if nothing of these tables but zeros were printed, is no finding of theirs.
    """
    policy = protected.policy
    system = gather(protected.tables, policy, register, protected.overlaps)
    if bare := [cell for cell in system.printed.keys() - protected.hidden if policy.is_small(system.truths[cell])]:
        return [Finding(name_of(cell), system.truths[cell], system.truths[cell]) for cell in sorted(bare)]
    attacker, lost = Attacker(system, protected.hidden), Attacker(system, system.printed)
    found = ((unknown, _given_away(attacker, lost, unknown, policy)) for unknown in _sensitive(system, policy))
    return [Finding(name_of(unknown), known.low, known.high) for unknown, known in found if known is not None]
