"""The query over tallies and obligations: those alike are counted at once, and only a victim's several are added up.

It reads the views `tallies_coded` and `obligations_coded` of `members.reading`, whose columns are codes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import duckdb

from kept.errors import MeasureError
from kept.measures.kinds import counting
from kept.measures.members.bucket import HOLDER
from kept.measures.members.coded import MEASURE, NAMES_OF, SEVERAL, TALLIED, UNKNOWN
from kept.measures.members.owed import DETAIL, SUMS
from kept.measures.model import Measure
from kept.measures.question import Question
from kept.measures.tally import WAITS, unpacked
from kept.records.schema import literal

_IN_MONTHS = ("", "month", "quarter", "year")
_NOT_THERE = -1
"""A code that nothing has."""


def tallied_sql(connection: duckdb.DuckDBPyConnection, measure: Measure, question: Question) -> str:
    """The query that counts a measure of obligations.

    Raises MeasureError where months are asked to be divided of a measure whose members are counted by the month.
    """
    found = Query.of(connection, measure, question)
    keys = "".join(f"{name}, " for name in found.keys)
    chosen = "".join(f"{text} AS {name}, " for name, text in found.keys.items())
    counts = ", ".join(f"{text} AS {name}" for name, text in unpacked().items())
    sums = ", ".join(f"sum({name}) AS {name}" for name in unpacked())
    shown = "".join(f"{text} AS {name}, " for name, text in found.shown.items())
    figures = ", ".join(f"{text} AS {name}" for name, text in counting(measure).of_group.items())
    places = ", ".join(str(place + 1) for place in range(len(found.keys)))
    divided = f"GROUP BY {places} ORDER BY {places}" if places else ""
    aside = "aside" if measure.kind == "duty" else "0"
    alike = f"""
        SELECT {chosen}rated, {aside} AS aside, {WAITS} AS waits, count(*) AS times
        FROM {found.source} WHERE {found.where} AND {found.lone} GROUP BY ALL"""
    several = f"""
        SELECT {keys}1 AS times, {sums} FROM (
            SELECT {keys}unit, {counts} FROM (
                SELECT {chosen}unit, rated, {aside} AS aside, {WAITS} AS waits
                FROM {found.source} WHERE {found.where} AND NOT {found.lone})) GROUP BY {keys}unit"""
    more = f"UNION ALL BY NAME ({several})" if found.several else ""
    return f"""
        WITH counted AS (SELECT {keys}times, {counts} FROM ({alike}) {more})
        SELECT {shown}{figures} FROM counted {divided}"""


def tallied_as_said(measure: Measure) -> str:
    """What `tallied_sql` counts of a measure, said in the shortest way over the view `tallies`."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in unpacked())
    figures = ", ".join(f"{text} AS {name}" for name, text in counting(measure).of_group.items())
    rows = f"SELECT unit, 1 AS times, {sums} FROM tallies WHERE measure = {literal(measure.id)} GROUP BY unit"
    return f"SELECT {figures} FROM ({rows})"


@dataclass(frozen=True, slots=True)
class Query:
    """The parts of a query: where it reads which rows, by what it groups them, and how the groups are named.

    `lone` says of a row whether it is all of its unit; `several` whether there may be others.
    """

    source: str
    where: str
    lone: str
    several: bool
    keys: Mapping[str, str]
    shown: Mapping[str, str]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, measure: Measure, question: Question) -> "Query":
        by_month = question.period in _IN_MONTHS and _in_whole_months(question)
        added_up = code_of(connection, TALLIED, measure.id) is not None
        require_months(measure, question)
        source = "tallies_coded" if added_up and by_month else "obligations_coded"
        moment = '"month"' if by_month else "judged_on"
        keys = {name: _merged(connection, question, name) or name for name in question.by}
        shown = {name: name if name in question.merged else f"{NAMES_OF.format(name)}[{name}]" for name in question.by}
        if question.period:
            keys["period"] = (
                moment
                if question.period == "month" and by_month
                else f"date_trunc('{question.period}', {moment})::DATE"
            )
            shown["period"] = "period"
        lone = "single_in_month" if source == "tallies_coded" and question.period == "month" else "single"
        several = source == "tallies_coded" or code_of(connection, SEVERAL, measure.id) is not None
        where = " AND ".join(conditions(connection, measure, question, moment))
        return cls(source, where, lone, several, keys, shown)


def parts_of(measure: Measure) -> tuple[str, ...]:
    """The ids of the measures whose rows it counts: its own, but for a composite those of its parts."""
    if measure.kind != "composite":
        return (measure.id,)
    return tuple(name for names in measure.parts.values() for name in names.split(", "))


def of_measures(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> str:
    """SQL: whether a coded row is of one of some measures."""
    codes = [code_of(connection, MEASURE, one) for one in ids]
    return f"{MEASURE} IN ({', '.join(str(_NOT_THERE if code is None else code) for code in codes)})"


def conditions(connection: duckdb.DuckDBPyConnection, measure: Measure, question: Question, moment: str) -> list[str]:
    """SQL for which coded rows a question asks for; `moment` is the column that places them in time."""
    levels = {level for merged in question.merged.values() for level in merged.levels}
    asked = {*question.by, *question.only, *levels}
    found = [of_measures(connection, parts_of(measure)), _of_levels(asked)]
    if question.period:
        found.append(f"{moment} IS NOT NULL AND NOT {WAITS}")
    if question.since:
        found.append(f"{moment} >= DATE '{question.since}'")
    if question.until:
        found.append(f"{moment} <= DATE '{question.until}'")
    for name, value in question.only.items():
        found.append(_has(connection, name, value))
    return found


def _of_levels(asked: Collection[str]) -> str:
    """SQL for the rows that figures by some levels are made of (`members.owed.summarised`)."""
    places = [place for place, level in enumerate(HOLDER) if level in asked]
    if not places:
        return f"level = {SUMS}"
    bits = sum(1 << place for place in places)
    level = places[0] + 1 if len(places) == 1 else DETAIL
    return f"(level = {SUMS} AND split & {bits} = 0 OR level = {level} AND split & {bits} > 0)"


def _merged(connection: duckdb.DuckDBPyConnection, question: Question, name: str) -> str:
    """SQL for the groups into which the values of a breakdown are put together; blank where they are not."""
    merged = question.merged.get(name)
    return merged.sql(lambda level, value: _has(connection, level, value)) if merged else ""


def _has(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> str:
    """SQL: whether a coded column has a value."""
    code = UNKNOWN if value == "unknown" else code_of(connection, column, value)
    return f"{column} = {_NOT_THERE if code is None else code}"


def code_of(connection: duckdb.DuckDBPyConnection, column: str, name: str) -> int | None:
    """The code of a name in a run's members."""
    query = 'SELECT code FROM names WHERE "column" = $1 AND name = $2'
    found = connection.execute(query, [column, name]).fetchall()
    return int(found[0][0]) if found else None


def _in_whole_months(question: Question) -> bool:
    after = question.until and question.until + timedelta(days=1)
    return all(one is None or one.day == 1 for one in (question.since, after))


def require_months(measure: Measure, question: Question) -> None:
    """Refuse to divide a month of a measure whose members are counted by the month; MeasureError."""
    if measure.kind == "all_kept" and not (question.period in _IN_MONTHS and _in_whole_months(question)):
        raise MeasureError(
            f"{measure.id} is counted by the month.",
            why="Who counts as kept is decided by all that was judged for them in a month.",
            what_to_do="Ask by month, quarter or year, since the first day of a month and until the last day of one.",
        )
