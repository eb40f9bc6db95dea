"""Judging one obligation: the evidence, its state, the row. The steps of `kept.engine.judging` and `states`."""

from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    ANSWERS,
    AT,
    BEGINS,
    CANCELLED,
    CLASS,
    CLOCK,
    CREDIT,
    DECLINED,
    DECLINED_SET,
    DUE,
    END_POSTING,
    ENDS,
    ENDS_SET,
    ENTERED,
    EVENT,
    EVERY_LINK,
    EXTINGUISHED_SET,
    FIRST_EVER,
    FIRST_POSTING,
    FLAG,
    GATE,
    HEARING_LINK,
    HOLDER_AT_START,
    ID,
    IDENT,
    KNOWN_BY,
    LAPSED,
    LATE,
    LIMITED,
    MATCH,
    MET,
    MISSING,
    MOVES,
    NEVER,
    NO_RECORD,
    NOT_DONE,
    NOT_DONE_SET,
    NOT_LINKED,
    NOT_MEASURABLE,
    NOTHING,
    OPT_OUT,
    OPTED_OUT_SET,
    PLACE,
    POSITION,
    REASON_SET,
    REASONED,
    RECORDED_SET,
    RECORDER,
    REFUSAL_SET,
    ROW_ANSWER,
    ROW_ANSWERED,
    ROW_AT_BEST,
    ROW_CLOCK,
    ROW_DUE,
    ROW_ENDED_BY,
    ROW_ENTERED_BY_DUE,
    ROW_EVENT,
    ROW_FIELDS,
    ROW_FLAG,
    ROW_GATE,
    ROW_GENERIC,
    ROW_IDENT,
    ROW_JUDGED,
    ROW_LATE_BY,
    ROW_LIMIT,
    ROW_LINKED,
    ROW_MISSING,
    ROW_MOMENTS,
    ROW_MOVED,
    ROW_PART,
    ROW_POSTING,
    ROW_REASON,
    ROW_REASON_AFTER_DUE,
    ROW_RECORDED,
    ROW_ROLE,
    ROW_RULE,
    ROW_SETTLED,
    ROW_START,
    ROW_SUBJECT,
    ROW_TOUCHPOINT,
    SAID_UNTIL,
    SCOPE_CRIME,
    SCOPE_VICTIM,
    SHARED,
    START_LIMIT,
    STARTS_AT,
    SUSPECT_LINK,
    TEST_TRUE,
    TOUCHPOINT_SET,
    UNKNOWN,
    UNLINKED_COUNTS,
    Integers,
    Table,
)
from kept.engine.compiled.matching import answer, compatible, linked
from kept.engine.compiled.reading import value

MICROSECONDS_A_SECOND = 1_000_000


@kernel
def judge(
    t: Table,
    rule: Integers,
    part: Integers,
    start: Integers,
    latest: int,
    counts_from: int,
    place: tuple[int, int, int],
) -> int:
    """Find what answers a start, decide its state and write the row; returns the state."""
    found, role, how, generic = answer(t, rule, part, start)
    cancelled = _cancelled(t, start, latest if latest != NEVER else counts_from)
    if cancelled != NOTHING and found != NOTHING and t.entries[found, AT] > t.entries[cancelled, AT]:
        found = NOTHING
    state = decided(t, rule, part, start, (found, role, how, generic), latest, counts_from, place)
    if found != NOTHING and not part[SHARED] and (state in (MET, LATE)):
        _use(t, found)
    return state


@kernel
def _use(t: Table, found: int) -> None:
    for one in range(1, t.touched[0] + 1):
        wanted = t.touched[one]
        for place in range(t.begins[wanted], t.ends[wanted]):
            event = t.listed[place]
            if t.entries[event, ID] == t.entries[found, ID]:
                t.used[event] = True


@kernel
def decided(
    t: Table,
    rule: Integers,
    part: Integers,
    start: Integers,
    found: tuple[int, int, int, int],
    latest: int,
    counts_from: int,
    place: tuple[int, int, int],
) -> int:
    """Decide the state of an obligation whose answer has been found, and write its row."""
    answered, until = found[0], latest if latest != NEVER else counts_from
    in_time = answered != NOTHING and (latest == NEVER or t.entries[answered, AT] <= latest)
    ended, declined, reason, not_done = NOTHING, NOTHING, NOTHING, NOTHING
    if start[MISSING] == NOTHING and not in_time:
        ended = _ended(t, rule, start, answered, until)
        declined = _declined(t, rule, part, start, until)
        reason = _reason(t, rule, part, start)
        not_done = _first(t, part[NOT_DONE_SET], start, part)
    state = _early(t, start, in_time, ended, declined, until)
    if state == NOTHING:
        state = _unkept(bool(rule[LIMITED]) and answered != NOTHING, reason, not_done)
    row = t.written[0]
    t.written[0] += 1
    if row < t.out.shape[1]:
        _row(t, rule, start, found, latest, counts_from, place, state, row)
        t.out[ROW_REASON, row] = position(t, reason)
        t.out[ROW_REASON_AFTER_DUE, row] = UNKNOWN
        if reason != NOTHING and until != NEVER:
            t.out[ROW_REASON_AFTER_DUE, row] = t.entries[reason, ENTERED] > until
        ended_by = ended if state == LAPSED else declined if state == DECLINED else NOTHING
        t.out[ROW_ENDED_BY, row] = position(t, ended_by)
    return state


