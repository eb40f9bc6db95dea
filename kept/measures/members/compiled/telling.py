"""One pass over the entries of a row group: which a run saw, and what they say of each member, column by column.

A member is a subject, or what a text of a subject's entries names, such as one crime of an investigation. What is said
of none by name is said of the whole, whose cells stand in row 0.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kept.engine.compiled.columns import Column
from kept.engine.compiled.kernel import kernel, within

Integers = NDArray[np.int64]
NONE = -1
"""The code of a text, the level of a subject, or the entry in a cell that is not there."""
FIRST, LAST, COUNT, WHO, FACT, SINCE = range(6)
"""How a cell comes from entries; of the last three it holds the place of the entry until the subject is finished."""
LATEST, EARLIEST = np.iinfo(np.int64).max, np.iinfo(np.int64).min
WHOLE = 0
LEVEL, KEY, FIRST_COLUMN, END_COLUMN, SHARES_ALL = range(5)
"""The fields of a population: of whose timelines, which text names its members, its columns, and whether all that is
said of the whole is said of each member, and not facts alone."""
COLUMN, FIRST_CONDITION, END_CONDITION = range(3)
"""The fields of a rule: the column that an entry tells, and what its texts must be."""


class Entries(NamedTuple):
    """Entries as they are stored, in order of subject and moment; `texts` has the codes of each text's words."""

    subject: Integers
    made: Any
    kind: Any
    planned: Any
    at: Integers
    entered: Integers
    withdrawn: Column
    since: Column
    texts: Any


class Whose(NamedTuple):
    """Of each number of a bucket, from `first` on, the load that made its timeline and its level; NONE if not known."""

    first: int
    made: Integers
    level: Integers


class Plan(NamedTuple):
    """What is to be gathered.

    wanted       of each kind whether any column looks at it
    concerns     of each population and kind whether its entries tell or name anything
    names        of each population and kind whether its entries name members
    populations  a row of LEVEL … SHARES_ALL each
    hows         of each column how it comes from entries
    firsts, ends of each population and kind where its rules begin and end
    rules        a row of COLUMN … END_CONDITION each, in order of their columns
    conditions   of each the text it asks about, and where in `allowed` the first word of that text stands
    allowed      whether each word fulfils a condition
    value, by    which texts are the values of facts, and who did something
    blanks       of each text the code of the blank word
    """

    wanted: Any
    concerns: Any
    names: Any
    populations: Integers
    hows: Integers
    firsts: Integers
    ends: Integers
    rules: Integers
    conditions: Integers
    allowed: Any
    value: int
    by: int
    blanks: Integers


class Told(NamedTuple):
    """What is written: a row for each member of each population, from 1; `counts` is where the next one goes.

    The arrays `cells` … `named` have a column for each column or population: so that what belongs to one member lies
    together, and only memory that is written to is taken. `rows` leads from a key of the present subject to its
    member, and `begun` says where that subject's members begin.
    """

    cells: Integers
    subjects: Integers
    keys: Integers
    named: Any
    rows: Integers
    begun: Integers
    counts: Integers


@kernel
def tell(entries: Entries, whose: Whose, plan: Plan, told: Told, as_of: int) -> None:
    """Gather what the entries of some subjects say, as seen at a moment; a subject's entries stand together."""
    subject = NONE
    for place in range(entries.subject.shape[0]):
        if entries.subject[place] != subject:
            _finish(entries, plan, told)
            subject = entries.subject[place]
            _begin(plan, told)
        number = subject - whose.first
        counts = plan.wanted[entries.kind[place]] and whose.made[number] == entries.made[place]
        if counts and _seen(entries, place, as_of):
            _add(entries, plan, told, place, whose.level[number])
    _finish(entries, plan, told)


@within
def _seen(entries: Entries, place: int, as_of: int) -> bool:
    if entries.planned[place] or entries.at[place] > as_of:
        return False
    stands = entries.since.numbers[place] if _there(entries.since, place) else entries.entered[place]
    return stands <= as_of and not (_there(entries.withdrawn, place) and entries.withdrawn.numbers[place] <= as_of)


@within
def _there(column: Column, place: int) -> bool:
    return column.there.shape[0] == 0 or bool(column.there[place >> 3] >> (place & 7) & 1)


@kernel
def copy_codes(text: Column, into: Any) -> None:
    """Write the codes of a text one after another, NONE where there is none."""
    for place in range(into.shape[0]):
        into[place] = text.numbers[place] if _there(text, place) else NONE


@kernel
def _begin(plan: Plan, told: Told) -> None:
    for one in range(told.counts.shape[0]):
        told.begun[one] = told.counts[one]
    _clear(plan, told, 0, plan.hows.shape[0], WHOLE)


@kernel
def _clear(plan: Plan, told: Told, first: int, end: int, row: int) -> None:
    for column in range(first, end):
        how = plan.hows[column]
        told.cells[row, column] = LATEST if how == FIRST else EARLIEST if how == LAST else 0 if how == COUNT else NONE


