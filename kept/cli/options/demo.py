"""What `kept demo` takes."""

from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option, rulebook_option


def add(commands: Commands) -> None:
    one = commands.add_parser("demo", help="an invented force: made, loaded, evaluated, shown")
    one.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", default=Path("demo-force"))
    one.add_argument("--victims", metavar="N", type=int, default=20_000, help="its size; default: 20,000")
    one.add_argument("--seed", metavar="N", type=int, default=1, help="another seed, another force")
    rulebook_option(one)
    json_option(one)
    one.set_defaults(run=Later("kept.cli.demo:demo"))
