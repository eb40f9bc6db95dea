"""The victims of cases before the courts: how their statement and special measures stand, and what they are owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from kept.engine.coverage import supplied
from kept.engine.entries import Timeline
from kept.engine.frames import subjects_with_entries
from kept.web import latest
from kept.web.care.stands import Stands, measures, statement
from kept.web.case.told import fact
from kept.web.clock import now
from kept.web.day.tasks import Task
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.worklist.index import indexed


@dataclass(frozen=True, slots=True)
class Cared:
    """A victim in a case before the courts, and what witness care owes them, the first due coming first."""

    id: str
    enhanced: bool
    opted_out: bool
    witness: bool
    statement: Stands
    measures: Stands
    owed: tuple[Task, ...]


def by_case(investigations: Sequence[str], owed: Mapping[str, Sequence[Task]]) -> dict[str, list[Cared]]:
    """The victims of some cases, by case and id, with what was entered here since the last load."""
    words = supplied(latest.version())
    found: dict[str, list[Cared]] = {one: [] for one in investigations}
    for timeline in _timelines(investigations):
        subject = timeline.subject
        tasks = tuple(one for one in owed.get(subject.investigation, ()) if one.first.victim == subject.id)
        found[subject.investigation].append(
            Cared(
                subject.id,
                fact(timeline, "enhanced") == "true",
                fact(timeline, "opted_out") == "true",
                fact(timeline, "witness") == "true",
                statement(timeline, words),
                measures(timeline, words),
                tasks,
            )
        )
    return {case: sorted(each, key=lambda one: one.id) for case, each in found.items()}


def _timelines(investigations: Sequence[str]) -> Iterator[Timeline]:
    """The timelines of the victims: of all cases together, one by one where something was entered since."""
    version = indexed()
    waiting = rows.waiting(investigations, version.number)
    for investigation in waiting:
        yield from (one.timeline for one in case_file(investigation).victims)
    yield from _stored([one for one in investigations if one not in waiting])


def _stored(investigations: Iterable[str]) -> Iterator[Timeline]:
    version, at = indexed(), now()
    tables = [version.lookup.subjects(one) for one in investigations]
    if not tables:
        return
    subjects = pa.concat_tables(tables)
    words = {code: name for name, code in version.codes.items()}
    for subject, entries in subjects_with_entries(subjects, version.lookup.entries(subjects), words, at):
        if subject.kind == "victim":
            yield Timeline(subject, entries, (), at)
