"""Compiled steps that make a ledger: obligations by their measures, and tallies of what belongs together.

Moments are microseconds since 1970 in UTC; `NEVER` is none. A posting is given by its place in the bucket, NOBODY none.
"""

from typing import Any

from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import DAYS_TO_1970, MICROSECONDS_A_DAY
from kept.measures.ledger.compiled.layout import (
    ANSWERED,
    AT_BEST,
    BEFORE_FIRST,
    DAYS,
    ENTERED,
    JUDGED,
    MOST,
    NEVER,
    NOBODY,
)

_YES = 1
_FIRST_MIDNIGHT = (BEFORE_FIRST + 1 - DAYS_TO_1970 - 1) * MICROSECONDS_A_DAY
_LAST_MIDNIGHT = (BEFORE_FIRST + DAYS - DAYS_TO_1970 - 1) * MICROSECONDS_A_DAY


@kernel
def day_number(moment: Any, midnights: Any) -> Any:
    """The day in London on which a moment lies, as `days` numbers it; 0 of none."""
    if moment == NEVER:
        return 0
    if moment < _FIRST_MIDNIGHT:
        return 1
    if moment >= _LAST_MIDNIGHT:
        return DAYS - 1
    day = moment // MICROSECONDS_A_DAY + DAYS_TO_1970
    if moment < midnights[day]:
        day -= 1
    elif moment >= midnights[day + 1]:
        day += 1
    return min(max(day - BEFORE_FIRST, 1), DAYS - 1)


@kernel
def answered(begun: Any, due: Any, at: Any) -> Any:
    """When an answer came, as its place in `packed.ANSWERS`; 0 where there was no time for it, or no limit."""
    if at == NEVER or due == NEVER or begun == NEVER or at <= begun or due <= begun:
        return 0
    allowed = due - begun
    if at <= due:
        return 2 if 12 * (due - at) <= allowed else 1
    return 3 if 12 * (at - due) <= allowed else 4


@kernel
def code_of(settled: Any, at_best: Any, entered: Any, judged: Any, answer: Any) -> Any:
    """The code of all that is counted of an obligation (`packed`)."""
    found = settled | (answer << ANSWERED)
    if at_best:
        found |= 1 << AT_BEST
    if entered == _YES:
        found |= 1 << ENTERED
    if judged != NEVER:
        found |= 1 << JUDGED
    return found


@kernel
def posting_of(place: Any, first: Any, postings: Any) -> Any:
    """The place in the bucket of the posting to which a row is credited."""
    return first + place if 0 <= place < postings else NOBODY


@kernel
def moment_at(column: Any, place: Any) -> Any:
    """A moment of a column as it is stored (`columns.Column`); NEVER where there is none."""
    if column.there.shape[0] and not column.there[place >> 3] >> (place & 7) & 1:
        return NEVER
    return column.numbers[place]


@kernel
def coded(states: Any, moments: Any, midnights: Any, as_of: Any, out: Any) -> None:
    """The code of each obligation, its day, and when it is judged if that is after the as-of, else NEVER.

    states   the columns settled, at_best and entered; `moments` judged, begun, due and answered, as they are stored
    out      code, day and ripe
    """
    settled, at_best, entered = states
    code, day, ripe = out
    for i in range(len(code)):
        judged, begun, due, at = (
            moment_at(moments[0], i),
            moment_at(moments[1], i),
            moment_at(moments[2], i),
            moment_at(moments[3], i),
        )
        code[i] = code_of(settled[i], at_best[i], entered[i], judged, answered(begun, due, at))
        day[i] = day_number(judged, midnights)
        ripe[i] = judged if judged > as_of else NEVER


@kernel
def credited(subject: Any, posting: Any, first: Any, postings: Any, out: Any) -> None:
    """The place of the posting to which each obligation is credited."""
    for i in range(len(out)):
        one = subject[i]
        out[i] = posting_of(posting[i], first[one], postings[one])


