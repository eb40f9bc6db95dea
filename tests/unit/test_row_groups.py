"""Files of timelines: no subject straddles two row groups, however its entries come."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.records import row_groups
from kept.records.link_numbers import LINKED, numbered
from kept.records.stored import STORED_ENTRIES


def stored(entries: pa.Table) -> pa.Table:
    """The entries with something in every other column."""
    entries = numbered(entries).append_column("made", pa.repeat(pa.scalar(1, pa.int32()), len(entries)))
    for field in STORED_ENTRIES:
        if field.name not in entries.column_names:
            blank = None if field.nullable else False if pa.types.is_boolean(field.type) else 0
            said = pa.repeat(pa.scalar(blank, field.type), len(entries))
            entries = entries.append_column(field.name, said)
    return entries


def batches(counts: list[int], size: int) -> Iterable[pa.RecordBatch]:
    subjects = [subject for subject, count in enumerate(counts) for _ in range(count)]
    texts = {name: pa.array([f"{name}{i}" for i in range(len(subjects))]) for name in LINKED}
    yield from pa.table({"subject": pa.array(subjects, pa.int64()), **texts}).to_batches(max_chunksize=size)


@pytest.mark.parametrize("size", [1, 3, 7, 100])
@pytest.mark.parametrize("counts", [[2, 3, 4, 1, 5], [25], [1, 25, 1], [10, 10, 10], [1] * 31, []])
def test_a_row_group_ends_where_a_subject_ends(
    counts: list[int], size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "ROWS", 10)
    rows = row_groups.write(batches(counts, size), tmp_path / "file", stored)
    file = pq.ParquetFile(tmp_path / "file")
    groups = [file.read_row_group(number).column("subject").to_pylist() for number in range(file.num_row_groups)]
    assert rows == sum(counts)
    expected = [[subject] * count for subject, count in enumerate(counts)]
    assert list(chain(*groups)) == list(chain(*expected))
    assert sum(len(set(group)) for group in groups) == sum(count > 0 for count in counts)
    assert all(len(group) < 10 + size + max(counts) for group in groups)
    positions = file.read().column("position").to_pylist()
    assert positions == [position for count in counts for position in range(count)]
