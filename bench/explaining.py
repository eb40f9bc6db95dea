"""How long `kept explain` takes, within a process that has explained before and as a command of its own."""

import contextlib
import io
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

from bench.benched import Bench, Found
from bench.timing import peak_mb, timed
from kept.cli import main
from kept.demo import AS_OF


def explain(bench: Bench) -> Found:
    """`kept explain` of one victim within a process that has explained before."""
    command = _explaining(bench)

    def said() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            if main(command):
                raise RuntimeError(f"kept {' '.join(command)} failed")

    return timed(said, bench.times).as_data()


def explain_fresh(bench: Bench) -> Found:
    """The same as a command of its own, Python's start included."""
    command = [str(Path(sys.executable).with_name("kept")), *_explaining(bench)]
    taken = timed(partial(subprocess.run, command, check=True, capture_output=True), bench.times)
    return {**taken.as_data(), "peak_mb": peak_mb(resource.RUSAGE_CHILDREN)}


def _explaining(bench: Bench) -> list[str]:
    version = bench.store.latest()
    bucket = version.buckets()[len(version.buckets()) // 2]
    rows = version.subjects(bucket).select(["kind", "crime", "victim"]).to_pylist()
    victims = [row for row in rows if row["kind"] == "victim"]
    one = victims[len(victims) // 2]
    store, as_of = ["--store", str(bench.store.path)], ["--as-of", AS_OF.isoformat()]
    return ["explain", one["crime"], "--victim", one["victim"], *as_of, *store]
