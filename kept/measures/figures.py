"""From what was counted to figures: each with the interval that chance leaves it, and the range that silence leaves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kept.errors import MeasureError
from kept.measures.groups import Counted
from kept.measures.kinds import BANDS, PERCENTILES, SOON, at_all, readings
from kept.measures.model import Kind, Measure
from kept.measures.question import Question
from kept.measures.statistics.bounds import Range, range_by_victim, range_from_records
from kept.measures.statistics.clusters import Clusters, design_effect, one_each
from kept.measures.statistics.composite import Reading, reading_of
from kept.measures.statistics.intervals import share_of
from kept.measures.statistics.quantiles import Histogram, Quantile, histogram_of, quantile
from kept.measures.statistics.values import Estimate, Interval
from kept.measures.statistics.waiting import curve, percentile

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure came to for one group in one period.

    `n` is over how many; `value` the figure itself (a share of 0 to 1, a count, a median in the measure's unit), None
    where there is none; `at_best` the other end of the range from records; `more` all else, by the names of `columns`.
    `words` says why there is no value, where there is none. `effect` is how many times less the n are worth because one
    victim has several of them (1: each is of another). `in_part` says what there is of a period that is not whole.
    `spread` is, of a load, how many hold each number.
    """

    values: tuple[str | None, ...]
    period: date | None
    n: int
    value: Value
    interval: Interval | None = None
    at_best: Value = None
    more: Mapping[str, Value] = field(default_factory=dict)
    words: str = ""
    effect: float = 1.0
    in_part: str = ""
    spread: Histogram | None = None


RATES: Mapping[Kind, Callable[[Mapping[str, Any]], Clusters]] = {
    "duty": lambda found: _clusters(found, "met", "judged"),
    "all_kept": lambda found: one_each(found["met"], found["judged"]),
    "share": lambda found: one_each(found["counted"], found["n"]),
}
"""The kinds of measure that are one rate, and the sums of what was counted over victims, for comparisons."""


def figures(measure: Measure, counted: Iterable[Counted]) -> list[Figure]:
    """The figures of a measure, in the order of what was counted."""
    if measure.kind == "split":
        return _shares_of_whole(measure, [*counted])
    if measure.kind in _SEVERAL:
        return [figure for one in counted for figure in _SEVERAL[measure.kind](measure, one)]
    made = _MADE[measure.kind]
    return [made(measure, one) for one in counted]


def of_run(measure: Measure, causes: list[dict[str, Any]], question: Question) -> list[Figure]:
    """How many obligations did not arise, by duty and cause, as a run noted them; MeasureError if asked by more."""
    if question != Question():
        raise MeasureError(
            f"{measure.id} is counted for a whole run.",
            why="Of what did not arise a run keeps the cause, and not when or for whom.",
            what_to_do="Ask for it without breakdown and period.",
        )
    return [Figure((one["duty"], one["cause"]), None, one["count"], one["count"]) for one in causes]


def _duty(measure: Measure, one: Counted) -> Figure:
    found = one.counts
    kept = range_by_victim(
        _clusters(found, "met", "judged"), _clusters(found, "best", "judged"), _clusters(found, "met", "unexcused")
    )
    more = {
        "without_reasoned": _value(kept.without_reasoned),
        "entered_in_time": found["in_time"] / found["met"] if found["met"] else None,
        **{name: found[name] for name in ("met", "reasoned", "declined", "lapsed", "pending", "not_measurable")},
    }
    effect = design_effect(RATES["duty"](found))
    return replace(_rate(one, kept, more), effect=effect or 1.0)


def _clusters(found: Mapping[str, Any], part: str, whole: str) -> Clusters:
    victims = found["victims_unexcused" if whole == "unexcused" else "victims"]
    return Clusters(
        victims,
        found[part],
        found[whole],
        found[f"{part}_squared"],
        found[f"{part}_{whole}"],
        found[f"{whole}_squared"],
    )


