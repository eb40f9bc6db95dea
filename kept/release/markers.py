"""What stands in a cell instead of a number: a type of its own, never 0 and never nothing.

The letters are those of the Government Analysis Function ("Using symbols and shorthand in tables", 2022): in square
brackets, so that a screen reader reads them out and a program cannot take them for a number.
"""

from typing import Any, ClassVar, Never


class Marker:
    """Why a cell has no number. All markers of a kind are equal; nothing can be calculated with one."""

    __slots__ = ()
    shorthand: ClassVar[str]
    meaning: ClassVar[str]

    def __str__(self) -> str:
        return self.shorthand

    def __format__(self, spec: str) -> str:
        return format(self.shorthand, spec)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def _refuse(self, *_: Any) -> Never:
        raise TypeError(f"{self.shorthand} is not a number ({self.meaning}): nothing can be calculated or told from it")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _refuse
    __neg__ = __pos__ = __abs__ = __round__ = __int__ = __float__ = __index__ = __bool__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse


class Suppressed(Marker):
    """A count that is there and is not shown."""

    __slots__ = ()
    shorthand = "[c]"
    meaning = "confidential: suppressed, so that nobody can be picked out"


class NotAvailable(Marker):
    """A figure that these records cannot give."""

    __slots__ = ()
    shorthand = "[x]"
    meaning = "not available"


class NotApplicable(Marker):
    """A figure that there cannot be: a share of nobody."""

    __slots__ = ()
    shorthand = "[z]"
    meaning = "not applicable"


MARKERS: tuple[type[Marker], ...] = (Suppressed, NotAvailable, NotApplicable)
"""Every marker, in the order in which legends list them."""

Figure = int | Suppressed
"""What a release prints of a count."""


def share(part: Figure, whole: Figure) -> float | Marker:
    """The share of a part in its whole, in per cent, from what is printed of both.

    `[c]` where either is suppressed, for a rate and one of its counts give the other; `[z]` of nobody.
    """
    if isinstance(part, Suppressed) or isinstance(whole, Suppressed):
        return Suppressed()
    return 100 * part / whole if whole else NotApplicable()
