"""Everything that a user can get wrong, as one tree of errors.

An error carries one or more faults, so that somebody who has made twelve mistakes is told of all twelve.
The command prints the error, never a traceback, and ends with the exit code of its kind:

| error | exit code | what is wrong |
|---|---|---|
| `KeptError` | 1 | something of no kind below |
| `UsageError` | 2 | the command was called wrongly |
| `CodeError` | 3 | an edition or a rulebook is wrong |
| `MappingError` | 4 | a mapping is wrong, or does not fit the extract |
| `RecordsError` | 5 | records cannot be read at all |
| `StoreError` | 6 | the store is missing, damaged, or of a kind that is not known here |
| `AsOfError` | 7 | an as-of that these records cannot look back to |
| `CalendarError` | 8 | a moment without a time zone, or a day outside the known bank holidays |
| `NotFoundError` | 9 | no such crime, victim, duty or edition |
| `DiskError` | 10 | the disk is full, or cannot be written |
| `SparkError` | 11 | Spark, or what it needs, is missing, cannot be reached, or has failed |
| `MeasureError` | 12 | a measure is wrong, or cannot be asked for in this way |
| `ServiceError` | 13 | the web service cannot start, or a file of its own is missing or damaged |

A row that breaks the contract is not an error: it goes to quarantine, and the rest is loaded.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a sentence, the place (`file:line`, a row …), the reason, and the way out."""

    what: str
    where: str | None = None
    why: str = ""
    what_to_do: str = ""

    def __str__(self) -> str:
        details = (("where", self.where), ("why", self.why), ("what to do", self.what_to_do))
        return "\n".join([self.what, *(f"  {label}: {text}" for label, text in details if text)])


class KeptError(Exception):
    """A mistake that a user can put right; `what`, `where`, `why` and `what_to_do` are its first fault's.

    `CodeError("…", where="right-06.yaml:12")` says one fault, `CodeError.of(faults)` many.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, where: str | None = None, why: str = "", what_to_do: str = "") -> None:
        super().__init__(what, where, why, what_to_do)
        self.what, self.where, self.why, self.what_to_do = what, where, why, what_to_do
        self.faults: tuple[Fault, ...] = (Fault(what, where, why, what_to_do),)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Self:
        """Return one error that carries all `faults`; ValueError if there is none."""
        found = tuple(faults)
        if not found:
            raise ValueError("an error needs at least one fault")
        error = cls(found[0].what, found[0].where, found[0].why, found[0].what_to_do)
        error.faults = found
        return error

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return str(self.faults[0])
        return "\n\n".join([f"{len(self.faults)} faults:", *map(str, self.faults)])


class UsageError(KeptError):
    """The command was called wrongly."""

    exit_code = 2


class CodeError(KeptError):
    """An edition or a rulebook is wrong."""

    exit_code = 3


class MappingError(KeptError):
    """A mapping is wrong, or does not fit the extract."""

    exit_code = 4


class RecordsError(KeptError):
    """Records cannot be read at all."""

    exit_code = 5


class StoreError(KeptError):
    """The store is missing, damaged, or of a kind that is not known here."""

    exit_code = 6


class AsOfError(KeptError):
    """An as-of that these records cannot look back to."""

    exit_code = 7


class CalendarError(KeptError):
    """A moment without a time zone, or a day outside the known bank holidays."""

    exit_code = 8


class NotFoundError(KeptError):
    """No such crime, victim, duty or edition."""

    exit_code = 9


class DiskError(KeptError):
    """The disk is full, or cannot be written."""

    exit_code = 10


class SparkError(KeptError):
    """Spark, or what it needs, is missing, cannot be reached, or has failed."""

    exit_code = 11


class MeasureError(KeptError):
    """A measure is wrong, or cannot be asked for in this way."""

    exit_code = 12


class ServiceError(KeptError):
    """The web service cannot start, or a file of its own is missing or damaged."""

    exit_code = 13


def is_full_disk(error: BaseException) -> bool:
    """Whether the disk, or a quota on it, is what an error is about; engines say so in their message alone."""
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)


def exit_codes() -> dict[str, int]:
    """Return the exit code of every kind of error by its name, lowest first."""
    kinds: list[type[KeptError]] = [KeptError, *KeptError.__subclasses__()]
    return {kind.__name__: kind.exit_code for kind in sorted(kinds, key=lambda kind: kind.exit_code)}