def _all_kept(measure: Measure, one: Counted) -> Figure:
    found = one.counts
    kept = range_from_records(found["met"], found["best"], found["judged"])
    return _rate(one, kept, {"kept_or_reasoned": _share(found["met_or_reasoned"], found["judged"])})


def _rate(one: Counted, kept: Range, more: Mapping[str, Value]) -> Figure:
    evidenced = kept.evidenced
    return Figure(
        one.values,
        one.period,
        kept.judged,
        _value(evidenced),
        evidenced.interval if evidenced else None,
        _value(kept.at_best),
        more,
        "" if evidenced else "Nothing was judged.",
    )


def _share_of_members(measure: Measure, one: Counted) -> Figure:
    """A share of those of whom it is known; the range takes the unknown for no and for yes."""
    found = one.counts
    n, counted, unknown = found["n"], found["counted"], found["unknown"]
    everybody = n + unknown
    more = {
        "counted": counted,
        "unknown": unknown,
        "at_least": _share(counted, everybody),
        "at_most": _share(counted + unknown, everybody),
    }
    words = _why_none(measure, n, "Of nobody is it known." if unknown else "There is nobody to count.")
    return _of_estimate(one, n, None if words else share_of(counted, n), more, words)


def _count(measure: Measure, one: Counted) -> Figure:
    return Figure(one.values, one.period, one.counts["n"], one.counts["n"])


def _shares_of_whole(measure: Measure, counted: list[Counted]) -> list[Figure]:
    """The share of each category in its group and period; the last of `values` is the category."""
    wholes: dict[tuple[Any, ...], int] = {}
    for one in counted:
        key = (*one.values[:-1], one.period)
        wholes[key] = wholes.get(key, 0) + one.counts["n"]
    return [_of_whole(measure, one, wholes[(*one.values[:-1], one.period)]) for one in counted]


def _of_whole(measure: Measure, one: Counted, whole: int) -> Figure:
    words = _why_none(measure, whole, "There is nobody to count.")
    counted = one.counts["n"]
    return _of_estimate(one, whole, None if words else share_of(counted, whole), {"counted": counted}, words)


def _composite(measure: Measure, one: Counted) -> list[Figure]:
    """The share by each reading, whose name is the last of `values`."""
    found, n = one.counts, one.counts["n"]
    counted = [
        (name, reading_of(parts, n, found[f"met_in_{number}"], found[f"best_in_{number}"]))
        for number, (name, parts) in enumerate(readings(measure).items())
    ]
    return [_of_reading(replace(one, values=(*one.values, name)), reading) for name, reading in counted]


def _of_reading(one: Counted, reading: Reading) -> Figure:
    words = "" if reading.share else "Nothing was judged."
    figure = _of_estimate(one, reading.cases, reading.share, {"counted": reading.passed}, words)
    return replace(figure, at_best=_value(reading.share_at_best))


def _parts(measure: Measure, one: Counted) -> list[Figure]:
    """The share of each part, which is the last of `values`; they need not add up to all."""
    return [
        _named_share(measure, one, name, one.counts[f"part_{place}"], one.counts["n"])
        for place, name in enumerate(measure.parts)
    ]


def _themes(measure: Measure, one: Counted) -> list[Figure]:
    """The share within each theme, which is the last of `values`."""
    return [
        _named_share(measure, one, name, one.counts[f"counted_{place}"], one.counts[f"theme_{place}"])
        for place, name in enumerate(measure.parts)
    ]


def _named_share(measure: Measure, one: Counted, name: str, part: int, whole: int) -> Figure:
    words = _why_none(measure, whole, "There is nobody to count.")
    share = None if words else share_of(part, whole)
    return _of_estimate(replace(one, values=(*one.values, name)), whole, share, {"counted": part}, words)


