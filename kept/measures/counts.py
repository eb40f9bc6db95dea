"""Counting a measure: of each group and period, what its kind says, in one query over the members of a run."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from kept.errors import MeasureError
from kept.measures.catalogue import breakdowns, moment_of, populations
from kept.measures.composed import composed_sql
from kept.measures.groups import Counts
from kept.measures.kinds import counting
from kept.measures.ledger.counted import added_up
from kept.measures.ledger.grouped import grouped
from kept.measures.members.coded import MEASURE
from kept.measures.members.holding import judged_members
from kept.measures.members.reading import Members
from kept.measures.model import ALIKE, OBLIGATIONS, Measure
from kept.measures.moments import day_of, since_day, until_day
from kept.measures.names import duties_in, is_of_windows
from kept.measures.periods import PERIODS, all_between
from kept.measures.question import Question
from kept.measures.said import said
from kept.records.schema import literal

MOST_BREAKDOWNS = 2


def count(members: Members, measure: Measure, question: Question) -> Counts:
    """Count a measure over the members of a run, by group and period in order.

    Raises MeasureError for a breakdown that the measure does not allow, and for a period that is none.
    """
    check(measure, question)
    return counted(members, measure, question)


def counted(members: Members, measure: Measure, question: Question) -> Counts:
    """As `count`, by as many breakdowns as are named: for what is put together again before it is shown."""
    if measure.kind in ("duty", "all_kept"):
        return _owed(members, measure, question)
    if measure.of == ALIKE:
        _show_alike(members, question)
        question = replace(question, since=None, until=None)
    return of_views(members, measure, question)


def of_views(members: Members, measure: Measure, question: Question) -> Counts:
    """As `counted`, of a measure of the records: over the views of its connection."""
    table = members.connection.sql(query(members, measure, question)).to_arrow_table()
    found = Counts.of_table(table, len(_divided(measure, question)), bool(question.period))
    return _with_empty_periods(found, question) if measure.kind == "count" and question.period else found


def _owed(members: Members, measure: Measure, question: Question) -> Counts:
    """What is owed, added up; MeasureError where a month is asked to be divided that is counted as a whole."""
    require_months(measure, question)
    found = added_up(members.owed, measure.id, question, measure.kind == "all_kept", is_of_windows(measure.id))
    return Counts(found.cells.values, found.cells.periods, found.sums, found.cells.size)


def _show_alike(members: Members, question: Question) -> None:
    """Make the population of obligations that are counted by what is alike, of the days that a question asks about."""
    duties = duties_in(members.owed.codes.names.get(MEASURE, {}))
    members.connection.register("grouped", grouped(members.owed, duties, question))
    members.connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW {ALIKE} AS
        SELECT *, timezone('Europe/London', period::TIMESTAMP) AS judged, getvariable('clock') AS clock FROM grouped""")


def _with_empty_periods(found: Counts, question: Question) -> Counts:
    """Counts of nothing where a group has none in a period: of a count, unlike a rate, that is a figure."""
    held = {(one.values, one.period): one.counts["n"] for one in found}
    periods = sorted({period for _, period in held if period})
    if not periods:
        return found
    groups = sorted({values for values, _ in held}, key=str)
    between = all_between(periods[0], periods[-1], question.period)
    listed = [(group, at) for group in groups for at in between]
    values = [pa.array(column, pa.string()) for column in zip(*(group for group, _ in listed), strict=True)]
    counts = {"n": pa.array([held.get(one, 0) for one in listed], pa.int64())}
    return Counts(values, pa.array([at for _, at in listed], pa.date32()), counts, len(listed))


def check(measure: Measure, question: Question) -> None:
    """Refuse what the measure cannot be asked."""
    allowed = breakdowns(measure)
    for name in (*question.by, *question.only):
        if name not in allowed:
            raise MeasureError(
                f"{measure.id} cannot be broken down by {name}.",
                why=_why_not(measure, name),
                what_to_do=f"Choose from: {', '.join(allowed)}.",
            )
    if len(set(question.by)) < len(question.by):
        raise MeasureError(
            f"{measure.id} was asked for by one breakdown twice: {', '.join(question.by)}.",
            what_to_do="Name each breakdown once.",
        )
    if len(question.by) > MOST_BREAKDOWNS:
        raise MeasureError(
            f"{measure.id} was asked for by {len(question.by)} breakdowns.",
            why="A table of more than two cannot be read, and its cells become people.",
            what_to_do="Name one or two, and --only for the others.",
        )
    if question.period and question.period not in PERIODS:
        raise MeasureError(f"There is no period {question.period}.", what_to_do=f"Choose from: {', '.join(PERIODS)}.")
    if question.since and question.until and question.until < question.since:
        raise MeasureError(
            f"The period from {question.since} to {question.until} is empty.", what_to_do="Exchange the two days."
        )


