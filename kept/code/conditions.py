"""Conditions: what a duty may ask of the facts and of its own start. A closed set, never code.

Each condition says itself in plain words (`says`), so that a page, an explanation and a review read alike.
Evaluating one is the engine's job.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactIs:
    """The fact has one of these values. A flag is `("true",)`."""

    attribute: str
    values: tuple[str, ...]

    def says(self) -> str:
        if self.values == ("true",):
            return self.attribute.replace("_", " ")
        return f"{self.attribute.replace('_', ' ')} is {_either(self.values)}"


@dataclass(frozen=True, slots=True)
class FactBetween:
    """The fact is a number n with `at_least` <= n < `below`; either end may be open."""

    attribute: str
    at_least: float | None
    below: float | None

    def says(self) -> str:
        ends = []
        if self.at_least is not None:
            ends.append(f"at least {self.at_least:g}")
        if self.below is not None:
            ends.append(f"below {self.below:g}")
        return f"{self.attribute.replace('_', ' ')} is {' and '.join(ends)}"


@dataclass(frozen=True, slots=True)
class FactKnown:
    """The records hold a value of the fact."""

    attribute: str

    def says(self) -> str:
        return f"{self.attribute.replace('_', ' ')} is known"


@dataclass(frozen=True, slots=True)
class StartIs:
    """The start itself has one of these values in this field (value, result, channel, by, item, source)."""

    field: str
    values: tuple[str, ...]

    def says(self) -> str:
        return f"the {self.field} of what happened is {_either(self.values)}"


@dataclass(frozen=True, slots=True)
class Term:
    """A condition that the edition defines under a name."""

    name: str

    def says(self) -> str:
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class All:
    of: tuple["Condition", ...]

    def says(self) -> str:
        return " and ".join(_bracketed(condition) for condition in self.of)


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple["Condition", ...]

    def says(self) -> str:
        return " or ".join(_bracketed(condition) for condition in self.of)


@dataclass(frozen=True, slots=True)
class Not:
    of: "Condition"

    def says(self) -> str:
        return f"not {_bracketed(self.of)}"


Condition = FactIs | FactBetween | FactKnown | StartIs | Term | All | Any | Not


def leaves(condition: Condition) -> Iterator[FactIs | FactBetween | FactKnown | StartIs | Term]:
    """Every question the condition asks, in order."""
    if isinstance(condition, All | Any):
        for part in condition.of:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.of)
    else:
        yield condition


def attributes(condition: Condition) -> set[str]:
    """The attributes that the condition reads itself, terms not opened."""
    return {leaf.attribute for leaf in leaves(condition) if isinstance(leaf, FactIs | FactBetween | FactKnown)}


def _either(values: tuple[str, ...]) -> str:
    words = [value.replace("_", " ") for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _bracketed(condition: Condition) -> str:
    return f"({condition.says()})" if isinstance(condition, All | Any) and len(condition.of) > 1 else condition.says()
