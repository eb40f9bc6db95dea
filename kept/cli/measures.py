"""`kept measure` and `kept measures`: a figure by its name, and the catalogue of them all."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kept.cli.evaluation import moving
from kept.cli.output import json_option, moment, print_json, table
from kept.cli.pages_measures import name_of
from kept.code import loader
from kept.engine.results import Run
from kept.engine.wording import short_moment
from kept.errors import UsageError
from kept.measures import catalogue
from kept.measures.asked import Opened, opened, run_to_read
from kept.measures.charts import Chart
from kept.measures.compared import COLUMNS, as_data, chart, compared, rows
from kept.measures.counts import Question, query_of
from kept.measures.drawn import chart_of
from kept.measures.figures import Figure
from kept.measures.made import all_measures
from kept.measures.model import Measure
from kept.measures.periods import PERIODS
from kept.measures.printed import columns, row
from kept.records.scratch import scratch
from kept.records.store import Store

_UNFINISHED = ".kept-unfinished-"
_DRAWN = (".svg", ".png", ".html")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("measure", help="a figure by its name, with its interval and its range")
    one.add_argument("measure", metavar="ID", help="its id, as kept measures list gives it")
    one.add_argument("--store", metavar="STORE", type=Path, required=True, help="the store's folder")
    one.add_argument("--by", metavar="BREAKDOWN", action="append", default=[], help="divide it; may be given twice")
    one.add_argument("--only", metavar="BREAKDOWN=VALUE", action="append", default=[], help="only these members")
    one.add_argument("--compare", metavar="GROUP", nargs="?", const="", help="ratios to this group, or to all others")
    one.add_argument("--period", metavar="P", choices=PERIODS, default="", help=f"{', '.join(PERIODS)}")
    one.add_argument("--since", metavar="DAY", type=day, help="the first day that counts")
    one.add_argument("--until", metavar="DAY", type=day, help="the last day that counts")
    one.add_argument("--as-of", metavar="MOMENT", type=moment, help="the run that looks at then, or last before it")
    one.add_argument("--run", metavar="RUN", dest="named", default="", help="a run by its id")
    one.add_argument("--rulebook", metavar="RULEBOOK", default=loader.DEFAULT_RULEBOOK, help="a name or a file")
    one.add_argument("--chart", metavar="FILE", type=Path, help="draw it into this .svg, .png or .html")
    json_option(one)
    one.set_defaults(run=_measure)
    _add_catalogue(commands.add_parser("measures", help="the catalogue of measures"))


def _add_catalogue(parser: argparse.ArgumentParser) -> None:
    inside = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = inside.add_parser("list", help="every measure: its id, stage, source and status")
    showing = inside.add_parser("show", help="a measure in full: what is counted over what, and its SQL")
    book = inside.add_parser("book", help="a page for each measure of a store, with its figures and charts")
    book.add_argument("--store", metavar="STORE", type=Path, required=True, help="the store's folder")
    book.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="a new folder")
    book.add_argument("--only", metavar="ID", nargs="+", default=[], help="these measures alone")
    book.add_argument("--as-of", metavar="MOMENT", type=moment, help="read the facts as of then; default: the last run")
    checking = inside.add_parser("check", help="whether a file of measures is right, with everything that is not")
    showing.add_argument("measure", metavar="ID", help="its id")
    checking.add_argument("files", metavar="FILE", type=Path, nargs="*", help="default: the catalogue as shipped")
    for one in (listing, showing, book):
        one.add_argument("--rulebook", metavar="RULEBOOK", default=loader.DEFAULT_RULEBOOK, help="a name or a file")
    json_option(listing)
    json_option(showing)
    book.set_defaults(run=_book)
    listing.set_defaults(run=_list)
    showing.set_defaults(run=_show)
    checking.set_defaults(run=_check)


def _measure(options: argparse.Namespace) -> None:
    one = catalogue.measure(options.measure, all_measures(loader.rulebook(options.rulebook)))
    _require_drawable(options.chart)
    question = Question(tuple(options.by), options.period, options.since, options.until, only_these(options.only))
    store = Store.open(options.store)
    run, clock = run_to_read(store, options.as_of, options.named)
    with _bar(run, quiet=options.json) as bar, opened(run, clock, moving(bar)) as at:
        if options.compare is not None:
            _compare(options, at, one, question)
            return
        found = at.figures(one, question)
    if options.chart:
        _draw(chart_of(one, question, found), options.chart)
    if options.json:
        print_json(
            {"measure": asdict(one), "run": run.id, "clock": clock, "figures": [_data(figure) for figure in found]}
        )
        return
    print(f"{one.label}\n{one.means}\n")
    print(_figures(one, question, found))
    print(f"\n{origin(run, clock)}")


def _compare(options: argparse.Namespace, at: Opened, one: Measure, question: Question) -> None:
    found = compared(at, one, question, options.compare)
    if options.chart:
        _draw(chart(one, found), options.chart)
    if options.json:
        print_json({"measure": asdict(one), "run": at.run.id, "clock": at.clock, **as_data(found)})
        return
    print(f"{one.label}\nEach group's rate over that of {found.reference}, as it is and among the same offences.\n")
    print(table(COLUMNS, rows(found)))
    print(f"\n{found.words}\n{origin(at.run, at.clock)}")


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


def _draw(chart: Chart, path: Path) -> None:
    from kept.measures import charts  # here, since what draws takes half a second to be read

    made = {".svg": charts.svg, ".html": charts.html}
    content = charts.png(chart) if path.suffix == ".png" else made[path.suffix](chart).encode("utf-8")
    path.write_bytes(content)


def _figures(one: Measure, question: Question, found: Sequence[Figure]) -> str:
    if not found:
        return "There is nobody to count: no member falls into what was asked for."
    headings = columns(one, question)
    return table(headings, [row(one, figure, question) for figure in found])


def _bar(run: Run, *, quiet: bool) -> "tqdm[Any]":
    buckets = len(run.version.buckets())
    return tqdm(total=buckets, desc="preparing", unit=" buckets", disable=quiet or None, leave=False)


def only_these(given: Sequence[str]) -> dict[str, str]:
    """The members that --only keeps, by breakdown. Raises UsageError for one without a value."""
    wrong = [one for one in given if "=" not in one]
    if wrong:
        raise UsageError(f"--only {wrong[0]} names no value.", what_to_do="Write it as --only sex=female.")
    return dict(one.split("=", 1) for one in given)


def day(text: str) -> date:
    """A day as a person types it, `2026-03-31`. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"“{text}” is not a day.", what_to_do="Write it as 2026-03-31.") from None


