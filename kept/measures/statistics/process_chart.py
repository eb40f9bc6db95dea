"""Process charts (XmR): is the latest figure a signal, or does it vary as it always has?

    chart = process_chart(points, direction="higher", rebase=[14])
    process_words.sentence(chart, SHARE)

One point a period, in time order. A board looks at signals and at nothing else: a month within the limits, and in no
run, is not news. There is no target in it. Where something is known to have changed (an edition, a sample frame, a
threshold), `rebase` begins a new phase there with limits of its own, and the point carries the note.

Limits are those of single values, and take no account of how many cases stand behind each. They are honest where months
are of like size; where one rests on a few cases it swings more than the limits say, so that every point carries its n
and the sentence says when they differ much.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Literal

from kept.errors import Fault, MeasureError
from kept.measures.statistics import process_rules as rules
from kept.measures.statistics.process_limits import LEAST, Limits, natural_limits

Direction = Literal["higher", "lower", "neither"]
Rule = Literal["outside", "shift", "trend", "near"]
Meaning = Literal["improvement", "concern", "neither"]
Kind = Literal["common", "improvement", "concern", "neither"]
RULES: tuple[Rule, ...] = ("outside", "shift", "trend", "near")

_GOOD_SIDE: dict[Direction, int] = {"higher": 1, "lower": -1, "neither": 0}


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its name, its value (None where there was nothing to measure), its n, and what changed then."""

    name: str
    value: float | None
    n: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """The points from first to last, by position, that one set of limits is for; None where they are too few."""

    first: int
    last: int
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule, the positions that meet it, the side (1 high or rising, -1 low or falling), and what it means."""

    rule: Rule
    positions: tuple[int, ...]
    side: int
    means: Meaning


@dataclass(frozen=True, slots=True)
class ProcessChart:
    """Points in time order, their phases, and the signals in order of the last point of each."""

    points: tuple[Point, ...]
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]
    direction: Direction

    def at(self, position: int) -> list[Signal]:
        """The signals that a point is part of."""
        return [signal for signal in self.signals if position in signal.positions]

    def kind(self, position: int) -> Kind:
        """How to draw a point: common, or what the first rule means that it meets (outside, shift, trend, near)."""
        here = sorted(self.at(position), key=lambda signal: RULES.index(signal.rule))
        return here[0].means if here else "common"


def process_chart(
    points: Sequence[Point],
    direction: Direction = "neither",
    rebase: Collection[int] = (),
) -> ProcessChart:
    """Return the chart of a series; an empty series has no phases.

    direction   whether higher or lower is better, so that a signal is an improvement or a concern
    rebase      the positions (1 or later) at which a new phase begins

    Points without a value are shown and not counted; the rules take those on either side as neighbours.
    Raises MeasureError for a value that is no number, or a phase that would begin outside the series.
    """
    _require_numbers(points)
    _require_within(rebase, len(points))
    begins = sorted({0, *rebase}) if points else []
    ends = [*(begin - 1 for begin in begins[1:]), len(points) - 1]
    phases = [_phase(points, first, last) for first, last in zip(begins, ends, strict=False)]
    signals = [signal for phase in phases for signal in _signals(points, phase, _GOOD_SIDE[direction])]
    signals.sort(key=lambda signal: signal.positions[-1])
    return ProcessChart(tuple(points), tuple(phases), tuple(signals), direction)


def _phase(points: Sequence[Point], first: int, last: int) -> Phase:
    values = [point.value for point in points[first : last + 1] if point.value is not None]
    return Phase(first, last, natural_limits(values) if len(values) >= LEAST else None)


def _signals(points: Sequence[Point], phase: Phase, good_side: int) -> list[Signal]:
    if phase.limits is None:
        return []
    held = [(at, points[at].value) for at in range(phase.first, phase.last + 1)]
    positions = [at for at, value in held if value is not None]
    values = [value for _, value in held if value is not None]
    return [
        Signal(rule, tuple(positions[at] for at in span.positions), span.side, _meaning(span.side * good_side))
        for rule, spans in _spans(values, phase.limits).items()
        for span in spans
    ]


def _spans(values: Sequence[float], limits: Limits) -> dict[Rule, list[rules.Span]]:
    sides = [_sign(value, limits.mean) for value in values]
    beyond = [_sign(value, limits.upper) > 0 or _sign(value, limits.lower) < 0 for value in values]
    near = (limits.upper - limits.mean) * 2 / 3
    close = [not out and abs(value - limits.mean) > near for value, out in zip(values, beyond, strict=True)]
    return {
        "outside": rules.outside(sides, beyond),
        "shift": rules.shifts(sides),
        "trend": rules.trends(values),
        "near": rules.near_limits(sides, close),
    }


def _sign(value: float, line: float) -> int:
    """On which side of a line; a rounding error of the machine is on neither."""
    return 0 if isclose(value, line, rel_tol=1e-9) else (value > line) - (value < line)


def _meaning(goodness: int) -> Meaning:
    return ("neither", "improvement", "concern")[goodness]


def _require_numbers(points: Sequence[Point]) -> None:
    wrong = [point for point in points if point.value is not None and not isfinite(point.value)]
    if wrong:
        raise MeasureError.of(
            Fault(f"{point.value} is no value of a chart.", where=point.name, what_to_do="leave it out: give None")
            for point in wrong
        )


def _require_within(rebase: Collection[int], length: int) -> None:
    wrong = sorted(at for at in rebase if not 0 < at < length)
    if wrong:
        raise MeasureError(
            f"No phase can begin at position {wrong[0]}.",
            why=f"the series has {length} points, from 0, and its first phase begins at the first",
            what_to_do="give positions of later points",
        )
