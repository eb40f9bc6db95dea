"""Worked examples as readable tables: what is given, and what the evaluator makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kept.cli.pages_markdown import bullets, page, plain, table
from kept.code.loader import of_editions
from kept.code.model import Duty, Edition, Example
from kept.engine.check import local, span
from kept.engine.entries import Subject, Timeline
from kept.engine.examples import Planted, moment, plant
from kept.engine.explain import explain
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reference import evaluate
from kept.engine.rules import Rules, prepare
from kept.records.timelines import prepare_tables


@dataclass(frozen=True, slots=True)
class Worked:
    """One example evaluated: its rows, each with why it is in its state, and by cause what did not arise."""

    example: Example
    prefix: str
    rows: tuple[tuple[Obligation, str], ...]
    not_arisen: Mapping[str, int]


def worked(edition: Edition) -> dict[str, list[Worked]]:
    """Every example of an edition by the id of its duty, evaluated by the reference evaluator."""
    duties = [duty for duty in edition.duties.values() if duty.examples]
    planted, tables = plant(duties, edition.vocabulary)
    prepared = prepare_tables(tables, edition.vocabulary)
    words = {number: name for name, number in prepared.codes.items()}
    timelines: dict[str, list[Timeline]] = {one.prefix: [] for one in planted}
    moments = {one.prefix: moment(one.example.as_of) for one in planted}
    postings = postings_by_investigation(prepared.postings)
    for subject, entries in subjects_with_entries(prepared.subjects, prepared.entries, words):
        as_of = moments[_prefix(subject)]
        if subject.entered <= as_of:
            held = postings.get(subject.investigation, [])
            timelines[_prefix(subject)].append(Timeline(subject, entries, held, as_of))
    book = of_editions(edition)
    rules = {duty.id: prepare(book, only=duty) for duty in duties}
    found: dict[str, list[Worked]] = {}
    for one in planted:
        found.setdefault(one.duty.id, []).append(_work(one, rules[one.duty.id], timelines[one.prefix]))
    return found


def examples(duty: Duty, done: list[Worked]) -> str:
    """The section of a duty's page that shows its examples."""
    return page(
        "## Worked examples",
        "Each is evaluated when this page is made, and by every engine in every test run. Times are London time.",
        *(_example(duty, one) for one in done),
    )


def _prefix(subject: Subject) -> str:
    return subject.id.rpartition(".")[0] + "."


def _work(one: Planted, rules: Rules, timelines: list[Timeline]) -> Worked:
    found = Evaluation()
    rows: list[tuple[Obligation, str]] = []
    for timeline in timelines:
        evaluation = evaluate(timeline, rules)
        found.add(evaluation)
        rows.extend((row, _why(row, timeline, rules)) for row in evaluation.obligations)
    causes = {cause: count for (_, cause), count in found.not_arisen.items()}
    return Worked(one.example, one.prefix, tuple(sorted(rows, key=lambda pair: _order(pair[0], one.duty))), causes)


def _order(row: Obligation, duty: Duty) -> tuple[Any, ...]:
    parts = ["", *(part.id for part in duty.parts)]
    return (row.subject, row.start_at, row.start_id or "", parts.index(row.part))


def _why(row: Obligation, timeline: Timeline, rules: Rules) -> str:
    """The last sentence of the reasoning: which line of the table of states held."""
    return explain(row, timeline, rules).because[-1].says.partition(": ")[2].rstrip(".")


def _example(duty: Duty, done: Worked) -> str:
    given = [(_at(line), _entered(line), _said(line)) for line in done.example.given]
    late = any(entered for _, entered, _ in given)
    shown = given if late else [(at, said) for at, _, said in given]
    return page(
        f"### {done.example.name[:1].upper()}{done.example.name[1:]}",
        _how_many(done.example.victims),
        table(["at", "entered", "what the record says"] if late else ["at", "what the record says"], shown),
        f"As of {done.example.as_of}:",
        _outcome(duty, done) if done.rows else "nothing is owed.",
        bullets(f"{count} did not arise: {cause}" for cause, count in done.not_arisen.items()),
    )


def _how_many(victims: int) -> str:
    return "" if victims == 1 else f"The investigation has {victims or 'no'} victims."


def _at(line: Mapping[str, Any]) -> str:
    return str(line.get("at", "from the start"))


def _entered(line: Mapping[str, Any]) -> str:
    return str(line.get("entered", ""))


def _said(line: Mapping[str, Any]) -> str:
    for name, say in _SAYING.items():
        if name in line:
            return say(line)
    return f"victim {line['victim']}{_details(line, 'crime', 'person')} is added"


def _event(line: Mapping[str, Any]) -> str:
    planned = "planned: " if line.get("planned") else ""
    named = [name for name in line if name not in ("at", "entered", "kind", "planned")]
    return f"{planned}{plain(line['kind'])}{_details(line, *named)}"


def _fact(line: Mapping[str, Any]) -> str:
    named = [name for name in line if name not in ("at", "entered", "fact", "is")]
    return f"fact: {plain(line['fact'])} is {_value(line.get('is', True))}{_details(line, *named)}"


def _form(line: Mapping[str, Any]) -> str:
    fields = "; ".join(f"{plain(name)}: {_value(value) or 'left blank'}" for name, value in line["fields"].items())
    return f"form {plain(line['form'])}{_details(line, 'victim', 'version')}, {fields}"


def _holder(line: Mapping[str, Any]) -> str:
    if line["holder"] == "unallocated":
        return "the investigation lies unallocated"
    return f"the investigation goes to {line['holder']}{_details(line, 'team')}"


_SAYING = {
    "kind": _event,
    "fact": _fact,
    "form": _form,
    "void": lambda line: f"{line['void']} is withdrawn: it did not happen",
    "holder": _holder,
}


def _details(line: Mapping[str, Any], *names: str) -> str:
    said = [f"{plain(name)} {_value(line[name])}" for name in names if name in line]
    return f" ({', '.join(said)})" if said else ""


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else plain(str(value))


def _outcome(duty: Duty, done: Worked) -> str:
    """The rows, with only the columns that say something."""
    shown = [
        {
            "owed to": row.subject_id.removeprefix(done.prefix),
            "part": row.part or ("the whole" if duty.parts else ""),
            "start": local(row.start_at),
            "due": local(row.due),
            "judged from": local(row.judged) if row.judged != row.due else None,
            "answered": local(row.answered_at),
            "state": f"**{plain(row.state)}**",
            "late by": span(row.late_by),
            "at best": "met" if row.at_best and row.state != "met" else None,
            "missing": plain(row.missing),
            "moved to": row.moved_to,
            "why": why,
        }
        for row, why in done.rows
    ]
    headings = [name for name in shown[0] if any(one[name] for one in shown)]
    return table(headings, ([one[name] for name in headings] for one in shown))
