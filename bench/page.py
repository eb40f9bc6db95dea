"""The page that shows the figures: tables between two marks in a written page, and a chart beside it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.chart import svg
from bench.figures import QUICK, SLOWER
from bench.results import FLOOR, Results

_MARKS = "<!-- figures: written by the benchmark -->", "<!-- end of the figures -->"
_GIGABYTE = 1024
_NONE = "not measured"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that must be reached and one that is aimed at; `unit` says what it counts."""

    what: str
    reached: float | None
    must: float
    aim: float
    unit: str = "×"
    at_least: bool = False

    def row(self) -> tuple[str, ...]:
        bound = "≥" if self.at_least else "≤"
        figures = (f"{bound} {one:g} {self.unit}" for one in (self.must, self.aim))
        return (self.what, _figure(self.reached, self.unit), *figures, self._verdict())

    def _verdict(self) -> str:
        if self.reached is None:
            return "–"
        if self._holds(self.aim):
            return "aim reached"
        return "reached" if self._holds(self.must) else "**missed**"

    def _holds(self, bound: float) -> bool:
        assert self.reached is not None
        return self.reached >= bound if self.at_least else self.reached <= bound


def write_page(results: Mapping[str, Any], page: Path) -> None:
    """Write tables between the page's two marks, and the chart into a file of the same name that ends in .svg."""
    write_between(page, _MARKS, _figures(results))
    page.with_suffix(".svg").write_text(svg(Results(results["force"])), encoding="utf-8")


def write_between(page: Path, marks: tuple[str, str], text: str) -> None:
    """Put a text between two marks of a page, in place of what stood there."""
    begin, end = marks
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _figures(results: Mapping[str, Any]) -> str:
    force, national = Results(results["force"]), Results(results.get("national", {}))
    years = Results(results.get("five years", {}))
    parts = [table(GOALS, (goal.row() for goal in [*_goals(force, national), *_figure_goals(force, years)]))]
    parts += ["### A force year", _size(force), measured(force.found), table(_COLUMNS, _rows(force))]
    if shares := force.says("profile", "shares"):
        rows = ((step, f"{share:.0%}") for step, share in shares.items())
        parts += ["Where the time of a full run goes, on one thread:", table(("step", "share"), rows)]
    if years.found:
        parts += ["### Figures, on five force years", _size(years), measured(years.found), table(_ASKED, _asked(years))]
    if national.found:
        parts += ["### The country", _size(national), measured(national.found), table(_COLUMNS, _rows(national))]
    return "\n\n".join(parts)


def measured(found: Mapping[str, Any]) -> str:
    """When and on what machine it was measured, as a sentence."""
    machine = found["machine"]
    size = f"{machine['cores']} cores and {machine['memory_gb']} GB of memory"
    return f"Measured on {found['measured_on']} on a machine of {size}, with Python {machine['python']}."


GOALS = ("figure", "reached", "must", "aim", "")


def _goals(force: Results, national: Results) -> Iterator[Goal]:
    yield Goal("force year, the police's duties ÷ group floor", force.ratio("police", FLOOR), 1.5, 0.8)
    yield Goal("national ÷ group floor", national.ratio("police", FLOOR), 0.9, 0.6)
    yield Goal("national, peak memory", _in_gigabytes(national.peak_mb("police")), 2, 1, "GB")
    yield Goal("one SQL query a duty ÷ this engine", force.ratio("one query a duty", "police"), 5, 8, at_least=True)
    for name, title in (("uniform", "spread evenly"), ("recent", "the newest")):
        yield Goal(f"incremental 1 %, {title} ÷ full", force.ratio(name, "police"), 0.5, 0.2)
        yield Goal(f"incremental 1 %, {title}", force.seconds(name), 1, 1, "s")
    yield Goal("incremental 1 %, the newest ÷ full, national", national.ratio("recent", "police"), 0.1, 0.025)
    yield Goal("Spark local[2] ÷ this engine", force.ratio("spark", "police"), 2.5, 1.5)
    yield Goal("`kept explain` of one victim, warm", force.seconds("explain"), 0.5, 0.1, "s")


def _figure_goals(force: Results, years: Results) -> Iterator[Goal]:
    """The slowest question of each group, and what is made for them after a run."""
    yield Goal("populations and ledgers ÷ full run", force.ratio("members", "police"), 1, 0.5)
    questions = years.says("figures", "questions") or []
    for title, must, aim, cases in (
        ("a duty by any two breakdowns, a right or the whole Code, 24 months", QUICK, 25, False),
        ("50 cases behind a figure", QUICK, 25, True),
        ("any other figure", SLOWER, 250, False),
    ):
        slowest = [one["milliseconds"] for one in questions if one["must"] == must and _of_cases(one) == cases]
        yield Goal(f"{title}: the slowest", max(slowest, default=None), must, aim, "ms")


