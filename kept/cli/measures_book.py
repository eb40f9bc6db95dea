"""`kept measures book`: a page for each measure of a store, with its figures and charts."""

import argparse
from pathlib import Path

from tqdm import tqdm

from kept.cli.output import say
from kept.cli.pages_measures import name_of
from kept.code import loader
from kept.errors import UsageError
from kept.measures import catalogue
from kept.measures.asked import opened, run_to_read
from kept.measures.made import all_measures
from kept.measures.report import measure_page
from kept.records.scratch import scratch
from kept.records.store import Store

_UNFINISHED = ".kept-unfinished-"


def book(options: argparse.Namespace) -> None:
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
    say(f"{len(chosen)} pages written to {options.out}")


def _require_new(folder: Path) -> None:
    if folder.exists():
        raise UsageError(
            "The pages cannot be written here.", str(folder), "It exists already.", "Name a new folder, or remove it."
        )
    folder.resolve().parent.mkdir(parents=True, exist_ok=True)
