"""`kept compact` and `kept vacuum`: keeping a store quick to read, and no larger than it need be."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from kept.cli.output import print_json, say
from kept.engine.compaction import compact_last_run
from kept.records.compact import Compacted, compact
from kept.records.store import Store
from kept.records.vacuum import Vacuumed, vacuum


def compact_store(options: argparse.Namespace) -> None:
    store = Store.open(options.store)
    done, run = compact(store, wait=options.wait), compact_last_run(store)
    if options.json:
        print_json({**asdict(done), "run": None if run is None else asdict(run)})
        return
    say("\n".join(_compacted(done)))
    if run is not None:
        say(f"Of the run {run.run}, {run.layers} layers became one.")


def _compacted(done: Compacted) -> Iterator[str]:
    if done.version is None:
        yield f"Nothing to compact: no bucket of timelines has more than one file. {done.seconds} s."
        return
    yield (
        f"{done.files_before:,} files of {len(done.buckets):,} buckets became {done.files_after:,}, "
        f"without {done.superseded:,} superseded rows: {_mb(done.bytes_before)} MB became {_mb(done.bytes_after)} MB, "
        f"in {done.seconds} s."
    )
    yield f"Version {done.version}. The files before it stay for earlier versions; `kept vacuum` deletes those."


def vacuum_store(options: argparse.Namespace) -> None:
    done = vacuum(Store.open(options.store), options.keep_versions, wait=options.wait)
    if options.json:
        print_json(asdict(done))
    else:
        say("\n".join(_vacuumed(done)))


def _vacuumed(done: Vacuumed) -> Iterator[str]:
    yield (
        f"{len(done.deleted):,} versions deleted, and {done.files:,} files with {_mb(done.bytes)} MB, "
        f"in {done.seconds} s."
    )
    yield f"Versions kept: {', '.join(map(str, done.kept)) or 'none'}."


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f}"
