"""`kept cases`: the cases behind a figure, one by one."""

import argparse
from dataclasses import asdict
from pathlib import Path

from kept.cli.measure import only_these, origin
from kept.cli.output import day, json_option, moment, print_json, table
from kept.code import loader
from kept.engine.states import STATE_NAMES
from kept.measures import catalogue
from kept.measures.asked import opened, run_to_read
from kept.measures.cases import LOST, MOST, cases
from kept.measures.ledger.listing import Case
from kept.measures.made import all_measures
from kept.measures.question import Question
from kept.records.store import Store

_NONE = "No case is in these states."
_COLUMNS = ("crime", "victim", "state", "judged", "area", "team")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("cases", help="the cases behind a figure, those judged longest ago first")
    one.add_argument("measure", metavar="ID", help="a duty, a right or whole-code, as kept measures list gives them")
    one.add_argument("--store", metavar="STORE", type=Path, required=True, help="the store's folder")
    one.add_argument("--only", metavar="BREAKDOWN=VALUE", action="append", default=[], help="only these members")
    one.add_argument(
        "--state", metavar="STATE", nargs="+", default=[*LOST], help=f"of a duty; default: {', '.join(LOST)}; "
        f"one of {', '.join(STATE_NAMES)}",
    )  # fmt: skip
    one.add_argument("--since", metavar="DAY", type=day, help="the first day that counts")
    one.add_argument("--until", metavar="DAY", type=day, help="the last day that counts")
    one.add_argument("--most", metavar="N", type=int, default=MOST, help=f"how many to list; default: {MOST}")
    one.add_argument("--as-of", metavar="MOMENT", type=moment, help="the run that looks at then, or last before it")
    one.add_argument("--run", metavar="RUN", dest="named", default="", help="a run by its id")
    one.add_argument("--rulebook", metavar="RULEBOOK", default=loader.DEFAULT_RULEBOOK, help="a name or a file")
    json_option(one)
    one.set_defaults(run=_cases)


def _cases(options: argparse.Namespace) -> None:
    one = catalogue.measure(options.measure, all_measures(loader.rulebook(options.rulebook)))
    question = Question(since=options.since, until=options.until, only=only_these(options.only))
    run, clock = run_to_read(Store.open(options.store), options.as_of, options.named)
    with opened(run, clock) as at:
        found = cases(at, one, question, options.state, options.most)
    if options.json:
        print_json({"measure": one.id, "run": run.id, "clock": clock, "cases": [asdict(case) for case in found]})
        return
    print(f"{one.label}\n")
    print(f"{table(_COLUMNS, [_row(case) for case in found])}\n\n{_said(found, options.most)}" if found else _NONE)
    print(f"\n{origin(run, clock)}")


def _row(one: Case) -> tuple[object, ...]:
    return (one.crime or one.investigation, one.victim, one.state.replace("_", " "), one.day, one.area, one.team)


def _said(found: list[Case], most: int) -> str:
    more = f" There may be more: --most {2 * most} lists more." if len(found) == most else ""
    return f"{len(found)} cases, those judged longest ago first.{more} kept explain says why each was decided so."
