"""What `kept evaluate`, `kept explain` and `kept coverage` take."""

from pathlib import Path

from kept.cli.options import Commands, Later
from kept.cli.options.shared import json_option, moment, rulebook_option, store_option
from kept.engine.spark_session import LOCAL


def add(commands: Commands) -> None:
    evaluating = commands.add_parser("evaluate", help="decide every obligation, one row each")
    explaining = commands.add_parser("explain", help="a crime's timeline, and why each obligation is in its state")
    covering = commands.add_parser("coverage", help="which duties these records can show, and what the others lack")
    evaluating.add_argument("--on", choices=("local", "spark"), default="local", help="where it runs; default: local")
    evaluating.add_argument("--master", metavar="M", help=f"the Spark master; default: {LOCAL}, this machine")
    evaluating.add_argument("--remote", metavar="R", help="a Spark Connect server instead, as sc://HOST:15002")
    evaluating.add_argument("--out", metavar="FILE", type=Path, help="also write the rows to this .parquet or .csv")
    explaining.add_argument("crime", metavar="CRIME", help="the crime's id in the records")
    explaining.add_argument("--victim", metavar="VICTIM", help="this victim's obligations only")
    explaining.add_argument("--duty", metavar="DUTY", help="this duty's obligations only")
    for one in (evaluating, explaining, covering):
        store_option(one)
        rulebook_option(one)
        json_option(one)
    for one in (evaluating, explaining):
        one.add_argument("--as-of", metavar="MOMENT", type=moment, help="what had been entered by then; default: now")
    evaluating.set_defaults(run=Later("kept.cli.evaluation:evaluate"))
    explaining.set_defaults(run=Later("kept.cli.explaining:explain_crime"))
    covering.set_defaults(run=Later("kept.cli.coverage:cover"))