@kernel
def _early(t: Table, start: Integers, in_time: bool, ended: int, declined: int, until: int) -> int:
    """The state of what was kept, or cannot be told, or does not count: the upper half of the table of states."""
    if start[MISSING] != NOTHING:
        return NOT_MEASURABLE
    if in_time:
        return MET
    if _before(t, ended, until):
        return LAPSED
    if _before(t, declined, until):
        return DECLINED
    return NOTHING


@kernel
def _unkept(late: bool, reason: int, not_done: int) -> int:
    """The state of what was not kept: the lower half of the table of states."""
    if reason != NOTHING:
        return REASONED
    if late:
        return LATE
    return NOT_DONE if not_done != NOTHING else NO_RECORD


@kernel
def opted_out(t: Table, rule: Integers, start: Integers, at: int) -> int:
    """The fact by which the victim is opted out of contact at a moment."""
    facts = rule[OPTED_OUT_SET]
    last = NOTHING
    for place in range(t.begins[facts], t.ends[facts]):
        if t.entries[t.listed[place], AT] <= at:
            last = t.listed[place]
    if last == NOTHING:
        return NOTHING
    fact = value(t, facts, at, t.as_of, start[SCOPE_CRIME], start[SCOPE_VICTIM])
    return last if fact != NOTHING and t.holds[TEST_TRUE, t.entries[fact, CLASS]] else NOTHING


# -- evidence -------------------------------------------------------------------------------------------------------


@kernel
def _before(t: Table, event: int, until: int) -> bool:
    return event != NOTHING and (until == NEVER or t.entries[event, AT] < until)


@kernel
def _earlier(t: Table, one: int, other: int) -> int:
    """The one that comes first in the timeline's order; either may be nothing."""
    if one == NOTHING or other == NOTHING:
        return max(one, other)
    return min(one, other)


@kernel
def _ended(t: Table, rule: Integers, start: Integers, answered: int, until: int) -> int:
    """The first event that extinguishes the obligation, or takes its start away before it was answered."""
    found = _compatible_from(t, rule[EXTINGUISHED_SET], start, NEVER)
    found = _earlier(t, found, _compatible_from(t, rule[ENDS_SET], start, start[BEGINS]))
    cancelled = _cancelled(t, start, until)
    return _earlier(t, found, cancelled) if answered == NOTHING else found


@kernel
def _compatible_from(t: Table, wanted: int, start: Integers, since: int) -> int:
    for place in range(t.begins[wanted], t.ends[wanted]):
        one = t.listed[place]
        if t.entries[one, AT] >= since and compatible(t, start[EVENT], one, EVERY_LINK):
            return int(one)
    return NOTHING


@kernel
def _cancelled(t: Table, start: Integers, until: int) -> int:
    """What cancelled the start before the obligation was due: a vacated hearing, a further start."""
    return start[CANCELLED] if _before(t, start[CANCELLED], until) else NOTHING


@kernel
def _declined(t: Table, rule: Integers, part: Integers, start: Integers, until: int) -> int:
    """The first of: the victim declined; the opt-out in force when the obligation fell due."""
    found = _first(t, rule[DECLINED_SET], start, part)
    refusals = rule[REFUSAL_SET]
    for place in range(t.begins[refusals], t.ends[refusals]):
        if _about_this(t, part, start, t.listed[place]):
            found = _earlier(t, found, t.listed[place])
            break
    if rule[OPT_OUT] == ENDS:
        found = _earlier(t, found, opted_out(t, rule, start, t.as_of if until == NEVER else min(until, t.as_of)))
    return found


@kernel
def _reason(t: Table, rule: Integers, part: Integers, start: Integers) -> int:
    """The good reason entered first."""
    reasons = rule[REASON_SET]
    found = NOTHING
    for place in range(t.begins[reasons], t.ends[reasons]):
        one = t.listed[place]
        sooner = found == NOTHING or t.entries[one, ENTERED] < t.entries[found, ENTERED]
        if sooner and _about_this(t, part, start, one):
            found = one
    return found


@kernel
def _about_this(t: Table, part: Integers, start: Integers, event: int) -> bool:
    """Whether a reason or refusal is about this start; one that names none is about the latest start before it."""
    if not _in_order(t, event, start, part):
        return False
    named = t.entries[event, ANSWERS] == t.entries[start[IDENT], ID]
    if not (named or start[SAID_UNTIL] == NEVER or t.entries[event, AT] < start[SAID_UNTIL]):
        return False
    return linked(t, start, event, SUSPECT_LINK | HEARING_LINK, True) != NOT_LINKED


