"""The compiled pass: one subject after another, every rule that its timeline starts. The steps of `reference`."""

from kept.engine.compiled import table as tables
from kept.engine.compiled.clock import after, clock_of, clocked, knowledge, local_day
from kept.engine.compiled.judging import copy_row, decided, judge
from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    ALL_OF,
    APPLIES,
    APPLIES_AT_DUE,
    APPLIES_END,
    AT,
    AT_DUE,
    AT_MATURITY,
    BEFORE,
    BEFORE_SET,
    CANCELLED,
    CLASS,
    CLOCK,
    DAY_AFTER,
    DAYS,
    DECLINED,
    DUE,
    END_ENTRY,
    ENDS_SET,
    ENTERED,
    EVENT,
    EXTINGUISHED_SET,
    FALSE,
    FIRST,
    FIRST_DAY,
    FIRST_ENTRY,
    GENERIC_SET,
    ID,
    IDENT,
    JUDGED_AT,
    KIND,
    KNOWN_BY,
    LAPSED,
    LATEST,
    LEVEL,
    LINK_OWED_TO,
    MATURITY,
    MET,
    MISSING,
    NEVER,
    NO_SET,
    NOT_LINKED,
    NOT_MEASURABLE,
    NOTHING,
    OWED_SET,
    PART_APPLIES,
    PART_APPLIES_END,
    PART_RANK,
    PARTS,
    PARTS_END,
    PENDING,
    PLANNED,
    PLANNED_SET,
    REPEAT,
    ROW_ANSWER,
    ROW_AT_BEST,
    ROW_ENTERED_BY_DUE,
    ROW_PART,
    ROW_START,
    ROW_STATE,
    RULE_LEVEL,
    SAID_UNTIL,
    SCOPE_CRIME,
    SCOPE_VICTIM,
    SHARED,
    SPECIFIC_SET,
    STAGE_SET,
    STARTED_ENTERED,
    STARTS_AT,
    TRUE,
    UNKNOWN,
    UNLINKED,
    WHICH,
    WHOLE,
    Integers,
    Table,
)
from kept.engine.compiled.matching import came_about, compatible, target, vacated_by
from kept.engine.compiled.reading import all_hold

SUSPECT_OR_ITEM = 5
"""The links that a stage must not contradict."""


@kernel
def evaluate(*arrays: Integers) -> int:
    """Every obligation of every subject, from the fields of `Tables`; returns how many.

    That may be more than `out` holds: then it must be made larger and the pass made again.
    """
    return _evaluate(tables.Table(*arrays))


@kernel
def _evaluate(t: Table) -> int:
    for subject in range(t.subjects.shape[1]):
        t.who[:] = t.subjects[:, subject]
        _list_entries(t)
        for number in range(t.rules.shape[0]):
            rule = t.rules[number]
            if rule[RULE_LEVEL] == t.who[LEVEL] and _arises(t, rule):
                _evaluate_rule(t, rule, number, subject)
        if t.fault[0]:
            break
    return int(t.written[0])


@kernel
def _list_entries(t: Table) -> None:
    """For each set, the positions of the entries in it, in order."""
    first, end = t.who[FIRST_ENTRY], t.who[END_ENTRY]
    t.offset[:] = 0
    for entry in range(first, end):
        of = t.entries[CLASS, entry]
        for place in range(t.sets_from[of], t.sets_from[of + 1]):
            t.offset[t.sets[place] + 1] += 1
    for wanted in range(1, t.offset.shape[0]):
        t.offset[wanted] += t.offset[wanted - 1]
    for entry in range(first, end):
        of = t.entries[CLASS, entry]
        for place in range(t.sets_from[of], t.sets_from[of + 1]):
            wanted = t.sets[place]
            t.listed[t.offset[wanted] + t.filled[wanted]] = entry
            t.filled[wanted] += 1
    t.filled[:] = 0


@kernel
def _arises(t: Table, rule: Integers) -> bool:
    return _has(t, rule[OWED_SET]) or (
        rule[OWED_SET] == NO_SET and (_has(t, rule[BEFORE_SET]) or _has(t, rule[PLANNED_SET]))
    )


@kernel
def _has(t: Table, wanted: int) -> bool:
    return bool(t.offset[wanted + 1] > t.offset[wanted])


@kernel
def _evaluate_rule(t: Table, rule: Integers, number: int, subject: int) -> None:
    if rule[KIND] == REPEAT:
        _repeat(t, rule, (subject, number, WHOLE))
    elif rule[KIND] == ALL_OF:
        _all_of(t, rule, number, subject)
    else:
        _respond_or_before(t, rule, (subject, number, WHOLE))
    for part in range(rule[PARTS], rule[PARTS_END]):
        if not t.parts[part, SHARED]:
            t.used[t.who[FIRST_ENTRY] : t.who[END_ENTRY]] = False


