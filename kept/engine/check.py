"""Checking worked examples: every obligation that an example's timeline makes arise must be as the example says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.code import loader
from kept.code.model import Duty, Edition
from kept.engine.entries import Timeline
from kept.engine.examples import Planted, moment, plant
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reference import evaluate
from kept.engine.rules import Rules, prepare
from kept.engine.wording import short_moment
from kept.errors import Fault
from kept.records.timelines import prepare_tables

Evaluator = Callable[[Timeline, Rules], Evaluation]


@dataclass(frozen=True, slots=True)
class Checked:
    """How many examples of an edition were checked, and those that do not hold."""

    edition: str
    duties: int
    examples: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """One example laid out for an evaluator: the rules of its duty alone, and the timelines known by its as-of."""

    planted: Planted
    rules: Rules
    timelines: tuple[Timeline, ...]


def check(edition: Edition, evaluator: Evaluator = evaluate) -> Checked:
    """Check every example of an edition with an evaluator."""
    laid = lay_out(edition)
    faults = [fault for one in laid for fault in _check(one, evaluator)]
    return Checked(edition.id, len(edition.duties), len(laid), tuple(faults))


def lay_out(edition: Edition) -> list[Laid]:
    """Every example of an edition, in order, as timelines prepared from records."""
    duties = [duty for duty in edition.duties.values() if duty.examples]
    planted, tables = plant(duties, edition.vocabulary)
    prepared = prepare_tables(tables, edition.vocabulary)
    words = {code: name for name, code in prepared.codes.items()}
    postings = postings_by_investigation(prepared.postings)
    as_of = {one.prefix: moment(one.example.as_of) for one in planted}
    timelines: dict[str, list[Timeline]] = {one.prefix: [] for one in planted}
    for subject, entries in subjects_with_entries(prepared.subjects, prepared.entries, words):
        prefix = subject.id.rpartition(".")[0] + "."
        if subject.entered <= as_of[prefix]:
            held = postings.get(subject.investigation, [])
            timelines[prefix].append(Timeline(subject, entries, held, as_of[prefix]))
    rules = _rules_by_duty(edition, duties)
    return [Laid(one, rules[one.duty.id], tuple(timelines[one.prefix])) for one in planted]


def unexampled(edition: Edition) -> list[Fault]:
    """Duties that are evaluated and have no worked example."""
    return [
        Fault(
            f"Duty {duty.id} has no worked example.",
            where=f"{duty.file}:{duty.line}",
            why="An example is how a reader checks what the duty means, and how every engine is checked.",
            what_to_do="Add `examples:`, at least one for each state that the duty can reach.",
        )
        for duty in edition.duties.values()
        if not duty.examples and not duty.not_measurable
    ]


def _rules_by_duty(edition: Edition, duties: Iterable[Duty]) -> dict[str, Rules]:
    rulebook = loader.of_editions(edition)
    return {duty.id: prepare(rulebook, only=duty) for duty in duties}


def _check(one: Laid, evaluator: Evaluator) -> Iterator[Fault]:
    found = Evaluation()
    for timeline in one.timelines:
        found.add(evaluator(timeline, one.rules))
    rows = sorted(found.obligations, key=lambda row: as_shown(row, one.planted.duty))
    expected = one.planted.example.then
    if len(rows) != len(expected):
        said = f"It says {len(expected)} obligations; there are {len(rows)}: {_brief(rows, one.planted)}."
        yield _fault(one.planted, said)
        return
    for number, (line, row) in enumerate(zip(expected, rows, strict=True), 1):
        yield from _compare(one.planted, number, line, row)
    yield from _compare_not_arisen(one.planted, found)


def as_shown(row: Obligation, duty: Duty) -> tuple[object, ...]:
    """The order in which an example lists a duty's rows: by subject and start, the whole before its parts."""
    parts = ["", *(part.id for part in duty.parts)]
    return (row.subject, row.start_at, row.start_id or "", parts.index(row.part))


def _compare(one: Planted, number: int, expected: Mapping[str, Any], row: Obligation) -> Iterator[Fault]:
    for name, value in expected.items():
        found = SHOWN[name](row, one.prefix)
        if found != value:
            yield _fault(one, f"Line {number} says {name} {value}; it is {found} (the state is {row.state}).")


def _compare_not_arisen(one: Planted, found: Evaluation) -> Iterator[Fault]:
    for cause, number in one.example.not_arisen.items():
        counted = sum(count for (_, why), count in found.not_arisen.items() if cause in why)
        if counted != number:
            causes = "; ".join(f"{why}: {count}" for (_, why), count in found.not_arisen.items()) or "none"
            yield _fault(one, f"It says {number} did not arise because “{cause}”; counted are {causes}.")


def _fault(one: Planted, why: str) -> Fault:
    return Fault(
        f"The example “{one.example.name}” of {one.duty.id} does not hold.",
        where=f"{one.duty.file}:{one.example.line}",
        why=why,
        what_to_do="Correct the example or the duty, whichever is wrong.",
    )


def _brief(rows: list[Obligation], one: Planted) -> str:
    return ", ".join(f"{row.part or row.start_id} {row.state}" for row in rows).replace(one.prefix, "") or "none"


def local(at: datetime | None) -> str | None:
    """A moment to the minute, in London time."""
    return None if at is None else short_moment(at)


def span(seconds: int | None) -> str | None:
    """A length of time as `2 days 3:05`."""
    if seconds is None:
        return None
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600}:{rest % 3600 // 60:02d}"
    return f"{days} day{'' if days == 1 else 's'} {clock}" if days else clock


SHOWN: dict[str, Callable[[Obligation, str], Any]] = {
    "state": lambda row, _: row.state,
    "start": lambda row, _: local(row.start_at),
    "clock": lambda row, _: local(row.clock_at),
    "due": lambda row, _: local(row.due),
    "judged": lambda row, _: local(row.judged),
    "answered": lambda row, _: local(row.answered_at),
    "generic": lambda row, _: local(row.generic_at),
    "late_by": lambda row, _: span(row.late_by),
    "linked": lambda row, _: row.linked,
    "part": lambda row, _: row.part,
    "subject": lambda row, prefix: row.subject_id.removeprefix(prefix),
    "missing": lambda row, _: row.missing,
    "moved_to": lambda row, _: row.moved_to,
    "credited_to": lambda row, _: row.credited_to,
    "edition": lambda row, _: row.edition,
    "at_best": lambda row, _: row.at_best,
    "entered_by_due": lambda row, _: row.entered_by_due,
    "enhanced_flag": lambda row, _: row.enhanced_flag,
    "enhanced_gate": lambda row, _: row.enhanced_gate,
    "reason_after_due": lambda row, _: row.reason_after_due,
}
"""What a line of `then` may name, and how it is read off a row."""