@kernel
def _first(t: Table, wanted: int, start: Integers, part: Integers) -> int:
    """The first of these events about this start."""
    for place in range(t.begins[wanted], t.ends[wanted]):
        event = t.listed[place]
        if (
            _in_order(t, event, start, part)
            and linked(t, start, event, part[MATCH], part[UNLINKED_COUNTS]) != NOT_LINKED
        ):
            return int(event)
    return NOTHING


@kernel
def _in_order(t: Table, event: int, start: Integers, part: Integers) -> bool:
    return bool(part[FIRST_EVER] or t.entries[event, AT] >= start[BEGINS])


# -- the row --------------------------------------------------------------------------------------------------------


@kernel
def _row(
    t: Table,
    rule: Integers,
    start: Integers,
    found: tuple[int, int, int, int],
    latest: int,
    counts_from: int,
    place: tuple[int, int, int],
    state: int,
    row: int,
) -> None:
    out, moments = t.out, t.moments
    answered, role, how, generic = found
    until = latest if latest != NEVER else counts_from
    out[ROW_SUBJECT, row], out[ROW_RULE, row], out[ROW_PART, row] = place
    out[ROW_EVENT, row], out[ROW_IDENT, row] = position(t, start[EVENT]), position(t, start[IDENT])
    moments[ROW_START, row], moments[ROW_CLOCK, row] = start[STARTS_AT], start[CLOCK]
    moments[ROW_DUE, row], moments[ROW_JUDGED, row] = start[DUE], counts_from
    out[ROW_LIMIT, row], out[ROW_SETTLED, row], out[ROW_MISSING, row] = start[START_LIMIT], state, start[MISSING]
    out[ROW_ANSWER, row], out[ROW_ROLE, row], out[ROW_LINKED, row] = position(t, answered), role, how
    out[ROW_GENERIC, row] = position(t, generic)
    moments[ROW_ANSWERED, row] = t.entries[answered, AT] if answered != NOTHING else NEVER
    moments[ROW_LATE_BY, row] = NEVER
    if (state in (LATE, REASONED)) and answered != NOTHING and latest != NEVER and rule[LIMITED]:
        moments[ROW_LATE_BY, row] = (t.entries[answered, AT] - latest) // MICROSECONDS_A_SECOND
    general = generic != NOTHING and (latest == NEVER or t.entries[generic, AT] <= latest)
    out[ROW_AT_BEST, row] = state in (MET, NO_RECORD) or (general and (state in (LATE, REASONED)))
    out[ROW_ENTERED_BY_DUE, row] = UNKNOWN
    if state == MET and latest != NEVER:
        out[ROW_ENTERED_BY_DUE, row] = t.entries[answered, ENTERED] <= latest
    out[ROW_MOVED, row] = 0
    if rule[OPT_OUT] == MOVES:
        at = t.as_of if start[DUE] == NEVER else min(start[DUE], t.as_of)
        out[ROW_MOVED, row] = opted_out(t, rule, start, at) != NOTHING
    out[ROW_FLAG, row], out[ROW_GATE, row] = start[FLAG], start[GATE]
    _credit(t, rule, start, until, row)


@kernel
def _credit(t: Table, rule: Integers, start: Integers, until: int, row: int) -> None:
    """Who answers for it: the holder of the investigation, or where it was recorded and by whom."""
    t.out[ROW_POSTING, row], t.out[ROW_TOUCHPOINT, row], t.out[ROW_RECORDED, row] = NOTHING, NOTHING, NOTHING
    if rule[CREDIT] == RECORDER:
        at, by = start[STARTS_AT], start[KNOWN_BY]
        touchpoint = value(t, rule[TOUCHPOINT_SET], at, by, start[SCOPE_CRIME], start[SCOPE_VICTIM])
        t.out[ROW_TOUCHPOINT, row] = position(t, touchpoint)
        recorded = t.begins[rule[RECORDED_SET]]
        if recorded < t.ends[rule[RECORDED_SET]]:
            t.out[ROW_RECORDED, row] = position(t, t.listed[recorded])
        return
    at = start[STARTS_AT]
    if rule[CREDIT] != HOLDER_AT_START:
        at = t.as_of if until == NEVER else min(until, t.as_of)
    for place in range(t.who[FIRST_POSTING], t.who[END_POSTING]):
        if t.postings[0, place] > at:
            break
        if t.postings[1, place] == NEVER or at < t.postings[1, place]:
            t.out[ROW_POSTING, row] = place - t.who[FIRST_POSTING]


@kernel
def position(t: Table, entry: int) -> int:
    """Where an entry stands in its subject's stored timeline."""
    return NOTHING if entry == NOTHING else int(t.entries[entry, POSITION])


@kernel
def omit(t: Table, cause: int) -> None:
    """Note that an obligation did not arise."""
    row = t.written[1]
    t.written[1] += 1
    if row < t.omitted.shape[1]:
        t.omitted[0, row], t.omitted[1, row] = t.who[PLACE], cause


@kernel
def copy_row(t: Table, source: int, into: int) -> None:
    """Write a row that is like another."""
    for field in range(ROW_FIELDS):
        t.out[field, into] = t.out[field, source]
    for field in range(ROW_MOMENTS):
        t.moments[field, into] = t.moments[field, source]
