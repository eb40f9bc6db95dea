"""What `kept cases` takes."""

from kept.cli.options import Commands, Later
from kept.cli.options.shared import day, json_option, rulebook_option, run_options, store_option
from kept.engine.states import LOST, STATES
from kept.measures.model import MOST_CASES


def add(commands: Commands) -> None:
    one = commands.add_parser("cases", help="the cases behind a figure, those judged longest ago first")
    one.add_argument("measure", metavar="ID", help="a duty, a right or whole-code, as kept measures list gives them")
    store_option(one)
    one.add_argument("--only", metavar="BREAKDOWN=VALUE", action="append", default=[], help="only these members")
    one.add_argument(
        "--state", metavar="STATE", nargs="+", default=[*LOST], help=f"of a duty; default: {', '.join(LOST)}; "
        f"one of {', '.join(row.state for row in STATES)}",
    )  # fmt: skip
    one.add_argument("--since", metavar="DAY", type=day, help="the first day that counts")
    one.add_argument("--until", metavar="DAY", type=day, help="the last day that counts")
    one.add_argument(
        "--most", metavar="N", type=int, default=MOST_CASES, help=f"how many to list; default: {MOST_CASES}"
    )
    run_options(one)
    rulebook_option(one)
    json_option(one)
    one.set_defaults(run=Later("kept.cli.cases:list_cases"))
