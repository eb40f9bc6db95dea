"""`kept release`: figures that leave, each table protected and checked before anything is written."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from kept.cli.output import say
from kept.code import loader
from kept.errors import MeasureError
from kept.measures import catalogue
from kept.measures.asked import opened, run_to_read
from kept.measures.made import all_measures
from kept.records.store import Store
from kept.release.about import About
from kept.release.cells import Period
from kept.release.disclosure import protect
from kept.release.filling import filled
from kept.release.policy import load_policy
from kept.release.published import about_run, overlaps_of, published
from kept.release.register import Register
from kept.release.tables import require_new, write_log, write_release


def write_tables(options: argparse.Namespace) -> None:
    _require_places(options)
    policy, period = load_policy(options.policy), Period(options.since, options.until)
    measures = all_measures(loader.rulebook(options.rulebook))
    chosen = [catalogue.measure(name, measures) for name in options.measure]
    run, clock = run_to_read(Store.open(options.store), options.as_of)
    register = Register.load(options.register) if options.register else Register()
    with opened(run, clock) as at:
        _say_what_takes_long(len(chosen))
        found = [published(at, one, options.by, period) for one in chosen]
        overlaps = overlaps_of(at, measures, [one.table for one in found], register)
        about = About(name=options.out.name, title=options.title, made_at=datetime.now(UTC), **about_run(at))
    protected = protect([one.table for one in found], policy, register, overlaps)
    tables = [filled(protected, one.table, one.filling) for one in found]
    write_release(tables, options.out, about, protected, options.register)
    if options.log:
        write_log(options.log, protected)
    printed = sum(1 for one in found for _ in one.table.layout.printed())
    for line in _report(options, len(tables), printed, len(protected.log)):
        say(line)


def _require_places(options: argparse.Namespace) -> None:
    """Refuse at once, since protecting takes a while, to write over anything or to let the inside's files leave."""
    for path in (options.out, options.log):
        if path:
            require_new(path)
    inside = [path.resolve() for path in (options.log, options.register) if path]
    for path in inside:
        if path.is_relative_to(options.out.resolve()):
            raise MeasureError("It would leave with the release.", str(path), what_to_do="Name a place outside.")
    if len(set(inside)) < len(inside):
        raise MeasureError("The log and the register are one file.", str(options.log), what_to_do="Name two.")


def _say_what_takes_long(tables: int) -> None:
    what = "1 table" if tables == 1 else f"{tables} tables against each other"
    say(f"Protecting {what} …", file=sys.stderr)


def _report(options: argparse.Namespace, tables: int, printed: int, hidden: int) -> Iterator[str]:
    """What was done, and what whoever did it has to know."""
    yield f"{tables} {'table' if tables == 1 else 'tables'} written to {options.out}."
    yield f"{hidden:,} of {printed:,} figures are held back."
    if hidden > printed / 2:
        yield "That is more than half. Fewer breakdowns, larger areas or a longer period hold back less."
    if options.log:
        yield f"Why each is held back stands in {options.log}. It tells where small counts are, and must not leave."
    if options.register:
        yield f"What left is in {options.register}. Name it again with the next release."
    else:
        yield "No register was named: earlier releases were not looked at, and later ones will not know of this one."
