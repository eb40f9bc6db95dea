"""`kept erase`: taking a person out of the records, and out of what the service keeps beside them."""

import argparse
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from kept.cli.output import print_json, say, table
from kept.errors import UsageError
from kept.records.erase import Erased, Named, erase
from kept.records.store import Store

_HOME = "KEPT_HOME"


def erase_person(options: argparse.Namespace) -> None:
    store, now = Store.open(options.store), datetime.now(UTC)
    home = _home(options.home)
    if home is None:
        _say(options.json, erase(store, options.person, now, options.because), None)
        return
    from kept.web.starting import start

    start({"KEPT_STORE": str(options.store), _HOME: str(home)})
    from kept.web import erasing

    found: dict[str, int] = {}

    def first(named: Named) -> None:
        found.update(erasing.forget(named, options.because, "command"))

    done = erase(store, options.person, now, options.because, first=first)
    erasing.make_anew()
    _say(options.json, done, found)


def _home(given: Path | None) -> Path | None:
    """The folder of the service; None where there is no service. UsageError where one was named and is not there."""
    home = given or Path(os.environ.get(_HOME, "kept-web"))
    if home.is_dir():
        return home
    if given or _HOME in os.environ:
        raise UsageError(
            "There is no service in this folder, so that nobody can be erased from it.",
            where=str(home),
            what_to_do=f"Name the right one with --home, or leave --home and {_HOME} out where there is no service.",
        )
    return None


def _say(as_json: bool, done: Erased, found: dict[str, int] | None) -> None:
    if as_json:
        print_json({**asdict(done), "service": found})
        return
    say("Erased from every version and every run:\n")
    print(table(("what", "number"), list(asdict(done).items())))
    if found is None:
        say("\nThere is no service here, so that only the records were looked through.")
    else:
        say("\nErased from the service, and noted in its access log:\n")
        print(table(("what", "number"), list(found.items())))