def require_months(measure: Measure, question: Question) -> None:
    """Refuse to divide a month of a measure whose members are counted by the month; MeasureError."""
    if measure.kind == "all_kept" and not (question.period != "week" and _in_whole_months(question)):
        raise MeasureError(
            f"{measure.id} is counted by the month.",
            why="Who counts as kept is decided by all that was judged for them in a month.",
            what_to_do="Ask by month, quarter or year, since the first day of a month and until the last day of one.",
        )


def _in_whole_months(question: Question) -> bool:
    since, until = question.since, question.until
    begins = since is None or since.day == 1
    return begins and (until is None or until.day == monthrange(until.year, until.month)[1])


def _why_not(measure: Measure, name: str) -> str:
    if measure.of == OBLIGATIONS and name in populations()["victims"].breakdowns:
        return "It is known of victims, and what the measure counts is owed to no single one."
    return "It is not among the breakdowns that the measure allows."


def query(members: Members, measure: Measure, question: Question) -> str:
    """The query that counts a measure of the records, or of several duties at once, over its members."""
    if measure.kind == "composite":
        return composed_sql(members, measure, question)
    return sql(measure, question)


def query_of(measure: Measure) -> str:
    """The query that counts a measure over all members; for one that needs none, a remark that says so."""
    if measure.kind == "not_arisen":
        return "-- counted while a run is made, and read from what the run notes of itself"
    if measure.of == OBLIGATIONS:
        return said(measure)
    return sql(measure, Question())


def sql(measure: Measure, question: Question) -> str:
    """The query that counts a measure of the records."""
    how = counting(measure)
    divided = _divided(measure, question)
    beside = _named({"*": "*", **how.of_member})
    members = f"SELECT {beside} FROM {judged_members(measure, question)} WHERE {conditions(measure, question)}"
    keys = {name: f"CAST({column} AS VARCHAR)" for name, column in divided.items()}
    if question.period:
        keys["period"] = f"date_trunc('{question.period}', {day_of(moment_of(measure))})::DATE"
    if how.of_holder is not None:
        inner = {**keys, "counted_within": measure.by or "subject", **how.of_holder}
        members = f"SELECT {_named(inner)} FROM ({members}) GROUP BY ALL"
        keys = {name: name for name in keys}
    places = ", ".join(str(place + 1) for place in range(len(keys)))
    grouped = f" GROUP BY {places} ORDER BY {places}" if keys else ""
    return f"SELECT {_named({**keys, **how.of_group})} FROM ({members}){grouped}"


def _divided(measure: Measure, question: Question) -> dict[str, str]:
    """The columns that divide the figures: those asked for, and that by which the measure itself splits."""
    divided = {name: _merged(question, name) or name for name in question.by}
    split = counting(measure).split_by
    return {**divided, **({"category": split} if split else {})}


def _merged(question: Question, name: str) -> str:
    """SQL for the groups into which the values of a breakdown are put together; blank where they are not."""
    merged = question.merged.get(name)
    return merged.sql(lambda level, value: f"coalesce({level}, 'unknown') = {literal(value)}") if merged else ""


def conditions(measure: Measure, question: Question) -> str:
    """SQL for which members of its population a question asks about."""
    at = moment_of(measure)
    found = [f"({measure.where})"] if measure.where else []
    if question.period:
        found.append(f"{at} <= clock")  # what is not yet judged belongs to no period
    if question.since:
        found.append(since_day(at, question.since))
    if question.until:
        found.append(until_day(at, question.until))
    for name, value in question.only.items():
        found.append(f"CAST({name} AS VARCHAR) {'IS NULL' if value == 'unknown' else '= ' + literal(value)}")
    return " AND ".join(found) or "true"


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(text if text == name else f"{text} AS {name}" for name, text in columns.items())
