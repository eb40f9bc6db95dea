"""Gathering the entries that are read from columns into rows, in one pass over them."""

from typing import Any

from kept.engine.compiled.kernel import kernel
from kept.engine.compiled.layout import AT, CRIME, ENTERED, ID, MOMENT, NEVER, PLANNED, POSITION, Integers

_PLANNED = 2
_POSITION = 9
_LINKS = 10


@kernel
def gather(places: Integers, small: Any, moments: Integers, sizes: Integers, entries: Integers, keys: Integers) -> None:
    """Write the row of each entry in `places`, but for its class, and what its class is known by, into `keys`.

    `small` has a row for each of `entries.SMALL`, `moments` two: when it happened, and when it was entered.
    """
    for row in range(places.shape[0]):
        place = places[row]
        entries[row, AT], entries[row, ENTERED] = moments[0, place], moments[1, place]
        entries[row, PLANNED], entries[row, POSITION] = small[_PLANNED, place], small[_POSITION, place]
        for link in range(ID - CRIME + 1):
            entries[row, CRIME + link] = small[_LINKS + link, place]
        entries[row, MOMENT] = NEVER
        key = 0
        for field in range(sizes.shape[0]):
            key = key * sizes[field] + small[field, place]
        keys[row] = key
