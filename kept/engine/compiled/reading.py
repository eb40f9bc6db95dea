"""Reading facts and conditions as then known, in three values. The steps of `kept.engine.reading`."""

from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    ALL,
    ANY,
    AT,
    CLASS,
    CRIME,
    ENTERED,
    FACT_IS,
    FACT_KNOWN,
    FACT_SET,
    FALSE,
    FOR_AT,
    FOR_BY,
    FOR_CRIME,
    FOR_EVENT,
    FOR_VICTIM,
    FOUND_MISSING,
    FOUND_TRUTH,
    IF_ABSENT,
    LEVEL,
    NOT,
    NOTHING,
    ON_VICTIM,
    OPERATION,
    START_IS,
    TEST,
    TEST_BLANK,
    TRUE,
    UNKNOWN,
    VICTIM,
    WORD,
    Table,
)


@kernel
def value(t: Table, attribute: int, at: int, by: int, crime: int, victim: int) -> int:
    """The fact whose value held at a moment, as known by another: the latest then known, else the first since."""
    known, since = NOTHING, NOTHING
    for place in range(t.begins[attribute], t.ends[attribute]):
        fact = t.listed[place]
        if t.entries[fact, AT] > at:
            break
        if not _in_scope(t, fact, crime, victim):
            continue
        entered = t.entries[fact, ENTERED]
        if entered <= by:
            same_moment = known != NOTHING and t.entries[known, AT] == t.entries[fact, AT]
            if not (same_moment and entered < t.entries[known, ENTERED]):
                known = fact
        elif since == NOTHING or entered < t.entries[since, ENTERED]:
            since = fact
    found = known if known != NOTHING else since
    return NOTHING if found == NOTHING or t.holds[TEST_BLANK, t.entries[found, CLASS]] else found


@kernel
def _in_scope(t: Table, fact: int, crime: int, victim: int) -> bool:
    if t.who[LEVEL] == ON_VICTIM:
        return True
    of_crime, of_victim = t.entries[fact, CRIME], t.entries[fact, VICTIM]
    same_crime = crime == 0 or of_crime == 0 or of_crime == crime
    return same_crime and (victim == 0 or of_victim == 0 or of_victim == victim)


@kernel
def holds(t: Table, program: int, event: int, at: int, by: int, crime: int, victim: int) -> tuple[int, int]:
    """Whether a condition holds, and the word of the first fact that leaves it open.

    The rules of an edition ask the same of the same start: what was found last is remembered.
    """
    last = t.remembered[program]
    if not (
        last[FOR_EVENT] == event
        and last[FOR_AT] == at
        and last[FOR_BY] == by
        and last[FOR_CRIME] == crime
        and last[FOR_VICTIM] == victim
    ):
        last[FOR_EVENT], last[FOR_AT], last[FOR_BY] = event, at, by
        last[FOR_CRIME], last[FOR_VICTIM] = crime, victim
        last[FOUND_TRUTH], last[FOUND_MISSING] = _worked_out(t, program, event, at, by, crime, victim)
    return last[FOUND_TRUTH], last[FOUND_MISSING]


@kernel
def _worked_out(t: Table, program: int, event: int, at: int, by: int, crime: int, victim: int) -> tuple[int, int]:
    """A condition worked out, operation by operation."""
    height = 0
    for place in range(t.programs[program], t.programs[program + 1]):
        code = t.operations[OPERATION, place]
        if code in (ALL, ANY):
            height -= t.operations[FACT_SET, place]
            truth, missing = _joined(t, code, height, t.operations[FACT_SET, place])
        elif code == NOT:
            height -= 1
            truth, missing = t.stack[0, height], t.stack[1, height]
            truth = UNKNOWN if truth == UNKNOWN else 1 - truth
        elif code == START_IS:
            truth, missing = (TRUE if t.holds[t.operations[TEST, place], t.entries[event, CLASS]] else FALSE), NOTHING
        else:
            truth, missing = _fact_holds(t, place, code, at, by, crime, victim)
        t.stack[0, height], t.stack[1, height] = truth, missing
        height += 1
    return t.stack[0, 0], t.stack[1, 0]


@kernel
def _joined(t: Table, code: int, first: int, count: int) -> tuple[int, int]:
    """All or any of the last truths on the stack."""
    deciding = FALSE if code == ALL else TRUE
    missing = NOTHING
    unknown = False
    for place in range(first, first + count):
        if t.stack[0, place] == deciding:
            return deciding, NOTHING
        if t.stack[0, place] == UNKNOWN:
            unknown = True
            if missing == NOTHING:
                missing = t.stack[1, place]
    return (UNKNOWN, missing) if unknown else (1 - deciding, NOTHING)


@kernel
def _fact_holds(t: Table, place: int, code: int, at: int, by: int, crime: int, victim: int) -> tuple[int, int]:
    fact = value(t, t.operations[FACT_SET, place], at, by, crime, victim)
    if code == FACT_KNOWN:
        return (FALSE if fact == NOTHING else TRUE), NOTHING
    if fact == NOTHING:
        absent = t.operations[IF_ABSENT, place]
        return absent, (t.operations[WORD, place] if absent == UNKNOWN else NOTHING)
    if code == FACT_IS:
        return (TRUE if t.holds[t.operations[TEST, place], t.entries[fact, CLASS]] else FALSE), NOTHING
    number = t.numbers[fact]
    return (TRUE if t.bounds[0, place] <= number < t.bounds[1, place] else FALSE), NOTHING


@kernel
def all_hold(t: Table, first: int, end: int, event: int, at: int, by: int, crime: int, victim: int) -> tuple[int, int]:
    """Whether every conjunct holds; with it the first that does not, or the word that is missing first."""
    unknown, missing = False, NOTHING
    for conjunct in range(first, end):
        truth, word = holds(t, t.conjuncts[conjunct], event, at, by, crime, victim)
        if truth == FALSE:
            return FALSE, conjunct
        if truth == UNKNOWN and not unknown:
            unknown, missing = True, word
    return (UNKNOWN, missing) if unknown else (TRUE, NOTHING)
