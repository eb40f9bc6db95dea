"""Counting a measure: of each group and period, what its kind says, in one query over the members of a run."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from kept.errors import MeasureError
from kept.measures.catalogue import OFFICER, breakdowns, moment_of, populations
from kept.measures.composed import composed_sql
from kept.measures.divided import divided, has_value
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
from kept.measures.officers import require_team
from kept.measures.periods import PERIODS, all_between
from kept.measures.question import Question
from kept.measures.said import said
from kept.measures.written.lags import can_count, count_lags
from kept.measures.written.narrow import narrow, shown

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
    if can_count(measure):
        return count_lags(members.written(), members.connection, measure, question, members.owed.clock)
    if less := narrow(measure, question):
        with shown(members.connection, members.written()):
            return _found(members, less.measure, question, sql(less.measure, question, less.source))
    return of_views(members, measure, question)


def of_views(members: Members, measure: Measure, question: Question) -> Counts:
    """As `counted`, of a measure of the records: over the views of its connection."""
    return _found(members, measure, question, query(members, measure, question))


def _found(members: Members, measure: Measure, question: Question, counting_query: str) -> Counts:
    """What a query that counts a measure finds."""
    table = members.connection.sql(counting_query).to_arrow_table()
    found = Counts.of_table(table, len(divided(measure, question)), bool(question.period))
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
    require_team(measure, question)
    allowed = {*breakdowns(measure), OFFICER} if OFFICER in question.by else {*breakdowns(measure)}
    for name in (*question.by, *question.only):
        if name not in allowed:
            raise MeasureError(
                f"{measure.id} cannot be broken down by {name}.",
                why=_why_not(measure, name),
                what_to_do=f"Choose from: {', '.join(breakdowns(measure))}.",
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


def sql(measure: Measure, question: Question, source: str = "") -> str:
    """The query that counts a measure of the records, over the members of its population or another source of them."""
    how = counting(measure)
    rows = source or judged_members(measure, question)
    if how.of_member:  # said of a member before any is left out that is not asked about: it may depend on those too
        rows = f"({_of_rows({'*': '*', **how.of_member}, rows, measure.where or 'true')})"
        measure = replace(measure, where="")
    members = _of_rows({"*": "*"}, rows, conditions(measure, question))
    keys = divided(measure, question)
    if question.period:
        keys["period"] = f"date_trunc('{question.period}', {day_of(moment_of(measure))})::DATE"
    if how.of_holder is not None:
        inner = {**keys, "counted_within": measure.by or "subject", **how.of_holder}
        members = f"SELECT {_named(inner)} FROM ({members}) GROUP BY ALL"
        keys = {name: name for name in keys}
    places = ", ".join(str(place + 1) for place in range(len(keys)))
    grouped = f" GROUP BY {places} ORDER BY {places}" if keys else ""
    return f"SELECT {_named({**keys, **how.of_group})} FROM ({members}){grouped}"


def _of_rows(columns: Mapping[str, str], rows: str, condition: str) -> str:
    return f"SELECT {_named(columns)} FROM {rows}{'' if condition == 'true' else f' WHERE {condition}'}"


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
    found += [has_value(name, value) for name, value in question.only.items()]
    return " AND ".join(found) or "true"


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(text if text == name else f"{text} AS {name}" for name, text in columns.items())
