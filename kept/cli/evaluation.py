"""`kept evaluate`: from records to the state of every obligation."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from kept.cli.output import print_json, say
from kept.cli.passed import passed
from kept.cli.places import require_writable
from kept.cli.progress import moving
from kept.cli.rights import by_right, rights_table
from kept.code import loader
from kept.engine.compiled.cache import compiled_before
from kept.engine.local import Evaluate
from kept.engine.obligation import SCHEMA
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.engine.wording import short_moment
from kept.errors import UsageError
from kept.records.schema import literal
from kept.records.store import Store
from kept.records.version import StoreVersion

_FORMATS = {".parquet": "(FORMAT parquet, COMPRESSION zstd)", ".csv": "(FORMAT csv, HEADER)"}


def evaluate(options: argparse.Namespace) -> None:
    _require_writable(options.out)
    by = _where(options)
    store = Store.open(options.store)
    run = evaluated(store, store.latest(), options.rulebook, passed(options.as_of), quiet=options.json, by=by)
    if options.out:
        export(run, options.out)
    if options.json:
        print_json({**run.manifest, "rights": [one.as_data(("edition", "right")) for one in by_right(run)]})
        return
    say(rights_table(by_right(run)))
    say(f"\n{what_it_did(run)}")
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


def _where(options: argparse.Namespace) -> Evaluate | None:
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
    from kept.engine.spark import on_spark  # here, since few run there and it takes a while to be read in

    return on_spark(options.master, options.remote)


def evaluated(
    store: Store, version: StoreVersion, rulebook: str, as_of: datetime, *, quiet: bool, by: Evaluate | None = None
) -> Run:
    """Evaluate with a bar of progress; `by` is where."""
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
    if to:
        require_writable(to)
