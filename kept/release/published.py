"""Measures as tables that may leave: what was counted of each group, laid out so that all of it can be protected."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kept.errors import Fault, MeasureError
from kept.measures import counts
from kept.measures.asked import Opened
from kept.measures.catalogue import HOLDERS
from kept.measures.counts import Question
from kept.measures.model import OBLIGATIONS, Kind, Measure
from kept.release.cells import RANGE, Breakdown, Period, Place, Scope, Table
from kept.release.filling import RANGE_RATES, Filling

UNKNOWN = "unknown"
_ANSWER = Breakdown("answer", ("yes", "no", UNKNOWN), {"known": ("yes", "no")}, frozenset({"no"}))
"""The breakdown of a share: printed are yes, those of whom it is known, the unknown, and all."""
_CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Published:
    """A table of counts, and how it is laid out for readers."""

    table: Table
    filling: Filling


def published(at: Opened, measure: Measure, by: Sequence[str], period: Period) -> Published:
    """What a measure counted in a period, by one or two breakdowns.

    Raises MeasureError for a kind of measure that has no table of counts, and where there is nobody to count.
    """
    if measure.kind not in _SPLIT:
        raise MeasureError(
            f"{measure.id} cannot be released as a table of counts.",
            why=f"It is a measure of the kind {measure.kind}.",
            what_to_do=f"Choose one of the kinds {', '.join(_SPLIT)}.",
        )
    question = Question(tuple(by), since=period.first, until=period.last)
    found = counts.count(at.connection, measure, question)
    if not found:
        raise MeasureError(f"There is nobody to count in {measure.id}.", what_to_do="Choose another period.")
    _require_one_a_victim(measure, found)
    breakdowns = [*_groups(by, [one.values for one in found]), *_SPLIT[measure.kind].breakdowns(found)]
    cells: dict[Place, int] = {}
    for one in found:
        for place, number in _SPLIT[measure.kind].cells(one.values[: len(by)], one):
            cells[place] = cells.get(place, 0) + number
    scope = Scope(measure.id, period, at.clock.isoformat())
    return Published(Table.of(scope, tuple(breakdowns), cells), _filling(measure, by, breakdowns))


def _require_one_a_victim(measure: Measure, found: Sequence[counts.Counted]) -> None:
    """Refuse counts of obligations of which one victim has several: the threshold is one of people."""
    if measure.kind == "duty" and any(one.counts["judged"] > one.counts["victims"] for one in found):
        raise MeasureError(
            f"{measure.id} cannot be released: a victim has several of its obligations.",
            why="A count of ten obligations may be one person's, and would be shown.",
            what_to_do="Release the right that it belongs to, or its investigations: both count each victim once.",
        )


def require_unrelated(measures: Sequence[Measure]) -> None:
    """Refuse measures of which one may be worked out from another; MeasureError with each such pair.

    Tables are protected against each other by their cells, and of two measures no cell is known to be part of the
    other's. Two of the same members, two over obligations, or a duty and its part, may be subtracted.
    """
    pairs = [(one, other) for place, one in enumerate(measures) for other in measures[place + 1 :]]
    faults = [
        Fault(
            f"{one.id} and {other.id} cannot leave in one release.",
            why="They count the same members, so that what one hides may follow from the other.",
            what_to_do="Choose one of them, or make them one measure with parts.",
        )
        for one, other in pairs
        if one.of == other.of and (one.of == OBLIGATIONS or one.where == other.where)
    ]
    if faults:
        raise MeasureError.of(faults)


def _groups(by: Sequence[str], values: Sequence[tuple[str | None, ...]]) -> list[Breakdown]:
    """The breakdowns that were asked for, each with the values that occur."""
    found = [sorted({_named(one[place]) for one in values}) for place in range(len(by))]
    return [Breakdown(_called(name), tuple(one)) for name, one in zip(by, found, strict=True)]


def _called(name: str) -> str:
    return name.replace("_", " ")


def _named(value: str | None) -> str:
    return UNKNOWN if value is None else value


def _filling(measure: Measure, by: Sequence[str], breakdowns: Sequence[Breakdown]) -> Filling:
    split = _SPLIT[measure.kind]
    twice = measure.kind == "all_kept" and set(by) & set(HOLDERS)
    notes = [measure.means, f"Source: {measure.source}. Stage: {measure.stage}. Status: {measure.status}."]
    notes += ["A victim who was owed something in two groups counts in both, and twice in the total."] if twice else []
    across = breakdowns[-1].name if len(breakdowns) > len(by) else ""
    return Filling(measure.label, "members", across, split.headings, split.rates, tuple(notes), measure.source)


# -- what is counted of a group, by kind -----------------------------------------------------------------------------


def _of_range(values: tuple[str | None, ...], one: counts.Counted) -> Iterable[tuple[Place, int]]:
    found, group = one.counts, tuple(map(_named, values))
    met, best, judged = found["met"], found["best"], found["judged"]
    for name, number in (("met", met), ("silent", best - met), ("missed", judged - best)):
        yield (*group, name), int(number)


def _of_share(values: tuple[str | None, ...], one: counts.Counted) -> Iterable[tuple[Place, int]]:
    found, group = one.counts, tuple(map(_named, values))
    answers = (("yes", found["counted"]), ("no", found["n"] - found["counted"]), (UNKNOWN, found["unknown"]))
    for name, number in answers:
        yield (*group, name), int(number)


def _of_category(values: tuple[str | None, ...], one: counts.Counted) -> Iterable[tuple[Place, int]]:
    yield (*map(_named, values), _named(one.values[-1])), int(one.counts["n"])


def _of_count(values: tuple[str | None, ...], one: counts.Counted) -> Iterable[tuple[Place, int]]:
    yield tuple(map(_named, values)), int(one.counts["n"])


@dataclass(frozen=True, slots=True)
class _Split:
    """How a kind of measure divides a group: into which breakdown, the counts of its cells, and rates of them."""

    breakdowns: Callable[[Sequence[counts.Counted]], list[Breakdown]]
    cells: Callable[[tuple[str | None, ...], counts.Counted], Iterable[tuple[Place, int]]]
    rates: Mapping[str, tuple[str, str]] | None = None
    headings: Mapping[str, str] | None = None


def _categories(found: Sequence[counts.Counted]) -> list[Breakdown]:
    return [Breakdown(_CATEGORY, tuple(sorted({_named(one.values[-1]) for one in found})))]


_RANGE = _Split(
    lambda found: [RANGE], _of_range, RANGE_RATES, {"met": "Met", "at best": "At best met", "Total": "Judged"}
)
_SPLIT: Mapping[Kind, _Split] = {
    "duty": _RANGE,
    "all_kept": _RANGE,
    "share": _Split(
        lambda found: [_ANSWER],
        _of_share,
        {"Share of the known": ("yes", "known")},
        {"yes": "Yes", "known": "Known", UNKNOWN: "Unknown", "Total": "All"},
    ),
    "split": _Split(_categories, _of_category),
    "count": _Split(lambda found: [], _of_count),
}


def about_run(at: Opened) -> dict[str, Any]:
    """What a release says of the run that its figures come from."""
    said = at.run.manifest
    editions = sorted({rule["edition"] for rule in said["names"]["rules"]})
    return {"run": at.run.id, "rulebook": said["rulebook"], "editions": tuple(editions), "as_of": at.clock.isoformat()}