# -- the four kinds -------------------------------------------------------------------------------------------------


@kernel
def _respond_or_before(t: Table, rule: Integers, place: tuple[int, int, int]) -> None:
    """After each start, or before its target, an answer."""
    part = t.parts[rule[PARTS]]
    for one in range(_starts(t, rule)):
        start = t.starts[one]
        if rule[KIND] == BEFORE:
            judge(t, rule, part, start, start[DUE], start[DUE], place)
        else:
            judge(t, rule, part, start, _deadline(t, rule, start), _judged(t, rule, start), place)


@kernel
def _repeat(t: Table, rule: Integers, place: tuple[int, int, int]) -> None:
    """Contact at least every interval: each window is one obligation. A start while windows run adds none."""
    ran_until = NEVER
    for one in range(_starting_events(t, rule)):
        event = t.events[one]
        if ran_until == NEVER or t.entries[AT, event] > ran_until:
            ran_until = _windows(t, rule, event, place)


@kernel
def _all_of(t: Table, rule: Integers, number: int, subject: int) -> None:
    """Several parts on one clock: each part an obligation of its own, and before them the whole."""
    for one in range(_starts(t, rule)):
        start = t.starts[one]
        latest, counts_from = _deadline(t, rule, start), _judged(t, rule, start)
        whole = t.written[0]
        t.written[0] += 1
        for place in range(rule[PARTS], rule[PARTS_END]):
            part = t.parts[place]
            at, by = start[STARTS_AT], start[KNOWN_BY]
            applies, word = all_hold(
                t,
                part[PART_APPLIES],
                part[PART_APPLIES_END],
                start[EVENT],
                at,
                by,
                start[SCOPE_CRIME],
                start[SCOPE_VICTIM],
            )
            if applies == FALSE:
                t.not_arisen[word] += 1
                continue
            missing = start[MISSING]
            if applies == UNKNOWN and missing == NOTHING:
                start[MISSING] = word
            judge(t, rule, part, start, latest, counts_from, (subject, number, place - rule[PARTS]))
            start[MISSING] = missing
        if t.written[0] == whole + 1:
            t.written[0] = whole
        elif t.written[0] <= t.out.shape[1]:
            _whole(t, rule, whole)


# -- what makes an obligation arise ---------------------------------------------------------------------------------


@kernel
def _starts(t: Table, rule: Integers) -> int:
    """The starts from which an obligation arises, into `t.starts`; how many."""
    count = 0
    for one in range(_starting_events(t, rule)):
        event = t.events[one]
        start = t.starts[count]
        _open(t, start, event, event, t.entries[AT, event], t.entries[ENTERED, event])
        if _owed(t, rule, start):
            count += 1
    if rule[WHICH] == FIRST:
        return min(count, 1)
    for one in range(count):
        later = one + 1
        while later < count and t.starts[later, STARTS_AT] == t.starts[one, STARTS_AT]:
            later += 1
        if later < count:
            t.starts[one, SAID_UNTIL] = t.starts[later, STARTS_AT]
            if rule[WHICH] == LATEST and t.starts[one, CANCELLED] == NOTHING:
                t.starts[one, CANCELLED] = t.starts[later, EVENT]
    return count


@kernel
def _open(t: Table, start: Integers, event: int, ident: int, at: int, entered: int) -> None:
    start[EVENT], start[IDENT], start[STARTS_AT], start[STARTED_ENTERED] = event, ident, at, entered
    start[CANCELLED], start[SAID_UNTIL] = NOTHING, NEVER


@kernel
def _starting_events(t: Table, rule: Integers) -> int:
    """The events that the duty is owed upon, in order, into `t.events`; of one hearing or request only the first."""
    count = 0
    wanted = rule[OWED_SET] if rule[OWED_SET] != NO_SET else rule[BEFORE_SET]
    for place in range(t.offset[wanted], t.offset[wanted + 1]):
        t.events[count] = t.listed[place]
        count += 1
    if rule[OWED_SET] == NO_SET:
        happened = count
        for place in range(t.offset[rule[PLANNED_SET]], t.offset[rule[PLANNED_SET] + 1]):
            if not came_about(t, rule, t.listed[place]):
                t.events[count] = t.listed[place]
                count += 1
        if happened and count > happened:
            t.events[:count].sort()
    return _first_of_each(t, rule, count) if rule[LINK_OWED_TO] else count


