"""Where things stand in the integer tables: one name for each column.

Moments are microseconds since 1970 in UTC, and `NEVER` where there is none. A position is the place of an entry in
the table of entries, which is in total order for each subject; `NOTHING` is none. Truth has three values.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = -(2**63)
NOTHING = -1
NO_SET = 0
"""The set of no entries."""
FALSE, TRUE, UNKNOWN = 0, 1, 2
TEST_BLANK, TEST_TRUE = 0, 1
"""The tests that every rulebook has: the value of a fact is blank; it is `true`."""

Integers = NDArray[np.int64]

# An entry; SUSPECT to ITEM are the links, in the order of `LINKS`, each a number for each text and 0 for none.
(AT, ENTERED, CLASS, PLANNED, CRIME, VICTIM, SUSPECT, HEARING, ITEM, ANSWERS, ID, MOMENT) = range(12)
ENTRY_FIELDS = 12
SUSPECT_LINK, HEARING_LINK, EVERY_LINK = 1, 2, 7

# A subject; entries and postings from one place up to, not including, another.
(LEVEL, KNOWN_SINCE, FIRST_ENTRY, END_ENTRY, FIRST_POSTING, END_POSTING) = range(6)
SUBJECT_FIELDS = 6
ON_VICTIM, ON_INVESTIGATION = 0, 1

# A rule; names ending in SET are sets of entries, in PROGRAM conditions.
(
    RULE_LEVEL, KIND, LINK_OWED_TO, WHICH, OWED_SET, CLOCK_SET, CLOCK_WORD, BEFORE_SET, PLANNED_SET, APPLIES,
    APPLIES_END, APPLIES_AT_DUE, LIMIT, ENHANCED_LIMIT, EXCEPTIONS, EXCEPTIONS_END, JUDGED_AT, STAGE_SET, MATURITY,
    PARTS, PARTS_END, OR_REASON_SET, DECLINED_SET, ENDS_SET, EXTINGUISHED_SET, REASON_SET, REFUSAL_SET, OPT_OUT,
    CREDIT, RECORDED_SET, TOUCHPOINT_SET, OPTED_OUT_SET, FLAG_PROGRAM, GATE_PROGRAM, ENHANCED_PROGRAM, LIMITED,
    FIRST_DAY, DAY_AFTER,
) = range(38)  # fmt: skip
RESPOND, BEFORE, REPEAT, ALL_OF = range(4)
EACH, FIRST, LATEST = range(3)
AT_DUE, AT_STAGE, AT_MATURITY = range(3)
SURVIVES, ENDS, MOVES = range(3)
HOLDER_AT_START, HOLDER_AT_DUE, RECORDER, AGENCY = range(4)

# A part: the one answer of a duty, or one of those of an `all_of` duty.
(
    SPECIFIC_SET, GENERIC_SET, FIRST_EVER, MATCH, UNLINKED_COUNTS, SHARED, PART_APPLIES, PART_APPLIES_END,
    NOT_DONE_SET, PART_RANK,
) = range(10)  # fmt: skip

# A limit, an exception and one operation of a condition (postfix).
(UNIT, AMOUNT, AMOUNT_SET, AMOUNT_WORD, ROUNDING_UP, TO_END_OF_DAY) = range(6)
HOURS, DAYS, WORKING_DAYS, MONTHS, UNTIL = range(5)
(WHEN_PROGRAM, EXCEPTION_LIMIT, PRIORITY) = range(3)
(OPERATION, FACT_SET, TEST, IF_ABSENT, WORD) = range(5)
FACT_IS, FACT_BETWEEN, FACT_KNOWN, START_IS, ALL, ANY, NOT = range(7)

# A start and what follows from it alone. EVENT is what happened; IDENT the entry whose id it bears.
(
    EVENT, IDENT, STARTS_AT, STARTED_ENTERED, CLOCK, KNOWN_BY, START_LIMIT, DUE, MISSING, FLAG, GATE, CANCELLED,
    SAID_UNTIL, BEGINS, SCOPE_CRIME, SCOPE_VICTIM,
) = range(16)  # fmt: skip
START_FIELDS = 16

# A row of the result, beside the start's own columns.
(
    ROW_SUBJECT, ROW_RULE, ROW_PART, ROW_EVENT, ROW_IDENT, ROW_START, ROW_CLOCK, ROW_LIMIT, ROW_DUE, ROW_JUDGED,
    ROW_STATE, ROW_MISSING, ROW_ANSWER, ROW_ROLE, ROW_LINKED, ROW_GENERIC, ROW_LATE_BY, ROW_AT_BEST,
    ROW_ENTERED_BY_DUE, ROW_REASON, ROW_REASON_AFTER_DUE, ROW_ENDED_BY, ROW_MOVED, ROW_FLAG, ROW_GATE, ROW_POSTING,
    ROW_TOUCHPOINT, ROW_RECORDED,
) = range(28)  # fmt: skip
ROW_FIELDS = 28
WHOLE = -1

EXPLICIT, SAME, UNLINKED, NOT_LINKED = range(4)
BY_SPECIFIC, BY_REASON = range(2)

NOT_MEASURABLE, MET, LAPSED, DECLINED, PENDING, REASONED, LATE, NOT_DONE, NO_RECORD = range(9)
"""The states in the order of `states.STATES`."""


class Tables(NamedTuple):
    """Everything that the steps read, and what they write down on the way (`who`, `offset` to `fault`).

    entries      ENTRY_FIELDS × entries
    numbers      what each entry's value is as a number, else NaN
    sets_from    for each class of entry, where its sets begin in `sets`; one more at the end
    holds        tests × classes: whether a condition's test holds of a class
    vacating     for each class, the set of the events that cancel a plan of it
    conjuncts    the conditions that all must hold: a program each
    programs     where each program begins in `operations`; one more at the end
    bounds       for each operation, at least and below
    midnights    when each London day begins, the first day being 1 January of the year 1
    worked       for each day of the calendar's years, how many working days there were up to its end
    working      the working days
    postings     from and to of each, in order for each investigation
    offset       for each set, where its positions begin in `listed`; one more at the end
    """

    as_of: int
    entries: Integers
    numbers: NDArray[np.float64]
    subjects: Integers
    rules: Integers
    parts: Integers
    limits: Integers
    exceptions: Integers
    conjuncts: Integers
    programs: Integers
    operations: Integers
    bounds: NDArray[np.float64]
    sets_from: Integers
    sets: Integers
    holds: NDArray[np.bool_]
    vacating: Integers
    midnights: Integers
    worked: Integers
    working: Integers
    first_known: int
    worst_first: Integers
    postings: Integers
    who: Integers
    offset: Integers
    filled: Integers
    listed: Integers
    starts: Integers
    events: Integers
    used: NDArray[np.bool_]
    stack: Integers
    fault: Integers
    not_arisen: Integers
    out: Integers
    written: Integers


Table = Any
"""`Tables`, as compiled code holds it (`table.py`)."""
