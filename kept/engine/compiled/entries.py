"""From the tables of prepared timelines to the integers that the compiled pass reads, as of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.contract.vocabulary import Vocabulary
from kept.engine.compiled import layout as at
from kept.engine.compiled.words import Classes, like, text_of
from kept.engine.entries import Posting

_LINKS = ("crime", "victim", "suspect", "hearing", "item", "answers", "id")
"""What is numbered together, in the order of the columns CRIME to ID: a hearing's id may be an event's."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who held each investigation: all postings, `within` from one place up to another for each investigation."""

    postings: list[Posting]
    within: Mapping[str, tuple[int, int]]
    spans: at.Integers

    @staticmethod
    def of(by_investigation: Mapping[str, Sequence[Posting]], as_of: datetime) -> "Held":
        postings: list[Posting] = []
        within = {}
        for investigation, held in by_investigation.items():
            first = len(postings)
            postings.extend(one for one in held if one.start <= as_of)
            within[investigation] = (first, len(postings))
        spans = [[microseconds(one.start), microseconds(one.end)] for one in postings]
        return Held(postings, within, np.array(spans, dtype=np.int64).reshape(-1, 2).T.copy())


@dataclass(frozen=True, slots=True)
class Shaped:
    """Some subjects and what was seen of them: as tables to look things up in, and as arrays of `Tables`."""

    subjects: pa.Table
    entries: pa.Table
    arrays: Mapping[str, Any]


def microseconds(moment: datetime | None) -> int:
    """A moment as the tables hold it."""
    if moment is None:
        return at.NEVER
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def shaped(
    subjects: pa.Table,
    entries: pa.Table,
    names: Mapping[int, str],
    held: Held,
    classes: Classes,
    as_of: datetime,
) -> Shaped:
    """The subjects and entries (in the schemas of `records.timelines`) that were known by a moment.

    `names` gives the word of each code of `kind`; the entries of a subject stand together.
    """
    moment = microseconds(as_of)
    subjects, since = _subjects(subjects, moment)
    numbers = _integers(subjects.column("subject"))
    entries = entries.filter(_seen(entries, numbers, moment))
    entries = _in_order(entries, names)
    of = _integers(entries.column("subject"))
    rows = np.zeros((at.SUBJECT_FIELDS, len(numbers)), dtype=np.int64)
    rows[at.LEVEL] = np.where(_equals(subjects.column("kind"), "investigation"), at.ON_INVESTIGATION, at.ON_VICTIM)
    rows[at.KNOWN_SINCE] = since
    rows[at.FIRST_ENTRY], rows[at.END_ENTRY] = np.searchsorted(of, numbers), np.searchsorted(of, numbers, "right")
    within = [held.within.get(one, (0, 0)) for one in subjects.column("investigation").to_pylist()]
    rows[at.FIRST_POSTING : at.END_POSTING + 1] = np.array(within, dtype=np.int64).reshape(-1, 2).T
    table, values = _entries(entries, names, classes)
    arrays = {"entries": table, "numbers": values, "subjects": rows, "postings": held.spans, "as_of": moment}
    return Shaped(subjects, entries, arrays)


def _subjects(subjects: pa.Table, as_of: int) -> tuple[pa.Table, at.Integers]:
    """Each subject as it was known to be, by number, and since when the records had held it."""
    subjects = subjects.sort_by([("subject", "ascending"), ("entered", "ascending")])
    numbers, entered = _integers(subjects.column("subject")), _moments(subjects.column("entered"))
    withdrawn = _moments(subjects.column("withdrawn"))
    known = np.flatnonzero((entered <= as_of) & ((withdrawn == at.NEVER) | (as_of < withdrawn)))
    distinct, first = np.unique(numbers, return_index=True)
    since = entered[first][np.searchsorted(distinct, numbers[known])]
    return subjects.take(pa.array(known)), since


def _seen(entries: pa.Table, numbers: at.Integers, as_of: int) -> pa.Array:
    entered, withdrawn = _moments(entries.column("entered")), _moments(entries.column("withdrawn"))
    stands = np.maximum(entered, _moments(entries.column("since")))
    seen = (stands <= as_of) & ((withdrawn == at.NEVER) | (as_of < withdrawn))
    return pa.array(seen & np.isin(_integers(entries.column("subject")), numbers))


def _in_order(entries: pa.Table, names: Mapping[int, str]) -> pa.Table:
    """The entries by subject, moment, kind and id; stored they are by the kinds' codes, which loads decide."""
    codes = _integers(entries.column("kind"))
    rank = np.zeros(max(names, default=0) + 1, dtype=np.int64)
    rank[sorted(names, key=lambda code: names[code])] = np.arange(len(names))
    keys = (rank[codes], _moments(entries.column("at")), _integers(entries.column("subject")))
    order = np.lexsort(keys)
    if np.array_equal(order, np.arange(len(order))):
        return entries.combine_chunks()
    return entries.take(pa.array(order)).combine_chunks()


