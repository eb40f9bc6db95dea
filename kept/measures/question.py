"""What is asked of a measure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kept.records.schema import literal

UNKNOWN = "unknown"
"""What stands for a value that is not known, in questions, in tables and in what is put together."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Groups that are put together: the names of what is shown, by the values of some levels."""

    levels: tuple[str, ...]
    names: Mapping[tuple[str, ...], str]

    def sql(self, has: Callable[[str, str], str]) -> str:
        """SQL for the name under which a member is shown; `has` gives the SQL for a level that has a value."""
        cases = [
            f"WHEN {' AND '.join(map(has, self.levels, values))} THEN {literal(name)}"
            for values, name in self.names.items()
        ]
        return f"CASE {' '.join(cases)} END" if cases else "NULL"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a measure: by which breakdowns, in which periods, of which of its members.

    `since` and `until` are days in London, both included; `only` keeps the members with a value of a breakdown.
    `merged` says of a breakdown into which groups its values are put together.
    """

    by: tuple[str, ...] = ()
    period: str = ""
    since: date | None = None
    until: date | None = None
    only: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, Merged] = field(default_factory=dict)
