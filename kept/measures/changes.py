"""What changed and when, beside the work itself: an edition of the Code, a sample frame, who holds what, a threshold.

A figure that steps on the day on which teams were reorganised says nothing yet of the work. What the rulebook knows is
taken from it; the rest is said by a file:

    changes:
      - {day: 2026-02-02, kind: posting, text: Northside and Eastgate made one team, rebase: true}
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from kept.code.file_schema import FileSchema
from kept.code.lined import read
from kept.code.model import Rulebook
from kept.errors import MeasureError
from kept.measures.model import Measure
from kept.measures.periods import beginning

ChangeKind = Literal["edition", "sample frame", "posting", "threshold", "other"]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
SEE = "See docs/how-to/say-what-changed.md."


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed on a day; `rebase` says that figures before it are no guide to those after it."""

    day: date
    kind: ChangeKind
    text: str
    rebase: bool = False

    @property
    def said(self) -> str:
        return self.text if self.kind == "other" else f"{self.kind}: {self.text}"


def read_changes(path: Path) -> list[Change]:
    """The changes that a file says, in order of their days; MeasureError with everything that is wrong in it."""
    lined = read(path, path.name, MeasureError)
    if found := FileSchema(schema()).faults(lined, see=SEE):
        raise MeasureError.of(found)
    return sorted(map(_change, lined.data["changes"]), key=lambda one: one.day)


def schema() -> dict[str, Any]:
    """The JSON Schema of a file of changes."""
    one = {
        "type": "object",
        "additionalProperties": False,
        "required": ["day", "kind", "text"],
        "properties": {
            "day": {"type": "string", "format": "date"},
            "kind": {"enum": list(KINDS)},
            "text": {"type": "string", "minLength": 1},
            "rebase": {"type": "boolean"},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["changes"],
        "properties": {"changes": {"type": "array", "minItems": 1, "items": one}},
    }


def of_rulebook(rulebook: Rulebook, measure: Measure) -> list[Change]:
    """The days on which an edition of the rulebook came into force, and the duty of a measure with its own day."""
    return sorted({*_editions(rulebook), *_of_duty(rulebook, measure)}, key=lambda one: (one.day, one.text))


def by_period(changes: Iterable[Change], periods: Sequence[date], period: str) -> dict[date, list[Change]]:
    """The changes that fall into one of the periods, by its first day; none where figures are of no period."""
    found: dict[date, list[Change]] = {}
    for one in changes if period else ():
        first = beginning(one.day, period)
        if first in periods:
            found.setdefault(first, []).append(one)
    return found


def _change(said: Mapping[str, Any]) -> Change:
    return Change(date.fromisoformat(said["day"]), said["kind"], said["text"], said.get("rebase", False))


def _editions(rulebook: Rulebook) -> Iterator[Change]:
    for chosen in rulebook.chosen:
        yield Change(chosen.starts_on, "edition", f"{chosen.edition.title} in force")


def _of_duty(rulebook: Rulebook, measure: Measure) -> Iterator[Change]:
    name = measure.id.partition(":")[0]
    for duty, _ in rulebook.duties():
        if duty.starts_on and f"{duty.edition}/{duty.id}" == name:
            yield Change(duty.starts_on, "edition", f"{duty.id} in force")
