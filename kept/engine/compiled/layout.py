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

MICROSECONDS_A_DAY = 86_400_000_000
DAYS_TO_1970 = 719_162
"""Days from 1 January of the year 1 to 1 January 1970."""

Integers = NDArray[np.int64]

# An entry; SUSPECT to ITEM are the links, in the order of `LINKS`, each a number for each text and 0 for none.
(AT, ENTERED, CLASS, PLANNED, CRIME, VICTIM, SUSPECT, HEARING, ITEM, ANSWERS, ID, MOMENT, POSITION) = range(
    ENTRY_FIELDS := 13
)
SUSPECT_LINK, HEARING_LINK, EVERY_LINK = 1, 2, 7

# A subject, the one in this place; entries and postings from one place up to, not including, another.
(LEVEL, KNOWN_SINCE, FIRST_ENTRY, END_ENTRY, FIRST_POSTING, END_POSTING, PLACE) = range(SUBJECT_FIELDS := 7)
ON_VICTIM, ON_INVESTIGATION = 0, 1

# A rule; names ending in SET are sets of entries, in PROGRAM conditions.
(
    RULE_LEVEL, KIND, LINK_OWED_TO, WHICH, OWED_SET, CLOCK_SET, CLOCK_WORD, BEFORE_SET, PLANNED_SET, APPLIES,
    APPLIES_END, APPLIES_AT_DUE, LIMIT, ENHANCED_LIMIT, EXCEPTIONS, EXCEPTIONS_END, JUDGED_AT, STAGE_SET, MATURITY,
    PARTS, PARTS_END, OR_REASON_SET, DECLINED_SET, ENDS_SET, EXTINGUISHED_SET, REASON_SET, REFUSAL_SET, OPT_OUT,
    CREDIT, RECORDED_SET, TOUCHPOINT_SET, OPTED_OUT_SET, FLAG_PROGRAM, GATE_PROGRAM, ENHANCED_PROGRAM, LIMITED,
    FIRST_DAY, DAY_AFTER,
) = range(RULE_FIELDS := 38)  # fmt: skip
RESPOND, BEFORE, REPEAT, ALL_OF = range(4)
EACH, FIRST, LATEST = range(3)
AT_DUE, AT_STAGE, AT_MATURITY = range(3)
SURVIVES, ENDS, MOVES = range(3)
HOLDER_AT_START, HOLDER_AT_DUE, RECORDER, AGENCY = range(4)

# A part: the one answer of a duty, or one of those of an `all_of` duty.
(
    SPECIFIC_SET, GENERIC_SET, FIRST_EVER, MATCH, UNLINKED_COUNTS, SHARED, PART_APPLIES, PART_APPLIES_END,
    NOT_DONE_SET, PART_RANK,
) = range(PART_FIELDS := 10)  # fmt: skip

# A limit, an exception and one operation of a condition (postfix).
(UNIT, AMOUNT, AMOUNT_SET, AMOUNT_WORD, ROUNDING_UP, TO_END_OF_DAY) = range(LIMIT_FIELDS := 6)
HOURS, DAYS, WORKING_DAYS, MONTHS, UNTIL = range(5)
(WHEN_PROGRAM, EXCEPTION_LIMIT, PRIORITY) = range(EXCEPTION_FIELDS := 3)
(OPERATION, FACT_SET, TEST, IF_ABSENT, WORD) = range(OPERATION_FIELDS := 5)
FACT_IS, FACT_BETWEEN, FACT_KNOWN, START_IS, ALL, ANY, NOT = range(7)

# A start and what follows from it alone. EVENT is what happened; IDENT the entry whose id it bears.
(
    EVENT, IDENT, STARTS_AT, STARTED_ENTERED, CLOCK, KNOWN_BY, START_LIMIT, DUE, MISSING, FLAG, GATE, CANCELLED,
    SAID_UNTIL, BEGINS, SCOPE_CRIME, SCOPE_VICTIM,
) = range(START_FIELDS := 16)  # fmt: skip

# A row of the result: what is small, and what is a moment or a span. Entries are given by their position.
(
    ROW_SUBJECT, ROW_RULE, ROW_PART, ROW_EVENT, ROW_IDENT, ROW_LIMIT, ROW_SETTLED, ROW_MISSING, ROW_ANSWER, ROW_ROLE,
    ROW_LINKED, ROW_GENERIC, ROW_AT_BEST, ROW_ENTERED_BY_DUE, ROW_REASON, ROW_REASON_AFTER_DUE, ROW_ENDED_BY,
    ROW_MOVED, ROW_FLAG, ROW_GATE, ROW_POSTING, ROW_TOUCHPOINT, ROW_RECORDED,
) = range(ROW_FIELDS := 23)  # fmt: skip
(ROW_START, ROW_CLOCK, ROW_DUE, ROW_JUDGED, ROW_ANSWERED, ROW_LATE_BY) = range(ROW_MOMENTS := 6)
WHOLE = -1

# What was found last of a program, and for what it was asked.
(FOR_EVENT, FOR_AT, FOR_BY, FOR_CRIME, FOR_VICTIM, FOUND_TRUTH, FOUND_MISSING) = range(MEMORY_FIELDS := 7)

EXPLICIT, SAME, UNLINKED, NOT_LINKED = range(4)
BY_SPECIFIC, BY_REASON = range(2)

NOT_MEASURABLE, MET, LAPSED, DECLINED, PENDING, REASONED, LATE, NOT_DONE, NO_RECORD = range(9)
"""The states in the order of `states.STATES`."""


class Tables(NamedTuple):
    """Everything that the steps read, and what they write down on the way (`who`, `begins` to `fault`).

    entries      a row for each entry, in order
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
    begins, ends for each set, where its entries are in `listed`, from one place up to, not including, the other
    touched      how many sets have an entry, then which
    remembered   for each program, what was found last
    omitted      of what did not arise, the subject's place and the cause
    out, moments the rows
    written      how many rows there are, and how many did not arise; may be more than there is room for
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
    begins: Integers
    ends: Integers
    touched: Integers
    listed: Integers
    starts: Integers
    events: Integers
    used: NDArray[np.bool_]
    stack: Integers
    remembered: Integers
    fault: Integers
    omitted: NDArray[np.int32]
    out: NDArray[np.int32]
    moments: Integers
    written: Integers


Table = Any
"""`Tables`, as compiled code holds it (`table.py`)."""
