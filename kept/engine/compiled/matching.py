"""Which events find which start: answers, targets and plans. The steps of `kept.engine.matching`."""

from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    ANSWERS,
    AT,
    BEFORE_SET,
    BY_REASON,
    BY_SPECIFIC,
    CLASS,
    CRIME,
    ENTERED,
    EVENT,
    EVERY_LINK,
    EXPLICIT,
    FIRST_EVER,
    GENERIC_SET,
    ID,
    IDENT,
    LEVEL,
    MATCH,
    NOT_LINKED,
    NOTHING,
    ON_INVESTIGATION,
    OR_REASON_SET,
    PLANNED_SET,
    SAME,
    SPECIFIC_SET,
    STARTS_AT,
    SUSPECT,
    UNLINKED,
    UNLINKED_COUNTS,
    VICTIM,
    Integers,
    Table,
)


@kernel
def compatible(t: Table, start: int, event: int, links: int) -> bool:
    """Whether two events can be about the same thing: no link that both carry differs."""
    for link in range(3):
        if links >> link & 1 and _differ(t, SUSPECT + link, start, event):
            return False
    if t.who[LEVEL] == ON_INVESTIGATION:
        return not (_differ(t, CRIME, start, event) or _differ(t, VICTIM, start, event))
    return True


@kernel
def _differ(t: Table, field: int, one: int, other: int) -> bool:
    mine, theirs = t.entries[one, field], t.entries[other, field]
    return mine != 0 and theirs != 0 and mine != theirs


@kernel
def _share(t: Table, links: int, one: int, other: int) -> bool:
    for link in range(3):
        value = t.entries[one, SUSPECT + link]
        if links >> link & 1 and value != 0 and value == t.entries[other, SUSPECT + link]:
            return True
    return False


@kernel
def linked(t: Table, start: Integers, event: int, match: int, unlinked: int) -> int:
    """How an event is linked with a start. One that says which it answers answers no other."""
    ident = t.entries[start[IDENT], ID]
    if t.entries[event, ID] == ident or not compatible(t, start[EVENT], event, match):
        return NOT_LINKED
    if t.entries[event, ANSWERS] != 0:
        return EXPLICIT if t.entries[event, ANSWERS] == ident else NOT_LINKED
    if _share(t, match, start[EVENT], event):
        return SAME
    return UNLINKED if unlinked else NOT_LINKED


@kernel
def answer(t: Table, rule: Integers, part: Integers, start: Integers) -> tuple[int, int, int, int]:
    """The answer that counts, its role, how it is linked, and the first general one."""
    found, closeness = _earliest(t, start, part, part[SPECIFIC_SET], True)
    reason, how = _earliest(t, start, part, rule[OR_REASON_SET], True)
    role = BY_SPECIFIC
    if reason != NOTHING and (found == NOTHING or _ranks_before(t, reason, how, found, closeness)):
        found, closeness, role = reason, how, BY_REASON
    generic, _ = _earliest(t, start, part, part[GENERIC_SET], False)
    return found, role, closeness, generic


@kernel
def _earliest(t: Table, start: Integers, part: Integers, wanted: int, free_only: bool) -> tuple[int, int]:
    """The earliest event of a set that is linked with the start, and how; the closer link breaks a tie."""
    found, closeness = NOTHING, NOT_LINKED
    for place in range(t.begins[wanted], t.ends[wanted]):
        event = t.listed[place]
        at = t.entries[event, AT]
        if found != NOTHING and at > t.entries[found, AT]:
            break
        if (at < start[STARTS_AT] and not part[FIRST_EVER]) or (free_only and t.used[event]):
            continue
        how = linked(t, start, event, part[MATCH], part[UNLINKED_COUNTS])
        if how < closeness:
            found, closeness = event, how
    return found, closeness


@kernel
def _ranks_before(t: Table, one: int, how: int, other: int, closeness: int) -> bool:
    mine, theirs = t.entries[one, AT], t.entries[other, AT]
    return mine < theirs or (mine == theirs and how < closeness)


@kernel
def target(t: Table, rule: Integers, start: int, at: int) -> tuple[int, int]:
    """The first target at or after the start that happened or is planned and not vacated; else what vacated it."""
    found, cancelled = NOTHING, NOTHING
    for place in range(t.begins[rule[BEFORE_SET]], t.ends[rule[BEFORE_SET]]):
        held = t.listed[place]
        if t.entries[held, AT] >= at and compatible(t, start, held, EVERY_LINK):
            found = held
            break
    for place in range(t.begins[rule[PLANNED_SET]], t.ends[rule[PLANNED_SET]]):
        plan = t.listed[place]
        if not compatible(t, start, plan, EVERY_LINK) or came_about(t, rule, plan):
            continue
        vacated = vacated_by(t, plan)
        if vacated == NOTHING:
            if t.entries[plan, AT] >= at and (found == NOTHING or plan < found):
                found = plan
        elif t.entries[vacated, AT] >= at:
            cancelled = vacated
    return found, (cancelled if found == NOTHING else NOTHING)


@kernel
def came_about(t: Table, rule: Integers, plan: int) -> bool:
    """Whether what was planned has happened."""
    for place in range(t.begins[rule[BEFORE_SET]], t.ends[rule[BEFORE_SET]]):
        if _same_thing(t, plan, t.listed[place]):
            return True
    return False


@kernel
def vacated_by(t: Table, plan: int) -> int:
    """The event that cancelled a plan: entered after it, of the same hearing or item."""
    cancelling = t.vacating[t.entries[plan, CLASS]]
    for place in range(t.begins[cancelling], t.ends[cancelling]):
        one = t.listed[place]
        if _same_thing(t, plan, one) and t.entries[one, ENTERED] > t.entries[plan, ENTERED]:
            return int(one)
    return NOTHING


@kernel
def _same_thing(t: Table, plan: int, event: int) -> bool:
    return compatible(t, plan, event, EVERY_LINK) and _share(t, EVERY_LINK, plan, event)
