"""Members of a population as a test writes them, so that a measure can be worked out by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from kept.code import loader
from kept.measures import catalogue, counts
from kept.measures.expressions import columns_of
from kept.measures.figures import Figure, figures
from kept.measures.made import all_measures
from kept.measures.members.reading import Members
from kept.measures.question import Question
from tests.support.forces import day

MEASURES = all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK))
Rows = Sequence[dict[str, Any]]


def figures_of(
    measure: str, rows: Rows, question: Question | None = None, clock: datetime | None = None
) -> list[Figure]:
    """What a measure comes to over members with these columns and what follows, read at a clock, by default day 100."""
    one, at = MEASURES[measure], clock or day(100)
    names = dict.fromkeys(name for row in rows for name in row)
    table = pa.Table.from_pylist(
        [{"clock": at, "subject": place, **row} for place, row in enumerate(rows)], schema=_schema(rows, [*names])
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [at.isoformat()])
        connection.register("given", table)
        connection.execute(f"CREATE VIEW {one.of} AS SELECT *{_worked_out(one.of, table.column_names)} FROM given")
        return figures(one, counts.of_views(Members(connection), one, question or Question()))


def figure_of(measure: str, rows: Rows, **more: Any) -> Figure:
    """As `figures_of`, of a measure that has one figure."""
    (found,) = figures_of(measure, rows, **more)
    return found


def _worked_out(population: str, names: list[str]) -> str:
    """SQL for the columns of a population that follow from those given."""
    known, found = {*names}, ""
    for name, column in catalogue.all_populations()[population].columns.items():
        if column.how == "is" and name not in known and columns_of(column.text) <= known:
            known.add(name)
            found += f', ({column.text}) AS "{name}"'
    return found


def _schema(rows: Rows, names: list[str]) -> pa.Schema:
    """A column's type is that of its first value; a column of nothing else holds moments."""
    moments = pa.timestamp("us", tz="UTC")
    found = {"clock": moments, "subject": pa.int64()}
    for name in names:
        values = [row[name] for row in rows if row.get(name) is not None]
        found[name] = pa.scalar(values[0]).type if values and not isinstance(values[0], datetime) else moments
    return pa.schema(list(found.items()))
