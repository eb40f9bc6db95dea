"""What `kept compact` and `kept vacuum` take."""

import argparse

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option, store_option
from kept.records.hold import WAIT
from kept.records.manifest import KEEP


def add(commands: Commands) -> None:
    compacting = commands.add_parser(
        "compact", help="merge the files of each bucket of timelines, and the layers of the last run"
    )
    vacuuming = commands.add_parser("vacuum", help="delete old versions that no run needs, and their files")
    vacuuming.add_argument(
        "--keep-versions", metavar="N", type=int, default=KEEP, help=f"keep the last N versions; default: {KEEP}"
    )
    _waiting(compacting, 0.0, "a load to end")
    _waiting(vacuuming, WAIT, "loads and readers to end")
    compacting.set_defaults(run=Later("kept.cli.upkeep:compact_store"))
    vacuuming.set_defaults(run=Later("kept.cli.upkeep:vacuum_store"))


def _waiting(one: argparse.ArgumentParser, wait: float, whom: str) -> None:
    store_option(one)
    one.add_argument(
        "--wait", metavar="SECONDS", type=float, default=wait, help=f"wait for {whom}; default: {wait:.0f}"
    )
    json_option(one)
