"""What `kept measure` takes."""

import argparse
from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import day, json_option, rulebook_option, run_options, store_option
from kept.measures.model import OFFENCE
from kept.measures.periods import PERIODS


def add(commands: Commands) -> None:
    one = commands.add_parser("measure", help="a figure by its name, with its interval and its range")
    one.add_argument("measure", metavar="ID", help="its id, as kept measures list gives it")
    store_option(one)
    _add_question(one)
    run_options(one)
    rulebook_option(one)
    one.add_argument("--chart", metavar="FILE", type=Path, help="draw it into this .svg, .png or .html")
    json_option(one)
    one.set_defaults(run=Later("kept.cli.measure:measure"))


def _add_question(one: argparse.ArgumentParser) -> None:
    one.add_argument("--by", metavar="BREAKDOWN", action="append", default=[], help="divide it; may be given twice")
    one.add_argument("--only", metavar="BREAKDOWN=VALUE", action="append", default=[], help="only these members")
    one.add_argument("--period", metavar="P", choices=PERIODS, default="", help=f"{', '.join(PERIODS)}")
    one.add_argument("--since", metavar="DAY", type=day, help="the first day that counts")
    one.add_argument("--until", metavar="DAY", type=day, help="the last day that counts")
    one.add_argument("--annotate", metavar="FILE", type=Path, help="what changed when, to be shown over time")
    how = one.add_mutually_exclusive_group()
    how.add_argument("--compare", metavar="GROUP", nargs="?", const="", help="ratios to this group, or to all others")
    how.add_argument(
        "--roll-up", metavar="N", nargs="?", const=0, type=int, help="put teams of fewer than N with others of theirs"
    )
    how.add_argument("--beside", metavar="SERIES", help="a figure kept elsewhere, period by period beside it")
    how.add_argument(
        "--standardise",
        metavar="BREAKDOWN",
        nargs="?",
        const=OFFENCE,
        help=f"like for like: with the same mix of this; default: {OFFENCE}",
    )
