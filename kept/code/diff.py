"""What changed between two editions: duties that came, that went, and that go on with other words or limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

from kept.code.model import Duty, Edition

_NOT_COMPARED = ("id", "edition", "continues", "examples", "papers", "file", "line")
"""What says which duty it is and where it stands, not what it asks."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that reads differently; empty where the duty did not have it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A duty of the later edition that is new, a duty of the earlier one that nothing continues, or a pair.

    `earlier` and `later` are their ids, empty where there is none. A pair under one id that reads the same in both
    is no difference; a pair under two ids is one even then, with no changes.
    """

    kind: Literal["added", "removed", "continued"]
    earlier: str
    later: str
    title: str
    changes: tuple[Change, ...] = ()


def diff(a: Edition, b: Edition) -> list[Difference]:
    """Return how `b` differs from `a`: its duties in its order, then what `b` no longer holds in the order of `a`.

    A duty of `b` goes with the duty of `a` that it `continues`, else with the one that has its id.
    """
    found: list[Difference] = []
    continued: set[str] = set()
    for duty in b.duties.values():
        earlier = _continued(a, duty)
        if earlier is None:
            found.append(Difference("added", "", duty.id, duty.title))
            continue
        continued.add(earlier.id)
        changes = tuple(_changes(earlier, duty))
        if changes or earlier.id != duty.id:
            found.append(Difference("continued", earlier.id, duty.id, duty.title, changes))
    gone = (duty for duty in a.duties.values() if duty.id not in continued)
    found.extend(Difference("removed", duty.id, "", duty.title) for duty in gone)
    return found


def _continued(a: Edition, duty: Duty) -> Duty | None:
    edition, _, name = duty.continues.partition("/")
    return a.duties.get(name if edition == a.id else duty.id)


def _changes(before: Duty, after: Duty) -> Iterator[Change]:
    said, says = _said(before), _said(after)
    for name in dict.fromkeys([*said, *says]):
        if said.get(name, "") != says.get(name, ""):
            yield Change(name, said.get(name, ""), says.get(name, ""))


def _said(duty: Duty) -> Mapping[str, str]:
    """Every field of a duty in words, by its path: `answer.specific`, `parts.told.title`."""
    compared = (field.name for field in fields(duty) if field.name not in _NOT_COMPARED)
    return dict(words for name in compared for words in _words(name, getattr(duty, name)))


def _words(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple) and value and is_dataclass(value[0]) and not hasattr(value[0], "says"):
        for place, one in enumerate(value, 1):
            yield from _words(f"{path}.{getattr(one, 'id', place)}", one)
    elif is_dataclass(value) and not hasattr(value, "says"):
        for field in fields(value):
            yield from _words(f"{path}.{field.name}", getattr(value, field.name))
    elif value not in (None, "", ()):
        yield path, _word(value)


def _word(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_word, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    says = getattr(value, "says", None)
    return str(says()) if says else str(value)