@within
def _add(entries: Entries, plan: Plan, told: Told, place: int, level: int) -> None:
    kind = entries.kind[place]
    for one in range(plan.populations.shape[0]):
        if plan.concerns[one, kind] and plan.populations[one, LEVEL] == level:
            row = _row(entries, plan, told, one, place)
            before = NONE
            for rule in range(plan.firsts[one, kind], plan.ends[one, kind]):
                column = plan.rules[rule, COLUMN]
                if column != before and _fits(entries, plan, rule, place):
                    _say(entries, plan, told, column, row, place)
                    before = column


@within
def _row(entries: Entries, plan: Plan, told: Told, one: int, place: int) -> int:
    """The row of the member that an entry is of, made if there is none yet; WHOLE where the entry names none."""
    text = plan.populations[one, KEY]
    if text == NONE:
        if told.counts[one] == told.begun[one]:
            _make(entries, plan, told, one, place, NONE)
        return told.begun[one]
    key = entries.texts[text, place]
    if key == NONE or key == plan.blanks[text]:
        return WHOLE
    row = told.rows[one, key]
    if row < told.begun[one] or row >= told.counts[one] or told.keys[row, one] != key:
        row = _make(entries, plan, told, one, place, key)
        told.rows[one, key] = row
    if plan.names[one, entries.kind[place]]:
        told.named[row, one] = True
    return row


@kernel
def _make(entries: Entries, plan: Plan, told: Told, one: int, place: int, key: int) -> int:
    row = told.counts[one]
    told.counts[one] += 1
    told.subjects[row, one], told.keys[row, one] = entries.subject[place], key
    told.named[row, one] = key == NONE
    _clear(plan, told, plan.populations[one, FIRST_COLUMN], plan.populations[one, END_COLUMN], row)
    return row


@within
def _fits(entries: Entries, plan: Plan, rule: int, place: int) -> bool:
    for condition in range(plan.rules[rule, FIRST_CONDITION], plan.rules[rule, END_CONDITION]):
        code = entries.texts[plan.conditions[condition, 0], place]
        if code == NONE or not plan.allowed[plan.conditions[condition, 1] + code]:
            return False
    return True


@within
def _say(entries: Entries, plan: Plan, told: Told, column: int, row: int, place: int) -> None:
    how, found = plan.hows[column], told.cells[row, column]
    if how == COUNT:
        told.cells[row, column] = found + 1
    elif how == FIRST:
        told.cells[row, column] = min(found, entries.at[place])
    elif how == LAST:
        told.cells[row, column] = max(found, entries.at[place])
    elif (how != WHO or entries.texts[plan.by, place] != NONE) and (found == NONE or not _older(entries, place, found)):
        told.cells[row, column] = place


@within
def _older(entries: Entries, place: int, other: int) -> bool:
    """Whether an entry holds from before another; of equal moments the one that was entered last is the later."""
    if entries.at[place] != entries.at[other]:
        return entries.at[place] < entries.at[other]
    return entries.entered[place] < entries.entered[other]


@kernel
def _finish(entries: Entries, plan: Plan, told: Told) -> None:
    """Turn what was said of a subject's members into values, with what was said of the whole."""
    for one in range(plan.populations.shape[0]):
        if told.counts[one] > told.begun[one]:
            for column in range(plan.populations[one, FIRST_COLUMN], plan.populations[one, END_COLUMN]):
                _settle(entries, plan, told, one, column)
            _drop_unnamed(plan, told, one)


@kernel
def _settle(entries: Entries, plan: Plan, told: Told, one: int, column: int) -> None:
    how, cells = plan.hows[column], told.cells[:, column]
    shares = plan.populations[one, KEY] != NONE and (plan.populations[one, SHARES_ALL] or how >= FACT)
    whole = _value(entries, plan, how, cells[WHOLE])
    for row in range(told.begun[one], told.counts[one]):
        cells[row] = _value(entries, plan, how, cells[row])
        if shares:
            cells[row] = _joined(how, cells[row], whole)


@kernel
def _value(entries: Entries, plan: Plan, how: int, found: int) -> int:
    if how < WHO:
        return found
    if found == NONE:
        return EARLIEST if how == SINCE else NONE
    if how == WHO:
        return entries.texts[plan.by, found]
    value = entries.texts[plan.value, found]
    if how == FACT:
        return value
    return EARLIEST if value == NONE or value == plan.blanks[plan.value] else entries.at[found]


@kernel
def _joined(how: int, own: int, whole: int) -> int:
    if how == FIRST:
        return min(own, whole)
    if how == LAST:
        return max(own, whole)
    if how == COUNT:
        return own + whole
    absent = EARLIEST if how == SINCE else NONE
    return whole if own == absent else own


@kernel
def _drop_unnamed(plan: Plan, told: Told, one: int) -> None:
    kept = told.begun[one]
    for row in range(told.begun[one], told.counts[one]):
        if told.named[row, one]:
            if row != kept:
                told.subjects[kept, one], told.keys[kept, one] = told.subjects[row, one], told.keys[row, one]
                for column in range(plan.populations[one, FIRST_COLUMN], plan.populations[one, END_COLUMN]):
                    told.cells[kept, column] = told.cells[row, column]
            kept += 1
    told.counts[one] = kept
