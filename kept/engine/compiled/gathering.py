"""Which stored entries are seen as of a moment, and their rows: one pass over the columns for each."""

from typing import Any, NamedTuple

from numpy.typing import NDArray

from kept.engine.compiled.columns import Column
from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import (
    ANSWERS,
    AT,
    CRIME,
    ENTERED,
    HEARING,
    ID,
    ITEM,
    MOMENT,
    NEVER,
    NOTHING,
    PLANNED,
    POSITION,
    SUSPECT,
    VICTIM,
    Integers,
)


class Columns(NamedTuple):
    """Entries as they are stored, a number of each in every array.

    `made` is empty where it is not stored: then every entry counts. `withdrawn` and `since` may lack some, and stand
    beside the bitmaps of those that are there.
    """

    subject: Integers
    made: Any
    kind: Any
    is_fact: NDArray[Any]
    planned: NDArray[Any]
    at: Integers
    entered: Integers
    withdrawn: Column
    since: Column
    position: Any
    crime_no: Any
    victim_no: Any
    suspect_no: Any
    hearing_no: Any
    item_no: Any
    answers_no: Any
    id_no: Any


class Whose(NamedTuple):
    """The subjects that are known, in order of their numbers, and which codes of `kind` some rule of a level reads."""

    numbers: Integers
    level: Integers
    made: Integers
    read: NDArray[Any]


@kernel
def look(c: Columns, whose: Whose, as_of: int, seen: Integers, people: Integers, turns: Integers) -> tuple[int, int]:
    """Write down where the entries stand that some rule reads and that were seen by a moment.

    For each subject, one after another, its number goes into `people`, and into `turns` the first moment after
    `as_of` at which the clock alone changes what is seen of it. Returns how many of both.
    """
    count, person, who = 0, -1, NOTHING
    for place in range(c.subject.shape[0]):
        if person < 0 or c.subject[place] != people[person]:
            person += 1
            people[person], turns[person] = c.subject[place], NEVER
            who = _place_of(c.subject[place], whose.numbers)
        if who == NOTHING or not whose.read[whose.level[who], c.kind[place]]:
            continue
        if c.made.shape[0] and c.made[place] != whose.made[who]:
            continue
        stands, withdrawn = max(c.entered[place], _moment(c.since, place)), _moment(c.withdrawn, place)
        if stands <= as_of and (withdrawn == NEVER or as_of < withdrawn):
            seen[count] = place
            count += 1
        turns[person] = _sooner(stands, as_of, turns[person])
        turns[person] = _sooner(withdrawn, as_of, turns[person])
        if c.is_fact[place]:
            turns[person] = _sooner(c.at[place], as_of, turns[person])
    return count, person + 1


@kernel
def _is_there(column: Column, place: int) -> bool:
    return column.there.shape[0] == 0 or bool(column.there[place >> 3] >> (place & 7) & 1)


@kernel
def _moment(column: Column, place: int) -> int:
    return int(column.numbers[place]) if _is_there(column, place) else NEVER


@kernel
def _place_of(number: int, numbers: Integers) -> int:
    low, high = 0, numbers.shape[0]
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low if low < numbers.shape[0] and numbers[low] == number else NOTHING


@kernel
def _sooner(moment: int, as_of: int, found: int) -> int:
    return moment if moment > as_of and (found == NEVER or moment < found) else found


@kernel
def gather(
    c: Columns, seen: Integers, typed: Any, entries: Integers, firsts: Integers, valued: Integers
) -> tuple[int, int]:
    """Write the row of each entry that is seen, but for its class and its value.

    Into `firsts` goes the row at which each subject begins, into `valued` each row of a fact whose values the codes
    of `kind` in `typed` say to be numbers or moments. Returns how many of both.
    """
    people, values, last = 0, 0, NOTHING
    for row in range(seen.shape[0]):
        place = seen[row]
        if c.subject[place] != last:
            last = c.subject[place]
            firsts[people] = row
            people += 1
        entries[row, AT], entries[row, ENTERED] = c.at[place], c.entered[place]
        entries[row, PLANNED], entries[row, POSITION] = c.planned[place], c.position[place]
        entries[row, CRIME], entries[row, VICTIM] = c.crime_no[place], c.victim_no[place]
        entries[row, SUSPECT], entries[row, HEARING] = c.suspect_no[place], c.hearing_no[place]
        entries[row, ITEM], entries[row, ANSWERS] = c.item_no[place], c.answers_no[place]
        entries[row, ID], entries[row, MOMENT] = c.id_no[place], NEVER
        if c.is_fact[place] and typed[c.kind[place]]:
            valued[values] = row
            values += 1
    return people, values


@kernel
def add_to_keys(column: Column, meaning: Integers, size: int, seen: Integers, keys: Integers) -> None:
    """Make each key that of one trait more: `meaning` has a code below `size` for none, then for each number."""
    for row in range(seen.shape[0]):
        place = seen[row]
        number = column.numbers[place] + 1 if _is_there(column, place) else 0
        keys[row] = keys[row] * size + meaning[number]
