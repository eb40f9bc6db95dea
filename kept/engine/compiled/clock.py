"""From a start to its due moment: the calendar by look-up, the clock, the limit. The steps of `kept.engine.clock`."""

import math

from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    AMOUNT,
    AMOUNT_SET,
    AMOUNT_WORD,
    AT,
    BEGINS,
    CLOCK,
    CLOCK_SET,
    CLOCK_WORD,
    CRIME,
    DAYS,
    DAYS_TO_1970,
    DUE,
    ENHANCED_LIMIT,
    ENHANCED_PROGRAM,
    EVENT,
    EXCEPTION_LIMIT,
    EXCEPTIONS,
    EXCEPTIONS_END,
    FLAG,
    FLAG_PROGRAM,
    GATE,
    GATE_PROGRAM,
    HOURS,
    KNOWN_BY,
    KNOWN_SINCE,
    LEVEL,
    LIMIT,
    MICROSECONDS_A_DAY,
    MISSING,
    MOMENT,
    MONTHS,
    NEVER,
    NO_SET,
    NOTHING,
    ON_VICTIM,
    PLANNED,
    PRIORITY,
    ROUNDING_UP,
    SCOPE_CRIME,
    SCOPE_VICTIM,
    START_LIMIT,
    STARTED_ENTERED,
    STARTS_AT,
    TO_END_OF_DAY,
    TRUE,
    UNIT,
    UNKNOWN,
    UNTIL,
    VICTIM,
    WHEN_PROGRAM,
    Integers,
    Table,
)
from kept.engine.compiled.matching import compatible
from kept.engine.compiled.reading import holds, value

MICROSECONDS_AN_HOUR = 3_600_000_000


@kernel
def local_day(t: Table, moment: int) -> int:
    """The London day of a moment, 1 January of the year 1 being day 0."""
    day = moment // MICROSECONDS_A_DAY + DAYS_TO_1970
    if moment >= t.midnights[day + 1]:
        return day + 1
    return day - 1 if moment < t.midnights[day] else day


@kernel
def after(t: Table, moment: int, amount: int, unit: int, rounding_up: int) -> int:
    """When a limit that starts at a moment is due. What the calendar does not know is noted in `t.fault`."""
    last_day = t.midnights.shape[0] - 2
    if unit == HOURS:
        if amount > (t.midnights[last_day + 1] - 1 - moment) // MICROSECONDS_AN_HOUR:
            return _unknown(t, moment, amount, unit, rounding_up)
        return moment + amount * MICROSECONDS_AN_HOUR
    day = local_day(t, moment)
    if unit == DAYS:
        day = day + amount if amount <= last_day else last_day + 1
    elif unit == MONTHS:
        day = _months_after(day, amount, rounding_up) if amount < 12 * 9999 else last_day + 1
    elif amount:
        day = _working_days_after(t, day, amount)
    if day < 0 or day > last_day:
        return _unknown(t, moment, amount, unit, rounding_up)
    return t.midnights[day + 1] - 1


@kernel
def _working_days_after(t: Table, day: int, amount: int) -> int:
    known = day - t.first_known
    if known < 0 or known >= t.worked.shape[0]:
        return NOTHING
    place = t.worked[known] + amount - 1
    return t.working[place] if place < t.working.shape[0] else NOTHING


@kernel
def _unknown(t: Table, moment: int, amount: int, unit: int, rounding_up: int) -> int:
    t.fault[0], t.fault[1], t.fault[2], t.fault[3], t.fault[4] = 1, moment, amount, unit, rounding_up
    return moment


@kernel
def _months_after(day: int, months: int, rounding_up: int) -> int:
    """The same day of the month so many months later, else the last of that month or the first of the next."""
    year, month, of_month = _civil(day)
    count = year * 12 + month - 1 + months
    first = _first_of_month(count)
    length = _first_of_month(count + 1) - first
    if of_month <= length:
        return first + of_month - 1
    return first + length - 1 + rounding_up


@kernel
def _civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of the month. The years are counted from March, so that the leap day is a year's last."""
    shifted = day + 306
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    from_march = (5 * of_year + 2) // 153
    month = from_march + 3 if from_march < 10 else from_march - 9
    return era * 400 + year_of_era + (1 if month <= 2 else 0), month, of_year - (153 * from_march + 2) // 5 + 1


@kernel
def _first_of_month(count: int) -> int:
    """The first day of a month, given as 12 × year + month less one."""
    year, month = count // 12, count % 12 + 1
    year_from_march = year - 1 if month <= 2 else year
    era = year_from_march // 400
    of_era = year_from_march - era * 400
    from_march = month + 9 if month <= 2 else month - 3
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + (153 * from_march + 2) // 5 - 306


