"""What was measured on one store, read by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FLOOR = "group floor, same columns"
"""The floor that this engine is held against."""


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one store; whatever was not measured is None, and so is what follows from it."""

    found: Mapping[str, Any]

    def seconds(self, name: str) -> float | None:
        """The median, scaled where a part stands for the whole."""
        one = self.found.get(name, {})
        return one["median"] * one.get("scale", 1) if "median" in one else None

    def peak_mb(self, name: str) -> int | None:
        """The most memory that the process held which measured it."""
        peak: int | None = self.says(name, "peak_mb")
        return peak

    def ratio(self, one: str, other: str) -> float | None:
        """How many times as long the one took as the other."""
        mine, theirs = self.seconds(one), self.seconds(other)
        return mine / theirs if mine is not None and theirs else None

    def says(self, name: str, what: str) -> Any:
        """Something else that is known of a measurement."""
        return self.found.get(name, {}).get(what)
