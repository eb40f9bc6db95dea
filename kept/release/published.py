"""Measures as tables that may leave: what was counted of each group, laid out so that all of it can be protected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.catalogue import HOLDERS
from kept.measures.model import Measure
from kept.measures.question import Question
from kept.release.basis import Basis
from kept.release.cells import Breakdown, Layout, Period, Scope, Table
from kept.release.filling import Filling
from kept.release.overlap import Overlap, Pattern, may_share, to_be_overlapped
from kept.release.placing import answer_of, placed
from kept.release.register import Register


@dataclass(frozen=True, slots=True)
class Published:
    """A table of counts, and how it is laid out for readers."""

    table: Table
    filling: Filling


def published(at: Opened, measure: Measure, by: Sequence[str], period: Period) -> Published:
    """What a measure counted in a period, by one or two breakdowns.

    Raises MeasureError for a kind of measure that has no table of counts, and where there is nobody to count.
    """
    query = placed(at.members, measure, _question(by, period))
    rows = at.connection.execute(f"SELECT place, count(*) FROM ({query}) GROUP BY place ORDER BY place").fetchall()
    if not rows:
        raise MeasureError(
            f"There is nobody to count in {measure.id}.",
            f"{period.first} to {period.last}",
            what_to_do="Choose another period.",
        )
    _require_one_a_victim(at, measure, query)
    breakdowns = tuple(_breakdowns(measure, by, [place for place, _ in rows]))
    scope = Scope(measure.id, period, at.clock.isoformat())
    cells = {tuple(place): int(number) for place, number in rows}
    table = Table.of(scope, breakdowns, cells, Basis.of(measure, tuple(by)))
    return Published(table, _filling(measure, by, table.layout))


def _question(by: Sequence[str], period: Period) -> Question:
    return Question(tuple(by), since=period.first, until=period.last)


def _require_one_a_victim(at: Opened, measure: Measure, query: str) -> None:
    """Refuse counts of obligations of which one victim has several: the threshold is one of people."""
    if measure.kind != "duty":
        return
    found = at.connection.execute(f"SELECT count(*), count(DISTINCT subject) FROM ({query})").fetchall()
    if found[0][0] > found[0][1]:
        raise MeasureError(
            f"{measure.id} cannot be released: a victim has several of its obligations.",
            why="A count of ten obligations may be one person's, and would be shown.",
            what_to_do="Release the right that it belongs to, or its investigations: both count each victim once.",
        )


def _breakdowns(measure: Measure, by: Sequence[str], places: Sequence[Sequence[str]]) -> list[Breakdown]:
    """The breakdowns that were asked for, each with the values that occur, and that of the kind of measure."""
    found = [sorted({place[at] for place in places}) for at in range(len(by))]
    groups = [Breakdown(_called(name), tuple(values)) for name, values in zip(by, found, strict=True)]
    answer = answer_of(measure)
    return [*groups, answer.breakdown({place[-1] for place in places})] if answer.text else groups


def _called(name: str) -> str:
    return name.replace("_", " ")


def _filling(measure: Measure, by: Sequence[str], layout: Layout) -> Filling:
    answer = answer_of(measure)
    twice = measure.kind == "all_kept" and set(by) & set(HOLDERS)
    notes = [measure.means, f"Source: {measure.source}. Stage: {measure.stage}. Status: {measure.status}."]
    notes += ["A victim who was owed something in two groups counts in both, and twice in the total."] if twice else []
    across = layout.breakdowns[-1].name if answer.text else ""
    unit = layout.basis.unit if layout.basis else "members"
    return Filling(measure.label, unit, across, answer.headings, answer.rates, tuple(notes), measure.source)


# -- what several measures count of the same people ------------------------------------------------------------------


def overlaps_of(
    at: Opened, measures: Mapping[str, Measure], tables: Sequence[Table], register: Register
) -> list[Overlap]:
    """How tables that are to leave together count the same people, with those of each earlier release in turn.

    Earlier tables of other measures are counted again at this clock. Raises MeasureError for one whose measure is no
    longer what it was, and if two releases together are too much to be checked.
    """
    earlier: dict[str, list[Table]] = {}
    for known in to_be_overlapped([table.layout for table in tables], register):
        earlier.setdefault(known.release, []).append(_again(at, measures, known.layout))
    each = [[*tables, *again] for again in earlier.values()] or [list(tables)]
    return [Overlap(tuple(one), _patterns(at, measures, one)) for one in each if _shared(tables, one)]


def _shared(tables: Sequence[Table], together: Sequence[Table]) -> bool:
    return any(may_share(one.layout, other.layout) for one in tables for other in together)


def _again(at: Opened, measures: Mapping[str, Measure], layout: Layout) -> Table:
    """An earlier table as it would be counted now."""
    name, basis = layout.scope.measure, layout.basis
    columns = basis.columns if basis else ()
    if name not in measures or Basis.of(measures[name], columns) != basis or layout.scope.population:
        raise MeasureError(
            f"{name} was released over the same people, and is no longer counted as it was then.",
            why="So it cannot be told what its figures and these give away together.",
            what_to_do="Release for a period that does not overlap, or put its definition back and name the new one.",
        )
    return published(at, measures[name], columns, layout.scope.period).table


def _patterns(at: Opened, measures: Mapping[str, Measure], tables: Sequence[Table]) -> dict[Pattern, int]:
    """How many investigations count at which places of the tables, and how often at each."""
    each = " UNION ALL ".join(
        f"SELECT {number} AS which, * FROM ({_query(at, measures, one)})" for number, one in enumerate(tables)
    )
    counted = f"SELECT investigation, which, place, count(*) AS times FROM ({each}) GROUP BY ALL"
    listed = "list({'which': which, 'place': place, 'times': times} ORDER BY which, place)"
    patterns = f"SELECT {listed} AS pattern FROM ({counted}) GROUP BY investigation"
    rows = at.connection.execute(
        f"SELECT pattern, count(*) FROM ({patterns}) GROUP BY pattern ORDER BY pattern"
    ).fetchall()
    return {_pattern(pattern): int(number) for pattern, number in rows}


def _pattern(said: Sequence[Mapping[str, Any]]) -> Pattern:
    return tuple((one["which"], tuple(one["place"]), one["times"]) for one in said)


def _query(at: Opened, measures: Mapping[str, Measure], table: Table) -> str:
    basis, scope = table.layout.basis, table.layout.scope
    return placed(at.members, measures[scope.measure], _question(basis.columns if basis else (), scope.period))


def about_run(at: Opened) -> dict[str, Any]:
    """What a release says of the run that its figures come from."""
    said = at.run.manifest
    editions = sorted({rule["edition"] for rule in said["names"]["rules"]})
    return {"run": at.run.id, "rulebook": said["rulebook"], "editions": tuple(editions), "as_of": at.clock.isoformat()}
