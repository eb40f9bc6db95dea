"""Holding what an evaluator says against the reference: every row in its order, and what did not arise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from kept.engine import reference
from kept.engine.entries import Timeline
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.rules import Rules, prepare
from tests.agreement.cases import Case, as_ofs, rulebook_of, subjects_of
from tests.support import compiled

NAMED = ("linked", "answered_by", "missing", "moved_to", "edition", "part", "limit")
"""The columns of which each value is counted."""
SAID = (
    "generic_id", "reason_id", "reason_after_due", "entered_by_due", "enhanced_flag", "enhanced_gate", "at_best",
    "credited_to", "credited_officer", "ended_by",
)  # fmt: skip
"""The columns of which it is counted how often they say something."""


class DisagreementError(AssertionError):
    """Two evaluators say different things of the same records."""


@dataclass(slots=True)
class Tally:
    """What was compared: rows by their state, and by what else they can say."""

    worlds: int = 0
    timelines: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, found: Evaluation, timelines: int, kinds: Mapping[str, str]) -> None:
        """Count what was found; `kinds` is the kind of each duty."""
        self.timelines += timelines
        self.rows.update(row.state for row in found.obligations)
        for row in found.obligations:
            self.seen.update(_said_by(row, kinds[row.duty]))
        self.seen["not arisen"] += found.not_arisen.total()


def _said_by(row: Obligation, kind: str) -> Iterator[str]:
    """What a row can say, in words."""
    yield f"kind {kind}"
    yield f"owed to {row.subject_kind}"
    yield from (f"{name} {value}" for name in NAMED if (value := getattr(row, name)))
    yield from (name for name in SAID if getattr(row, name) not in (None, "", False))


def compare(made: Case, tally: Tally) -> None:
    """Reference and compiled evaluator on a case, as of several moments; raises DisagreementError."""
    book = rulebook_of(made)
    rules, known = prepare(book), subjects_of(made, book)
    kinds = {duty.id: str(duty.kind) for duty, _ in book.duties()}
    tally.worlds += 1
    dues: list[datetime] = []
    for as_of in as_ofs(made, known, dues):
        timelines = [one(as_of) for one in known]
        expected = of_reference(timelines, rules)
        require_equal(expected, compiled.together(timelines, rules), as_of)
        tally.add(expected, len(timelines), kinds)
        dues += [row.due for row in expected.obligations if row.due]


def of_reference(timelines: Sequence[Timeline], rules: Rules) -> Evaluation:
    """What the reference says of the subjects that were known by then, one after another."""
    found = Evaluation()
    for timeline in timelines:
        if timeline.subject.entered <= timeline.as_of:
            found.add(reference.evaluate(timeline, rules))
    return found


def require_equal(expected: Evaluation, found: Evaluation, as_of: datetime) -> None:
    """Raise DisagreementError unless both say the same."""
    said = [*_rows_that_differ(expected.obligations, found.obligations), *_causes_that_differ(expected, found)]
    if said:
        raise DisagreementError("\n".join([f"As of {as_of.isoformat()}:", *said[:12]]))


def _rows_that_differ(expected: Sequence[Obligation], found: Sequence[Obligation]) -> Iterator[str]:
    if expected == found:
        return
    for place, (one, other) in enumerate(zip_longest(expected, found)):
        if one is None or other is None:
            which = "The reference has no" if one is None else "Only the reference has"
            yield f"{which} row {place}: {one or other}"
        elif one != other:
            yield f"Row {place} ({one.subject_id}, {one.edition}, {one.duty}, {one.start_id}, {one.part!r}):"
            for name, mine, theirs in zip(Obligation._fields, one, other, strict=True):
                if mine != theirs:
                    yield f"  {name}: {mine!r} by the reference, {theirs!r} found"


def _causes_that_differ(expected: Evaluation, found: Evaluation) -> Iterator[str]:
    for cause in sorted(set(expected.not_arisen) | set(found.not_arisen)):
        if expected.not_arisen[cause] != found.not_arisen[cause]:
            yield f"Not arisen, {cause}: {expected.not_arisen[cause]} by the reference, {found.not_arisen[cause]} found"
