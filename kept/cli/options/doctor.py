"""What `kept doctor` takes."""

from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option


def add(commands: Commands) -> None:
    one = commands.add_parser("doctor", help="is everything in order, and what to do about what is not")
    one.add_argument("--store", metavar="STORE", type=Path, help="look into this store too")
    json_option(one)
    one.set_defaults(run=Later("kept.cli.doctor:examine"))
