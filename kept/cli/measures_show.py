"""`kept measures show`: a measure in full."""

import argparse
from dataclasses import asdict

from kept.cli.output import print_json, say
from kept.code import loader
from kept.measures import catalogue
from kept.measures.counts import query_of
from kept.measures.made import all_measures


def show(options: argparse.Namespace) -> None:
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
    say(f"{one.id}: {one.title}\n")
    say("\n".join(f"{name}: {value}" for name, value in said.items() if value))
    print(f"\nas SQL over the members of a run:\n\n{query_of(one)}")