@kernel
def clocked(t: Table, rule: Integers, start: Integers) -> None:
    """Give a start its clock, both readings of Enhanced Rights, its limit and its due moment."""
    event = start[EVENT]
    start[CLOCK] = clock_of(t, rule, event, start[STARTS_AT])
    knowledge(t, start)
    at, by, crime, victim = start[STARTS_AT], start[KNOWN_BY], start[SCOPE_CRIME], start[SCOPE_VICTIM]
    start[FLAG] = _reading(t, rule[FLAG_PROGRAM], event, at, by, crime, victim)
    start[GATE] = _reading(t, rule[GATE_PROGRAM], event, at, by, crime, victim)
    start[START_LIMIT] = _limit(t, rule, start)
    start[DUE], start[MISSING] = NEVER, NOTHING
    if start[CLOCK] == NEVER:
        start[MISSING] = rule[CLOCK_WORD]
    elif start[START_LIMIT] != NOTHING:
        start[DUE], start[MISSING] = _due(t, start)


@kernel
def knowledge(t: Table, start: Integers) -> None:
    """What was known of a start, and from when something can be said of it."""
    event = start[EVENT]
    start[KNOWN_BY] = max(start[STARTS_AT], start[STARTED_ENTERED], t.who[KNOWN_SINCE])
    of_victim = t.who[LEVEL] == ON_VICTIM
    start[SCOPE_CRIME] = 0 if of_victim else t.entries[event, CRIME]
    start[SCOPE_VICTIM] = 0 if of_victim else t.entries[event, VICTIM]
    start[BEGINS] = start[STARTS_AT]
    if t.entries[event, PLANNED]:
        start[BEGINS] = min(start[STARTS_AT], start[STARTED_ENTERED])


@kernel
def clock_of(t: Table, rule: Integers, event: int, at: int) -> int:
    """When the clock starts: at the latest of its events at or before the start, else at the first after it."""
    clocks = rule[CLOCK_SET]
    if clocks == NO_SET:
        return at
    found = NEVER
    for place in range(t.begins[clocks], t.ends[clocks]):
        one = t.listed[place]
        if not compatible(t, event, one, 0):
            continue
        if t.entries[one, AT] > at and found != NEVER:
            break
        found = t.entries[one, AT]
        if found > at:
            break
    return found


@kernel
def _reading(t: Table, program: int, event: int, at: int, by: int, crime: int, victim: int) -> int:
    if program == NOTHING:
        return UNKNOWN
    return holds(t, program, event, at, by, crime, victim)[0]


@kernel
def _limit(t: Table, rule: Integers, start: Integers) -> int:
    """The limit that holds: of the exceptions that do the one of the highest priority, else the general one."""
    event, at, by = start[EVENT], start[STARTS_AT], start[KNOWN_BY]
    crime, victim = start[SCOPE_CRIME], start[SCOPE_VICTIM]
    limit, priority, excepted = rule[LIMIT], 0, False
    for place in range(rule[EXCEPTIONS], rule[EXCEPTIONS_END]):
        exception = t.exceptions[place]
        higher = not excepted or exception[PRIORITY] > priority
        if higher and holds(t, exception[WHEN_PROGRAM], event, at, by, crime, victim)[0] == TRUE:
            limit, priority, excepted = exception[EXCEPTION_LIMIT], exception[PRIORITY], True
    enhanceable = rule[ENHANCED_LIMIT] != NOTHING and (not excepted or priority < 0)
    if enhanceable and holds(t, rule[ENHANCED_PROGRAM], event, at, by, crime, victim)[0] == TRUE:
        return int(rule[ENHANCED_LIMIT])
    return int(limit)


@kernel
def _due(t: Table, start: Integers) -> tuple[int, int]:
    """When the limit that runs from the clock is due; or NEVER and the word that is missing."""
    limit = t.limits[start[START_LIMIT]]
    fact = NOTHING
    if limit[AMOUNT_SET] != NO_SET:
        at, by = start[STARTS_AT], start[KNOWN_BY]
        fact = value(t, limit[AMOUNT_SET], at, by, start[SCOPE_CRIME], start[SCOPE_VICTIM])
        if fact == NOTHING:
            return NEVER, limit[AMOUNT_WORD]
    if limit[UNIT] == UNTIL:
        moment = t.entries[fact, MOMENT]
        return (t.midnights[local_day(t, moment) + 1] - 1 if limit[TO_END_OF_DAY] else moment), NOTHING
    amount = limit[AMOUNT]
    if fact != NOTHING:
        number = t.numbers[fact]
        if not (math.isfinite(number) and number >= 1):
            return NEVER, limit[AMOUNT_WORD]
        amount = int(min(number, 1e12))
    return after(t, start[CLOCK], amount, limit[UNIT], limit[ROUNDING_UP]), NOTHING