def _entries(entries: pa.Table, names: Mapping[int, str], classes: Classes) -> tuple[at.Integers, Any]:
    table = np.zeros((at.ENTRY_FIELDS, len(entries)), dtype=np.int64)
    table[at.AT], table[at.ENTERED] = _moments(entries.column("at")), _moments(entries.column("entered"))
    table[at.PLANNED] = _integers(entries.column("planned").cast(pa.int8()))
    table[at.CLASS] = _classes(entries, names, classes)
    table[at.CRIME : at.ID + 1] = _links(entries)
    numbers, table[at.MOMENT] = _values(entries, names, classes.vocabulary)
    return table, numbers


def _classes(entries: pa.Table, names: Mapping[int, str], classes: Classes) -> at.Integers:
    named = classes.words.named()
    codes = [entries.column(name).cast(pa.int64()).to_numpy() for name in ("kind", "is_fact", "planned")]
    sizes = [max(names, default=0) + 1, 2, 2]
    for name, texts in named.items():
        column = entries.column(name)
        found = pc.index_in(column, pa.array(texts, pa.string())).cast(pa.int64()).fill_null(len(texts))
        codes.append(np.where(column.is_null().to_numpy(), len(texts) + 1, found.to_numpy()))
        sizes.append(len(texts) + 2)
    key = reduce(lambda high, low: high * low[1] + low[0], zip(codes, sizes, strict=True), np.int64(0))
    encoded = pa.array(np.broadcast_to(key, len(entries))).dictionary_encode()
    numbers = [_class(int(one), sizes, named, names, classes) for one in encoded.dictionary.to_pylist()]
    return np.array(numbers, dtype=np.int64)[encoded.indices.to_numpy()] if numbers else np.zeros(0, dtype=np.int64)


def _class(
    key: int, sizes: Sequence[int], named: Mapping[str, list[str]], names: Mapping[int, str], classes: Classes
) -> int:
    """The number of the class with a key; a new one is described first."""
    if key in classes.numbers:
        return classes.numbers[key]
    codes, rest = [], key
    for size in reversed(sizes):
        rest, code = divmod(rest, size)
        codes.append(code)
    kind, is_fact, planned, *of_fields = reversed(codes)
    texts = {name: text_of(said, code) for (name, said), code in zip(named.items(), of_fields, strict=True)}
    return classes.add(key, like(names[kind], is_fact=bool(is_fact), planned=bool(planned), texts=texts))


def _links(entries: pa.Table) -> at.Integers:
    columns = [chunk for name in _LINKS for chunk in _chunks(entries.column(name))]
    encoded = pa.chunked_array(columns, pa.string()).combine_chunks().dictionary_encode()
    codes = encoded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False) + 1
    return np.asarray(codes).reshape(len(_LINKS), len(entries))


def _chunks(column: pa.ChunkedArray) -> list[pa.Array]:
    return list(column.chunks)


def _values(entries: pa.Table, names: Mapping[int, str], vocabulary: Vocabulary) -> tuple[Any, at.Integers]:
    """The values of the facts that are numbers or moments, else NaN and NEVER."""
    numbers = np.full(len(entries), np.nan)
    moments = np.full(len(entries), at.NEVER, dtype=np.int64)
    for into, kind, read in ((numbers, "number", float), (moments, "moment", _moment)):
        codes = [code for code, name in names.items() if _type(vocabulary, name) == kind]
        facts = pc.and_(entries.column("is_fact"), pc.is_in(entries.column("kind"), pa.array(codes, pa.int16())))
        places = np.flatnonzero(facts.to_numpy())
        said = entries.column("value").take(pa.array(places)).to_pylist()
        known = {text: read(text) for text in set(said) if text}
        into[places] = [known.get(text, into.dtype.type(np.nan if kind == "number" else at.NEVER)) for text in said]
    return numbers, moments


def _type(vocabulary: Vocabulary, name: str) -> str:
    return vocabulary.attributes[name].type if name in vocabulary.attributes else ""


def _moment(text: str) -> int:
    return microseconds(datetime.fromisoformat(text).astimezone(UTC))


def _integers(column: pa.ChunkedArray) -> at.Integers:
    return np.asarray(column.cast(pa.int64()).to_numpy(), dtype=np.int64)


def _moments(column: pa.ChunkedArray) -> at.Integers:
    return np.asarray(column.cast(pa.int64()).fill_null(at.NEVER).to_numpy(), dtype=np.int64)


def _equals(column: pa.ChunkedArray, text: str) -> Any:
    return pc.equal(column, text).to_numpy()
