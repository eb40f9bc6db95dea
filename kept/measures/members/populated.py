"""The populations of a bucket: gathered from its entries, completed by what the run found and who holds the case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kept.contract.vocabulary import Vocabulary
from kept.engine.compiled.columns import integers, microseconds, moments
from kept.measures.catalogue import HELD_BY
from kept.measures.members.bucket import Bucket
from kept.measures.members.compiled.telling import NONE, Whose
from kept.measures.members.gathered import Gathered, gathered_from
from kept.measures.members.made_by_run import CONTACT_DUE, contact_due, truths_of
from kept.measures.members.planned import LEVELS, TEXT_OF, Planned
from kept.measures.model import Column, Population
from kept.records.timelines import BUCKET

_READ = {
    "flag": "{} = 'true'",
    "number": "TRY_CAST({} AS DOUBLE)",
    "moment": "TRY_CAST({} AS TIMESTAMPTZ)",
}


def made_populations(bucket: Bucket, wanted: Iterable[Population], into: Path) -> None:
    """Make a table of each population, under its id, and write it into a folder."""
    version, found = bucket.run.version, truths_of(bucket)
    _write(contact_due(bucket), into / f"{CONTACT_DUE}-{bucket.number:05d}.parquet")
    planned, as_of = Planned.of(wanted, version.codes), microseconds(bucket.run.as_of)
    files = version.files("timelines", bucket.number)
    for one, gathered in gathered_from(files, planned, _whose(bucket), as_of):
        table = _Completing(bucket, one, gathered, found).table()
        bucket.connection.register(one.id, table)
        _write(table, into / f"{one.id}-{bucket.number:05d}.parquet")


def _write(table: pa.Table, path: Path) -> None:
    """Write a table; only what is held as codes of words is written so, since moments seldom come twice."""
    coded = [one.name for one in table.schema if pa.types.is_dictionary(one.type)]
    listed = [f"{name}.list.element" for name in HELD_BY]
    pq.write_table(table, path, compression="lz4", use_dictionary=[*coded, *listed])


def _whose(bucket: Bucket) -> Whose:
    made, level = np.full(BUCKET, NONE, np.int64), np.full(BUCKET, NONE, np.int64)
    numbers = integers(bucket.known.column("subject")) - bucket.first
    made[numbers] = integers(bucket.known.column("made"))
    level[numbers] = integers(pc.index_in(bucket.known.column("kind"), pa.array(LEVELS)).fill_null(NONE))
    return Whose(bucket.first, made, level)


@dataclass(frozen=True, slots=True)
class _Completing:
    """The members of a population, to be completed by what is `found` of each known subject."""

    bucket: Bucket
    of: Population
    gathered: Gathered
    found: Mapping[str, pa.Array]

    def table(self) -> pa.Table:
        """With all columns, and who held the investigation from when on."""
        known = self.bucket.known
        places = self.bucket.places[self.gathered.subjects - self.bucket.first]
        at = pa.array(places)
        keys = self.gathered.keys
        columns = {
            "subject": pa.array(self.gathered.subjects),
            "key": keys,
            "investigation": known.column("investigation").take(at),
            "crime": keys if self.of.grain == "crime" else known.column("crime").take(at),
        }
        columns |= {one.name: self._column(one, at) for one in self.of.columns.values() if _of_bucket(one)}
        columns |= self.bucket.held.lists(moments(known.column("within"))[places])
        return self._worked_out(pa.table(columns))

    def _column(self, one: Column, at: pa.Array) -> pa.Array:
        if one.how == "of_run":
            return self.found[one.text].take(at)
        if one.how == "count":
            return self.gathered.counts(one.name)
        if one.how not in TEXT_OF:
            return self.gathered.moments(one.name)
        words, codes = self.gathered.words(one.name)
        read = "word" if one.how == "who" else _fact(one, self.bucket.run.version.vocabulary)
        return _each(self._read(words, read), codes)

    def _read(self, words: pa.Array, read: str) -> pa.Array:
        """What each word is read as, and last what is said where there is none."""
        listed = pa.concat_arrays([words, pa.nulls(1, pa.string())])
        return self._found("words", pa.table({"word": listed}), f"SELECT {read} AS said FROM words").column(0)

    def _found(self, name: str, table: pa.Table, query: str) -> pa.Table:
        """What a query finds in a table under this name."""
        self.bucket.connection.register(name, table)
        found = self.bucket.arrow(query).combine_chunks()
        self.bucket.connection.unregister(name)
        return found

    def _worked_out(self, table: pa.Table) -> pa.Table:
        """The table with the columns that are expressions over others."""
        said = [one for one in self.of.columns.values() if one.how == "is"]
        if not said:
            return table
        names = ", ".join(one.name for one in said)
        listed = ", ".join(f"({one.text}) AS {one.name}" for one in said)
        found = self._found("completed", table, f"SELECT {names} FROM (SELECT *, {listed} FROM completed)")
        for one in said:
            column = found.column(one.name)
            table = table.append_column(one.name, _coded(column) if pa.types.is_string(column.type) else column)
        return table


def _of_bucket(one: Column) -> bool:
    """Whether a column is known of the bucket alone, and not worked out of others."""
    return one.how != "is" and one.text != CONTACT_DUE


def _coded(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return texts.dictionary_encode().unify_dictionaries()


def _each(read: pa.ChunkedArray, codes: npt.NDArray[np.int32]) -> pa.Array:
    """For each code what its word is read as; texts as codes of words."""
    places = codes % len(read)
    if not pa.types.is_string(read.type):
        return read.take(pa.array(places))
    absent = read.is_null().to_numpy()[places]
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=absent), pa.concat_arrays(read.fill_null("").chunks))


def _fact(column: Column, vocabulary: Vocabulary) -> str:
    attribute = vocabulary.attributes[column.text]
    read = _READ.get(attribute.type, "{}").format("nullif(word, '')")
    return read if attribute.absent is None else f"coalesce({read}, {str(attribute.absent).lower()})"
