"""The compiled pass: one subject after another, every rule that its timeline starts. The steps of `reference`."""

from kept.engine.compiled.clock import clocked
from kept.engine.compiled.judging import copy_row, decided, judge, omit
from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    ALL_OF,
    AT,
    BEFORE,
    BEFORE_SET,
    CLASS,
    DECLINED,
    DUE,
    END_ENTRY,
    ENDS_SET,
    ENTERED,
    EVENT,
    EXTINGUISHED_SET,
    FALSE,
    FIRST_ENTRY,
    GENERIC_SET,
    KIND,
    KNOWN_BY,
    LAPSED,
    LEVEL,
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
    PLANNED_SET,
    REPEAT,
    ROW_ANSWERED,
    ROW_AT_BEST,
    ROW_ENTERED_BY_DUE,
    ROW_PART,
    ROW_SETTLED,
    ROW_START,
    RULE_LEVEL,
    SAID_UNTIL,
    SCOPE_CRIME,
    SCOPE_VICTIM,
    SHARED,
    SPECIFIC_SET,
    STARTS_AT,
    TRUE,
    UNKNOWN,
    UNLINKED,
    WHOLE,
    Integers,
    Table,
    Tables,
)
from kept.engine.compiled.reading import all_hold
from kept.engine.compiled.starts import deadline, has, judged, open_at, owed, starting_events, starts
from kept.engine.compiled.table import pointed


@kernel
def evaluate(tables: Tables) -> int:
    """Every obligation of every subject; returns how many.

    That may be more than `out` holds: then it must be made larger and the pass made again.
    """
    return int(_evaluate(pointed(tables)))  # type: ignore[call-arg]


@kernel
def _evaluate(t: Table) -> int:
    for subject in range(t.subjects.shape[1]):
        for field in range(t.who.shape[0]):
            t.who[field] = t.subjects[field, subject]
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
    """For each set, the entries in it, in order. Only the sets of this subject and of the last one are touched."""
    for one in range(1, t.touched[0] + 1):
        t.begins[t.touched[one]], t.ends[t.touched[one]] = 0, 0
    t.touched[0] = 0
    first, end = t.who[FIRST_ENTRY], t.who[END_ENTRY]
    for entry in range(first, end):
        of = t.entries[entry, CLASS]
        for place in range(t.sets_from[of], t.sets_from[of + 1]):
            wanted = t.sets[place]
            if t.ends[wanted] == 0:
                t.touched[0] += 1
                t.touched[t.touched[0]] = wanted
            t.ends[wanted] += 1
    room = 0
    for one in range(1, t.touched[0] + 1):
        wanted = t.touched[one]
        t.begins[wanted], t.ends[wanted], room = room, room, room + t.ends[wanted]
    for entry in range(first, end):
        of = t.entries[entry, CLASS]
        for place in range(t.sets_from[of], t.sets_from[of + 1]):
            wanted = t.sets[place]
            t.listed[t.ends[wanted]] = entry
            t.ends[wanted] += 1


@kernel
def _arises(t: Table, rule: Integers) -> bool:
    return has(t, rule[OWED_SET]) or (
        rule[OWED_SET] == NO_SET and (has(t, rule[BEFORE_SET]) or has(t, rule[PLANNED_SET]))
    )


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
            for one in range(t.who[FIRST_ENTRY], t.who[END_ENTRY]):
                t.used[one] = False


# -- the four kinds -------------------------------------------------------------------------------------------------


@kernel
def _respond_or_before(t: Table, rule: Integers, place: tuple[int, int, int]) -> None:
    """After each start, or before its target, an answer."""
    part = t.parts[rule[PARTS]]
    for one in range(starts(t, rule)):
        start = t.starts[one]
        if rule[KIND] == BEFORE:
            judge(t, rule, part, start, start[DUE], start[DUE], place)
        else:
            judge(t, rule, part, start, deadline(t, rule, start), judged(t, rule, start), place)


@kernel
def _repeat(t: Table, rule: Integers, place: tuple[int, int, int]) -> None:
    """Contact at least every interval: each window is one obligation. A start while windows run adds none."""
    ran_until = NEVER
    for one in range(starting_events(t, rule)):
        event = t.events[one]
        if ran_until == NEVER or t.entries[event, AT] > ran_until:
            ran_until = _windows(t, rule, event, place)


