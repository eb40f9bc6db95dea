"""The compiled evaluator as a whole: stored timelines in, stored rows of obligations out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from kept.engine.compiled import layout as at
from kept.engine.compiled.columns import Turns, moment_of
from kept.engine.compiled.days import calendar_tables
from kept.engine.compiled.entries import Kinds, Shaped, shaped
from kept.engine.compiled.obligation import stored
from kept.engine.compiled.room import Room
from kept.engine.compiled.rulebook import UNITS, Book, compiled
from kept.engine.compiled.subjects import Known
from kept.engine.compiled.timeline import evaluate
from kept.engine.compiled.words import Classes
from kept.engine.reads import words_read
from kept.engine.rows import OMITTED
from kept.engine.rules import Rules
from kept.engine.states import STATE_NAMES, WORST_FIRST

_LEVELS = {at.ON_VICTIM: "victim", at.ON_INVESTIGATION: "investigation"}
_WORST_FIRST = np.array([WORST_FIRST.index(state) for state in STATE_NAMES], dtype=np.int64)
_UNITS = {number: name for name, number in UNITS.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """What became of some subjects: rows (schema STORED), what did not arise (OMITTED), and when the clock turns.

    `subjects` is how many of them had anything that a rule reads.
    """

    subjects: int
    rows: pa.Table
    omitted: pa.Table
    turning: Turns


@dataclass(slots=True)
class Evaluator:
    """A rulebook made ready for the compiled pass. Not to be shared by threads.

    `names` gives the word of each code of `kind` in the entries to come.
    """

    rules: Rules
    names: Mapping[int, str]
    book: Book = field(init=False)
    classes: Classes = field(init=False)
    _kinds: Kinds = field(init=False)
    _of_rules: dict[str, Any] = field(init=False)
    _room: Room = field(init=False, default_factory=Room)

    def __post_init__(self) -> None:
        self.book = compiled(self.rules)
        self.classes = Classes(self.book.words, self.rules.vocabulary)
        read = np.zeros((len(_LEVELS), max(self.names, default=0) + 1), dtype=np.bool_)
        for level, name in _LEVELS.items():
            wanted = words_read(self.rules, name)
            read[level, [code for code, word in self.names.items() if word in wanted]] = True
        self._kinds = Kinds.of(self.names, read, self.rules.vocabulary)
        self._of_rules = {**self.book.tables(), **calendar_tables(self.rules.calendar), "worst_first": _WORST_FIRST}

    def evaluate(self, known: Known, entries: pa.Table, as_of: int) -> Found:
        """What became of the subjects that have entries. `as_of` is in microseconds since 1970.

        Raises CalendarError where a limit runs beyond the days that the calendar knows.
        """
        what = shaped(known, entries, self._kinds, self.classes, as_of, self._room)
        rows = omitted = len(what.arrays["numbers"]) + 1
        while True:
            tables = self._tables(what, rows, omitted)
            evaluate(tables)
            self._raise_fault(tables)
            enough = (rows, omitted)
            rows, omitted = tables.written.tolist()
            if rows <= enough[0] and omitted <= enough[1]:
                break
        return Found(
            len(what.numbers),
            stored(what.numbers, tables.out[:, :rows], tables.moments[:, :rows]),
            self._omitted(what, tables.omitted[:, :omitted]),
            what.turning,
        )

    def _omitted(self, what: Shaped, omitted: Any) -> pa.Table:
        return pa.table([what.numbers[omitted[0]], omitted[1].astype(np.int16)], schema=OMITTED)

    def _tables(self, what: Shaped, rows: int, omitted: int) -> at.Tables:
        """What the pass reads, and room for so many rows and so many obligations that did not arise."""
        subjects = what.arrays["subjects"]
        most = int(np.max(subjects[at.END_ENTRY] - subjects[at.FIRST_ENTRY], initial=0))
        sets, programs = len(self.book.words.sets), len(self.book.programs)
        classes = self.classes.tables()
        widest = int(np.max(np.diff(classes["sets_from"]), initial=0))
        array = self._room.array
        scratch: dict[str, Any] = {
            "who": np.zeros(at.SUBJECT_FIELDS, dtype=np.int64),
            "begins": np.zeros(sets, dtype=np.int64),
            "ends": np.zeros(sets, dtype=np.int64),
            "touched": np.zeros(sets + 1, dtype=np.int64),
            "listed": array("listed", most * widest + 1),
            "starts": array("starts", most + 1, at.START_FIELDS),
            "events": array("events", 3 * most + 1),
            "used": np.zeros(len(what.arrays["numbers"]), dtype=np.bool_),
            "stack": np.zeros((2, len(self.book.operations) + 1), dtype=np.int64),
            "remembered": np.full((programs, at.MEMORY_FIELDS), at.NOTHING, dtype=np.int64),
            "fault": np.zeros(5, dtype=np.int64),
            "written": np.zeros(2, dtype=np.int64),
            "out": array("out", at.ROW_FIELDS, rows, of=np.int32),
            "moments": array("moments", at.ROW_MOMENTS, rows),
            "omitted": array("omitted", 2, omitted, of=np.int32),
        }
        return at.Tables(**what.arrays, **self._of_rules, **classes, **scratch)

    def _raise_fault(self, tables: at.Tables) -> None:
        """Let the calendar itself say what it does not know."""
        found, moment, amount, unit, rounding_up = tables.fault.tolist()
        if found:
            self.rules.calendar.after(moment_of(moment), amount, _UNITS[unit], "up" if rounding_up else "down")
            raise AssertionError("The calendar knows a day that its tables do not.")