@kernel
def _first_of_each(t: Table, rule: Integers, count: int) -> int:
    """Of the events about one hearing or request, keep the first, one that was not vacated before one that was."""
    kept = 0
    for one in range(count):
        t.events[count + one] = _is_vacated(t, rule, t.events[one])
    for one in range(count):
        first = True
        for other in range(count):
            if _addressee(t, rule, t.events[other]) == _addressee(t, rule, t.events[one]):
                mine, theirs = t.events[count + one], t.events[count + other]
                if theirs < mine or (theirs == mine and other < one):
                    first = False
        t.events[2 * count + one] = first
    for one in range(count):
        if t.events[2 * count + one]:
            t.events[kept] = t.events[one]
            kept += 1
    return kept


@kernel
def _is_vacated(t: Table, rule: Integers, event: int) -> bool:
    return bool(rule[OWED_SET] == NO_SET and t.entries[PLANNED, event] and vacated_by(t, event) != NOTHING)


@kernel
def _addressee(t: Table, rule: Integers, event: int) -> int:
    link = t.entries[rule[LINK_OWED_TO], event]
    return int(link if link else t.entries[ID, event])


@kernel
def _owed(t: Table, rule: Integers, start: Integers) -> bool:
    """Whether anything is owed upon a start; if not, why not is counted by cause."""
    clock = clock_of(t, rule, start[EVENT], start[STARTS_AT])
    day = local_day(t, clock if clock != NEVER else start[STARTS_AT])
    if day < rule[FIRST_DAY] or day >= rule[DAY_AFTER]:
        return False
    knowledge(t, start)
    at, by = start[STARTS_AT], start[KNOWN_BY]
    if rule[APPLIES_AT_DUE]:
        _clock_and_aim(t, rule, start)
        counts_from = _judged(t, rule, start)
        at = t.as_of if counts_from == NEVER else min(counts_from, t.as_of)
        by = max(at, by)
    crime, victim = start[SCOPE_CRIME], start[SCOPE_VICTIM]
    applies, word = all_hold(t, rule[APPLIES], rule[APPLIES_END], start[EVENT], at, by, crime, victim)
    if applies == FALSE:
        t.not_arisen[word] += 1
        return False
    if not rule[APPLIES_AT_DUE]:
        _clock_and_aim(t, rule, start)
    if applies == UNKNOWN:
        start[MISSING] = word
    return True


@kernel
def _clock_and_aim(t: Table, rule: Integers, start: Integers) -> None:
    clocked(t, rule, start)
    if rule[KIND] == BEFORE:
        _aim(t, rule, start)


@kernel
def _aim(t: Table, rule: Integers, start: Integers) -> None:
    """Give a start of a `before` duty its target's moment as its due moment, or what took the target away."""
    if rule[OWED_SET] == NO_SET:
        start[DUE] = start[STARTS_AT]
        if t.entries[PLANNED, start[EVENT]]:
            start[CANCELLED] = vacated_by(t, start[EVENT])
        return
    found, vacated = target(t, rule, start[EVENT], start[STARTS_AT])
    start[DUE] = t.entries[AT, found] if found != NOTHING else NEVER
    start[CANCELLED] = vacated


# -- from when it counts --------------------------------------------------------------------------------------------


@kernel
def _deadline(t: Table, rule: Integers, start: Integers) -> int:
    """The last moment at which an answer keeps the duty: due, or its stage; none where only a maturity is set."""
    if rule[JUDGED_AT] == AT_MATURITY:
        return NEVER
    return int(start[DUE]) if rule[JUDGED_AT] == AT_DUE else _stage(t, rule, start)


@kernel
def _judged(t: Table, rule: Integers, start: Integers) -> int:
    """From when the obligation counts; NEVER while that is not known."""
    if rule[JUDGED_AT] == AT_MATURITY:
        clock = start[CLOCK] if start[CLOCK] != NEVER else start[STARTS_AT]
        return after(t, clock, rule[MATURITY], DAYS, 0)
    return _deadline(t, rule, start)


@kernel
def _stage(t: Table, rule: Integers, start: Integers) -> int:
    for place in range(t.offset[rule[STAGE_SET]], t.offset[rule[STAGE_SET] + 1]):
        one = t.listed[place]
        if t.entries[AT, one] >= start[STARTS_AT] and compatible(t, start[EVENT], one, SUSPECT_OR_ITEM):
            return int(t.entries[AT, one])
    return NEVER


# -- parts ----------------------------------------------------------------------------------------------------------


