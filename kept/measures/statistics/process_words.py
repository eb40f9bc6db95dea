"""What a process chart shows, in one or two plain sentences, for the reader who sees no chart.

"No signal: the last six months vary within ±3 points around 80 %." Every number said is true of the points as they are:
spreads are rounded up, and taken from the mean as it is printed.
"""

import math

from kept.measures.statistics.process_chart import Meaning, Phase, ProcessChart, Rule, Signal
from kept.measures.statistics.process_limits import FIRM, LEAST, Limits
from kept.measures.units import COUNT, Unit

RECENT = 6
"""How many of the last points the sentence speaks of where there is no signal."""

UNEVEN = 3
"""How many times the smallest n the largest may be before the sentence says so."""


MOST_DECIMALS = 3

_MEANS: dict[Meaning, str] = {
    "improvement": "a sign of improvement",
    "concern": "a sign for concern",
    "neither": "a sign of change, neither good nor bad in itself",
}
_SAYS: dict[tuple[Rule, int], str] = {
    ("outside", 1): "{which} above the upper limit of {upper}",
    ("outside", -1): "{which} below the lower limit of {lower}",
    ("shift", 1): "{count} {period}s in a row, {span}, lie above the mean of {mean}",
    ("shift", -1): "{count} {period}s in a row, {span}, lie below the mean of {mean}",
    ("trend", 1): "{count} {period}s in a row, {span}, rise from each to the next",
    ("trend", -1): "{count} {period}s in a row, {span}, fall from each to the next",
    ("near", 1): "{count} {period}s of {span} lie close to the upper limit of {upper}",
    ("near", -1): "{count} {period}s of {span} lie close to the lower limit of {lower}",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def sentence(chart: ProcessChart, unit: Unit = COUNT, period: str = "month") -> str:
    """Return what the chart shows: the signals that its last point is part of, or the spread where there are none.

    It also says what a reader must know to weigh it: what changed meanwhile, limits that are trial ones or missing,
    points without a value, and an n that differs much between points.
    """
    valued = [at for at, point in enumerate(chart.points) if point.value is not None]
    if not valued:
        return f"Nothing to draw: there is no {period} with a value."
    phase = next(phase for phase in chart.phases if phase.first <= valued[-1] <= phase.last)
    said = [
        _seen(chart, phase, valued, unit, period),
        *_changed(chart, phase),
        *_cautions(chart, phase, valued, period),
    ]
    return " ".join(said)


def say(signal: Signal, chart: ProcessChart, unit: Unit = COUNT, period: str = "month") -> str:
    """Return one signal in words: "June 2026 is above the upper limit of 88 %, a sign of improvement"."""
    phase = next(phase for phase in chart.phases if phase.first <= signal.positions[-1] <= phase.last)
    assert phase.limits is not None  # a phase without limits has no signals
    first, last = chart.points[signal.positions[0]].name, chart.points[signal.positions[-1]].name
    words = _SAYS[signal.rule, signal.side].format(
        which=f"{last} is" if len(signal.positions) == 1 else f"{first} to {last} are",
        span=f"{first} to {last}",
        count=_number(len(signal.positions)),
        period=period,
        **_lines(phase.limits, unit),
    )
    return f"{words}, {_MEANS[signal.means]}"


def _seen(chart: ProcessChart, phase: Phase, valued: list[int], unit: Unit, period: str) -> str:
    here = [at for at in valued if at >= phase.first]
    if phase.limits is None:
        return (
            f"No limits: {_number(len(here))} {_plural(period, len(here))} {'is' if len(here) == 1 else 'are'} too few "
            "to tell a signal from chance, "
            f"which takes {_number(LEAST)}."
        )
    signals = [say(signal, chart, unit, period) for signal in chart.at(valued[-1])]
    if signals:
        return f"Signal: {'; '.join(signals)}."
    return _without_signal(chart, phase.limits, here, unit, period)


def _without_signal(chart: ProcessChart, limits: Limits, here: list[int], unit: Unit, period: str) -> str:
    """The spread of the last points, but of none that belongs to an earlier signal; that is said beside it."""
    if not chart.signals:
        return f"No signal: {_spread(chart, limits, here[-RECENT:], unit, period)}."
    latest = chart.signals[-1]
    since = [at for at in here if at > latest.positions[-1]]
    which = "Earlier" if len(chart.signals) == 1 else f"The latest of {_number(len(chart.signals))} earlier signals"
    spread = _spread(chart, limits, since[-RECENT:], unit, period)
    return f"No signal now: {spread}. {which}: {say(latest, chart, unit, period)}."


def _spread(chart: ProcessChart, limits: Limits, recent: list[int], unit: Unit, period: str) -> str:
    values = [value * unit.scale for at in recent if (value := chart.points[at].value) is not None]
    decimals = _decimals(limits, unit)
    middle = round(limits.mean * unit.scale, decimals)
    step = 10.0**-decimals
    spread = math.ceil(max(abs(value - middle) for value in values) / step - 1e-9) * step
    which = f"the last {period} lies" if len(values) == 1 else f"the last {_number(len(values))} {period}s vary"
    return (
        f"{which} within ±{spread:,.{decimals}f}{unit.after_difference} around {middle:,.{decimals}f}{unit.after_value}"
    )


def _changed(chart: ProcessChart, phase: Phase) -> list[str]:
    """What changed when, but for what the last phase begins with, which is said of the phase."""
    said = [
        f"{'; '.join(point.notes)} ({point.name})"
        for at, point in enumerate(chart.points)
        if point.notes and not at == phase.first > 0
    ]
    return [f"What changed: {', '.join(said)}."] if said else []


def _cautions(chart: ProcessChart, phase: Phase, valued: list[int], period: str) -> list[str]:
    said = []
    if phase.first:
        begins = chart.points[phase.first]
        why = f" ({'; '.join(begins.notes)})" if begins.notes else ""
        said.append(f"Limits begin anew at {begins.name}{why}.")
    if phase.limits is not None and phase.limits.trial:
        made_of = f"{_number(phase.limits.points)} {period}s"
        said.append(f"The limits are trial ones, from {made_of}; {_number(FIRM)} make them firm.")
    missing = len(chart.points) - len(valued)
    if missing:
        said.append(f"{_number(missing).capitalize()} {_plural(period, missing)} had nothing to measure.")
    sizes = [n for at in valued if (n := chart.points[at].n) is not None]
    if sizes and max(sizes) > UNEVEN * min(sizes):
        said.append(f"A {period} rests on {min(sizes):,} to {max(sizes):,} cases, and those on few swing more.")
    return said


def _lines(limits: Limits, unit: Unit) -> dict[str, str]:
    drawn, decimals = limits.within(unit.possible), _decimals(limits, unit)
    lines = {"mean": drawn.mean, "lower": drawn.lower, "upper": drawn.upper}
    return {name: f"{line * unit.scale:,.{decimals}f}{unit.after_value}" for name, line in lines.items()}


def _decimals(limits: Limits, unit: Unit) -> int:
    """As many as the mean, and its distance to the limits, need to show one digit; one where all values are one."""
    distance = (limits.upper - limits.mean) * unit.scale
    smallest = min((size for size in (abs(limits.mean) * unit.scale, distance) if size), default=1.0)
    return min(MOST_DECIMALS, max(0 if distance else 1, -math.floor(math.log10(smallest))))


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def _plural(period: str, count: int) -> str:
    return period if count == 1 else f"{period}s"
