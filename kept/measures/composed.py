"""The query over the obligations of several duties at once: whether of one victim every one of them was kept."""

from collections.abc import Callable, Sequence

import duckdb

from kept.measures.kinds import counting
from kept.measures.members.coded import MEASURE
from kept.measures.model import Measure
from kept.measures.question import Question
from kept.measures.tallied import Query, of_measures, parts_of
from kept.measures.tally import WAITS, unpacked
from kept.records.schema import literal


def composed_sql(connection: duckdb.DuckDBPyConnection, measure: Measure, question: Question) -> str:
    """The query that counts a composite over the view `obligations_coded` of `members.reading`.

    A victim counts where anything of its parts was judged, in the period where there is one.
    """
    found = Query.of(connection, measure, question)
    keys = "".join(f"{name}, " for name in found.keys)
    direct = "".join(f"{text} AS {name}, " for name, text in found.keys.items())
    counts = ", ".join(f"{text} AS {name}" for name, text in unpacked().items())
    shown = "".join(f"{text} AS {name}, " for name, text in found.shown.items())
    places = ", ".join(str(place + 1) for place in range(len(found.keys)))
    divided = f"GROUP BY {places} ORDER BY {places}" if places else ""
    parts = _parts(measure, lambda ids: of_measures(connection, ids))
    return f"""
        WITH chosen AS (
            SELECT {direct}unit, {MEASURE}, rated, aside, {WAITS} AS waits
            FROM {found.source} WHERE {found.where}),
        victims AS (
            SELECT {keys}unit, sum(judged) AS judged, {parts}
            FROM (SELECT {keys}unit, {MEASURE}, {counts} FROM chosen) GROUP BY ALL)
        SELECT {shown}{_figures(measure)} FROM victims {divided}"""


def composed_as_said(measure: Measure) -> str:
    """What `composed_sql` counts of a measure, said over the view `obligations`."""
    parts, of_any = _parts(measure, _is_of), _is_of(parts_of(measure))
    rows = f"SELECT subject, sum(judged) AS judged, {parts} FROM obligations WHERE {of_any} GROUP BY subject"
    return f"SELECT {_figures(measure)} FROM ({rows})"


def _is_of(ids: Sequence[str]) -> str:
    return f"{MEASURE} IN ({', '.join(map(literal, ids))})"


def _figures(measure: Measure) -> str:
    return ", ".join(f"{text} AS {name}" for name, text in counting(measure).of_group.items())


def _parts(measure: Measure, of: Callable[[Sequence[str]], str]) -> str:
    """Of each part whether all that was judged of it was kept, and kept at best; unknown where it did not arise."""
    return ", ".join(
        f"sum({end}) FILTER ({of(ids.split(', '))}) = sum(judged) FILTER ({of(ids.split(', '))}) AS {end}_{place}"
        for place, ids in enumerate(measure.parts.values())
        for end in ("met", "best")
    )