def _time(measure: Measure, one: Counted) -> Figure:
    """The median and other percentiles of all who have a start: whoever still waits has waited at least until now."""
    found = one.counts
    times = curve(found["values"], found["waits"], found.get("times"))
    percentiles = {f"p{one_in}": percentile(times, one_in / 100) for one_in in PERCENTILES}
    median = percentiles["p50"]
    more: dict[str, Value] = {name: found_at.value if found_at else None for name, found_at in percentiles.items()}
    more |= {name: found[name] for name in ("waiting", "unknown", "before")}
    if measure.within:
        more["within"] = _share(found["within"], found["over"])
    words = _why_none(
        measure, found["n"], "Nobody can be timed: the first moment is not known, or comes after the second."
    )
    if not words and not median:
        words = f"No median yet: of {found['n']:,}, half or more are still waiting."
    return _of_estimate(one, found["n"], None if words else median, more, words)


def _steps(measure: Measure, one: Counted) -> Figure:
    """The share that took every step; beside it how many came to each in order, which charts show, and at all."""
    reached = [one.counts["n"], *(one.counts[f"step_{place}"] for place in range(len(measure.parts)))]
    more: dict[str, Value] = dict(zip(measure.parts, reached[1:], strict=True))
    more |= {at_all(step): one.counts[f"at_all_{place}"] for place, step in enumerate(measure.parts)}
    whole = share_of(reached[-1], reached[0])
    return _of_estimate(one, reached[0], whole, more, "" if whole else "There is nobody to count.")


def _bands(measure: Measure, one: Counted) -> Figure:
    names = SOON if measure.kind == "soon" else BANDS
    more: dict[str, Value] = {name: one.counts[f"band_{place}"] for place, name in enumerate(names)}
    return Figure(one.values, one.period, one.counts["n"], one.counts["n"], more=more)


def _matrix(measure: Measure, one: Counted) -> Figure:
    """Of those of whom the second holds, the share of whom the first does; all four cells stand beside it."""
    found = one.counts
    cells: dict[str, Value] = {
        name: found[name] for name in ("both", "first_only", "second_only", "neither", "unknown")
    }
    second = found["both"] + found["second_only"]
    share = share_of(found["both"], second)
    return _of_estimate(one, second, share, cells, "" if share else "Of nobody does the second hold.")


def _load(measure: Measure, one: Counted) -> Figure:
    found = one.counts
    held = found["values"].tolist()
    cases = histogram_of(held)
    median = quantile(cases, 0.5)
    more: dict[str, Value] = {"holders": found["holders"], "most": max(held, default=0)}
    made = _of_estimate(one, found["n"], median, more, "" if median else "Nobody holds any.")
    return replace(made, spread=cases)


def _of_estimate(
    one: Counted, n: int, found: Estimate | Quantile | None, more: Mapping[str, Value], words: str
) -> Figure:
    """The figure of what was counted, with the value that was found and its interval, where there is one."""
    value, interval = (found.value, found.interval) if found else (None, None)
    return Figure(one.values, one.period, n, value, interval, None, more, words)


def _why_none(measure: Measure, n: int, nobody: str) -> str:
    """Why no figure is printed of so few, or nothing."""
    if n == 0:
        return nobody
    if n < measure.least:
        return f"Not yet large enough: {n}, and no rate is printed below {measure.least}."
    return ""


def _value(estimate: Estimate | None) -> float | None:
    return estimate.value if estimate else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


_SEVERAL: Mapping[str, Callable[[Measure, Counted], list[Figure]]] = {
    "composite": _composite,
    "parts": _parts,
    "themes": _themes,
}
_MADE: Mapping[str, Callable[[Measure, Counted], Figure]] = {
    "duty": _duty,
    "all_kept": _all_kept,
    "share": _share_of_members,
    "every": _share_of_members,
    "copies": _share_of_members,
    "count": _count,
    "time": _time,
    "steps": _steps,
    "bands": _bands,
    "soon": _bands,
    "matrix": _matrix,
    "load": _load,
}