@kernel
def _all_of(t: Table, rule: Integers, number: int, subject: int) -> None:
    """Several parts on one clock: each part an obligation of its own, and before them the whole."""
    for one in range(starts(t, rule)):
        start = t.starts[one]
        latest, counts_from = deadline(t, rule, start), judged(t, rule, start)
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
                omit(t, word)
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


# -- parts ----------------------------------------------------------------------------------------------------------


@kernel
def _whole(t: Table, rule: Integers, whole: int) -> None:
    """The duty as a whole: in the worst state of its parts, answered when the last of them was."""
    first, end = whole + 1, t.written[0]
    state = t.out[ROW_SETTLED, first]
    for row in range(first, end):
        if t.worst_first[t.out[ROW_SETTLED, row]] < t.worst_first[state]:
            state = t.out[ROW_SETTLED, row]
    last, at_best, entered = NOTHING, _counts(state), TRUE
    for row in range(first, end):
        if t.out[ROW_SETTLED, row] == state and (last == NOTHING or _answered_before(t, rule, last, row)):
            last = row
        if _counts(t.out[ROW_SETTLED, row]):
            at_best = at_best and t.out[ROW_AT_BEST, row] == 1
            if entered != UNKNOWN and t.out[ROW_ENTERED_BY_DUE, row] != TRUE:
                entered = t.out[ROW_ENTERED_BY_DUE, row]
            if t.out[ROW_ENTERED_BY_DUE, row] == UNKNOWN:
                entered = UNKNOWN
    copy_row(t, last, whole)
    t.out[ROW_PART, whole], t.out[ROW_SETTLED, whole], t.out[ROW_AT_BEST, whole] = WHOLE, state, at_best
    t.out[ROW_ENTERED_BY_DUE, whole] = entered if state == MET else UNKNOWN


@kernel
def _counts(state: int) -> bool:
    """Whether a rate is taken over the state."""
    return state != NOT_MEASURABLE and state != LAPSED and state != DECLINED


@kernel
def _answered_before(t: Table, rule: Integers, one: int, other: int) -> bool:
    mine, theirs = _answered_at(t, one), _answered_at(t, other)
    if mine != theirs:
        return mine < theirs
    parts = rule[PARTS]
    return bool(t.parts[parts + t.out[ROW_PART, one], PART_RANK] < t.parts[parts + t.out[ROW_PART, other], PART_RANK])


@kernel
def _answered_at(t: Table, row: int) -> int:
    answered = t.moments[ROW_ANSWERED, row]
    return int(answered if answered != NEVER else t.moments[ROW_START, row])


# -- windows --------------------------------------------------------------------------------------------------------


@kernel
def _windows(t: Table, rule: Integers, first: int, place: tuple[int, int, int]) -> int:
    """Judge one window after another from a start; returns the moment until which they ran."""
    part, start = t.parts[rule[PARTS]], t.starts[0]
    ended = _end_of_windows(t, rule, t.entries[first, AT])
    ident, at, entered = first, t.entries[first, AT], t.entries[first, ENTERED]
    while True:
        open_at(t, start, first, ident, at, entered)
        arises = owed(t, rule, start)
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
            ident, at, entered = last, t.entries[last, AT], t.entries[last, ENTERED]


@kernel
def _end_of_windows(t: Table, rule: Integers, since: int) -> int:
    """When the first event comes that ends the windows."""
    ended = NEVER
    for place in range(t.begins[rule[ENDS_SET]], t.ends[rule[ENDS_SET]]):
        if t.entries[t.listed[place], AT] >= since:
            ended = t.entries[t.listed[place], AT]
            break
    if has(t, rule[EXTINGUISHED_SET]):
        extinguished = t.entries[t.listed[t.begins[rule[EXTINGUISHED_SET]]], AT]
        ended = extinguished if ended == NEVER else min(ended, extinguished)
    return ended


@kernel
def _between(t: Table, wanted: int, after_moment: int, until: int, ended: int) -> tuple[int, int]:
    """The first and the last event of a set after one moment, up to another and up to the end."""
    first, last = NOTHING, NOTHING
    if until == NEVER:
        return first, last
    for place in range(t.begins[wanted], t.ends[wanted]):
        event = t.listed[place]
        at = t.entries[event, AT]
        if at > until or (ended != NEVER and at > ended):
            break
        if at > after_moment:
            first = event if first == NOTHING else first
            last = event
    return first, last
