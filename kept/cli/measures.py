"""`kept measures`: the catalogue of measures, a page in full for each, and whether a file of them is right."""

import argparse
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from kept.cli.output import json_option, moment, print_json, table
from kept.cli.pages_measures import name_of
from kept.code import loader
from kept.errors import UsageError
from kept.measures import catalogue
from kept.measures.asked import opened, run_to_read
from kept.measures.counts import query_of
from kept.measures.made import all_measures
from kept.measures.model import Measure
from kept.records.scratch import scratch
from kept.records.store import Store

_UNFINISHED = ".kept-unfinished-"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("measures", help="the catalogue of measures")
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
