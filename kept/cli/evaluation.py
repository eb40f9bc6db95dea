"""`kept evaluate`, `kept explain`, `kept coverage`: from records to the state of every obligation, and why."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, get_args

from tqdm import tqdm

from kept.cli.output import json_option, moment, percent, print_json, table
from kept.code import loader
from kept.code.model import Rulebook, State
from kept.engine import summary
from kept.engine.alone import Evaluated, read_case
from kept.engine.compiled.cache import compiled_before
from kept.engine.coverage import coverage, require_look_back, rules_for, supplied
from kept.engine.entries import Timeline
from kept.engine.explain import explain
from kept.engine.obligation import SCHEMA, Obligation
from kept.engine.results import Run
from kept.engine.rules import Rules
from kept.engine.spark_session import LOCAL
from kept.engine.summary import Counted
from kept.engine.wording import short_moment, what_in_words
from kept.errors import DiskError, NotFoundError, UsageError
from kept.records.schema import literal
from kept.records.store import Store
from kept.records.version import StoreVersion

if TYPE_CHECKING:
    from kept.engine.local import Evaluate

_FORMATS = {".parquet": "(FORMAT parquet, COMPRESSION zstd)", ".csv": "(FORMAT csv, HEADER)"}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
    for one, run in ((evaluating, _evaluate), (explaining, _explain), (covering, _coverage)):
        one.add_argument("--store", metavar="STORE", type=Path, required=True, help="the store's folder")
        one.add_argument("--rulebook", metavar="RULEBOOK", default=loader.DEFAULT_RULEBOOK, help="a name or a file")
        json_option(one)
        one.set_defaults(run=run)
    for one in (evaluating, explaining):
        one.add_argument("--as-of", metavar="MOMENT", type=moment, help="what had been entered by then; default: now")


def _evaluate(options: argparse.Namespace) -> None:
    _require_writable(options.out)
    by = _where(options)
    store = Store.open(options.store)
    run = evaluated(store, store.latest(), options.rulebook, _as_of(options), quiet=options.json, by=by)
    if options.out:
        export(run, options.out)
    if options.json:
        print_json({**run.manifest, "rights": [one.as_data(("edition", "right")) for one in by_right(run)]})
        return
    print(rights_table(by_right(run)))
    print(f"\n{what_it_did(run)}")
    if options.out:
        print(f"Rows written to {options.out}")


def what_it_did(run: Run) -> str:
    """How much was read, evaluated and written, and at what cost."""
    made = run.manifest
    stood = len(made["layers"]) > 1
    what = f"what has changed since the run {made['layers'][-2]}" if stood else "everything"
    return (
        f"Run {run.id}, as of {short_moment(run.as_of)}: "
        f"{made['obligations']:,} rows of {made['subjects']:,} subjects.\n"
        f"Evaluated {what}: "
        f"{made['evaluated']:,} subjects, {made['written']:,} rows written, {made['seconds']} s, "
        f"at most {made['peak_memory_mb']:,} MB of memory."
    )


def _where(options: argparse.Namespace) -> "Evaluate | None":
    """Where an evaluation runs, as the options say; None for this machine."""
    named = [name for name in ("--master", "--remote") if getattr(options, name.strip("-"))]
    if named and (options.on != "spark" or len(named) > 1):
        raise UsageError(
            "--master and --remote say where Spark is, and exclude each other.",
            why=f"{' and '.join(named)} came with --on {options.on}.",
            what_to_do="Name one of --master and --remote, with --on spark.",
        )
    if options.on == "local":
        return None
    from kept.engine.spark import on_spark  # here, for the reason below

    return on_spark(options.master, options.remote)


def evaluated(
    store: Store, version: StoreVersion, rulebook: str, as_of: datetime, *, quiet: bool, by: "Evaluate | None" = None
) -> Run:
    """Evaluate with a bar of progress; `by` is where."""
    from kept.engine.run import evaluate_store  # here, since what is compiled takes a second to be read

    rules = loader.rulebook(rulebook)
    if not compiled_before():
        print("Compiling the evaluator, once on this machine: about a minute.", file=sys.stderr)
    with tqdm(
        total=version.manifest.counts["subjects"],
        desc="evaluating",
        unit=" subjects",
        disable=quiet or None,
        leave=False,
    ) as bar:
        return evaluate_store(store, version, rules, as_of, by=by, progress=moving(bar), waiting=_say_that_it_waits)


def _say_that_it_waits() -> None:
    print("Somebody else is evaluating this store; waiting for them.", file=sys.stderr)


def moving(bar: "tqdm[Any]") -> Callable[[int], None]:
    """What moves a bar by so many."""

    def move(count: int) -> None:
        bar.update(count)

    return move


def by_right(run: Run) -> list[Counted]:
    return summary.by(("edition", "right"), run)


def rights_table(rows: list[Counted]) -> str:
    """Per edition and right: obligations, each state, how many are judged, and the rate from the records as a range."""
    shown = [state for state in _SHOWN if any(row.states[state] for row in rows)]
    headings = ["right", "owed", *(_HEADINGS.get(state, state.replace("_", " ")) for state in shown), *_RATE]
    blocks = []
    for edition in dict.fromkeys(row.group[0] for row in rows):
        body = [_right(row, shown) for row in rows if row.group[0] == edition]
        blocks.append(f"{edition}\n{table(headings, body)}")
    return "\n\n".join(blocks)


_SHOWN: tuple[State, ...] = get_args(State)
_HEADINGS = {"not_measurable": "cannot tell"}
_RATE = ("judged", "evidenced", "at best")


def _right(row: Counted, shown: Sequence[str]) -> list[Any]:
    right = "–" if row.group[1] is None else str(row.group[1])
    rates = [percent(row.met, row.judged), percent(row.at_best, row.judged)]
    return [right, row.obligations, *(row.states[state] for state in shown), row.judged, *rates]


def export(run: Run, to: Path) -> None:
    """Write a run's rows, each with the run's id, to one file; it is there whole, or as it was before."""
    unfinished = to.with_name(f".{to.name}.{os.getpid()}")
    columns = ", ".join(f'"{name}"' for name in SCHEMA.names)
    try:
        with run.obligations() as connection:
            connection.execute(
                f"COPY (SELECT '{run.id}' AS run, {columns} FROM obligations ORDER BY subject, row) "
                f"TO {literal(str(unfinished))} {_FORMATS[to.suffix]}"
            )
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)


def _require_writable(to: Path | None) -> None:
    """Say before the work, not after it, that its rows cannot be written."""
    if to and to.suffix not in _FORMATS:
        raise UsageError(
            f"Rows cannot be written to a {to.suffix or 'nameless'} file.",
            where=str(to),
            why="The format is taken from the name.",
            what_to_do="End the name in .parquet or .csv.",
        )
    if to and (to.is_dir() or not os.access(to.parent, os.W_OK)):
        raise DiskError(
            "Rows cannot be written there.",
            where=str(to),
            why="It is a folder." if to.is_dir() else f"There is no folder {to.parent} that you may write to.",
            what_to_do="Name a file in a folder that is there and yours.",
        )


def _as_of(options: argparse.Namespace) -> datetime:
    now = datetime.now(UTC)
    if options.as_of and options.as_of > now:
        raise UsageError(
            f"The as-of {short_moment(options.as_of)} is still to come.",
            why="What will have been entered by then is not known, and silence would count against the force.",
            what_to_do="Name a moment that has passed, or leave --as-of out.",
        )
    return options.as_of or now


def _explain(options: argparse.Namespace) -> None:
    version = Store.open(options.store).latest()
    as_of = _as_of(options)
    require_look_back(version, as_of)
    rulebook = loader.rulebook(options.rulebook)
    _require_duty(options.duty, rulebook)
    rules = rules_for(rulebook, version)
    found = [one for one in _of_crime(version, rules, options.crime, as_of) if _wanted(one, options.victim)]
    if not found:
        raise NotFoundError(
            f"There is no crime {options.crime}" + (f" with a victim {options.victim}." if options.victim else "."),
            where=str(options.store),
            why=f"Nothing under that id had been entered by {short_moment(as_of)}.",
            what_to_do="Check the id as the force's system writes it, or name a later --as-of.",
        )
    if options.json:
        print_json([_as_data(one, rules, options.duty) for one in found])
        return
    told = [one for one in found if options.duty is None or _of_duty(one, options.duty)] or found[:1]
    print("\n\n".join("\n".join(_in_words(one, rules, options.duty)) for one in told))


def _of_duty(one: Evaluated, duty: str | None) -> list[Obligation]:
    return [row for row in one.obligations if duty in (None, row.duty)]


def _require_duty(duty: str | None, rulebook: Rulebook) -> None:
    if duty and not any(duty == one.id for one, _ in rulebook.duties()):
        raise NotFoundError(
            f"There is no duty {duty}.",
            where=rulebook.id,
            why="No edition of the rulebook holds a duty of that id.",
            what_to_do="`kept code list` shows every duty; --rulebook names a rulebook of your own.",
        )


def _of_crime(version: StoreVersion, rules: Rules, crime: str, as_of: datetime) -> list[Evaluated]:
    """The victims of a crime and its investigation, in order of their numbers; none where nobody knew it by then."""
    try:
        rows = version.find_crime(crime, as_of)
    except NotFoundError:
        return []
    numbers = {row["subject"] for row in rows}
    cases = [read_case(version, rules, name, as_of) for name in sorted({row["investigation"] for row in rows})]
    found = [one for case in cases for one in case.subjects if one.subject.number in numbers]
    return sorted(found, key=lambda one: one.subject.number)


def _wanted(one: Evaluated, victim: str | None) -> bool:
    return victim is None or one.subject.victim == victim


def _in_words(one: Evaluated, rules: Rules, duty: str | None) -> list[str]:
    subject, timeline = one.subject, one.timeline
    lines = [f"{subject.kind.capitalize()} {subject.id}, as of {short_moment(timeline.as_of)}", ""]
    if duty is None:
        lines += [*_timeline_in_words(timeline, rules), ""]
    rows = _of_duty(one, duty)
    for row in rows:
        lines += [*explain(row, timeline, rules).lines(), ""]
    if not rows:
        lines.append("No obligation" + (f" under {duty}." if duty else "."))
    return lines


def _timeline_in_words(timeline: Timeline, rules: Rules) -> list[str]:
    return [
        f"  {'from the start  ' if entry.at.year < 1901 else short_moment(entry.at)}  "
        f"{'planned: ' if entry.planned else ''}{what_in_words(entry, rules.vocabulary)}"
        f"{'' if entry.entered <= entry.at or entry.at.year < 1901 else f'  [entered {short_moment(entry.entered)}]'}"
        for entry in timeline.entries()
    ]


def _as_data(one: Evaluated, rules: Rules, duty: str | None) -> dict[str, Any]:
    return {
        "subject": one.subject.id,
        "kind": one.subject.kind,
        "as_of": one.timeline.as_of,
        "obligations": [
            {
                **row._asdict(),
                "explanation": list(explain(row, one.timeline, rules).lines()),
            }
            for row in _of_duty(one, duty)
        ],
    }


def _coverage(options: argparse.Namespace) -> None:
    version = Store.open(options.store).latest()
    covered = coverage(loader.rulebook(options.rulebook), supplied(version))
    if options.json:
        print_json([asdict(one) for one in covered])
        return
    lacking = [one for one in covered if not one.measurable]
    print(f"{len(covered) - len(lacking)} of {len(covered)} duties can be measured with these records.")
    for one in lacking:
        print(f"\n{one.edition} {one.duty}  {one.title}")
        print(fill(f"lacks {'; '.join(one.lacking)} ({one.because})", 100, initial_indent="  ", subsequent_indent="  "))
