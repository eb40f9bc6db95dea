"""`python -m bench`: measure everything, one process after another, and write down what came of it."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.page import write_page
from bench.sizes import BASE, COPIES

_RESULTS = "results.json"
_COMPILE = "compile"
_STORE = "store"  # makes it too, so that no other process has to


@dataclass(frozen=True, slots=True)
class Task:
    """Something to measure, how often, and on how many cores; 0 is all of them."""

    what: str
    times: int
    cores: int = 0

    @property
    def name(self) -> str:
        return f"{self.what}, one core" if self.cores == 1 else self.what


_FLOORS = ("scan floor", "group floor", "group floor, same columns")
_PLANS = {
    "force": (
        Task(_STORE, 1),
        *(Task(floor, 5) for floor in _FLOORS),
        Task("police", 5),
        Task("group floor, same columns", 3, cores=1),
        Task("police", 3, cores=1),
        *(Task(f"{count} duties", 3) for count in (40, 80, 160)),
        Task("uniform", 5),
        Task("recent", 5),
        Task("one query a duty", 3),
        Task("reference", 1),
        Task("explain", 5),
        Task("explain, fresh", 5),
        Task("spark", 3),
        Task("profile", 1),
        Task("cold", 1),
        Task("members", 3),
        Task("written", 3),
        Task(_COMPILE, 1),
    ),
    "five years": (Task(_STORE, 1), Task("figures", 7)),
    "national": (
        Task(_STORE, 1),
        *(Task(floor, 3) for floor in _FLOORS),
        Task("police", 3),
        Task("uniform", 3),
        Task("recent", 3),
        Task("explain", 5),
    ),
}


def main() -> None:
    given = _options()
    given.cache.mkdir(parents=True, exist_ok=True)
    results_file = given.cache / _RESULTS
    results = json.loads(results_file.read_text(encoding="utf-8")) if results_file.exists() else {}
    for size in _sizes(given):
        found = results.get(size, {}) if given.only else {}
        results[size] = found | {"machine": machine(), "measured_on": date.today().isoformat()}
        copies = given.copies or COPIES[size]
        for task in _PLANS[size]:
            if not given.only or task.what in (_STORE, *given.only):
                results[size][task.name] = _measured(task, given.cache, copies, given.at_most)
                print(_line(size, task, results[size][task.name]), flush=True)
                results_file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if given.page:
        write_page(results, given.page)


def _options() -> Any:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--cache", metavar="FOLDER", type=Path, default=Path("build/bench"))
    sizes = options.add_mutually_exclusive_group()
    sizes.add_argument("--national", action="store_true", help="also the country: hours, and 60 GB of disk")
    sizes.add_argument("--national-alone", action="store_true", help="the country, and no force year")
    options.add_argument("--copies", metavar="N", type=int, help=f"for a quick look: N times {BASE:,} victims")
    options.add_argument("--at-most", metavar="N", type=int, default=99, help="for a quick look: time nothing oftener")
    options.add_argument("--only", metavar="WHAT", nargs="+", help="measure these anew; keep the other results")
    options.add_argument("--page", metavar="FILE", type=Path, help="write the figures into this page")
    return options.parse_args()


def _sizes(given: Any) -> tuple[str, ...]:
    if given.national_alone:
        return ("national",)
    return ("force", "five years", "national") if given.national else ("force", "five years")


def _measured(task: Task, cache: Path, copies: int, at_most: int) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        into = Path(scratch) / "found.json"
        task, environment = replace(task, times=min(task.times, at_most)), dict(os.environ)
        command = _command(task, cache, copies, into)
        if task.what == _COMPILE:
            environment["XDG_CACHE_HOME"] = scratch
        started = time.perf_counter()
        subprocess.run(command, check=True, env=environment, preexec_fn=_on_one_core if task.cores == 1 else None)
        whole = {"process": round(time.perf_counter() - started, 2)}
        return whole | (json.loads(into.read_text(encoding="utf-8")) if into.exists() else {})


def _command(task: Task, cache: Path, copies: int, into: Path) -> list[str]:
    if task.what == _COMPILE:
        return [sys.executable, "-m", "kept.engine.compiled"]
    counts = ["--copies", str(copies), "--times", str(task.times)]
    return [sys.executable, "-m", "bench.child", task.what, "--cache", str(cache), "--into", str(into), *counts]


def _on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _line(size: str, task: Task, found: Mapping[str, Any]) -> str:
    seconds = f"{found['median']:9.3f} s" if "median" in found else f"{found['process']:9.1f} s in all"
    return f"{size:9} {task.name:36} {seconds}, {found.get('peak_mb', 0):,} MB {found.get('skipped', '')}".rstrip()


if __name__ == "__main__":
    main()
