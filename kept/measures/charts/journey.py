"""The journey of a right as a funnel: from what is owed, step by step, to what was done, and where it is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts import palette
from kept.measures.charts.chart import Cell, Chart, Column, Spec, Table, counted, named, shared
from kept.measures.charts.drawing import ceiling, clear_texts, frame, narrow, wordless
from kept.measures.charts.rows import bars, lay
from kept.measures.charts.words import MISSING, listed, plain
from kept.measures.units import NUMBER, count, percent


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One step, and how many came to it; None where it is not to be shown, for which `marker` stands."""

    label: str
    count: int | None
    marker: str = MISSING


@dataclass(frozen=True, slots=True)
class Passage:
    """A step with the one before it; what is lost and the share are None where either is hidden, a share of 0 too."""

    step: JourneyStep
    before: JourneyStep | None

    @property
    def lost(self) -> int | None:
        if self.before is None or self.before.count is None or self.step.count is None:
            return None
        return self.before.count - self.step.count

    @property
    def share(self) -> float | None:
        if self.before is None or not self.before.count or self.step.count is None:
            return None
        return self.step.count / self.before.count


LOOKS = {
    "came this far": palette.DARK_BLUE,
    "lost since the step before": "#FFFFFF",
    "most are lost here": palette.ORANGE,
}


def journey_funnel(title: str, steps: Sequence[JourneyStep]) -> Chart:
    """The funnel of steps in their order, the first of them what is owed.

    Raises MeasureError where a count is below 0, or above that of a step before it.
    """
    _check(steps)
    passages = tuple(Passage(step, before) for step, before in zip(steps, [None, *steps], strict=False))
    sentence = _sentence(passages)
    drawable = any(step.count for step in steps)
    spec = partial(_draw, passages) if drawable else wordless(sentence)
    return Chart(plain(title), sentence, spec, _table(passages), f"Funnel of a journey. {plain(title)}. {sentence}")


def _check(steps: Sequence[JourneyStep]) -> None:
    most: JourneyStep | None = None
    for step in steps:
        if step.count is None:
            continue
        if step.count < 0 or (most is not None and step.count > (most.count or 0)):
            why = f"It is {step.count}" + (f"; {most.label!r} before it is {most.count}." if most else ".")
            raise MeasureError(
                "A step of a journey counts more than the step before it, or fewer than none.",
                where=step.label,
                why=why,
                what_to_do="Count at each step only those who came through every step before it.",
            )
        most = step


def _most_lost(passages: Sequence[Passage]) -> Passage | None:
    """Where most are lost, if that can be said: not while a step is hidden, since more may be lost there."""
    if any(passage.step.count is None for passage in passages):
        return None
    losses = [passage for passage in passages if passage.lost]
    return max(losses, key=lambda passage: passage.lost or 0, default=None)


def _sentence(passages: Sequence[Passage]) -> str:
    if not passages:
        return "Nothing to draw: this journey has no steps."
    first, last = passages[0].step, passages[-1].step
    if not any(passage.step.count for passage in passages):
        hidden = any(passage.step.count is None for passage in passages)
        return f"Nothing to draw: {'no step can be shown' if hidden else f'nothing was {plain(first.label)}'}."
    return " ".join(part for part in (_reached(first, last), _loss(passages)) if part)


def _reached(first: JourneyStep, last: JourneyStep) -> str:
    if first is last or not first.count or last.count is None:
        return ""
    share = percent(last.count / first.count)
    return f"Of {count(first.count)} {plain(first.label)}, {count(last.count)} ({share}) came to “{plain(last.label)}”."


def _loss(passages: Sequence[Passage]) -> str:
    hidden = [plain(passage.step.label) for passage in passages if passage.step.count is None]
    if hidden:
        return f"Not shown: {listed(hidden)}; so where most are lost cannot be said."
    worst = _most_lost(passages)
    if worst is None or worst.before is None or not worst.before.count:
        return "None were lost on the way."
    lost = worst.lost or 0
    between = f"between “{plain(worst.before.label)}” and “{plain(worst.step.label)}”"
    return (
        f"Most are lost {between}: {count(lost)} of {count(worst.before.count)} ({percent(lost / worst.before.count)})."
    )


def _words(passage: Passage) -> str:
    step = passage.step
    if step.count is None:
        return step.marker
    share = f", {percent(passage.share)} of the step before" if passage.share is not None else ""
    return f"{count(step.count)}{share}"


def _table(passages: Sequence[Passage]) -> Table:
    columns = (
        Column("Step"),
        Column("Count"),
        Column("Share of the step before"),
        Column("Lost since the step before"),
    )
    return Table(columns, tuple(_row(passage) for passage in passages))


def _row(passage: Passage) -> tuple[Cell, ...]:
    name, number = named(passage.step.label), counted(passage.step.count, passage.step.marker)
    if passage.before is None:
        return name, number, Cell(""), Cell("")
    hidden = next((step.marker for step in (passage.step, passage.before) if step.count is None), "")
    return name, number, shared(passage.share, hidden), counted(passage.lost, hidden)


def _draw(passages: tuple[Passage, ...], width: int) -> Spec:
    rows = lay([(plain(passage.step.label), _words(passage)) for passage in passages], width)
    longest = max(passage.step.count or 0 for passage in passages)
    worst = _most_lost(passages)
    segments = [
        {**segment, "label": plain(passage.step.label), **row.places()}
        for passage, row in zip(passages, rows.rows, strict=True)
        for segment in _segments(passage, worst)
    ]
    x = rows.axis(NUMBER, ceiling(longest, rows.steps))
    drawn = bars(segments, x, LOOKS, 1 if narrow(width) else 3)
    return frame(width, rows.height, [drawn, *clear_texts(rows.lines)])


def _segments(passage: Passage, worst: Passage | None) -> list[Spec]:
    number = passage.step.count
    if number is None:
        return []
    came, lost, most = LOOKS
    kept = {"part": came, "from": 0, "to": number, "share": passage.share}
    gone = {"part": most if passage is worst else lost, "from": number, "to": number + (passage.lost or 0)}
    return [kept, {**gone, "lost": passage.lost}] if passage.lost else [kept]
