"""The compiled evaluator for a timeline in memory, so that tests can give both evaluators the same."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from kept.engine.compiled.entries import Held
from kept.engine.compiled.evaluator import Evaluator
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.rules import Rules
from kept.records.timelines import ENTRIES, SUBJECTS, number_words

_made: dict[int, tuple[Rules, Evaluator, dict[str, int]]] = {}


def evaluate(timeline: Timeline, rules: Rules) -> Evaluation:
    """As `reference.evaluate`."""
    entries = [one for kept in (timeline.events, timeline.facts) for found in kept.values() for one in found]
    evaluator, codes = _evaluator(rules)
    held = Held.of({timeline.subject.investigation: timeline.postings}, timeline.as_of)
    subjects, said = _subjects([timeline.subject]), _entries(timeline.subject.number, entries, codes)
    table, not_arisen = evaluator.evaluate(subjects, said, held, timeline.as_of)
    return Evaluation([Obligation(**row) for row in table.to_pylist()], not_arisen)


def _evaluator(rules: Rules) -> tuple[Evaluator, dict[str, int]]:
    if id(rules) not in _made:
        _made.clear()  # one at a time: rules that were thrown away may lend their id to others
        codes = number_words(rules.vocabulary, {})
        _made[id(rules)] = (rules, Evaluator(rules, {code: word for word, code in codes.items()}), codes)
    return _made[id(rules)][1:]


def _subjects(subjects: Iterable[Subject]) -> pa.Table:
    rows = [{"subject": one.number, "withdrawn": None, **_fields(one, SUBJECTS.names)} for one in subjects]
    return pa.Table.from_pylist(rows, schema=SUBJECTS)


def _fields(one: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names if hasattr(one, name)}


def _entries(subject: int, entries: list[Entry], codes: Mapping[str, int]) -> pa.Table:
    rows = [{**one._asdict(), "subject": subject, "kind": codes[one.kind]} for one in sorted(entries, key=_stored)]
    return pa.Table.from_pylist(rows, schema=ENTRIES)


def _stored(one: Entry) -> tuple[object, ...]:
    return (one.at, one.kind, one.id, one.victim or "", one.entered)
