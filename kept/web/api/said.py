"""Values as JSON has them, and moments and days as callers may write them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

_FIRST, _LAST = 1900, 2200
"""Years between which a moment lies: what is beyond is a slip of the pen, and no calendar knows its holidays."""


def plain(value: Any) -> Any:
    """A value of any of our kinds as JSON can say it: moments in ISO 8601, what is not known here as text."""
    return json.loads(json.dumps(value, default=lambda one: one.isoformat() if isinstance(one, date) else str(one)))


def _near(at: datetime) -> datetime:
    if not _FIRST < at.year < _LAST:
        raise ValueError(f"a moment lies between {_FIRST} and {_LAST}")
    return at.astimezone(UTC)


def _near_day(day: date) -> date:
    if not _FIRST < day.year < _LAST:
        raise ValueError(f"a day lies between {_FIRST} and {_LAST}")
    return day


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
"""A moment with its offset; UTC once it is read."""
Day = Annotated[date, AfterValidator(_near_day)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A line of text: no control character."""
Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""What a record is called in its source."""
Most = Annotated[int, Field(ge=1, le=200)]
"""How many at most."""
