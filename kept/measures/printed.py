"""Figures as they are printed: a share with its interval, its n and its range, never alone."""

from collections.abc import Mapping, Sequence
from math import isfinite

from kept.measures.figures import Figure, Value
from kept.measures.kinds import BANDS, SOON, at_all, readings
from kept.measures.model import Kind, Measure
from kept.measures.periods import called
from kept.measures.question import UNKNOWN, Question
from kept.measures.statistics.values import Interval

NOTHING = "–"
NOT_REACHED = "not yet"
"""Instead of a percentile: too many are still waiting to know it."""
CATEGORIES: Mapping[Kind, tuple[str, ...]] = {
    "split": ("category",),
    "parts": ("part",),
    "themes": ("theme",),
    "composite": ("reading",),
    "not_arisen": ("duty", "cause"),
}
"""What the last of a figure's values are, of kinds that have several figures for one group."""
_SHARES = {"entered_in_time", "without_reasoned", "kept_or_reasoned", "at_least", "at_most", "within"}
RANGED: tuple[Kind, ...] = ("duty", "all_kept", "composite")
"""Kinds with a range from records."""
_PERCENTILES = ("p10", "p25", "p75", "p90")
_MORE: Mapping[Kind, tuple[str, ...]] = {
    "duty": ("without_reasoned", "entered_in_time", "declined", "lapsed", "pending"),
    "all_kept": ("kept_or_reasoned",),
    **dict.fromkeys(("share", "every", "copies"), ("counted", "unknown")),
    **dict.fromkeys(("composite", "parts", "themes", "split"), ("counted",)),
    "time": (*_PERCENTILES, "waiting", "before", "unknown"),
    "bands": BANDS,
    "soon": SOON,
    "matrix": ("both", "first_only", "second_only", "neither", "unknown"),
    "load": ("holders", "most"),
}


def columns(measure: Measure, question: Question) -> tuple[str, ...]:
    """The headings of a measure's table."""
    groups = [*question.by, *CATEGORIES.get(measure.kind, ())]
    periods = [question.period] if question.period else []
    at_best = ["at best"] if measure.kind in RANGED else []
    return (*groups, *periods, "n", _heading(measure), "interval", *at_best, *_more(measure))


def row(measure: Measure, figure: Figure, question: Question) -> tuple[object, ...]:
    """One line of a measure's table."""
    groups = [value if value is not None else UNKNOWN for value in figure.values]
    periods = [named(figure, question)] if question.period else []
    at_best = [shown(measure, figure.at_best)] if measure.kind in RANGED else []
    value = figure.words if figure.words else shown(measure, figure.value)
    more = [_further(name, figure) for name in _more(measure)]
    return (*groups, *periods, figure.n, value, between(measure, figure.interval), *at_best, *more)


def named(figure: Figure, question: Question) -> str:
    """The period of a figure, and what there is of it where it is not whole: `Jun 2026 (so far)`."""
    name = called(figure.period, question.period) if figure.period else UNKNOWN
    return f"{name} ({figure.in_part})" if figure.in_part else name


def group_of(figure: Figure) -> str:
    """The group that a figure is of; blank where it is of all."""
    return ", ".join(value if value is not None else UNKNOWN for value in figure.values)


def meanings(measure: Measure) -> list[str]:
    """What each reading of a composite asks for; nothing for a measure that has one meaning."""
    if measure.kind != "composite":
        return []
    said = [f"{name}: {'; '.join(parts)}." for name, parts in readings(measure).items()]
    return [*said, "What did not arise for a victim counts for them as kept, in both."]


def shown(measure: Measure, value: Value) -> str:
    """A value in the measure's unit."""
    if value is None:
        return NOTHING
    if is_share(measure):
        return f"{100 * value:.1f} %"
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _heading(measure: Measure) -> str:
    if measure.kind in RANGED:
        return "evidenced"
    return {"time": f"median {measure.unit}", "load": "median", "steps": "reached the last"}.get(measure.kind, "figure")


def is_share(measure: Measure) -> bool:
    """Whether its values are shares of 0 to 1."""
    return measure.unit == "%" or measure.kind == "steps"


def between(measure: Measure, interval: Interval | None) -> str:
    """An interval in the measure's unit; one without a high has only a least."""
    if interval is None:
        return NOTHING
    low = shown(measure, interval.low)
    return f"{low} to {shown(measure, interval.high)}" if isfinite(interval.high) else f"{low} or more"


def _more(measure: Measure) -> Sequence[str]:
    """What else is printed of a kind, beside the figure."""
    if measure.kind == "steps":
        return (*measure.parts, *map(at_all, measure.parts))
    within = ("within",) if measure.within else ()
    return (*_MORE.get(measure.kind, ()), *within)


def _further(name: str, figure: Figure) -> object:
    value = figure.more.get(name)
    if value is None:
        return NOT_REACHED if name in _PERCENTILES and figure.n else NOTHING
    if name in _SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:,.1f}" if isinstance(value, float) else value
