"""What `kept erase` takes."""

from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option, store_option


def add(commands: Commands) -> None:
    one = commands.add_parser("erase", help="take a person out of every version and run, and out of the service")
    one.add_argument("person", metavar="PERSON", help="the person's id in the records")
    one.add_argument("--because", metavar="WHY", required=True, help="the ground, kept without the person")
    store_option(one)
    one.add_argument("--home", metavar="FOLDER", type=Path, help="the service's own folder; default: KEPT_HOME")
    json_option(one)
    one.set_defaults(run=Later("kept.cli.erasure:erase_person"))
