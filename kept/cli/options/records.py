"""What `kept load` takes."""

from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option, store_option
from kept.records.shipped import shipped


def add(commands: Commands) -> None:
    one = commands.add_parser("load", help="bring an extract into a store: one new version, or none")
    one.add_argument("extract", metavar="FOLDER", type=Path, help="the folder with the extract's files")
    one.add_argument(
        "--mapping",
        metavar="MAPPING",
        default="contract",
        help=f"a file, or one that is shipped: {', '.join(shipped())}; default: contract",
    )
    one.add_argument("--wait", metavar="SECONDS", type=float, default=0.0, help="wait for another load to end")
    store_option(one)
    json_option(one)
    one.set_defaults(run=Later("kept.cli.records:load_extract"))