@kernel
def put(measure: Any, ripe: Any, columns: Any, following: Any, out: Any, days: Any, later: Any) -> None:
    """Put rows where those of their measures lie, one after another.

    columns    subject, day, holder, code and row; `out` the same of all rows
    following  of each measure the place of the next row
    days       of each measure the first and the last day on which a row is judged
    later      the place of each row that is ripe only later, and when
    """
    n = 0
    for i in range(len(measure)):
        one = measure[i]
        place = following[one]
        following[one] += 1
        day = columns[1][i]
        out[0][place], out[1][place], out[2][place] = columns[0][i], day, columns[2][i]
        out[3][place], out[4][place] = columns[3][i], columns[4][i]
        if day:
            days[one, 0] = min(days[one, 0], day)
            days[one, 1] = max(days[one, 1], day)
        if ripe[i] != NEVER:
            later[n, 0], later[n, 1] = place, ripe[i]
            n += 1


MEASURE, SUBJECT, MONTH, HOLDER, RIPE, COUNTS = range(6)
"""The columns of a tally as it is made."""
MOST_OF_ONE = 3
"""To how many tallies one obligation adds: its right, the whole Code, and the windows of its investigation."""


@kernel
def tallied(begin: Any, rows: Any, rules: Any, whole: Any, of_crime: Any, out: Any, reached: Any) -> Any:
    """Add up the obligations of whole subjects from row `begin` on, as long as there is room; how many tallies.

    `rows` are the columns subject, rule, part, day, holder, ripe and code, of each day its month, and of each code what
    is counted of it; `rules` of each rule the measure of its right, and of its windows. `reached[0]` is the first row
    that was not added.
    """
    subject = rows[0]
    n, total = 0, len(subject)
    i = begin
    while i < total:
        end = _end_of(subject, i)
        if n + MOST_OF_ONE * (end - i) > len(out):
            break
        n = _of_subject(i, end, rows, rules, whole if of_crime[subject[i]] else 0, out, n)
        i = end
    reached[0] = i
    return n


@kernel
def _end_of(subject: Any, begin: Any) -> Any:
    end = begin
    while end < len(subject) and subject[end] == subject[begin]:
        end += 1
    return end


@kernel
def _of_subject(begin: Any, end: Any, rows: Any, rules: Any, whole: Any, out: Any, n: Any) -> Any:
    """Add up the obligations of one subject; `whole` is 0 if they are in no right. The number of tallies after it."""
    first, part, rule = n, rows[2], rows[1]
    for row in range(begin, end):
        if part[row] >= 0:
            continue
        right = rules[0][rule[row]] if whole else 0
        n = _added(right, row, rows, out, first, n)
        n = _added(whole if right else 0, row, rows, out, first, n)
        n = _added(rules[1][rule[row]], row, rows, out, first, n)
    return n


@kernel
def _added(measure: Any, row: Any, rows: Any, out: Any, first: Any, n: Any) -> Any:
    """Add an obligation to the tally of its subject, from tally `first` on, that it belongs to, or to a new one."""
    if not measure:
        return n
    subject, holder, ripe = rows[0][row], rows[4][row], rows[5][row]
    month, rated = rows[7][rows[3][row]], rows[8][rows[6][row]]
    if ripe == NEVER:
        for place in range(n - 1, first - 1, -1):
            tally = out[place]
            if tally[MONTH] == month and tally[MEASURE] == measure and tally[HOLDER] == holder and _fits(tally, rated):
                tally[COUNTS] += rated
                return n
    tally = out[n]
    tally[MEASURE], tally[SUBJECT], tally[MONTH] = measure, subject, month
    tally[HOLDER], tally[RIPE], tally[COUNTS] = holder, ripe, rated
    return n + 1


@kernel
def _fits(tally: Any, more: Any) -> Any:
    """Whether a tally may hold more: not if ripe only later. Of the counts of `RATED` the first is the largest."""
    return tally[RIPE] == NEVER and (tally[COUNTS] & MOST) + (more & MOST) <= MOST
