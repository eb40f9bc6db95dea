"""Worked examples as readable tables: what is given, and what the evaluator makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kept.cli.pages_markdown import bullets, page, plain, table
from kept.code.model import Duty, Edition, Example
from kept.engine.check import Laid, as_shown, lay_out, local, span
from kept.engine.entries import Timeline
from kept.engine.explain import explain
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reference import evaluate
from kept.engine.rules import Rules


@dataclass(frozen=True, slots=True)
class Worked:
    """One example evaluated: its rows, each with why it is in its state, and by cause what did not arise."""

    example: Example
    prefix: str
    rows: tuple[tuple[Obligation, str], ...]
    not_arisen: Mapping[str, int]


def worked(edition: Edition) -> dict[str, list[Worked]]:
    """Every example of an edition by the id of its duty, evaluated by the reference evaluator."""
    found: dict[str, list[Worked]] = {}
    for one in lay_out(edition):
        found.setdefault(one.planted.duty.id, []).append(_work(one))
    return found


def worked_of(duty: Duty, edition: Edition) -> list[Worked]:
    """The examples of one duty of an edition, evaluated."""
    return worked(replace(edition, duties={duty.id: duty})).get(duty.id, [])


def examples(duty: Duty, done: list[Worked]) -> str:
    """The section of a duty's page that shows its examples."""
    return page(
        "## Worked examples",
        "Each is evaluated when this page is made, and by every engine in every test run. Times are London time.",
        *(_example(duty, one) for one in done),
    )


def _work(one: Laid) -> Worked:
    found = Evaluation()
    rows: list[tuple[Obligation, str]] = []
    for timeline in one.timelines:
        evaluation = evaluate(timeline, one.rules)
        found.add(evaluation)
        rows.extend((row, _why(row, timeline, one.rules)) for row in evaluation.obligations)
    rows.sort(key=lambda pair: as_shown(pair[0], one.planted.duty))
    causes = {cause: count for (_, cause), count in found.not_arisen.items()}
    return Worked(one.planted.example, one.planted.prefix, tuple(rows), causes)


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
