"""The sentence of a process chart: what the last points say, and how far the limits can be trusted."""

import math

from kept.measures.charts.course import Course, Mark
from kept.measures.charts.words import count, listed, several

RECENT = 6
"""How many of the last points the sentence speaks of."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
_SIGNALS = {
    "concern": "Signal of concern",
    "improvement": "Signal of improvement",
    "neither": "Signal of change, neither better nor worse",
}


def sentence_of(course: Course, period: str) -> str:
    """What is seen, in words: `No signal: the last six months vary within ±3 points around 80 %.`"""
    shown = [mark for mark in course.marks if mark.value is not None]
    if not shown:
        return _nothing(course, period)
    said = [_seen(course, shown, period), _trial(course), _gaps(course, shown, period)]
    return " ".join(part for part in said if part)


def _nothing(course: Course, period: str) -> str:
    if not course.marks:
        return f"Nothing to draw: there is no {period} with figures yet."
    return f"Nothing to draw: none of {several(len(course.marks), period)} has a figure that can be shown."


def _seen(course: Course, shown: list[Mark], period: str) -> str:
    recent = shown[-RECENT:]
    if course.phase(shown[-1].place) is None:
        return _unlimited(course, shown, period)
    signals = [mark for mark in recent if mark.kind != "common"]
    return _signal(course, signals, recent, period) if signals else _steady(course, recent, period)


def _unlimited(course: Course, shown: list[Mark], period: str) -> str:
    values = [mark.value for mark in shown if mark.value is not None]
    low, high = course.unit.text(min(values)), course.unit.text(max(values))
    extent = f"at {low}" if low == high else f"between {low} and {high}"
    return f"{several(len(shown), period).capitalize()}, {extent}: without limits, no signal can be told from chance."


def _steady(course: Course, recent: list[Mark], period: str) -> str:
    phase = course.phase(recent[-1].place)
    assert phase is not None  # asked for only where there is one
    widest = max(abs(mark.value - phase.mean) for mark in recent if mark.value is not None)
    around = f"within ±{_up(course, widest)} around {course.unit.text(phase.mean)}"
    return f"No signal: the last {_many(recent, period)} {'varies' if len(recent) == 1 else 'vary'} {around}."


def _up(course: Course, distance: float) -> str:
    """A distance, rounded up so that what is said to vary within it does."""
    if not course.unit.share:
        return course.unit.distance(math.ceil(distance * 10 - 1e-9) / 10)
    points = math.ceil(distance * 100 - 1e-9)
    return f"{points} point" if points == 1 else f"{points} points"


def _many(recent: list[Mark], period: str) -> str:
    return period if len(recent) == 1 else f"{_NUMBERS[len(recent)]} {period}s"


def _signal(course: Course, signals: list[Mark], recent: list[Mark], period: str) -> str:
    latest = signals[-1]
    same = [mark for mark in signals if mark.kind == latest.kind]
    where = f"the last {period}" if len(recent) == 1 else f"{_NUMBERS[len(same)]} of the last {_many(recent, period)}"
    phase = course.phase(latest.place)
    mean = f", against a mean of {course.unit.text(phase.mean)}" if phase else ""
    value = course.unit.text(latest.value) if latest.value is not None else ""
    others = sorted({_SIGNALS[mark.kind].lower() for mark in signals if mark.kind != latest.kind})
    also = f" There is also a {listed(others)}." if others else ""
    return f"{_SIGNALS[latest.kind]}: {where}, the latest {latest.label} at {value}{mean}.{also}"


def _trial(course: Course) -> str:
    phase = course.phases[-1][2] if course.phases else None
    return "The limits are trial limits: they stand on few points." if phase and phase.trial else ""


def _gaps(course: Course, shown: list[Mark], period: str) -> str:
    gaps = len(course.marks) - len(shown)
    verb = "has" if gaps == 1 else "have"
    return f"{count(gaps)} {period if gaps == 1 else period + 's'} {verb} no figure that can be shown." if gaps else ""
