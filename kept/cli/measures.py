"""`kept measures list` and `kept measures check`: the catalogue of measures, and whether a file of them is right."""

import argparse
from dataclasses import asdict

from kept.cli.legends import legend
from kept.cli.output import print_json, say, table
from kept.code import loader
from kept.measures import catalogue
from kept.measures.made import all_measures
from kept.measures.model import Measure

_HEADINGS = ("id", "title", "stage", "source", "unit", "status")


def list_all(options: argparse.Namespace) -> None:
    found = all_measures(loader.rulebook(options.rulebook))
    if options.json:
        print_json([asdict(one) for one in found.values()])
        return
    print(table(_HEADINGS, [_line(one) for one in found.values()]))
    say(f"\n{legend(_HEADINGS)}\n\n{len(found)} measures. kept measures show ID says what is counted over what.")


def _line(one: Measure) -> tuple[str, ...]:
    return (one.id, one.title, one.stage, one.source, one.unit, one.status)


def check(options: argparse.Namespace) -> None:
    found = catalogue.measures(options.files) if options.files else catalogue.shipped()
    print(f"{len(found)} measures, no fault.")
