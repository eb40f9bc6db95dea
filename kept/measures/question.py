"""What is asked of a measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a measure: by which breakdowns, in which periods, of which of its members.

    `since` and `until` are days in London, both included; `only` keeps the members with a value of a breakdown.
    """

    by: tuple[str, ...] = ()
    period: str = ""
    since: date | None = None
    until: date | None = None
    only: Mapping[str, str] = field(default_factory=dict)
