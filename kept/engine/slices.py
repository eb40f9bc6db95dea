"""Reading a store version piece by piece, and the timelines of a few subjects as the reference evaluator reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kept.code.model import START_FIELDS
from kept.engine.compiled.layout import Integers
from kept.engine.compiled.subjects import Known
from kept.engine.entries import Timeline
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.records.reading import frugal, readable
from kept.records.version import StoreVersion


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work: a row group of a bucket's file of timelines. A subject's entries are all in one."""

    number: int
    bucket: int
    path: str
    group: int

    def read(self, columns: Sequence[str]) -> pa.Table:
        """Its entries, in order; fields that a rule may name are encoded as dictionaries."""
        with readable([Path(self.path)]), pq.ParquetFile(self.path, read_dictionary=list(START_FIELDS)) as file:
            return file.read_row_group(self.group, columns=list(columns), use_threads=False)


CONCERNED = (*Known.COLUMNS, "investigation")
"""What is read of subjects that are evaluated alone."""


def pieces(version: StoreVersion, only: pa.Table | None = None) -> list[Piece]:
    """All the work that a version is, in order of its buckets and files; with `only`, what holds these subjects."""
    made = None if only is None else _made(only)
    found: list[Piece] = []
    for bucket in version.buckets():
        for path in version.files("timelines", bucket):
            with readable([path]):
                metadata = pq.read_metadata(path)
            for group in range(metadata.num_row_groups):
                if made is None or _holds(metadata.row_group(group), made):
                    found.append(Piece(len(found), bucket, str(path.absolute()), group))
    return found


def _made(subjects: pa.Table) -> Integers:
    """The numbers of subjects, and the version that prepared the timeline of each: two rows."""
    return np.stack([np.asarray(subjects.column(name).to_numpy(), dtype=np.int64) for name in ("subject", "made")])


def _holds(group: pq.RowGroupMetaData, made: Integers) -> bool:
    """Whether a row group may hold an entry that counts of one of these subjects, by its statistics."""
    said = {group.column(place).path_in_schema: group.column(place).statistics for place in range(group.num_columns)}
    within = np.ones(made.shape[1], dtype=np.bool_)
    for values, name in zip(made, ("subject", "made"), strict=True):
        if said[name] is not None and said[name].has_min_max:
            within &= (values >= said[name].min) & (values <= said[name].max)
    return bool(within.any())


def timelines(version: StoreVersion, numbers: Sequence[int], as_of: datetime) -> Iterator[Timeline]:
    """The timelines of some subjects that were known by a moment."""
    words = {code: name for name, code in version.codes.items()}
    subjects = version.subjects_of(numbers)
    held = postings_by_investigation(version.postings(set(subjects.column("investigation").to_pylist())))
    for subject, found in subjects_with_entries(subjects, version.entries_of(numbers), words, as_of):
        postings = [one for one in held.get(subject.investigation, []) if one.start <= as_of]
        yield Timeline(subject, found, postings, as_of)


def numbered_postings(version: StoreVersion, subjects: pa.Table | None = None) -> pa.Table:
    """From when to when each investigation was held by somebody, in order: columns subject (its number), from and to.

    With `subjects`, rows with the columns CONCERNED, only of the investigations that are theirs.
    """
    with frugal() as connection, readable([*version.files("postings"), *version.files("subjects")]):
        if subjects is None:
            held, of = version.latest_postings(), f"({version.relation('subjects')})"
        else:
            connection.register("held", version.postings(set(subjects.column("investigation").to_pylist()) - {None}))
            connection.register("concerned", subjects)
            held, of = "FROM held", "concerned"
        return connection.sql(f"""
            SELECT s.within AS subject, h."from", h."to" FROM ({held}) h JOIN (
                SELECT DISTINCT investigation, within FROM {of} WHERE within IS NOT NULL) s USING (investigation)
            ORDER BY subject, h."from"
            """).to_arrow_table()
