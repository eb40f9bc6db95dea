"""Figures as they are printed: a share with its interval, its n and its range, never alone."""

from collections.abc import Mapping, Sequence

from kept.measures.counts import Question
from kept.measures.figures import Figure, Value
from kept.measures.kinds import BANDS, SOON, at_all
from kept.measures.model import Kind, Measure
from kept.measures.periods import called
from kept.measures.statistics.values import Interval

NOTHING = "–"
_CATEGORY: Mapping[Kind, tuple[str, ...]] = {
    "split": ("category",),
    "parts": ("part",),
    "themes": ("theme",),
    "not_arisen": ("duty", "cause"),
}
_SHARES = {"entered_in_time", "without_reasoned", "kept_or_reasoned", "at_least", "at_most", "within"}
_UNKNOWN = "unknown"
_MORE: Mapping[Kind, tuple[str, ...]] = {
    "duty": ("without_reasoned", "entered_in_time", "declined", "lapsed", "pending"),
    "all_kept": ("kept_or_reasoned",),
    **dict.fromkeys(("share", "every", "copies"), ("counted", "unknown")),
    "parts": ("counted",),
    "themes": ("counted",),
    "split": ("counted",),
    "time": ("p10", "p25", "p75", "p90", "waiting", "before", "unknown"),
    "bands": BANDS,
    "soon": SOON,
    "matrix": ("both", "first_only", "second_only", "neither", "unknown"),
    "load": ("holders", "most"),
}


def columns(measure: Measure, question: Question) -> tuple[str, ...]:
    """The headings of a measure's table."""
    groups = [*question.by, *_CATEGORY.get(measure.kind, ())]
    periods = [question.period] if question.period else []
    at_best = ["at best"] if measure.kind in ("duty", "all_kept") else []
    return (*groups, *periods, "n", _heading(measure), "interval", *at_best, *_more(measure))


def row(measure: Measure, figure: Figure, question: Question) -> tuple[object, ...]:
    """One line of a measure's table."""
    groups = [value if value is not None else _UNKNOWN for value in figure.values]
    periods = [called(figure.period, question.period)] if figure.period else []
    at_best = [shown(measure, figure.at_best)] if measure.kind in ("duty", "all_kept") else []
    value = figure.words if figure.words else shown(measure, figure.value)
    more = [_further(measure, name, figure.more.get(name)) for name in _more(measure)]
    return (*groups, *periods, figure.n, value, _between(measure, figure.interval), *at_best, *more)


def shown(measure: Measure, value: Value) -> str:
    """A value in the measure's unit."""
    if value is None:
        return NOTHING
    if is_share(measure):
        return f"{100 * value:.1f} %"
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _heading(measure: Measure) -> str:
    if measure.kind in ("duty", "all_kept"):
        return "evidenced"
    return {"time": f"median {measure.unit}", "load": "median", "steps": "reached the last"}.get(measure.kind, "figure")


def is_share(measure: Measure) -> bool:
    """Whether its values are shares of 0 to 1."""
    return measure.unit == "%" or measure.kind == "steps"


def _between(measure: Measure, interval: Interval | None) -> str:
    return f"{shown(measure, interval.low)} to {shown(measure, interval.high)}" if interval else NOTHING


def _more(measure: Measure) -> Sequence[str]:
    """What else is printed of a kind, beside the figure."""
    if measure.kind == "steps":
        return (*measure.parts, *map(at_all, measure.parts))
    within = ("within",) if measure.within else ()
    return (*_MORE.get(measure.kind, ()), *within)


def _further(measure: Measure, name: str, value: Value) -> object:
    if value is None:
        return NOTHING
    if name in _SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:,.1f}" if isinstance(value, float) else value
