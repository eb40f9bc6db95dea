"""Reading a store version piece by piece: the subjects of a span of numbers, and what concerns them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from kept.engine.entries import Posting, Timeline
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.engine.reads import words_read
from kept.engine.rules import Rules
from kept.records.store import StoreVersion

Held = Mapping[str, list[Posting]]
"""Who held each investigation, in order of time."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One piece of work: the subjects from `first` up to, not including, `last`."""

    number: int
    first: int
    last: int


def slices(version: StoreVersion, size: int) -> list[Slice]:
    """The subjects of a version in pieces of so many."""
    numbers = sorted(version.scan("subjects").to_table(columns=["subject"]).column("subject").unique().to_pylist())
    firsts = numbers[::size]
    ends = [*firsts[1:], numbers[-1] + 1] if numbers else []
    return [Slice(number, first, last) for number, (first, last) in enumerate(zip(firsts, ends, strict=True))]


def read(version: StoreVersion, part: Slice, read_by: Rules | None = None) -> tuple[pa.Table, pa.Table]:
    """The subjects of a slice and their entries; with `read_by`, only the entries that those rules read."""
    within = (ds.field("subject") >= part.first) & (ds.field("subject") < part.last)
    subjects = version.scan("subjects").to_table(filter=within)
    entries = version.entries_of(subjects.column("subject").to_numpy())
    if read_by is not None:
        entries = entries.filter(_read(subjects, entries, version.codes, read_by))
    return subjects, entries


def timelines(version: StoreVersion, held: Held, part: Slice, as_of: datetime) -> Iterator[Timeline]:
    """The timelines of the subjects of a slice that were known by a moment; `held` is what `postings` gives."""
    words = {code: name for name, code in version.codes.items()}
    for subject, found in subjects_with_entries(*read(version, part), words, as_of):
        postings = [one for one in held.get(subject.investigation, []) if one.start <= as_of]
        yield Timeline(subject, found, postings, as_of)


def postings(version: StoreVersion) -> Held:
    """Who held each investigation, in order of time."""
    return postings_by_investigation(version.postings())


def _read(subjects: pa.Table, entries: pa.Table, codes: Mapping[str, int], rules: Rules) -> pa.Array:
    """Which entries the rules for their subject's kind read."""
    numbers = subjects.filter(pc.field("kind") == "investigation").column("subject")
    read = {
        kind: pc.is_in(
            entries.column("kind"),
            pa.array([codes[word] for word in words_read(rules, kind) if word in codes], pa.int16()),
        )
        for kind in rules.by_start
    }
    of_investigations = pc.is_in(entries.column("subject"), numbers.combine_chunks())
    return pc.if_else(of_investigations, read["investigation"], read["victim"])
