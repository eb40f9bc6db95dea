"""`kept coverage`: which duties the records can show, and what the others lack."""

import argparse
from dataclasses import asdict

from kept.cli.output import print_json, say
from kept.code import loader
from kept.engine.coverage import coverage, supplied
from kept.records.store import Store


def cover(options: argparse.Namespace) -> None:
    version = Store.open(options.store).latest()
    covered = coverage(loader.rulebook(options.rulebook), supplied(version))
    if options.json:
        print_json([asdict(one) for one in covered])
        return
    lacking = [one for one in covered if not one.measurable]
    say(f"{len(covered) - len(lacking)} of {len(covered)} duties can be measured with these records.")
    for one in lacking:
        lacks = "; ".join(" ".join(text.split()) for text in one.lacking)
        say(f"\n{one.edition} {one.duty}  {one.title}\n  Lacks: {lacks} ({one.because})")
