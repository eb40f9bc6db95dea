"""`kept demo`: make the invented force, load it, evaluate it, and show what a force would see."""

import argparse
import shutil
from pathlib import Path

from kept.cli.evaluation import evaluated
from kept.cli.output import called, percent, print_json, say, table
from kept.cli.records import loaded
from kept.cli.rights import by_right, rights_table
from kept.code import loader
from kept.demo import Force, make, planted
from kept.engine import summary
from kept.engine.results import Run
from kept.engine.summary import Counted
from kept.engine.wording import short_moment
from kept.errors import UsageError
from kept.measures.asked import opened
from kept.measures.made import all_measures
from kept.measures.report import Headline, headlines, page
from kept.records.store import Store

_LEAST_JUDGED = 30
"""A duty judged less often than this is not called the one most often lost."""


def demo(options: argparse.Namespace) -> None:
    loader.rulebook(options.rulebook)  # what is wrong with it should be said before minutes of work, not after
    force = _made(options.folder, options.victims, options.seed)
    store = Store.create(options.folder / "store")
    loads = [
        loaded(store, force.extract, "contract"),
        loaded(store, force.witness_care, force.witness_care / "mapping.yaml"),
    ]
    run = evaluated(store, store.latest(), options.rulebook, force.as_of, quiet=options.json)
    lost = _most_lost(run)
    found, report = _report(options, run)
    if options.json:
        rights = [one.as_data(("edition", "right")) for one in by_right(run)]
        said = {"most_lost": [one.as_data(_DUTY) for one in lost], "headlines": found, "report": report}
        print_json({**run.manifest, "rights": rights, **said})
        return
    rows, aside = (sum(one.total(what) for one in loads) for what in ("accepted", "quarantined"))
    say(f"An invented force of {options.victims:,} victims: {rows:,} rows loaded into {store.path}")
    say(f"As in every extract some rows break the record contract: {aside} were set aside, and are in no figure.")
    say(f"Every obligation as of {short_moment(run.as_of)}, decided in {run.manifest['seconds']} s:\n")
    say(rights_table(by_right(run)))
    print("\nThe three duties most often lost:\n")
    headings = ("edition", "duty", "what the victim should have had", "judged", "evidenced", "at best")
    print(table(headings, [_lost_row(one) for one in lost]))
    say("\nFigures of the board papers, counted from these records, and what the invented force was made to show:\n")
    print(table(("measure", "figure", "interval and n", "made to show"), found))
    print(f"\nMore of them, with charts, to open in a browser: {report}")
    print(f"\nTo see why one of them counts as lost:\n\n  {_command(store, run, lost[0])}")


def _report(options: argparse.Namespace, run: Run) -> tuple[list[Headline], Path]:
    """The headline measures, and the page that was written with them and their charts."""
    measures, path = all_measures(loader.rulebook(options.rulebook)), options.folder / "report.html"
    with opened(run, run.as_of) as at:
        found = headlines(at, measures)
        title = f"An invented force of {options.victims:,} victims"
        path.write_text(page(at, measures, title, found), encoding="utf-8")
    return found, path


def _made(folder: Path, victims: int, seed: int) -> Force:
    """A force made anew; only a folder that holds an earlier one is replaced."""
    if victims < 1:
        raise UsageError(f"A force of {victims} victims cannot be made.", what_to_do="Ask for one or more.")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "force.json").exists():
            raise UsageError(
                "The invented force cannot be made here.",
                where=str(folder),
                why="The folder holds something else, which would be lost.",
                what_to_do="Name a new folder.",
            )
        shutil.rmtree(folder)
    try:
        return make(folder, victims=victims, seed=seed, broken=True, planted=planted())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # half a force would be taken for something of somebody's
        raise


_DUTY = ("edition", "duty")


def _most_lost(run: Run) -> list[Counted]:
    """The three duties whose evidenced rate is lowest, of those judged often enough to say so."""
    counted = summary.by(_DUTY, run)
    often = [one for one in counted if one.judged >= _LEAST_JUDGED]
    return sorted(often or counted, key=lambda one: (one.met / max(one.judged, 1), -one.judged, one.group))[:3]


def _lost_row(one: Counted) -> tuple[object, ...]:
    edition, duty = one.group
    title = loader.edition(edition).duties[duty].title
    return (edition, duty, title, one.judged, percent(one.met, one.judged), percent(one.at_best, one.judged))


def _command(store: Store, run: Run, one: Counted) -> str:
    """The command that explains the first obligation of a duty that was lost."""
    edition, duty = one.group
    crime, victim = summary.first_lost(run, edition, duty)
    named = f" --victim {victim}" if victim else ""
    return f"{called()} explain {crime}{named} --duty {duty} --as-of '{short_moment(run.as_of)}' --store {store.path}"
