"""`kept cases`: the cases behind a figure, one by one."""

import argparse
from dataclasses import asdict

from kept.cli.legends import legend
from kept.cli.measure import only_these, origin
from kept.cli.output import print_json, say, table
from kept.code import loader
from kept.measures import catalogue
from kept.measures.asked import opened, run_to_read
from kept.measures.cases import cases
from kept.measures.ledger.listing import Case
from kept.measures.made import all_measures
from kept.measures.question import Question
from kept.records.store import Store

_NONE = "No case is in these states."
_COLUMNS = ("crime", "victim", "state", "judged", "area", "team")


def list_cases(options: argparse.Namespace) -> None:
    one = catalogue.measure(options.measure, all_measures(loader.rulebook(options.rulebook)))
    question = Question(since=options.since, until=options.until, only=only_these(options.only))
    run, clock = run_to_read(Store.open(options.store), options.as_of, options.named)
    with opened(run, clock) as at:
        found = cases(at, one, question, options.state, options.most)
    if options.json:
        print_json({"measure": one.id, "run": run.id, "clock": clock, "cases": [asdict(case) for case in found]})
        return
    say(f"{one.label}\n")
    if found:
        rows = [_row(case) for case in found]
        print(table(_COLUMNS, rows))
        say(f"\n{legend({row[2]: None for row in rows})}\n\n{_said(found, options.most)}")
    else:
        say(_NONE)
    say(f"\n{origin(run, clock)}")


def _row(one: Case) -> tuple[str, ...]:
    return (
        one.crime or one.investigation,
        one.victim,
        one.state.replace("_", " "),
        str(one.day),
        one.area or "",
        one.team or "",
    )


def _said(found: list[Case], most: int) -> str:
    more = f" There may be more: --most {2 * most} lists more." if len(found) == most else ""
    return f"{len(found)} cases, those judged longest ago first.{more} kept explain says why each was decided so."
