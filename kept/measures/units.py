"""What values are counted in, and how they are written: one way for sentences, tables and charts."""

import math
from dataclasses import dataclass

from kept.errors import MeasureError
from kept.measures.statistics.values import Interval

SPACE = "\u00a0"
"""Holds a figure and its sign on one line."""
ANY = Interval(-math.inf, math.inf)


def count(number: float) -> str:
    """A number in full, thousands set apart by commas, at most two decimals: `1,234`, `0.85`."""
    text = f"{number:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: float, digits: int = 0) -> str:
    """A share as the field prints it: `80 %`. What is neither none nor all never prints as 0 % or 100 %."""
    text = f"{share * 100:.{digits}f}"
    ends = float(text) in (0, 100) and share not in (0, 1)
    if ends and digits < 2:
        return percent(share, digits + 1)
    if ends and 0 < share < 1:
        return f"{'under 0.01' if share < 0.5 else 'over 99.99'}{SPACE}%"
    return f"{text.removeprefix('-') if float(text) == 0 else text}{SPACE}%"


@dataclass(frozen=True, slots=True)
class Unit:
    """What values are counted in, by its word, and which values there can be.

    A share lies in 0 to 1 and prints as a percentage, its differences as points; anything else prints as a number.
    """

    word: str
    share: bool = False
    possible: Interval = ANY

    @property
    def scale(self) -> float:
        """By what a value is multiplied to be printed."""
        return 100 if self.share else 1

    @property
    def after_value(self) -> str:
        """What follows a printed value."""
        return f"{SPACE}{self.word}" if self.word else ""

    @property
    def after_difference(self) -> str:
        """What follows a printed difference of two values."""
        return f"{SPACE}points" if self.share else self.after_value

    @property
    def refusal(self) -> str:
        """What to say of a figure that `holds` does not hold."""
        return "A share does not lie between 0 and 1." if self.share else "A figure is not a finite number."

    def holds(self, value: float) -> bool:
        """Whether a figure can be drawn in this unit."""
        return value in self.possible if self.share else math.isfinite(value)

    def require(self, domain: tuple[float, float] | None) -> None:
        """Raise MeasureError where the ends asked for a value axis are not a lower and a higher figure of this unit."""
        if domain is not None and not (domain[0] < domain[1] and all(map(self.holds, domain))):
            why = f"It would go from {domain[0]} to {domain[1]}." + (" Shares lie in 0 to 1." if self.share else "")
            raise MeasureError("A value axis does not go from a lower to a higher figure.", why=why)

    def text(self, value: float, digits: int = 0) -> str:
        """The value as printed on a chart: `80 %`, `1,234`."""
        return percent(value, digits) if self.share else count(value)


SHARE = Unit("%", share=True, possible=Interval(0, 1))
COUNT = Unit("", possible=Interval(0, math.inf))
NUMBER = Unit("number")
