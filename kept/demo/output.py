"""Writes the invented force to its folder, chunk by chunk, in bounded memory."""

from importlib.resources import files
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from kept.contract.tables import TABLES
from kept.demo import columns
from kept.demo.chunk import Chunk

STATEMENTS = "personal-statements.csv"


class Output:
    """The open files of one force; `rows` counts the extract's rows by table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = {table.name: 0 for table in TABLES}
        self._open: dict[Path, pq.ParquetWriter] = {}
        self._listed: csv.CSVWriter | None = None

    def __enter__(self) -> "Output":
        for part in ("extract", "truth", "witness-care"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        mapping = files("kept.demo").joinpath("witness-care.yaml").read_text(encoding="utf-8")
        (self.folder / "witness-care" / "mapping.yaml").write_text(mapping, encoding="utf-8")
        for table in TABLES:
            self.extract(table.name, columns.schema(table.name).empty_table())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in (*self._open.values(), self._listed):
            if writer is not None:
                writer.close()

    def extract(self, table: str, rows: pa.Table) -> None:
        """Add rows to one of the extract's tables."""
        schema = columns.schema(table)
        self._write(self.folder / "extract" / f"{table}.parquet", rows.select(schema.names).cast(schema))
        self.rows[table] += rows.num_rows

    def chunk(self, chunk: Chunk) -> None:
        """Add a chunk's rows to every file."""
        for table, rows in chunk.extract.items():
            self.extract(table, rows)
        for table, rows in chunk.truth.items():
            self._write(self.folder / "truth" / f"{table}.parquet", rows)
        if self._listed is None:
            path = self.folder / "witness-care" / STATEMENTS
            self._listed = csv.CSVWriter(path, chunk.witness_care.schema)
        self._listed.write_table(chunk.witness_care)

    def _write(self, path: Path, rows: pa.Table) -> None:
        if path not in self._open:
            self._open[path] = pq.ParquetWriter(path, rows.schema, compression="zstd", compression_level=1)
        if rows.num_rows:
            self._open[path].write_table(rows)
