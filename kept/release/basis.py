"""What a table counts, by definition: enough to tell whether two may count the same people, and to count again.

No query is kept: whoever counts again takes the measure from the catalogue, and is refused where it has changed since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kept.measures.model import OBLIGATIONS, Measure
from kept.measures.names import of_windows

WINDOWS = of_windows("", "").removeprefix("/")
"""How the ids of measures end that count investigations, not victims."""
_SAID = ("of", "kind", "where", "counts", "by", "since", "until", "within", "at")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a table counts.

    unit        of what it counts each one once: victims, crimes, investigations …
    columns     the columns of the population that divide it, in the order of its breakdowns
    definition  what the measure said of itself when it was counted: pairs of name and text, sorted
    """

    unit: str
    columns: tuple[str, ...]
    definition: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, measure: Measure, by: tuple[str, ...]) -> "Basis":
        """The basis of a table of a measure, by some of its breakdowns."""
        said = [(name, str(getattr(measure, name))) for name in _SAID if getattr(measure, name)]
        parts = [(f"part {name}", text) for name, text in measure.parts.items()]
        return cls(_unit(measure), by, tuple(sorted([*said, *parts])))

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {"unit": self.unit, "columns": list(self.columns), "definition": dict(self.definition)}


def basis_of(said: Mapping[str, Any]) -> Basis:
    """The basis that JSON gives."""
    return Basis(said["unit"], tuple(said["columns"]), tuple(sorted(said["definition"].items())))


def _unit(measure: Measure) -> str:
    if measure.of != OBLIGATIONS:
        return measure.of
    return "investigations" if measure.id.endswith(WINDOWS) else "victims"
