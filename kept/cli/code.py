"""`kept code list` and `kept code diff`: the law as data, line by line."""

import argparse
from collections.abc import Iterator
from textwrap import shorten
from typing import Any

from kept.cli.legends import legend
from kept.cli.output import print_json, say, table
from kept.code import loader
from kept.code.diff import Difference, diff
from kept.code.model import Duty, Edition
from kept.errors import CodeError, Fault

_SHOWN = 70  # characters of each side of a change
_UNMEASURABLE = "not measurable"
_HEADINGS = ("duty", "right", "holder", "certainty", "title")
_MARKS = "+ a duty that is new; - one that is gone; ~ one that goes on, with what changed in it."


def editions_named(names: list[str]) -> list[Edition]:
    """Editions by their names or folders, all shipped ones for none; CodeError with the faults of all of them."""
    faults: list[Fault] = []
    found = []
    for name in names or loader.SHIPPED:
        try:
            found.append(loader.edition(name))
        except CodeError as error:
            faults.extend(error.faults)
    if faults:
        raise CodeError.of(faults)
    return found


def list_duties(options: argparse.Namespace) -> None:
    duties = [duty for edition in editions_named(options.editions) for duty in edition.duties.values()]
    if options.json:
        print_json([_row(duty) for duty in duties])
        return
    for edition in dict.fromkeys(duty.edition for duty in duties):
        say(f"{edition}\n")
        print(table(_HEADINGS, [_line(duty) for duty in duties if duty.edition == edition]))
        say()
    say(legend(_HEADINGS))


def _line(duty: Duty) -> tuple[str, ...]:
    title = f"{duty.title} ({_UNMEASURABLE})" if duty.not_measurable else duty.title
    return (duty.id, str(duty.right or "–"), duty.holder.replace("_", " "), duty.certainty, title)


def _row(duty: Duty) -> dict[str, Any]:
    """What the list says of a duty as data."""
    return {
        "edition": duty.edition,
        "duty": duty.id,
        "right": duty.right,
        "kind": _UNMEASURABLE if duty.not_measurable else duty.kind or "",
        "holder": duty.holder,
        "certainty": duty.certainty,
        "title": duty.title,
    }


def compare(options: argparse.Namespace) -> None:
    differences = diff(loader.edition(options.before), loader.edition(options.after))
    if options.json:
        print_json(differences)
    else:
        say("\n".join(line for one in differences for line in _difference(one)) or "The two editions are equal.")
        say(f"\n{_MARKS}" if differences else "")


def _difference(one: Difference) -> Iterator[str]:
    """A difference as lines: + a new duty, - one that is gone, ~ one that goes on, with what changed in it."""
    mark = {"added": "+", "removed": "-", "continued": "~"}[one.kind]
    ids = " → ".join(dict.fromkeys(filter(None, (one.earlier, one.later))))
    yield f"{mark} {ids}  {one.title}"
    yield from (f"    {change.field}: {_short(change.before)} → {_short(change.after)}" for change in one.changes)


def _short(text: str) -> str:
    return shorten(text, _SHOWN, placeholder=" …") or "–"