def _of_cases(one: Mapping[str, Any]) -> bool:
    return bool(one["words"].startswith("50 cases"))


_ASKED = ("question", "milliseconds", "quickest", "must", "cells or cases")


def _asked(years: Results) -> Iterator[tuple[str, ...]]:
    for one in years.says("figures", "questions") or []:
        milliseconds = (f"{one[name]:,.0f}" for name in ("milliseconds", "least"))
        yield (one["words"], *milliseconds, str(one["must"]), f"{one['cells']:,}")


def _in_gigabytes(megabytes: int | None) -> float | None:
    return None if megabytes is None else megabytes / _GIGABYTE


_COLUMNS = ("measured", "seconds", "÷ group floor", "peak memory", "note")
_Note = Callable[[Mapping[str, Any]], str]


def _duties(found: Mapping[str, Any]) -> str:
    return f"{found['duties']} duties, {found['obligations']:,} obligations written"


def _on_spark(found: Mapping[str, Any]) -> str:
    return f"{_duties(found)}; the memory is the driver's, without Java and workers"


def _changed(found: Mapping[str, Any]) -> str:
    return f"{found['evaluated']:,} subjects evaluated, {found['written']:,} obligations written"


def _scaled(found: Mapping[str, Any]) -> str:
    return f"{len(found['duties'])} queries took {found['median']:.2f} s, scaled by {found['scale']:.1f}"


def _sampled(found: Mapping[str, Any]) -> str:
    return f"{found['sample']:,} subjects took {found['median']:.2f} s, scaled by {found['scale']:.0f}"


_TITLES: Mapping[str, tuple[str, _Note]] = {
    "scan floor": ("scan floor", lambda found: f"{found['columns']} columns, each read once"),
    "group floor": ("group floor", lambda found: f"{found['kinds']} kinds of event; subject, moment and kind read"),
    FLOOR: ("group floor, the same columns read", lambda found: f"{found['kinds']} kinds of event, and every column"),
    f"{FLOOR}, one core": ("the same floor on one core", lambda found: ""),
    "police": ("**this engine**, the police's duties", _duties),
    "police, one core": ("this engine on one core", _duties),
    "40 duties": ("this engine, 40 duties", _duties),
    "80 duties": ("this engine, 80 duties", _duties),
    "160 duties": ("this engine, 160 duties", _duties),
    "cold": ("this engine, cold", lambda found: f"{found['process']:.1f} s with the start of its process"),
    "spark": ("this engine on Spark, local[2]", _on_spark),
    "uniform": ("incremental, 1 % spread evenly", _changed),
    "recent": ("incremental, the newest 1 %", _changed),
    "one query a duty": ("one SQL query a duty", _scaled),
    "reference": ("the reference evaluator", _sampled),
    "members": ("what figures are made of, after a run", lambda found: f"{found['mb']:,} MB"),
    "written": ("what was written, when first asked for", lambda found: f"{found['mb']:,} MB"),
    "explain": ("`kept explain`, warm", lambda found: "within one process"),
    "explain, fresh": ("`kept explain`, as a command", lambda found: "the start of Python included"),
}


def _seldom(found: Mapping[str, Any]) -> str:
    """Says so where a figure is no median of several."""
    times = len(found.get("seconds", ()))
    return {1: "timed once", 2: "timed twice"}.get(times, "")


def _rows(results: Results) -> Iterator[tuple[str, ...]]:
    for name, (title, note) in _TITLES.items():
        seconds = results.seconds(name)
        if seconds is not None:
            ratio, peak = results.ratio(name, FLOOR), results.peak_mb(name)
            said = "; ".join(filter(None, (note(results.found[name]), _seldom(results.found[name]))))
            yield (title, _figure(seconds, "s"), _figure(ratio, "×"), f"{peak:,} MB", said)
    if (once := results.says("compile", "process")) is not None:
        yield ("compiling, once on a machine", _figure(once, "s"), "", "", "the start of Python included")


def _size(results: Results) -> str:
    store = results.found["store"]
    return (
        f"{store['victims']:,} victims: {store['subjects']:,} subjects with {store['entries']:,} entries on their "
        f"timelines, {store['timelines_mb']:,} MB on disk. The police owe {store['police_duties']} of the duties that "
        "these records can show."
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return _NONE
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def table(headings: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    listed = [tuple(headings), *rows]
    lines = [f"| {' | '.join(row)} |" for row in listed]
    return "\n".join([lines[0], "|---" * len(listed[0]) + "|", *lines[1:]])
