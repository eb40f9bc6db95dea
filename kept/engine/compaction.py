"""Compaction of runs: the layers that a run stands on merged into one of its own, under no reader's feet.

The layers stay where they are, since other runs may stand on them too; the run's manifest is put in place last.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from kept.engine.results import LAYER, MANIFEST, Run, alone, runs
from kept.records.scratch import scratch
from kept.records.store import Store

WHOLE = "whole"
"""The folder, in a run's own, of the one layer that the others were merged into."""
_AT_ONCE = 500_000  # rows in memory


@dataclass(frozen=True, slots=True)
class CompactedRun:
    """A run, and how many layers became one."""

    run: str
    layers: int


def compact_last_run(store: Store) -> CompactedRun | None:
    """Merge the layers of the run made last; None where there is none, or it has one only."""
    last = next(iter(runs(store)), None)
    if last is None or len(last.layers) == 1:
        return None
    with alone(store), scratch(last.folder, ".merging-") as unfinished:
        for name in LAYER:
            _merge(last, name, unfinished / f"{name}-00000.parquet")
        (unfinished / MANIFEST).write_text(json.dumps({"files": dict.fromkeys(LAYER, 1)}), encoding="utf-8")
        whole = last.folder / WHOLE
        shutil.rmtree(whole, ignore_errors=True)  # of a merger that was killed; the manifest does not name it
        shutil.copytree(unfinished, whole)
        _put(last.folder / MANIFEST, json.dumps({**last.manifest, "layers": [f"{last.id}/{WHOLE}"]}, indent=1))
    return CompactedRun(last.id, len(last.layers))


def _merge(run: Run, name: str, into: Path) -> None:
    order = "subject, row" if name == "rows" else "subject"
    schema = LAYER[name]
    with duckdb.connect() as connection, pq.ParquetWriter(into, schema, compression="lz4") as writer:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.sql(f"SELECT * FROM ({run.relation(name)}) ORDER BY {order}")
        for batch in found.to_arrow_reader(_AT_ONCE):
            writer.write_batch(batch.cast(schema))


def _put(path: Path, text: str) -> None:
    """Replace a file in one step."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
