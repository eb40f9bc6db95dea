"""`python -m bench.load`: let people click through the service on a force year, and write down what pages took."""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench.force import force_store
from bench.load.day import PEOPLE
from bench.load.page import read_pages, write_section
from bench.load.served import Memory, kept, loading, service
from bench.machine import machine
from bench.sizes import COPIES
from kept.demo import AS_OF
from kept.web.starting import start
from tests.support import postgresql

_CLICKS = Path(__file__).with_name("clicks.py")
_PLAN, _FOUND = "plan.json", "found"
_RAMP = 30  # seconds within which all have signed in


def main() -> None:
    given = _options()
    given.cache.mkdir(parents=True, exist_ok=True)
    with postgresql.running() as database, tempfile.TemporaryDirectory(prefix="load-", dir=given.cache) as folder:
        home = Path(folder)
        store = _linked(given.store or _force_year(given.cache), home / "store")
        start({"KEPT_HOME": str(home / "home"), "KEPT_STORE": str(store), "DATABASE_URL": database, "KEPT_DEMO": "1"})
        from bench.load.plan import plan

        planned = plan(given.people)
        _read_once(store)
        (home / _PLAN).write_text(json.dumps(planned), encoding="utf-8")
        results = {"The service under load": _measured(given, home, planned)}
        if not given.alone:
            with loading(home, given.cache) as done:
                again = _measured(given, home, planned)
            results["The same, while the worker loads extracts"] = again | {"loads": done()}
    print(json.dumps(results, indent=1))
    if given.page:
        write_section(results, given.page)


def _options() -> Any:
    options = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    options.add_argument("--locust", metavar="FILE", required=True, help="the command, in its own environment")
    options.add_argument("--cache", metavar="FOLDER", type=Path, default=Path("build/bench"))
    options.add_argument("--store", metavar="STORE", type=Path, help="another store than a force year")
    options.add_argument("--people", metavar="N", type=int, default=PEOPLE)
    options.add_argument("--seconds", metavar="N", type=int, default=300)
    options.add_argument("--workers", metavar="N", type=int, default=2)
    options.add_argument("--threads", metavar="N", type=int, default=4)
    options.add_argument("--alone", action="store_true", help="without the second time, while an extract is loaded")
    options.add_argument("--page", metavar="FILE", type=Path, help="write the figures into this page")
    return options.parse_args()


def _force_year(cache: Path) -> Path:
    """A store of a force year, held by as many people as it takes, with one evaluation; made unless in the cache."""
    store = force_store(cache, COPIES["force"], staffed=True)
    if not any(store.glob("gen-*/runs/*/run.json")):
        kept(["evaluate", "--store", str(store), "--as-of", AS_OF.isoformat()])
        kept(["measure", "whole-code", "--store", str(store)])
    return store


def _linked(store: Path, into: Path) -> Path:
    """A store of the same files, so that what is loaded into it stays out of the one in the cache."""
    shutil.copytree(store, into, copy_function=os.link)
    return into


def _read_once(store: Path) -> None:
    """Have the machine hold the records in memory, as it does after an evaluation, which reads them all."""
    for path in store.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 24):
                    pass


def _measured(given: Any, home: Path, planned: dict[str, Any]) -> dict[str, Any]:
    with service(given.workers, given.threads, home / "serve.log") as (address, process), Memory(process) as memory:
        _locust(given, address, home)
    return {
        "pages": [asdict(one) for one in read_pages(home / f"{_FOUND}_stats.csv")],
        "peak_mb": memory.peak,
        "missing": planned["missing"],
        "victims": planned["victims"],
        "measured_on": date.today().isoformat(),
        "machine": machine(),
        **{name: getattr(given, name) for name in ("people", "seconds", "workers", "threads")},
    }


def _locust(given: Any, address: str, home: Path) -> None:
    """Those who click; it ends by itself. What failed stands in its figures and is not our failure to measure."""
    rate = max(given.people / _RAMP, 1)
    counts = ["--users", str(given.people), "--spawn-rate", str(rate), "--run-time", f"{given.seconds}s"]
    quiet = ["--headless", "--only-summary", "--reset-stats", "--exit-code-on-error", "0", "--csv", str(home / _FOUND)]
    command = [given.locust, "--locustfile", str(_CLICKS), "--host", address, *counts, *quiet]
    subprocess.run(command, env=os.environ | {"KEPT_LOAD_PLAN": str(home / _PLAN)}, check=True)


if __name__ == "__main__":
    main()
