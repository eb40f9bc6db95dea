"""How an obligation counts: a code for all that is counted of it, and counts packed into whole numbers.

Packed counts add up as the numbers do.
"""

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from kept.engine.states import COUNTED, STATE_NAMES, TURNING
from kept.measures.ledger.compiled.layout import (
    AT_BEST,
    CODES,
    ENTERED,
    JUDGED,
    MOST,
    ROOM,
    WIDE,
    WIDE_MOST,
    WIDE_ROOM,
)

Integers = npt.NDArray[np.int64]
RATED = ("judged", "met", "best", "reasoned", "in_time")
"""Counts of obligations that a rate is taken over: all, kept, kept at best, reasoned, kept and entered by due."""
ASIDE = ("declined", "lapsed", "pending", "not_measurable")
"""Counts by the states that no rate is taken over."""
_Int = TypeVar("_Int", np.int16, np.int64)
ANSWERS = ("", "early", "in the last twelfth", "in as much time after", "later")
"""When an answer came that had some time: by eleven twelfths of it, then by the limit, by a twelfth after, or later."""


@cache
def state_of_codes(waits: bool) -> Integers:
    """The place in `STATE_NAMES` of the state of each code, of what waits for its moment or of what does not.

    Until its moment has come, or if there is none, what turns only by the clock is pending.
    """
    codes = np.arange(CODES, dtype=np.int64)
    still_open = among(codes, TURNING) & (waits | ~has(codes, JUDGED))
    found: Integers = np.where(still_open, STATE_NAMES.index("pending"), states_of(codes))
    found.setflags(write=False)
    return found


def states_of(codes: Integers) -> Integers:
    """The place of the state in which the obligations of some codes settle, in `STATE_NAMES`."""
    return codes & ((1 << AT_BEST) - 1)


def has(codes: Integers, bit: int) -> npt.NDArray[np.bool_]:
    """Whether each code has a bit."""
    found: npt.NDArray[np.bool_] = (codes >> bit) & 1 == 1
    return found


def among(codes: Integers, states: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Whether each code settles in one of some states."""
    return np.isin(states_of(codes), [STATE_NAMES.index(state) for state in states])


def counts_of_codes() -> dict[str, Integers]:
    """What an obligation of each code counts, once its moment has come: 0 or 1 for each of `RATED` and `ASIDE`."""
    codes = np.arange(CODES, dtype=np.int64)
    met, counted, judged = among(codes, ("met",)), among(codes, COUNTED), has(codes, JUDGED)
    found: Mapping[str, npt.NDArray[np.bool_]] = {
        "judged": counted & judged,
        "met": met & judged,
        "best": counted & has(codes, AT_BEST) & judged,
        "reasoned": among(codes, ("reasoned",)) & judged,
        "in_time": met & has(codes, ENTERED) & judged,
        "declined": among(codes, ("declined",)),
        "lapsed": among(codes, ("lapsed",)),
        "pending": among(codes, ("pending",)) | (among(codes, TURNING) & ~judged),
        "not_measurable": among(codes, ("not_measurable",)),
    }
    return {name: truth.astype(np.int64) for name, truth in found.items()}


def packed(counts: Mapping[str, Integers], names: tuple[str, ...]) -> Integers:
    """Some counts in one number each, the first lowest."""
    found = np.zeros(len(counts[names[0]]), np.int64)
    for place, name in enumerate(names):
        found |= counts[name] << (place * ROOM)
    return found


def unpacked(numbers: Integers, names: tuple[str, ...]) -> dict[str, Integers]:
    """The counts that are packed in numbers, by name."""
    return {name: (numbers >> (place * ROOM)) & MOST for place, name in enumerate(names)}


# -- what is added up of a duty ---------------------------------------------------------------------------------------

SUMMED = (
    *RATED,
    *ASIDE,
    "unexcused",
    "met_squared",
    "best_squared",
    "judged_squared",
    "unexcused_squared",
    "met_judged",
    "best_judged",
    "met_unexcused",
    "victims",
    "victims_unexcused",
)
"""Counts of obligations, squares and products over units for the interval of a rate (`statistics.clusters`), and units.
`unexcused` are those judged without the force's own reason."""
KEPT = ("judged", "met", "met_or_reasoned", "best")
"""Of the units of which anything was judged, those with all of it kept, or reasoned, or kept at best."""


def of_waiting(counts: Mapping[str, npt.NDArray[_Int]]) -> dict[str, npt.NDArray[_Int]]:
    """What the same counts are while their moment is still to come: in no rate, and pending if not kept already."""
    nothing = np.zeros_like(counts["judged"])
    found = {name: nothing if name in RATED else count for name, count in counts.items()}
    return found | {"pending": counts["pending"] + counts["judged"] - counts["met"]}


def told_apart(counts: Mapping[str, Integers]) -> tuple[dict[str, Integers], Integers]:
    """The different counts there are, and the place of each among them."""
    rows, place = np.unique(np.stack([*counts.values()], axis=1), axis=0, return_inverse=True)
    return {name: rows[:, column] for column, name in enumerate(counts)}, place.reshape(-1)


def wide(counts: Mapping[str, Integers]) -> Integers:
    """All counts in `WIDE` numbers each, so that many can be added up; as rows."""
    names = (*RATED, *ASIDE)
    found = np.zeros((len(counts[names[0]]), WIDE), np.int64)
    for place, name in enumerate(names):
        found[:, place // 3] |= counts[name] << (place % 3 * WIDE_ROOM)
    return found


def widely_unpacked(numbers: Integers) -> dict[str, Integers]:
    """The counts that are packed in rows of `WIDE` numbers, by name."""
    return {
        name: (numbers[:, place // 3] >> (place % 3 * WIDE_ROOM)) & WIDE_MOST
        for place, name in enumerate((*RATED, *ASIDE))
    }


def summed(counts: Mapping[str, Integers]) -> Integers:
    """What units of some counts add to each of `SUMMED`, as rows."""
    judged, met, best, reasoned = (counts[name] for name in ("judged", "met", "best", "reasoned"))
    unexcused = judged - reasoned
    squares = [unexcused, met * met, best * best, judged * judged, unexcused * unexcused]
    products = [met * judged, best * judged, met * unexcused]
    units = [(judged > 0).astype(np.int64), (unexcused > 0).astype(np.int64)]
    return np.stack([*(counts[name] for name in (*RATED, *ASIDE)), *squares, *products, *units], axis=1)


def bits_of(counts: Mapping[str, Integers]) -> Integers:
    """Of counts in four bits: whether anything was judged, and not all was kept, or reasoned, or kept at best.

    What is kept is judged, so that of several counts together these hold that hold of any of them.
    """
    judged, met, best, reasoned = (counts[name] for name in ("judged", "met", "best", "reasoned"))
    found = np.zeros(len(judged), np.int64)
    for place, truth in enumerate((judged > 0, met < judged, met + reasoned < judged, best < judged)):
        found |= truth.astype(np.int64) << place
    return found


def kept_by_bits() -> Integers:
    """What a unit with each combination of these bits adds to each of `KEPT`, as rows."""
    bits = np.arange(1 << len(KEPT), dtype=np.int64)
    judged = bits & 1
    return np.stack([judged, *(judged & ~(bits >> place) & 1 for place in range(1, len(KEPT)))], axis=1)