def _data(figure: Figure) -> dict[str, Any]:
    interval = None if figure.interval is None else [figure.interval.low, figure.interval.high]
    return {
        "values": figure.values,
        "period": figure.period,
        "n": figure.n,
        "value": figure.value,
        "interval": interval,
        "at_best": figure.at_best,
        **figure.more,
        "words": figure.words,
    }


def _list(options: argparse.Namespace) -> None:
    found = all_measures(loader.rulebook(options.rulebook))
    if options.json:
        print_json([asdict(one) for one in found.values()])
        return
    print(table(("id", "stage", "source", "unit", "status"), [_line(one) for one in found.values()]))
    print(f"\n{len(found)} measures. kept measures show ID says what is counted over what.")


def _line(one: Measure) -> tuple[str, ...]:
    return (one.id, one.stage, one.source, one.unit, one.status)


def _show(options: argparse.Namespace) -> None:
    one = catalogue.measure(options.measure, all_measures(loader.rulebook(options.rulebook)))
    if options.json:
        print_json(asdict(one))
        return
    said = {
        "what is counted": one.means,
        "stage": one.stage,
        "source": one.source,
        "unit": one.unit,
        "better": one.direction,
        "right": one.right,
        "owner": one.owner,
        "status": one.status,
        "seen by": one.audience,
        "paper items": ", ".join(map(str, one.serves)),
        "breakdowns": ", ".join(catalogue.breakdowns(one)),
    }
    print(f"{one.id}: {one.title}\n")
    print("\n".join(f"{name}: {value}" for name, value in said.items() if value))
    print(f"\nas SQL over the members of a run:\n\n{query_of(one)}")


def _book(options: argparse.Namespace) -> None:
    from kept.measures.report import measure_page  # here, since what draws takes half a second to be read

    measures = all_measures(loader.rulebook(options.rulebook))
    chosen = [catalogue.measure(name, measures) for name in options.only] or [*measures.values()]
    run, clock = run_to_read(Store.open(options.store), options.as_of)
    _require_new(options.out)
    with opened(run, clock) as at, scratch(options.out.resolve().parent, _UNFINISHED) as unfinished:
        into = unfinished / "book"
        into.mkdir()
        for one in tqdm(chosen, desc="drawing", unit=" measures", leave=False, disable=None):
            (into / f"{name_of(one)}.html").write_text(measure_page(at, one), encoding="utf-8")
        into.replace(options.out)
    print(f"{len(chosen)} pages written to {options.out}")


def _require_new(folder: Path) -> None:
    if folder.exists():
        raise UsageError(
            "The pages cannot be written here.", str(folder), "It exists already.", "Name a new folder, or remove it."
        )
    folder.resolve().parent.mkdir(parents=True, exist_ok=True)


def _check(options: argparse.Namespace) -> None:
    found = catalogue.measures(options.files) if options.files else catalogue.shipped()
    print(f"{len(found)} measures, no fault.")
