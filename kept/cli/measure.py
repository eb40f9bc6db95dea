"""`kept measure`: a figure by its name, with its interval and its range, as a table, a chart or JSON."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kept.cli.legends import legend
from kept.cli.output import print_json, say, table
from kept.cli.places import require_writable
from kept.cli.progress import moving
from kept.code import loader
from kept.code.model import Rulebook
from kept.engine.results import Run
from kept.engine.wording import short_moment
from kept.errors import UsageError
from kept.measures import catalogue
from kept.measures.alike import standardised_answer
from kept.measures.answers import Answer, answer
from kept.measures.asked import Opened, opened, run_to_read
from kept.measures.beside import beside_answer
from kept.measures.changes import Change, of_rulebook, read_changes
from kept.measures.charts import Chart
from kept.measures.compared import compared_answer
from kept.measures.made import all_measures
from kept.measures.model import Measure
from kept.measures.question import Question
from kept.measures.rolled import rolled_answer
from kept.measures.series.stored import open_series
from kept.records.store import Store

_DRAWN = (".svg", ".png", ".html")


def measure(options: argparse.Namespace) -> None:
    rulebook = loader.rulebook(options.rulebook)
    one = catalogue.measure(options.measure, all_measures(rulebook))
    _require_drawable(options.chart)
    changes = _changes(options, rulebook, one)
    question = Question(tuple(options.by), options.period, options.since, options.until, only_these(options.only))
    store = Store.open(options.store)
    run, clock = run_to_read(store, options.as_of, options.named)
    with _bar(run, quiet=options.json) as bar, opened(run, clock, moving(bar)) as at:
        found = _answer(options, at, one, question, changes)
    if options.chart:
        _draw(found.chart(), options.chart)
    if options.json:
        print_json({"measure": asdict(one), "run": run.id, "clock": clock, **found.data})
        return
    say(f"{one.label}\n{found.means}\n")
    print(_table(found))
    say("\n".join(["", *_legend(found), *found.words, origin(run, clock)]))


def _changes(options: argparse.Namespace, rulebook: Rulebook, one: Measure) -> list[Change]:
    """What changed, by the rulebook and by the file that was named."""
    if options.annotate and not options.period:
        raise UsageError("What changed is shown over time.", what_to_do="Name a --period beside --annotate.")
    return [*of_rulebook(rulebook, one), *(read_changes(options.annotate) if options.annotate else ())]


def _answer(
    options: argparse.Namespace, at: Opened, one: Measure, question: Question, changes: Sequence[Change]
) -> Answer:
    """The figures as they are, or as one of the options wants them."""
    if options.compare is not None:
        return compared_answer(at, one, question, options.compare)
    if options.roll_up is not None:
        return rolled_answer(at, one, question, options.roll_up)
    if options.standardise is not None:
        return standardised_answer(at, one, question, options.standardise, changes)
    found = at.figures(one, question)
    if options.beside is not None:
        return beside_answer(one, question, found, open_series(Store.open(options.store), options.beside), changes)
    return answer(one, question, found, changes)


def _table(found: Answer) -> str:
    return table(_headings(found), found.rows) if found.rows else found.nothing


def _legend(found: Answer) -> list[str]:
    said = legend(_headings(found)) if found.rows else ""
    return [said, ""] if said else []


def _headings(found: Answer) -> list[str]:
    return [name.replace("_", " ") for name in found.columns]


def origin(run: Run, clock: datetime) -> str:
    """Which run figures come from; and that nothing is seen that was entered after it, where the clock is later."""
    said = f"Run {run.id}, as of {short_moment(run.as_of)}, read at {short_moment(clock)}."
    later = " Nothing entered since is seen: what was done since then counts as not done. Evaluate again for a new day."
    return said + later if clock > run.as_of else said


def _require_drawable(path: Path | None) -> None:
    """Say before any work that a chart cannot be written there."""
    if path and path.suffix not in _DRAWN:
        raise UsageError(
            f"A chart cannot be written as “{path.suffix or path.name}”.",
            what_to_do=f"Name a file that ends in {', '.join(_DRAWN)}.",
        )
    if path:
        require_writable(path)


def _draw(chart: Chart, path: Path) -> None:
    from kept.measures import charts  # here, since what draws takes half a second to be read

    made: dict[str, Callable[[], bytes]] = {
        ".svg": lambda: charts.svg(chart).encode("utf-8"),
        ".png": lambda: charts.png(chart),
        ".html": lambda: charts.document(chart.title, charts.html(chart)).encode("utf-8"),
    }
    path.write_bytes(made[path.suffix]())


def _bar(run: Run, *, quiet: bool) -> "tqdm[Any]":
    buckets = len(run.version.buckets())
    return tqdm(total=buckets, desc="preparing", unit=" buckets", disable=quiet or None, leave=False)


def only_these(given: Sequence[str]) -> dict[str, str]:
    """The members that --only keeps, by breakdown. Raises UsageError for one without a value."""
    wrong = [one for one in given if "=" not in one]
    if wrong:
        raise UsageError(f"--only {wrong[0]} names no value.", what_to_do="Write it as --only sex=female.")
    return dict(one.split("=", 1) for one in given)
