"""From stored timelines to the integers that the compiled pass reads, as of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from kept.code.model import START_FIELDS
from kept.contract.vocabulary import Vocabulary
from kept.engine.compiled import layout as at
from kept.engine.compiled.columns import Turns, codes, integers, looked_up, microseconds, moments, texts_at
from kept.engine.compiled.gathering import gather
from kept.engine.compiled.subjects import Known
from kept.engine.compiled.words import Classes, like, text_of

_LINKS = ("crime_no", "victim_no", "suspect_no", "hearing_no", "item_no", "answers_no", "id_no")
"""The columns that become CRIME to ID."""
COLUMNS = (
    "subject", "at", "kind", "is_fact", "planned", "entered", "withdrawn", "since", "position", *START_FIELDS, *_LINKS,
)  # fmt: skip
"""What the compiled pass reads of an entry."""
SMALL = ("kind", "is_fact", "planned", *START_FIELDS, "position", *_LINKS)
"""What is a small number in an entry, in the order that `gathering` has; the first nine make its class."""
KIND, IS_FACT = 0, 1


@dataclass(frozen=True, slots=True)
class Words:
    """What numbers in the entries stand for: the word of each code of `kind`, and which codes any rule reads.

    `read` is true for each level and code that some rule of that level reads.
    """

    names: Mapping[int, str]
    read: Any


@dataclass(frozen=True, slots=True)
class Shaped:
    """Some subjects and what was seen of them, as arrays of `Tables`; `numbers` are those of the subjects."""

    numbers: at.Integers
    arrays: Mapping[str, Any]
    turning: Turns


def shaped(known: Known, entries: pa.Table, words: Words, classes: Classes, as_of: int) -> Shaped:
    """The entries that were seen by a moment, of COLUMNS and, where they are stored, `made`; a subject's together."""
    numbers = integers(entries.column("subject"))
    place, everybody = _places(known, numbers), numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]
    columns = _Columns.of(entries, classes)
    seen, turning = _seen(columns, numbers, _concerns(known, entries, columns, place, words), as_of)
    seen = _in_order(columns, numbers, seen, words.names)
    numbers, place = numbers[seen], place[seen]
    table, values = _entries(entries, columns, seen, words.names, classes)
    first = np.flatnonzero(np.diff(numbers, prepend=-1))
    arrays = {
        "entries": table,
        "numbers": values,
        "subjects": _subjects(known, place[first], first, len(numbers)),
        "postings": known.held.spans,
        "as_of": as_of,
    }
    of_subjects = Turns.after(as_of, everybody, known.turning.of(everybody))
    return Shaped(numbers[first], arrays, Turns.soonest([turning, of_subjects]))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of entries as numbers: a row for each of SMALL, and moments; `sizes` bounds what makes a class."""

    small: Any
    moments: at.Integers
    withdrawn: at.Integers
    since: at.Integers
    sizes: at.Integers

    @staticmethod
    def of(entries: pa.Table, classes: Classes) -> "_Columns":
        named = classes.named
        small = np.empty((len(SMALL), len(entries)), dtype=np.int32)
        for row, name in enumerate(SMALL):
            if name not in named:
                small[row] = entries.column(name).to_numpy()
            elif named[name]:
                small[row] = codes(entries.column(name), named[name])
            else:
                small[row] = 0  # no rule asks about it
        return _Columns(
            small,
            np.stack([moments(entries.column(name)) for name in ("at", "entered")]),
            moments(entries.column("withdrawn")),
            moments(entries.column("since")),
            np.array([2**15, 2, 2, *(len(named[name]) + 2 for name in START_FIELDS)], dtype=np.int64),
        )


def _places(known: Known, numbers: at.Integers) -> at.Integers:
    """For each entry the place of its subject among those known; NOTHING where it is none of them."""
    first = np.flatnonzero(np.diff(numbers, prepend=-1))
    place = looked_up(numbers[first], known.numbers, np.arange(len(known.numbers)), at.NOTHING)
    return np.repeat(place, np.diff(first, append=len(numbers)))


def _concerns(known: Known, entries: pa.Table, columns: _Columns, place: at.Integers, words: Words) -> Any:
    """Which entries count, of subjects that are known, and are read by some rule for them."""
    if not len(known.numbers):
        return np.zeros(len(entries), dtype=np.bool_)
    concerns = (place != at.NOTHING) & words.read[known.level[place], columns.small[KIND]]
    if "made" in entries.column_names:
        concerns &= known.made[place] == entries.column("made").to_numpy()
    return concerns


def _seen(columns: _Columns, numbers: at.Integers, concerns: Any, as_of: int) -> tuple[at.Integers, Turns]:
    """Where the entries stand that concern the rules and were seen by a moment, and when the clock changes that."""
    happened, entered = columns.moments
    withdrawn, stands = columns.withdrawn, np.maximum(entered, columns.since)
    seen = concerns & (stands <= as_of) & ((withdrawn == at.NEVER) | (as_of < withdrawn))
    holds_later = (happened > as_of) & (columns.small[IS_FACT] == 1)
    later = np.flatnonzero(concerns & ((stands > as_of) | (withdrawn > as_of) | holds_later))
    holds_from = np.where(columns.small[IS_FACT, later], happened[later], at.NEVER)
    turning = Turns.after(as_of, numbers[later], stands[later], withdrawn[later], holds_from)
    return np.flatnonzero(seen), turning


def _in_order(columns: _Columns, numbers: at.Integers, seen: at.Integers, names: Mapping[int, str]) -> at.Integers:
    """The places of entries in the order subject, moment, kind and id.

    They are stored by the kinds' codes, which loads decide.
    """
    rank = np.zeros(max(names, default=0) + 1, dtype=np.int64)
    rank[sorted(names, key=lambda code: names[code])] = np.arange(len(names))
    if np.all(np.diff(rank[sorted(names)]) > 0):
        return seen
    return seen[np.lexsort((rank[columns.small[KIND, seen]], columns.moments[0, seen], numbers[seen]))]


def _subjects(known: Known, place: at.Integers, first: at.Integers, entries: int) -> at.Integers:
    table = np.zeros((at.SUBJECT_FIELDS, len(place)), dtype=np.int64)
    table[at.LEVEL], table[at.KNOWN_SINCE] = known.level[place], known.since[place]
    table[at.FIRST_ENTRY], table[at.END_ENTRY] = first, np.append(first[1:], entries)[: len(first)]
    table[at.FIRST_POSTING], table[at.END_POSTING] = known.first_posting[place], known.end_posting[place]
    table[at.PLACE] = np.arange(len(place))
    return table


def _entries(
    entries: pa.Table, columns: _Columns, seen: at.Integers, names: Mapping[int, str], classes: Classes
) -> tuple[at.Integers, Any]:
    """The rows of entries, and their values as numbers."""
    table = np.empty((len(seen), at.ENTRY_FIELDS), dtype=np.int64)
    keys = np.empty(len(seen), dtype=np.int64)
    gather(seen, columns.small, columns.moments, columns.sizes, table, keys)
    table[:, at.CLASS] = _classes(keys, columns.sizes.tolist(), names, classes)
    return table, _values(entries.column("value"), columns, seen, table, names, classes.vocabulary)


def _classes(keys: at.Integers, sizes: Sequence[int], names: Mapping[int, str], classes: Classes) -> at.Integers:
    encoded = pa.array(keys).dictionary_encode()
    numbers = [_class(int(one), sizes, names, classes) for one in encoded.dictionary.to_pylist()]
    return np.array(numbers, dtype=np.int64)[encoded.indices.to_numpy()] if numbers else keys


def _class(key: int, sizes: Sequence[int], names: Mapping[int, str], classes: Classes) -> int:
    """The number of the class with a key; a new one is described first."""
    if key in classes.numbers:
        return classes.numbers[key]
    parts, rest = [], key
    for size in reversed(sizes):
        rest, part = divmod(rest, size)
        parts.append(part)
    kind, is_fact, planned, *of_fields = reversed(parts)
    texts = {name: text_of(classes.named[name], code) for name, code in zip(START_FIELDS, of_fields, strict=True)}
    return classes.add(key, like(names[kind], is_fact=bool(is_fact), planned=bool(planned), texts=texts))


def _values(
    column: pa.ChunkedArray,
    columns: _Columns,
    seen: at.Integers,
    table: at.Integers,
    names: Mapping[int, str],
    vocabulary: Vocabulary,
) -> Any:
    """The values of the facts that are numbers, else NaN; those that are moments go into the rows of entries."""
    numbers = np.full(len(seen), np.nan)
    facts, kinds = columns.small[IS_FACT, seen] == 1, columns.small[KIND, seen]
    for into, type_, read in ((numbers, "number", float), (table[:, at.MOMENT], "moment", _moment)):
        wanted = np.zeros(max(names, default=0) + 1, dtype=np.bool_)
        wanted[[code for code, name in names.items() if _type(vocabulary, name) == type_]] = True
        rows = np.flatnonzero(facts & wanted[kinds])
        texts, which = texts_at(column, seen[rows])
        nothing = np.nan if type_ == "number" else at.NEVER
        known = np.array([read(text) if text else nothing for text in [*texts, None]], dtype=into.dtype)
        into[rows] = known[which]
    return numbers


def _type(vocabulary: Vocabulary, name: str) -> str:
    return vocabulary.attributes[name].type if name in vocabulary.attributes else ""


def _moment(text: str) -> int:
    return microseconds(datetime.fromisoformat(text).astimezone(UTC))
