"""From stored timelines to the integers that the compiled pass reads, as of one moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from kept.code.model import START_FIELDS
from kept.contract.vocabulary import Vocabulary
from kept.engine.compiled import layout as at
from kept.engine.compiled.columns import Column, Turns, as_stored, codes, complete, microseconds, texts_at
from kept.engine.compiled.gathering import Columns, Whose, add_to_keys, gather, look
from kept.engine.compiled.room import Room
from kept.engine.compiled.subjects import Known
from kept.engine.compiled.words import Classes, like, text_of

COLUMNS = (*(name for name in Columns._fields if name != "made"), *START_FIELDS)
"""What the compiled pass reads of an entry; and `made`, where it is stored."""
NUMBER, MOMENTS = 1, 2
"""The types of value that are read as numbers, in `Kinds.typed`."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What the codes of `kind` stand for: the word of each, and which of them any rule reads.

    `read` is true for each level and code that some rule of that level reads; `typed` says of each code whether the
    values of the fact are numbers or moments.
    """

    names: Mapping[int, str]
    read: Any
    typed: Any

    @staticmethod
    def of(names: Mapping[int, str], read: Any, vocabulary: Vocabulary) -> "Kinds":
        typed = np.zeros(max(names, default=0) + 1, dtype=np.int8)
        for code, name in names.items():
            if name in vocabulary.attributes:
                typed[code] = {"number": NUMBER, "moment": MOMENTS}.get(vocabulary.attributes[name].type, 0)
        return Kinds(names, read, typed)


@dataclass(frozen=True, slots=True)
class Shaped:
    """Some subjects and what was seen of them, as arrays of `Tables`; `numbers` are those of the subjects."""

    numbers: at.Integers
    arrays: Mapping[str, Any]
    turning: Turns


def shaped(known: Known, entries: pa.Table, kinds: Kinds, classes: Classes, as_of: int, room: Room) -> Shaped:
    """The entries that were seen by a moment, of COLUMNS and, where they are stored, `made`; a subject's together.

    Some of the arrays stand in `room`: they are good until it is used again.
    """
    columns = _columns(entries)
    seen, turning = _seen(columns, known, kinds, as_of, room)
    seen = _in_order(columns, seen, kinds.names)
    table = room.array("entries", len(seen), at.ENTRY_FIELDS)
    firsts, valued = (room.array(name, len(seen)) for name in ("firsts", "valued"))
    people, values = gather(columns, seen, kinds.typed, table, firsts, valued)
    firsts, valued = firsts[:people], valued[:values]
    table[:, at.CLASS] = _classes(list(_traits(entries, columns, kinds.names, classes)), seen, kinds.names, classes)
    of_subjects = columns.subject[seen[firsts]]
    arrays = {
        "entries": table,
        "numbers": _values(entries.column("value"), kinds.typed[columns.kind[seen[valued]]], seen, valued, table),
        "subjects": _subjects(known, of_subjects, firsts, len(seen)),
        "postings": known.held.spans,
        "as_of": as_of,
    }
    return Shaped(of_subjects, arrays, turning)


def _columns(entries: pa.Table) -> Columns:
    """The columns as arrays; those of a table that does not store `made` count whatever made them."""
    given = pa.table({"made": pa.array([], pa.int32())}) if "made" not in entries.column_names else entries
    found = {name: as_stored((given if name == "made" else entries).column(name)) for name in Columns._fields}
    arrays: dict[str, Any] = {name: one.numbers for name, one in found.items()}
    return Columns(**arrays | {name: found[name] for name in ("withdrawn", "since")})


def _seen(columns: Columns, known: Known, kinds: Kinds, as_of: int, room: Room) -> tuple[at.Integers, Turns]:
    """Where the entries stand that concern the rules and were seen by a moment, and when the clock changes that."""
    seen, people, turns = (room.array(name, len(columns.subject)) for name in ("seen", "people", "turns"))
    whose = Whose(known.numbers, known.level, known.made, kinds.read)
    count, persons = look(columns, whose, as_of, seen, people, turns)
    people, turns = people[:persons], turns[:persons]
    of_subjects = Turns.after(as_of, people, known.turning.of(people))
    return seen[:count], Turns.soonest([Turns.after(as_of, people, turns), of_subjects])


def _in_order(columns: Columns, seen: at.Integers, names: Mapping[int, str]) -> at.Integers:
    """The places of entries in the order subject, moment, kind and id.

    They are stored by the kinds' codes, which loads decide.
    """
    rank = np.zeros(max(names, default=0) + 1, dtype=np.int64)
    rank[sorted(names, key=lambda code: names[code])] = np.arange(len(names))
    if np.all(np.diff(rank[sorted(names)]) > 0):
        return seen
    return seen[np.lexsort((rank[columns.kind[seen]], columns.at[seen], columns.subject[seen]))]


def _subjects(known: Known, numbers: at.Integers, firsts: at.Integers, entries: int) -> at.Integers:
    place = np.searchsorted(known.numbers, numbers)
    table = np.zeros((at.SUBJECT_FIELDS, len(place)), dtype=np.int64)
    table[at.LEVEL], table[at.KNOWN_SINCE] = known.level[place], known.since[place]
    table[at.FIRST_ENTRY], table[at.END_ENTRY] = firsts, np.append(firsts[1:], entries)[: len(firsts)]
    table[at.FIRST_POSTING], table[at.END_POSTING] = known.first_posting[place], known.end_posting[place]
    table[at.PLACE] = np.arange(len(place))
    return table


class _Trait(NamedTuple):
    """One thing by which entries are alike: numbers from 0, and the code below `size` of none, then of each."""

    column: Column
    meaning: at.Integers
    size: int


def _traits(entries: pa.Table, columns: Columns, names: Mapping[int, str], classes: Classes) -> Iterator[_Trait]:
    """What makes the class of an entry: kind, fact or not, planned or not, and each field that a rule asks about."""
    for column, size in ((columns.kind, max(names, default=0) + 1), (columns.is_fact, 2), (columns.planned, 2)):
        yield _Trait(complete(column), np.arange(-1, size), size)
    for name, texts in classes.asked.items():
        yield _Trait(*codes(entries.column(name), texts), len(texts) + 2)


def _classes(traits: Sequence[_Trait], seen: at.Integers, names: Mapping[int, str], classes: Classes) -> at.Integers:
    """The number of the class of each entry that is seen."""
    keys = np.zeros(len(seen), dtype=np.int64)
    for trait in traits:
        add_to_keys(*trait, seen, keys)
    encoded, sizes = pa.array(keys).dictionary_encode(), [trait.size for trait in traits]
    found = [_class(key, sizes, names, classes) for key in encoded.dictionary.to_pylist()]
    return np.array(found, dtype=np.int64)[encoded.indices.to_numpy()] if found else keys


def _class(key: int, sizes: Sequence[int], names: Mapping[int, str], classes: Classes) -> int:
    """The number of the class with a key; a new one is described first."""
    if key in classes.numbers:
        return classes.numbers[key]
    parts, rest = [], key
    for size in reversed(sizes):
        rest, part = divmod(rest, size)
        parts.append(part)
    kind, is_fact, planned, *of_fields = reversed(parts)
    asked = zip(classes.asked.items(), of_fields, strict=True)
    texts = {name: text_of(texts, code) for (name, texts), code in asked}
    return classes.add(key, like(names[kind], is_fact=bool(is_fact), planned=bool(planned), texts=texts))


def _values(column: pa.ChunkedArray, types: Any, seen: at.Integers, rows: at.Integers, table: at.Integers) -> Any:
    """The values of the facts in some rows that are numbers, else NaN; moments go into the rows of entries."""
    found = np.full(len(seen), np.nan)
    for into, type_, read in ((found, NUMBER, float), (table[:, at.MOMENT], MOMENTS, _moment)):
        wanted = rows[types == type_]
        texts, which = texts_at(column, seen[wanted])
        nothing = np.nan if type_ == NUMBER else at.NEVER
        known = np.array([read(text) if text else nothing for text in [*texts, None]], dtype=into.dtype)
        into[wanted] = known[which]
    return found


def _moment(text: str) -> int:
    return microseconds(datetime.fromisoformat(text).astimezone(UTC))
