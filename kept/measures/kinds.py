"""The kinds of measure: what each needs to be said, and what it counts of every group, as SQL.

Each kind has one row of `KINDS`. Its `select` gives the columns that DuckDB counts of a group; what figures are made
of them is `figures.py`. Conditions are true, false or unknown; what is unknown is counted, and never taken for false.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kept.measures.model import ALIKE, Kind, Measure
from kept.measures.moments import limit_is, seconds_between

_OVERDUE = {
    "due today": (0, 0),
    "1–7 days": (1, 7),
    "8–14 days": (8, 14),
    "15–28 days": (15, 28),
    "29 and more days": (29,),
}
_SOON = {"tomorrow": (-1, -1), "in 2–3 days": (-3, -2), "in 4–7 days": (-7, -4)}
_BANDS: Mapping[Kind, Mapping[str, tuple[int, ...]]] = {"bands": _OVERDUE, "soon": _SOON}
"""The days in London since a moment, the first and last of each band, or the first alone of one without end."""
BANDS = tuple(_OVERDUE)
"""How long something is overdue, in bands that are only ever shown together."""
SOON = tuple(_SOON)
"""How soon something falls due; shown together too."""
OF_ALIKE: tuple[Kind, ...] = ("share", "parts", "themes", "count", "split")
"""The kinds of measure that rows can be counted for which stand for several members."""
PERCENTILES = (10, 25, 50, 75, 90)

NEEDS: Mapping[Kind, tuple[str, ...]] = {
    "duty": (),
    "all_kept": (),
    "composite": ("parts",),
    "not_arisen": (),
    "share": ("counts",),
    "every": ("counts",),
    "parts": ("parts",),
    "themes": ("counts", "parts"),
    "count": (),
    "copies": ("by",),
    "split": ("by",),
    "time": ("since", "until"),
    "steps": ("parts",),
    "bands": ("at",),
    "soon": ("at",),
    "matrix": ("by", "parts"),
    "load": ("by",),
}
"""What a measure of each kind must say, beside what every measure says."""


@dataclass(frozen=True, slots=True)
class Counting:
    """SQL for one kind: columns counted of each group, and of each holder within it first, where that is needed.

    A holder is what `by` names, else a victim. `of_member` are columns of each member beside its own, worked out over
    all that were asked for, before they are divided.
    """

    of_group: Mapping[str, str]
    of_holder: Mapping[str, str] | None = None
    split_by: str = ""
    of_member: Mapping[str, str] = field(default_factory=dict)


def counting(measure: Measure) -> Counting:
    """How a measure is counted."""
    return _COUNTINGS[measure.kind](measure)


def readings(measure: Measure) -> dict[str, tuple[str, ...]]:
    """The readings of a composite and the parts in each, all of them first; one reading where none is outside."""
    every = tuple(measure.parts)
    held = tuple(part for part in every if part not in measure.outside)
    both = {f"all {len(every)} listed": every, f"{len(held)}, without {', '.join(measure.outside)}": held}
    return both if measure.outside else {f"all {len(every)} listed": every}


def _composite(measure: Measure) -> Counting:
    """For how many every part in a reading was kept; a part that did not arise is not against anybody."""
    names = list(measure.parts)
    of_group = {"n": "count(*) FILTER (judged > 0)"}
    for number, parts in enumerate(readings(measure).values()):
        for end in ("met", "best"):
            every = " AND ".join(f"coalesce({end}_{names.index(part)}, true)" for part in parts) or "true"
            of_group[f"{end}_in_{number}"] = f"count(*) FILTER (judged > 0 AND {every})"
    return Counting(of_group)


def _number(measure: Measure, condition: str = "true") -> str:
    """SQL for how many members a condition holds of."""
    if measure.of == ALIKE:
        return f"coalesce(sum(times) FILTER ({condition}), 0)::BIGINT"
    return f"count(*) FILTER ({condition})"


def _share(measure: Measure) -> Counting:
    condition = measure.counts
    return Counting(
        {
            "n": _number(measure, f"({condition}) IS NOT NULL"),
            "counted": _number(measure, condition),
            "unknown": _number(measure, f"({condition}) IS NULL"),
        }
    )


def _every(measure: Measure) -> Counting:
    """Of those who have members, the share of whom the condition holds of every one; they are counted once each."""
    return Counting(
        of_holder={"every": f"bool_and({measure.counts})"},
        of_group={
            "n": "count(*) FILTER (every IS NOT NULL)",
            "counted": "count(*) FILTER (every)",
            "unknown": "count(*) FILTER (every IS NULL)",
        },
    )


def _parts(measure: Measure) -> Counting:
    """How many each condition holds of; one member may be in several."""
    named = {f"part_{place}": _number(measure, text) for place, text in enumerate(measure.parts.values())}
    return Counting({"n": _number(measure), **named})


def _themes(measure: Measure) -> Counting:
    """A share within each theme; one member may belong to several."""
    found = {"n": _number(measure)}
    for place, theme in enumerate(measure.parts.values()):
        found[f"theme_{place}"] = _number(measure, f"({theme}) AND ({measure.counts}) IS NOT NULL")
        found[f"counted_{place}"] = _number(measure, f"({theme}) AND ({measure.counts})")
    return Counting(found)


def _count(measure: Measure) -> Counting:
    return Counting({"n": _number(measure)})


def _copies(measure: Measure) -> Counting:
    """Members that agree in a column with one of another subject, in whichever group and period that one is."""
    return Counting(
        {"n": "count(*)", "counted": "count(*) FILTER (copied)", "unknown": "0"},
        of_member={"copied": elsewhere(measure.by)},
    )


def elsewhere(column: str) -> str:
    """SQL for whether a member of another subject agrees with a member in a column."""
    shared = f"OVER (PARTITION BY {column})"
    return f"min(subject) {shared} <> max(subject) {shared}"


def _split(measure: Measure) -> Counting:
    return Counting({"n": _number(measure)}, split_by=measure.by)


def _time(measure: Measure) -> Counting:
    unit, since, until = measure.unit.rstrip("s"), measure.since, measure.until
    taken, waited = (f"{seconds_between(since, end)} / {SECONDS[unit]}" for end in (until, "clock"))
    ordered, waiting = f"FILTER ({until} >= {since})", f"FILTER ({since} IS NOT NULL AND {until} IS NULL)"
    found = {
        "n": f"count(*) FILTER ({since} IS NOT NULL AND ({until} IS NULL OR {until} >= {since}))",
        "waiting": f"count(*) {waiting}",
        "unknown": f"count(*) FILTER ({since} IS NULL)",
        "before": f"count(*) FILTER ({until} < {since})",
        "values": f"list({taken}) {ordered}",
        "waits": f"list({waited}) {waiting}",
    }
    if not measure.within:
        return Counting(found)
    over, in_time = limit_is(since, measure.within, "<=", "clock"), limit_is(since, measure.within, ">=", until)
    found["over"] = f"count(*) FILTER (time_is_up AND ({until} IS NULL OR {until} >= {since}))"
    found["within"] = f"count(*) FILTER (time_is_up AND {until} >= {since} AND {in_time})"
    return Counting(found, of_member={"time_is_up": over})


SECONDS = {"hour": 3_600.0, "day": 86_400.0}
"""How many there are in each unit of a time."""


def _steps(measure: Measure) -> Counting:
    """How many took each step and all before it, and how many took it whatever they skipped."""
    found, before = {"n": "count(*)"}, "true"
    for place, condition in enumerate(measure.parts.values()):
        before = f"{before} AND ({condition})"
        found[f"step_{place}"] = f"count(*) FILTER ({before})"
        found[f"at_all_{place}"] = f"count(*) FILTER ({condition})"
    return Counting(found)


def at_all(step: str) -> str:
    """The name of how many took a step whatever they skipped, beside those who took all before it too."""
    return f"{step} at all"


def _bands(measure: Measure) -> Counting:
    days = f"date_diff('day', {measure.at}::DATE, getvariable('clock')::DATE)"
    bands = [_within(days, *limits) for limits in _BANDS[measure.kind].values()]
    found = {f"band_{place}": f"count(*) FILTER ({band})" for place, band in enumerate(bands)}
    return Counting({"n": f"count(*) FILTER ({' OR '.join(bands)})", **found})


def _within(days: str, first: int, last: int | None = None) -> str:
    return f"{days} >= {first}" if last is None else f"{days} BETWEEN {first} AND {last}"


def _matrix(measure: Measure) -> Counting:
    other = next(iter(measure.parts.values()))
    yes, no = f"coalesce({measure.by}, false)", f"NOT coalesce({measure.by}, false)"
    return Counting(
        {
            "n": "count(*)",
            "both": f"count(*) FILTER ({yes} AND ({other}))",
            "first_only": f"count(*) FILTER ({yes} AND NOT ({other}))",
            "second_only": f"count(*) FILTER ({no} AND ({other}))",
            "neither": f"count(*) FILTER ({no} AND NOT ({other}))",
            "unknown": f"count(*) FILTER (({other}) IS NULL)",
        }
    )


def _load(measure: Measure) -> Counting:
    """Members for each holder: the distribution over holders, who are not named."""
    return Counting(
        of_holder={"held": "count(*)"},
        of_group={"n": "coalesce(sum(held), 0)::BIGINT", "holders": "count(*)", "values": "list(held ORDER BY held)"},
    )


_COUNTINGS: Mapping[Kind, Callable[[Measure], Counting]] = {
    "composite": _composite,
    "share": _share,
    "every": _every,
    "parts": _parts,
    "themes": _themes,
    "count": _count,
    "copies": _copies,
    "split": _split,
    "time": _time,
    "steps": _steps,
    "bands": _bands,
    "soon": _bands,
    "matrix": _matrix,
    "load": _load,
}
