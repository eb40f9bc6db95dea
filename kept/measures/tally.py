"""A tally: what somebody was owed of one thing in one month, as counts packed into two whole numbers.

Packed counts add up as the numbers do, and rows that are alike share one number, by which they are counted at once.
"""

from collections.abc import Mapping

RATED = ("judged", "met", "best", "reasoned", "in_time")
"""Counts of obligations that a rate is taken over: all, kept, kept at best, reasoned, kept and entered by due."""
ASIDE = ("declined", "lapsed", "pending", "not_measurable")
"""Counts by the states that no rate is taken over."""
BITS = 12
MOST = (1 << BITS) - 1
"""The most that one count can be: so many of one thing for one victim in one month."""
SHIFTS: Mapping[str, int] = {name: place * BITS for names in (RATED, ASIDE) for place, name in enumerate(names)}
"""How many bits lie below a count in its number, `rated` or `aside`."""
WAITS = "coalesce(ripe > getvariable('clock'), false)"
"""SQL: whether the moment from which a row counts is still to come."""


def unpacked() -> dict[str, str]:
    """SQL for each count from `rated`, `aside` and `waits`: whether the moment from which it counts is still to come.

    What waits is in no rate, and all of it that is not kept already is pending.
    """
    rated, aside = ({name: f"(({number} >> {SHIFTS[name]}) & {MOST})" for name in names} for number, names in _NUMBERS)
    waiting = f"{rated['judged']} - {rated['met']}"
    return {
        **{name: f"CASE WHEN waits THEN 0 ELSE {text} END" for name, text in rated.items()},
        **aside,
        "pending": f"{aside['pending']} + CASE WHEN waits THEN {waiting} ELSE 0 END",
    }


_NUMBERS = (("rated", RATED), ("aside", ASIDE))
