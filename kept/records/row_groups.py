"""Writing files of timelines: row groups that end where a subject ends, made from a stream in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kept.records.stored import STORED_ENTRIES

ROWS = 250_000
"""About how many entries a row group holds: enough to read well, few enough to find one subject quickly."""
BATCH = 50_000
"""How many rows to ask of a stream at once."""
_PLAIN = ("at", "entered", "id")  # hardly a value of these comes twice
_DICTIONARIES = [name for name in STORED_ENTRIES.names if name not in _PLAIN]

Shape = Callable[[pa.Table], pa.Table]


def write(batches: Iterable[pa.RecordBatch], path: Path, shape: Shape) -> int:
    """Write entries sorted by subject to a file of schema STORED_ENTRIES; how many rows it has.

    `shape` is given the entries of whole subjects, and returns them with the columns that are stored.
    """
    rows = 0
    with pq.ParquetWriter(path, STORED_ENTRIES, compression="lz4", use_dictionary=_DICTIONARIES) as writer:
        for entries in _whole_subjects(batches):
            group = shape(entries).select(STORED_ENTRIES.names).cast(STORED_ENTRIES)
            writer.write_table(group, row_group_size=len(group))
            rows += len(group)
    return rows


def _whole_subjects(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= ROWS:
            table = pa.Table.from_batches(held)
            end = _start_of_last(table)
            if end:
                yield table.slice(0, end)
            held = table.slice(end).to_batches()
    if sum(map(len, held)):
        yield pa.Table.from_batches(held)


def _start_of_last(entries: pa.Table) -> int:
    """Where the last subject's entries begin."""
    subjects = entries.column("subject").to_numpy()
    return int(np.searchsorted(subjects, subjects[-1]))