@kernel
def _whole(t: Table, rule: Integers, whole: int) -> None:
    """The duty as a whole: in the worst state of its parts, answered when the last of them was."""
    first, end = whole + 1, t.written[0]
    state = t.out[ROW_STATE, first]
    for row in range(first, end):
        if t.worst_first[t.out[ROW_STATE, row]] < t.worst_first[state]:
            state = t.out[ROW_STATE, row]
    last, at_best, entered = NOTHING, _counts(state), TRUE
    for row in range(first, end):
        if t.out[ROW_STATE, row] == state and (last == NOTHING or _answered_before(t, rule, last, row)):
            last = row
        if _counts(t.out[ROW_STATE, row]):
            at_best = at_best and t.out[ROW_AT_BEST, row] == 1
            if entered != UNKNOWN and t.out[ROW_ENTERED_BY_DUE, row] != TRUE:
                entered = t.out[ROW_ENTERED_BY_DUE, row]
            if t.out[ROW_ENTERED_BY_DUE, row] == UNKNOWN:
                entered = UNKNOWN
    copy_row(t, last, whole)
    t.out[ROW_PART, whole], t.out[ROW_STATE, whole], t.out[ROW_AT_BEST, whole] = WHOLE, state, at_best
    t.out[ROW_ENTERED_BY_DUE, whole] = entered if state == MET else UNKNOWN


@kernel
def _counts(state: int) -> bool:
    """Whether a rate is taken over the state."""
    return state != NOT_MEASURABLE and state != LAPSED and state != DECLINED and state != PENDING


@kernel
def _answered_before(t: Table, rule: Integers, one: int, other: int) -> bool:
    mine, theirs = _answered_at(t, one), _answered_at(t, other)
    if mine != theirs:
        return mine < theirs
    parts = rule[PARTS]
    return bool(t.parts[parts + t.out[ROW_PART, one], PART_RANK] < t.parts[parts + t.out[ROW_PART, other], PART_RANK])


@kernel
def _answered_at(t: Table, row: int) -> int:
    found = t.out[ROW_ANSWER, row]
    return int(t.entries[AT, found] if found != NOTHING else t.out[ROW_START, row])


# -- windows --------------------------------------------------------------------------------------------------------


@kernel
def _windows(t: Table, rule: Integers, first: int, place: tuple[int, int, int]) -> int:
    """Judge one window after another from a start; returns the moment until which they ran."""
    part, start = t.parts[rule[PARTS]], t.starts[0]
    ended = _end_of_windows(t, rule, t.entries[AT, first])
    ident, at, entered = first, t.entries[AT, first], t.entries[ENTERED, first]
    while True:
        _open(t, start, first, ident, at, entered)
        arises = _owed(t, rule, start)
        if not arises:
            clocked(t, rule, start)
        due = start[DUE]
        cut_short = ended != NEVER and due != NEVER and ended < due
        until = NEVER if cut_short else due
        contact, last = _between(t, part[SPECIFIC_SET], at, until, ended)
        if arises:
            generic, _ = _between(t, part[GENERIC_SET], at, until, ended)
            if due != NEVER:
                start[SAID_UNTIL] = due + (due - at)
            how = UNLINKED if contact != NOTHING else NOT_LINKED
            decided(t, rule, part, start, (contact, 0, how, generic), due, due, place)
        if due == NEVER or t.fault[0]:
            return at
        if cut_short or due == ended or (due > t.as_of and contact == NOTHING):
            return ended if ended != NEVER else t.as_of
        if contact == NOTHING:
            at = due
        else:
            ident, at, entered = last, t.entries[AT, last], t.entries[ENTERED, last]


@kernel
def _end_of_windows(t: Table, rule: Integers, since: int) -> int:
    """When the first event comes that ends the windows."""
    ended = NEVER
    for place in range(t.offset[rule[ENDS_SET]], t.offset[rule[ENDS_SET] + 1]):
        if t.entries[AT, t.listed[place]] >= since:
            ended = t.entries[AT, t.listed[place]]
            break
    if _has(t, rule[EXTINGUISHED_SET]):
        extinguished = t.entries[AT, t.listed[t.offset[rule[EXTINGUISHED_SET]]]]
        ended = extinguished if ended == NEVER else min(ended, extinguished)
    return ended


@kernel
def _between(t: Table, wanted: int, after_moment: int, until: int, ended: int) -> tuple[int, int]:
    """The first and the last event of a set after one moment, up to another and up to the end."""
    first, last = NOTHING, NOTHING
    if until == NEVER:
        return first, last
    for place in range(t.offset[wanted], t.offset[wanted + 1]):
        event = t.listed[place]
        at = t.entries[AT, event]
        if at > until or (ended != NEVER and at > ended):
            break
        if at > after_moment:
            first = event if first == NOTHING else first
            last = event
    return first, last
