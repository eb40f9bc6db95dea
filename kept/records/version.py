"""One version of the records, and how its timelines are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake.exceptions import DeltaError

from kept.contract.vocabulary import Vocabulary
from kept.errors import NotFoundError
from kept.records import delta, reading
from kept.records.hold import Hold
from kept.records.lookup import Index, Lookup
from kept.records.manifest import Manifest, vocabulary_of
from kept.records.schema import arrow_schema
from kept.records.stored import SCHEMAS, counting, file_schema, latest_rows, read_files
from kept.records.supplies import Supplies
from kept.records.timelines import BUCKET, ENTRIES, SUBJECTS, Numbered

_POSTING = 'investigation, "from"'


@dataclass(frozen=True)  # without slots: the cached properties need a place
class StoreVersion:
    """One version of the records, never changed by anything that is loaded later.

    While it lives, `hold` keeps its files from being deleted. Whatever reads them raises StoreError where a file is
    missing or damaged.
    """

    folder: Path
    manifest: Manifest
    hold: Hold | None = field(default=None, repr=False, compare=False)
    _files: dict[str, dict[str, int | None]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def number(self) -> int:
        return self.manifest.version

    @property
    def codes(self) -> dict[str, int]:
        """The number of each kind and attribute in `timelines`; never reused."""
        return dict(self.manifest.codes)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of these records: the standard ones and those that mappings brought."""
        return vocabulary_of(self.manifest.words)

    @cached_property
    def supplies(self) -> Supplies:
        """What any of the sources can say something of."""
        said = self.manifest.supplies
        return Supplies(*(frozenset(said[name]) for name in ("tables", "kinds", "attributes")))

    @cached_property
    def restrictions(self) -> frozenset[tuple[str, str | None]]:
        """The restricted investigations, each with whom it bars, None for the marking alone; read once and kept."""
        found = self._scanned("restrictions", ["investigation", "barred"]).to_pylist()
        return frozenset((row["investigation"], row["barred"] or None) for row in found)

    @property
    def earliest_entry(self) -> datetime | None:
        """The earliest moment at which anything was entered; before it there is nothing to look back to."""
        text = self.manifest.earliest_entry
        return None if text is None else datetime.fromisoformat(text)

    @property
    def looks_back(self) -> bool:
        """Whether every source says when its rows were entered."""
        return all(source["looks_back"] for source in self.manifest.sources.values())

    @property
    def nation(self) -> str:
        """Whose bank holidays count."""
        return self.manifest.nation

    def files(self, name: str, bucket: int | None = None) -> list[Path]:
        """The Parquet files of a table, or of one of its buckets."""
        if name not in self._files:
            folder = self.folder / "tables" / name
            with reading.readable([folder / "_delta_log"], DeltaError):
                self._files[name] = delta.files(folder, self.manifest.tables[name])
        found = [path for path, of in self._files[name].items() if bucket is None or of == bucket]
        return [self.folder / "tables" / name / path for path in found]

    @cached_property
    def lookup(self) -> Lookup:
        """What finds one investigation at once; making it reads all of them, so it is kept."""
        return Lookup(self)

    def indexed_by(self, index: Index) -> None:
        """Have `lookup` search by an index of this version that was made before, instead of making one."""
        self.__dict__["lookup"] = Lookup(self, index)

    @property
    def is_indexed(self) -> bool:
        """Whether `lookup` is there already."""
        return "lookup" in self.__dict__

    def scan(self, name: str) -> ds.Dataset:
        """A table as it is stored, to be streamed; of `timelines`, also what was superseded."""
        with reading.readable(self.files(name)):
            return ds.dataset([str(path) for path in self.files(name)], schema=file_schema(name), format="parquet")

    def table(self, name: str) -> pa.Table | None:
        """A contract table as it was loaded, all versions of each row; None where nothing was ever supplied."""
        if not self.files(name):
            return None
        return self._scanned(name, [c for c in SCHEMAS[name].names if c not in ("_load", "bucket")])

    def buckets(self) -> list[int]:
        """The buckets of subjects, about 150,000 each."""
        self.files("subjects")
        return sorted({bucket for bucket in self._files["subjects"].values() if bucket is not None})

    def subjects(self, bucket: int, columns: Sequence[str] = tuple(SUBJECTS.names)) -> pa.Table:
        """The subjects of a bucket, by number and history: every column of `timelines.SUBJECTS`, or some."""
        found = self.files("subjects", bucket)
        schema = pa.schema([SUBJECTS.field(name) for name in columns])
        return reading.rows(found, schema) if found else schema.empty_table()

    def timelines(self, bucket: int) -> pa.Table:
        """The entries of a bucket that count, in their one order; schema `timelines.ENTRIES`."""
        found = self.files("timelines", bucket)
        return reading.entries(found, self.subjects(bucket)) if found else ENTRIES.empty_table()

    def entries_of(self, numbers: Sequence[int] | npt.NDArray[np.int64]) -> pa.Table:
        """The entries of some subjects, by subject and in their one order; schema `timelines.ENTRIES`."""
        wanted = np.unique(np.asarray(numbers, dtype=np.int64))
        parts = [ENTRIES.empty_table()]
        for bucket in np.unique(wanted // BUCKET).tolist():
            if found := self.files("timelines", bucket):
                here = wanted[wanted // BUCKET == bucket]
                parts.append(reading.entries_of(found, self.files("subjects", bucket), here))
        return pa.concat_tables(parts)

    def changed_since(self, number: int) -> npt.NDArray[np.int64]:
        """The subjects, sorted, that are new since the version `number` of this generation, or changed since."""
        found = self._scanned("subjects", ["subject"], ds.field("made") > number)
        return np.unique(np.asarray(found.column("subject").to_numpy(), dtype=np.int64))

    def postings(self, investigations: Collection[str] | None = None) -> pa.Table:
        """Who held which investigation from when to when, as last loaded; of some investigations, or of all."""
        with duckdb.connect() as connection, reading.readable(self.files("postings")):
            connection.execute("SET TimeZone = 'UTC'")
            rows = self.relation("postings")
            if investigations is not None:
                connection.execute(
                    "CREATE TEMP TABLE wanted AS SELECT unnest($1::VARCHAR[]) AS id", [[*investigations]]
                )
                rows = f"SELECT * FROM ({rows}) WHERE investigation IN (SELECT id FROM wanted)"
            found = connection.sql(f'FROM ({self._last_loaded(rows)}) ORDER BY investigation, "from"')
            return found.to_arrow_table().cast(arrow_schema("postings", origin=False))

    def latest_postings(self) -> str:
        """SQL for all postings as they were last loaded, with the columns of the contract."""
        return self._last_loaded(self.relation("postings"))

    def _last_loaded(self, rows: str) -> str:
        """Of postings that one load brought each is the last already: to look for others takes much memory."""
        one_load = reading.single_value(self.files("postings"), "_load")
        return f"SELECT * EXCLUDE (_load) FROM ({rows if one_load else latest_rows(rows, _POSTING)})"

    def subjects_of(
        self, numbers: Sequence[int] | npt.NDArray[np.int64], columns: Sequence[str] = tuple(SUBJECTS.names)
    ) -> pa.Table:
        """The rows of some subjects, by number and history: every column of `timelines.SUBJECTS`, or some.

        `subject` and `entered` must be among them.
        """
        wanted = pa.array(numbers, pa.int64())
        if not len(wanted):
            return SUBJECTS.empty_table().select(columns)
        near = (ds.field("subject") >= pc.min(wanted)) & (ds.field("subject") <= pc.max(wanted))  # spares row groups
        found = self._scanned("subjects", [*columns], near & ds.field("subject").isin(wanted))
        return found.sort_by([("subject", "ascending"), ("entered", "ascending")])

    def numbered(self) -> Numbered:
        """The numbers that subjects have, and the first that was never given."""
        return Numbered(self._scanned("subjects", ["subject", "kind", "id"]), self.manifest.next_subject)

    def find_crime(self, crime: str, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """The subjects of a crime as of a moment, or as last known: its victims, then its investigation.

        NotFoundError if it was not here.
        """
        victims = self._found((ds.field("crime") == crime), as_of)
        places = {row["investigation"] for row in victims} or self._investigation_of(crime, as_of)
        if not places:
            raise NotFoundError(
                f"There is no crime {crime} in these records.", what_to_do="Check its id in the crimes table."
            )
        wanted = (ds.field("kind") == "investigation") & ds.field("id").isin(sorted(places))
        return [*victims, *self._found(wanted, as_of)]

    def _found(self, where: ds.Expression, as_of: datetime | None) -> list[dict[str, Any]]:
        """The rows of the subjects that a condition holds of, by id; the columns that it asks about are read first."""
        numbers = self._scanned("subjects", ["subject"], where & _standing(as_of)).column("subject").to_pylist()
        rows = [row for row in self.subjects_of(numbers).to_pylist() if _stands(row, as_of)]
        return sorted(rows, key=lambda row: str(row["id"]))

    def relation(self, name: str, bucket: int | None = None) -> str:
        """SQL for a table's rows, or one bucket's, all columns, `_load` too; of `timelines` only those that count."""
        rows = read_files(name, self.files(name, bucket))
        return counting(f"({rows})", f"({self.relation('subjects', bucket)})") if name == "timelines" else rows

    def _scanned(self, name: str, columns: list[str] | None = None, where: ds.Expression | None = None) -> pa.Table:
        with reading.readable(self.files(name)):
            return self.scan(name).to_table(columns=columns, filter=where)

    def _investigation_of(self, crime: str, as_of: datetime | None) -> set[str]:
        wanted = ds.field("crime") == crime
        if as_of is not None:
            wanted &= ds.field("entered_at") <= as_of
        rows = self._scanned("crimes", where=wanted).sort_by("entered_at").to_pylist()
        return {rows[-1]["investigation"] or crime} if rows else set()


def _stands(row: dict[str, Any], as_of: datetime | None) -> bool:
    """As `_standing`, of one row."""
    if as_of is None:
        return row["withdrawn"] is None
    return row["entered"] <= as_of and (row["withdrawn"] is None or row["withdrawn"] > as_of)


def _standing(as_of: datetime | None) -> ds.Expression:
    """Rows with an interval that stand at a moment, or for good."""
    for_good = ds.field("withdrawn").is_null()
    return for_good if as_of is None else (ds.field("entered") <= as_of) & (for_good | (ds.field("withdrawn") > as_of))
