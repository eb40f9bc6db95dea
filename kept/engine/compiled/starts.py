"""What makes an obligation arise, and from when it counts: starts, targets and stages. The steps of `reference`."""

from kept.engine.compiled.clock import after, clock_of, clocked, knowledge, local_day
from kept.engine.compiled.judging import omit
from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    APPLIES,
    APPLIES_AT_DUE,
    APPLIES_END,
    AT,
    AT_DUE,
    AT_MATURITY,
    BEFORE,
    BEFORE_SET,
    CANCELLED,
    CLOCK,
    DAY_AFTER,
    DAYS,
    DUE,
    ENTERED,
    EVENT,
    FALSE,
    FIRST,
    FIRST_DAY,
    ID,
    IDENT,
    JUDGED_AT,
    KIND,
    KNOWN_BY,
    LATEST,
    LINK_OWED_TO,
    MATURITY,
    MISSING,
    NEVER,
    NO_SET,
    NOTHING,
    OWED_SET,
    PLANNED,
    PLANNED_SET,
    SAID_UNTIL,
    SCOPE_CRIME,
    SCOPE_VICTIM,
    STAGE_SET,
    STARTED_ENTERED,
    STARTS_AT,
    UNKNOWN,
    WHICH,
    Integers,
    Table,
)
from kept.engine.compiled.matching import came_about, compatible, target, vacated_by
from kept.engine.compiled.reading import all_hold

SUSPECT_OR_ITEM = 5
"""The links that a stage must not contradict."""


@kernel
def has(t: Table, wanted: int) -> bool:
    return bool(t.ends[wanted] > t.begins[wanted])


@kernel
def starts(t: Table, rule: Integers) -> int:
    """The starts from which an obligation arises, into `t.starts`; how many."""
    count = 0
    for one in range(starting_events(t, rule)):
        event = t.events[one]
        start = t.starts[count]
        open_at(t, start, event, event, t.entries[event, AT], t.entries[event, ENTERED])
        if owed(t, rule, start):
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
def open_at(t: Table, start: Integers, event: int, ident: int, at: int, entered: int) -> None:
    start[EVENT], start[IDENT], start[STARTS_AT], start[STARTED_ENTERED] = event, ident, at, entered
    start[CANCELLED], start[SAID_UNTIL] = NOTHING, NEVER


@kernel
def starting_events(t: Table, rule: Integers) -> int:
    """The events that the duty is owed upon, in order, into `t.events`; of one hearing or request only the first."""
    count = 0
    wanted = rule[OWED_SET] if rule[OWED_SET] != NO_SET else rule[BEFORE_SET]
    for place in range(t.begins[wanted], t.ends[wanted]):
        t.events[count] = t.listed[place]
        count += 1
    if rule[OWED_SET] == NO_SET:
        happened = count
        for place in range(t.begins[rule[PLANNED_SET]], t.ends[rule[PLANNED_SET]]):
            if not came_about(t, rule, t.listed[place]):
                t.events[count] = t.listed[place]
                count += 1
        if happened and count > happened:
            _sort(t, count)
    return _first_of_each(t, rule, count) if rule[LINK_OWED_TO] else count


@kernel
def _sort(t: Table, count: int) -> None:
    """Put the first of `t.events` in order; they are two ordered runs, mostly short."""
    for one in range(1, count):
        event, place = t.events[one], one
        while place > 0 and t.events[place - 1] > event:
            t.events[place] = t.events[place - 1]
            place -= 1
        t.events[place] = event


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
    return bool(rule[OWED_SET] == NO_SET and t.entries[event, PLANNED] and vacated_by(t, event) != NOTHING)


@kernel
def _addressee(t: Table, rule: Integers, event: int) -> int:
    link = t.entries[event, rule[LINK_OWED_TO]]
    return int(link if link else t.entries[event, ID])


@kernel
def owed(t: Table, rule: Integers, start: Integers) -> bool:
    """Whether anything is owed upon a start; if not, why not is counted by cause."""
    clock = clock_of(t, rule, start[EVENT], start[STARTS_AT])
    day = local_day(t, clock if clock != NEVER else start[STARTS_AT])
    if day < rule[FIRST_DAY] or day >= rule[DAY_AFTER]:
        return False
    knowledge(t, start)
    at, by = start[STARTS_AT], start[KNOWN_BY]
    if rule[APPLIES_AT_DUE]:
        _clock_and_aim(t, rule, start)
        counts_from = judged(t, rule, start)
        at = t.as_of if counts_from == NEVER else min(counts_from, t.as_of)
        by = max(at, by)
    crime, victim = start[SCOPE_CRIME], start[SCOPE_VICTIM]
    applies, word = all_hold(t, rule[APPLIES], rule[APPLIES_END], start[EVENT], at, by, crime, victim)
    if applies == FALSE:
        omit(t, word)
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
        if t.entries[start[EVENT], PLANNED]:
            start[CANCELLED] = vacated_by(t, start[EVENT])
        return
    found, vacated = target(t, rule, start[EVENT], start[STARTS_AT])
    start[DUE] = t.entries[found, AT] if found != NOTHING else NEVER
    start[CANCELLED] = vacated


# -- from when it counts --------------------------------------------------------------------------------------------


@kernel
def deadline(t: Table, rule: Integers, start: Integers) -> int:
    """The last moment at which an answer keeps the duty: due, or its stage; none where only a maturity is set."""
    if rule[JUDGED_AT] == AT_MATURITY:
        return NEVER
    return int(start[DUE]) if rule[JUDGED_AT] == AT_DUE else _stage(t, rule, start)


@kernel
def judged(t: Table, rule: Integers, start: Integers) -> int:
    """From when the obligation counts; NEVER while that is not known."""
    if rule[JUDGED_AT] == AT_MATURITY:
        clock = start[CLOCK] if start[CLOCK] != NEVER else start[STARTS_AT]
        return after(t, clock, rule[MATURITY], DAYS, 0)
    return deadline(t, rule, start)


@kernel
def _stage(t: Table, rule: Integers, start: Integers) -> int:
    for place in range(t.begins[rule[STAGE_SET]], t.ends[rule[STAGE_SET]]):
        one = t.listed[place]
        if t.entries[one, AT] >= start[STARTS_AT] and compatible(t, start[EVENT], one, SUSPECT_OR_ITEM):
            return int(t.entries[one, AT])
    return NEVER
