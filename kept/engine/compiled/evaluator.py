"""The compiled evaluator as a whole: tables of timelines in, rows of obligations out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from kept.engine.compiled import layout as at
from kept.engine.compiled.days import calendar_tables, moment_of
from kept.engine.compiled.entries import Held, Shaped, shaped
from kept.engine.compiled.obligation import rows
from kept.engine.compiled.rulebook import Book, compiled
from kept.engine.compiled.timeline import evaluate
from kept.engine.compiled.words import Classes
from kept.engine.rules import Rules
from kept.engine.states import STATES, WORST_FIRST

_ROWS_AN_ENTRY = 2  # a first guess at how many rows there will be; too small a one costs a second pass


@dataclass(slots=True)
class Evaluator:
    """A rulebook made ready for the compiled pass. Not to be shared by threads.

    `names` gives the word of each code of `kind` in the entries to come.
    """

    rules: Rules
    names: Mapping[int, str]
    book: Book = field(init=False)
    classes: Classes = field(init=False)

    def __post_init__(self) -> None:
        self.book = compiled(self.rules)
        self.classes = Classes(self.book.words, self.rules.vocabulary)

    def evaluate(
        self, subjects: pa.Table, entries: pa.Table, held: Held, as_of: datetime
    ) -> tuple[pa.Table, Counter[tuple[str, str]]]:
        """The rows of some subjects, in order, and by (duty, cause) how many obligations did not arise.

        Raises CalendarError where a limit runs beyond the days that the calendar knows.
        """
        what = shaped(subjects, entries, self.names, held, self.classes, as_of)
        capacity = _ROWS_AN_ENTRY * len(what.entries) + 1
        while True:
            tables = self._tables(what, capacity)
            count = evaluate(*tables)
            self._raise_fault(tables)
            if count <= capacity:
                causes = zip(self.book.causes, tables.not_arisen.tolist(), strict=True)
                not_arisen = Counter[tuple[str, str]]()
                for cause, number in causes:
                    if number:
                        not_arisen[cause] += number
                return rows(tables.out[:, :count], what, held, self.book), not_arisen
            capacity = count

    def _tables(self, what: Shaped, capacity: int) -> at.Tables:
        most = int(np.max(what.arrays["subjects"][at.END_ENTRY] - what.arrays["subjects"][at.FIRST_ENTRY], initial=0))
        sets = len(self.book.words.sets)
        classes = self.classes.tables()
        widest = int(np.max(np.diff(classes["sets_from"]), initial=0))
        deepest = max((len(self.book.operations), 1))
        scratch: dict[str, Any] = {
            "who": np.zeros(at.SUBJECT_FIELDS, dtype=np.int64),
            "offset": np.zeros(sets + 1, dtype=np.int64),
            "filled": np.zeros(sets, dtype=np.int64),
            "listed": np.zeros(most * widest + 1, dtype=np.int64),
            "starts": np.zeros((most + 1, at.START_FIELDS), dtype=np.int64),
            "events": np.zeros(3 * most + 1, dtype=np.int64),
            "used": np.zeros(len(what.entries), dtype=np.bool_),
            "stack": np.zeros((2, deepest), dtype=np.int64),
            "fault": np.zeros(5, dtype=np.int64),
            "not_arisen": np.zeros(len(self.book.causes), dtype=np.int64),
            "out": np.zeros((at.ROW_FIELDS, capacity), dtype=np.int64),
            "written": np.zeros(1, dtype=np.int64),
            "worst_first": np.array([WORST_FIRST.index(row.state) for row in STATES], dtype=np.int64),
        }
        days = calendar_tables(self.rules.calendar)
        return at.Tables(**what.arrays, **self.book.tables(), **classes, **days, **scratch)

    def _raise_fault(self, tables: at.Tables) -> None:
        """Let the calendar itself say what it does not know."""
        found, moment, amount, unit, rounding_up = tables.fault.tolist()
        if found:
            self.rules.calendar.after(moment_of(moment), amount, _UNITS[unit], "up" if rounding_up else "down")
            raise AssertionError("The calendar knows a day that its tables do not.")


_UNITS = {at.HOURS: "hours", at.DAYS: "days", at.WORKING_DAYS: "working_days", at.MONTHS: "months"}
