"""An extract that takes a load long enough to be killed in the middle."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kept.records.schema import arrow_schema

CRIMES = 40
ROWS_OF_A_CRIME = 12
_DAWN = datetime(2024, 1, 1, tzinfo=UTC)


def extract(folder: Path, number: int, crimes: int = CRIMES) -> Path:
    """The folder of the extract of a day, by its number: so many new crimes, a victim of each, and ten events."""
    into = folder / f"extract-{number}"
    into.mkdir()
    at = _DAWN + timedelta(days=number)
    names = [f"{number}-{i}" for i in range(crimes)]
    tables = {
        "crimes": [{"crime": f"c{n}", "reported_at": at, "entered_at": at} for n in names],
        "victims": [{"victim": f"v{n}", "crime": f"c{n}", "entered_at": at} for n in names],
        "events": [
            {"event_id": f"e{n}-{j}", "kind": "statement_taken", "victim": f"v{n}", "occurred_at": at, "entered_at": at}
            for n in names
            for j in range(10)
        ],
    }
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)), into / f"{name}.parquet")
    return into
