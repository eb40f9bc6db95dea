"""`python -m bench.child`: one measurement in a process of its own, so that its memory is its own."""

import argparse
import json
import resource
import tempfile
from pathlib import Path

from bench.benched import Bench
from bench.force import force_store
from bench.measurements import MEASUREMENTS
from bench.timing import peak_mb
from kept.records.store import Store


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("what")
    options.add_argument("--cache", type=Path, required=True)
    options.add_argument("--copies", type=int, required=True)
    options.add_argument("--times", type=int, required=True)
    options.add_argument("--into", type=Path, required=True)
    given = options.parse_args()
    path = force_store(given.cache, given.copies)
    with tempfile.TemporaryDirectory(dir=given.cache, prefix=".spill-") as spill:
        found = MEASUREMENTS[given.what](Bench(Store.open(path), given.times, Path(spill)))
    given.into.write_text(json.dumps({"peak_mb": peak_mb(resource.RUSAGE_SELF), **found}), encoding="utf-8")


if __name__ == "__main__":
    main()
