"""The cases that are before the courts, as the worklist has them, and how soon the next hearing of each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.calendar import LONDON
from kept.web.day.bands import days_until
from kept.web.people.cases import condition
from kept.web.people.policy import Scope
from kept.web.worklist.current import current
from kept.web.worklist.filed import as_moment, as_number

HEARINGS: Mapping[str, str | Promise] = {
    "first": gettext_lazy("First hearing"),
    "bail": gettext_lazy("Bail hearing"),
    "plea": gettext_lazy("Plea and case management"),
    "trial": gettext_lazy("Trial"),
    "sentence": gettext_lazy("Sentence"),
    "appeal": gettext_lazy("Appeal"),
    "other": gettext_lazy("Hearing"),
}
"""What each kind of hearing of the record contract is called."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A case before the courts: when its first charge was, who in witness care sees to it, and the next hearing.

    `carer` is blank where the records do not say; `hearing` is None where none is listed, and `kind` what it is.
    """

    investigation: str
    charged: datetime
    carer: str
    hearing: datetime | None
    kind: str

    @property
    def title(self) -> str | Promise:
        """What the next hearing is called."""
        return HEARINGS.get(self.kind, HEARINGS["other"])


@dataclass(frozen=True, slots=True)
class Window:
    """How soon a hearing is: a name in an address, a heading, and the last of the days until it that are in it.

    `last` is None where there is no end, and where no hearing is listed.
    """

    id: str
    title: str | Promise
    last: int | None


NONE_LISTED = Window("none", gettext_lazy("No hearing in the records"), None)
WINDOWS = (
    Window("today", gettext_lazy("In court today"), 0),
    Window("week", gettext_lazy("In court in the next 7 days"), 7),
    Window("month", gettext_lazy("In court in the next 28 days"), 28),
    Window("later", gettext_lazy("In court later"), None),
    NONE_LISTED,
)
"""Every window, in the order in which the page shows them."""


def window_of(one: Listed, at: datetime) -> Window:
    """The window of a case's next hearing."""
    if one.hearing is None:
        return NONE_LISTED
    days = days_until(one.hearing, at)
    return next(each for each in WINDOWS if each.last is None or days <= each.last)


def before_the_courts(scope: Scope, at: datetime) -> list[Listed]:
    """The cases before the courts that a scope opens, by next hearing; those without come last, by first charge."""
    opens, values = condition(scope)
    today = at.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = current().rows(_CASES.format(opens), {**values, "today": as_number(today)})
    found = [
        Listed(
            row["investigation"],
            as_moment(row["charged"]),
            row["carer"] or "",
            None if row["hearing"] is None else as_moment(row["hearing"]),
            row["kind"] or "",
        )
        for row in rows
    ]
    return sorted(found, key=_soonest)


def carers(found: Iterable[Listed]) -> list[str]:
    """Who sees to some cases, by id."""
    return sorted({one.carer for one in found} - {""})


def _soonest(one: Listed) -> tuple[bool, datetime, str]:
    return (one.hearing is None, one.hearing or one.charged, one.investigation)


_CASES = """
SELECT c.investigation, min(c.charged) AS charged, max(c.carer) AS carer, h.hearing, h.kind
FROM court c JOIN investigation i ON i.id = c.investigation LEFT JOIN (
    SELECT investigation, min(at) AS hearing, kind FROM hearing WHERE at >= :today GROUP BY investigation
) h ON h.investigation = c.investigation
WHERE {} GROUP BY c.investigation
"""
