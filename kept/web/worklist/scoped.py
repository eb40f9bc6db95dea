"""What is owed in all the cases that a scope opens, a page at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from kept.web.people.cases import condition
from kept.web.people.policy import Scope
from kept.web.worklist.filed import as_number
from kept.web.worklist.reading import Owed, found, in_sql


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; what is blank or None asks for nothing. `before`: due before a moment."""

    investigation: str = ""
    duty: str = ""
    right: int | None = None
    team: str = ""
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the next one begins after it."""

    investigation: str
    due: datetime
    victim: str
    duty: str
    part: str
    start_at: datetime

    @classmethod
    def of(cls, one: Owed) -> Place:
        return cls(*(getattr(one, field.name) for field in fields(cls)))


def within(scope: Scope, wanted: Wanted, after: Place | None, most: int) -> list[Owed]:
    """What is owed in the cases that a scope opens, by investigation and then by due moment; at most so many."""
    opens, values = condition(scope)
    conditions = [opens, *(text for name, text in _WANTED.items() if getattr(wanted, name) not in ("", None))]
    values |= {name: _plain(value) for name, value in asdict(wanted).items()}
    if after:
        conditions.append(f"({in_sql(_ORDER)}) > ({', '.join(f':after_{field.name}' for field in fields(Place))})")
        values |= {f"after_{name}": _plain(value) for name, value in asdict(after).items()}
    return found(" AND ".join(conditions), values, _ORDER, most)


_ORDER = tuple(field.name for field in fields(Place))
_WANTED = {
    "investigation": "o.investigation = :investigation",
    "duty": "o.duty = :duty",
    "right": 'o."right" = :right',
    "team": "p.team = :team",
    "before": "o.due < :before",
}


def _plain(value: object) -> object:
    return as_number(value) if isinstance(value, datetime) else value
