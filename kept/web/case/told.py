"""A case as its page tells it: victim by victim what is owed, what happened, and every obligation. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kept.code.model import Duty
from kept.contract.vocabulary import Vocabulary
from kept.engine.alone import CaseFile, Evaluated
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.obligation import Obligation
from kept.engine.wording import what_in_words
from kept.web.case.keys import key_of
from kept.web.day.tasks import Task, tasks
from kept.web.law import Duties
from kept.web.worklist.owing import by_when, owed_now
from kept.web.worklist.reading import Owed

FROM_THE_START = 1901
"""What the records say without a moment holds since before this year."""


@dataclass(frozen=True, slots=True)
class Owing:
    """Something to do, and the name of the obligation that explains it."""

    task: Task
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation among all of a victim: the name it goes by, its title, and by when it was or is to be done."""

    key: str
    title: str
    row: Obligation
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a timeline: something that happened, a fact, or the moment by which something had to be done.

    `entered`: when it was written down, where that was later than the day itself.
    """

    at: datetime
    says: str
    entry: Entry | None = None
    line: Line | None = None
    entered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A victim, or the case itself: what is owed, what happened from the last to the first, every obligation.

    `flag` and `gate`: whether the record marks the victim for Enhanced Rights, and whether the Code gives them anyway.
    `always`: what the records have said from the start.
    """

    subject: Subject
    owed: tuple[Owing, ...]
    items: tuple[Item, ...]
    always: tuple[str, ...]
    lines: tuple[Line, ...]
    flag: bool
    gate: bool
    opted_out: bool
    offence: str

    @property
    def overdue(self) -> tuple[Owing, ...]:
        return tuple(one for one in self.owed if one.task.late)

    @property
    def soon(self) -> tuple[Owing, ...]:
        return tuple(one for one in self.owed if not one.task.late)


def told(file: CaseFile, duties: Duties) -> list[Told]:
    """The victims of a case by id, then the case itself where something is or was owed in it."""
    found = [_told(one, file, duties, file.open) for one in file.subjects]
    return [one for one in found if one.lines or one.subject.kind == "victim"]


def fact(timeline: Timeline, attribute: str) -> str | None:
    """The value of a fact that was said last."""
    said = [entry for entry in timeline.facts.get(attribute, ()) if entry.at <= timeline.as_of]
    return max(said, key=lambda entry: (entry.at, entry.entered, entry.id)).value if said else None


def title_of(row: Obligation, duty: Duty | None) -> str:
    """What a duty, or one part of it, is called."""
    if duty is None:
        return row.duty
    part = next((one.title for one in duty.parts if one.id == row.part), "")
    return f"{duty.title}: {part}" if part else duty.title


def _told(one: Evaluated, file: CaseFile, duties: Duties, opened: bool) -> Told:
    lines = tuple(_line(row, duties) for row in one.obligations)
    timeline = one.timeline
    entries = timeline.entries() if one.subject.kind == "victim" else []
    always = [entry for entry in entries if entry.at.year < FROM_THE_START]
    dated = [entry for entry in entries if entry.at.year >= FROM_THE_START]
    return Told(
        subject=one.subject,
        owed=tuple(owing(one, duties, file.as_of)) if opened else (),
        items=_items(dated, lines, file.rules.vocabulary),
        always=tuple(sentence(entry, file.rules.vocabulary) for entry in always),
        lines=tuple(sorted(lines, key=_by_right)),
        flag=fact(timeline, "enhanced") == "true",
        gate=any(row.enhanced_gate for row in one.obligations),
        opted_out=fact(timeline, "opted_out") == "true",
        offence=(fact(timeline, "offence_subgroup") or "").replace("_", " "),
    )


def owing(one: Evaluated, duties: Duties, as_of: datetime) -> Iterator[Owing]:
    """What is to be done now of a subject's obligations, as tasks."""
    keys = {_of_whole(row): key_of(row) for row in reversed(one.obligations)}
    for task in tasks(owed_of(one, duties, as_of), duties, as_of):
        first = task.first
        yield Owing(task, keys[first.edition, first.duty, first.start_at])


def owed_of(one: Evaluated, duties: Duties, as_of: datetime) -> list[Owed]:
    """What is owed now of a subject's obligations, by the rule of the worklist; nobody is said to hold the case."""
    found = owed_now(one.obligations, duties, as_of)
    return [_owed(row, when, duties[row.edition, row.duty]) for row in found if (when := by_when(row))]


def _of_whole(row: Obligation) -> tuple[str, str, datetime]:
    return row.edition, row.duty, row.start_at


def _owed(row: Obligation, due: datetime, duty: Duty) -> Owed:
    return Owed(
        investigation=row.investigation,
        crime=row.crime or "",
        victim=row.victim or "",
        duty=row.duty,
        edition=row.edition,
        part=row.part,
        right=row.right,
        holder=row.holder,
        start_at=row.start_at,
        due=due,
        settled=row.settled,
        repeats=duty.kind == "repeat",
        moved=bool(row.moved_to),
        enhanced=row.enhanced_flag,
        offence="",
        officer="",
        team="",
        subject=row.subject,
    )


def _line(row: Obligation, duties: Duties) -> Line:
    return Line(key_of(row), title_of(row, duties.get((row.edition, row.duty))), row, by_when(row))


def _by_right(line: Line) -> tuple[int, str, datetime, str]:
    row = line.row
    return (row.right or 99, row.duty, row.start_at, row.part)


def _items(entries: Iterable[Entry], lines: Iterable[Line], vocabulary: Vocabulary) -> tuple[Item, ...]:
    """The last first."""
    found = [Item(one.at, sentence(one, vocabulary), entry=one, entered=_later(one)) for one in entries]
    found += [Item(one.due, one.title, line=one) for one in lines if one.due and not one.row.part]
    return tuple(sorted(found, key=lambda item: (item.at, item.line is not None, item.says), reverse=True))


def sentence(entry: Entry, vocabulary: Vocabulary) -> str:
    """What an entry says, beginning with a capital."""
    said = what_in_words(entry, vocabulary)
    return said[:1].upper() + said[1:]


def _later(entry: Entry) -> datetime | None:
    return entry.entered if entry.entered.date() > entry.at.date() else None
