"""Where a measure of what was written is counted from instead of its population: fewer rows, which come to the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb

from kept.measures.expressions import columns_of
from kept.measures.model import ENTRIES, FIELDS, Measure
from kept.measures.question import Question
from kept.measures.written.stored import OF_SHAPE, TEXTS, Written, copied
from kept.records.reading import readable
from kept.records.schema import literal

_TABLES = ("noted", "sheets", "shapes")
_FIELDS = "sheets JOIN shapes USING (shape)"


@dataclass(frozen=True, slots=True)
class Narrow:
    """A measure as it is asked of other rows: what it then says of itself, and SQL for these rows."""

    measure: Measure
    source: str


def narrow(measure: Measure, question: Question) -> Narrow | None:
    """From what a measure of entries or fields can be counted; None where only its population has what it reads."""
    if measure.kind == "copies" and measure.of == ENTRIES and measure.where == f"{measure.by} IS NOT NULL":
        return _of_noted(measure) if measure.by in TEXTS else None
    if measure.of != FIELDS or "value" in {*_read(measure), *question.by, *question.only}:
        return None
    of_shape = {*_conditions(measure)} <= {*OF_SHAPE}
    if measure.kind == "every" and of_shape and not {"field", "answered"} & {*question.by, *question.only}:
        return _of_shapes(measure)
    return Narrow(measure, f"(SELECT * FROM {_FIELDS})")


def _of_noted(measure: Measure) -> Narrow:
    """Whether a text stands elsewhere too does not depend on what is asked, so that it is noted beside each entry."""
    return Narrow(replace(measure, kind="share", where="", counts=copied(measure.by)), "noted")


def _of_shapes(measure: Measure) -> Narrow:
    """What holds of every field of a form is asked of its shape, of which there are few."""
    kept = f"""
        SELECT shape, any_value(form) AS form, bool_and({measure.counts}) AS kept
        FROM shapes WHERE {measure.where or "true"} GROUP BY shape"""
    return Narrow(replace(measure, where="", counts="kept"), f"(SELECT * FROM sheets JOIN ({kept}) USING (shape))")


def _conditions(measure: Measure) -> Iterator[str]:
    for text in (measure.where, measure.counts, *measure.parts.values()):
        if text:
            yield from columns_of(text)


def _read(measure: Measure) -> Iterator[str]:
    yield from _conditions(measure)
    yield from (measure.by, measure.since, measure.until, measure.at)


@contextmanager
def shown(connection: duckdb.DuckDBPyConnection, written: Written) -> Iterator[None]:
    """Make the tables of what was written views of a connection, with its clock.

    Raises StoreError where one cannot be read, then or by a query.
    """
    with readable([written.path(name) for name in _TABLES]):
        for name in _TABLES:
            rows = f"read_parquet({literal(str(written.path(name)))})"
            clock = "" if name == "shapes" else ", getvariable('clock') AS clock"
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT *{clock} FROM {rows}")
        yield
