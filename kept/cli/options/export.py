"""What `kept export` takes."""

from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option, run_options, store_option


def add(commands: Commands) -> None:
    one = commands.add_parser("export", help="every obligation and victim as Parquet, for the force's own dashboards")
    one.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder")
    store_option(one)
    one.add_argument("--why", metavar="TEXT", required=True, help="what it is for; it is kept in the access log")
    one.add_argument("--home", metavar="FOLDER", default="", help="the service's own folder; default: KEPT_HOME")
    run_options(one)
    one.add_argument("--restricted", action="store_true", help="restricted investigations too")
    json_option(one)
    one.set_defaults(run=Later("kept.cli.export:export_run"))
