"""Asking a measure of a store: at which run, by which clock; what is counted there, and what it comes to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from kept.engine.results import Run, open_run, runs
from kept.engine.wording import short_moment
from kept.errors import MeasureError, NotFoundError
from kept.measures import counts
from kept.measures.figures import Figure, figures, of_run
from kept.measures.members.making import Progress
from kept.measures.members.reading import Members, reading
from kept.measures.model import Measure
from kept.measures.periods import in_part
from kept.measures.question import Question
from kept.records.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A run opened for figures, as at a clock."""

    run: Run
    clock: datetime
    members: Members

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A connection with a view for each population."""
        return self.members.connection

    def apart(self, clock: datetime | None = None) -> "Opened":
        """The same run for another thread, or read by a later clock; AsOfError for one before the run's as-of."""
        at = clock or self.clock
        self.run.require_not_before(at)
        return Opened(self.run, at, self.members.apart(at))

    def figures(self, measure: Measure, question: Question) -> list[Figure]:
        """What a measure comes to; MeasureError where it cannot be asked so."""
        if measure.kind == "not_arisen":
            return of_run(measure, self.run.manifest["not_arisen"], question)
        if measure.kind == "soon" and question.period:
            raise MeasureError(
                f"{measure.id} is of what is to come.",
                why="No period in which it falls has begun to be counted.",
                what_to_do="Leave out --period.",
            )
        found = figures(measure, counts.count(self.members, measure, question))
        return [self.dated(one, question) for one in found] if question.period else found

    def dated(self, one: Figure, question: Question) -> Figure:
        """The figure of a period, with what there is of it where it is not whole."""
        if one.period is None:
            return one
        return replace(one, in_part=in_part(one.period, question.period, question.since, question.until, self.clock))


@contextmanager
def opened(run: Run, clock: datetime, progress: Progress | None = None) -> Iterator[Opened]:
    """Open a run for figures; its members are made where they are not there yet."""
    with reading(run, clock, progress) as members:
        yield Opened(run, clock, members)


def run_to_read(store: Store, as_of: datetime | None, named: str = "") -> tuple[Run, datetime]:
    """The run whose facts answer for a moment, and the clock to read it by.

    A run named is read at its own as-of, or by a later clock. Else it is the last made of those that look at the
    latest moment up to `as_of`. NotFoundError where there is none.
    """
    if named:
        run = open_run(store, named)
        return run, max(as_of or run.as_of, run.as_of)
    found = [run for run in runs(store) if as_of is None or run.as_of <= as_of]
    if not found:
        until = f" as of {short_moment(as_of)} or before" if as_of else ""
        raise NotFoundError(
            f"There is no run{until} in this store.", str(store.path), what_to_do="Run kept evaluate first."
        )
    latest = found[0] if as_of is None else max(found, key=lambda run: run.as_of)
    return latest, as_of or latest.as_of
