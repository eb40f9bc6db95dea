"""`kept code list` and `kept code diff`: the law as data, line by line."""

import argparse
from collections.abc import Iterator
from textwrap import shorten

from kept.cli.output import print_json, table
from kept.code import loader
from kept.code.diff import Difference, diff
from kept.code.model import Duty, Edition
from kept.errors import CodeError, Fault

_SHOWN = 70  # characters of each side of a change


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
    rows = [
        (duty.edition, duty.id, duty.right, _kind(duty), duty.holder, duty.certainty, duty.title) for duty in duties
    ]
    headings = ("edition", "duty", "right", "kind", "holder", "certainty", "title")
    if options.json:
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        print(table(headings, rows))


def _kind(duty: Duty) -> str:
    return "not measurable" if duty.not_measurable else duty.kind or ""


def compare(options: argparse.Namespace) -> None:
    differences = diff(loader.edition(options.before), loader.edition(options.after))
    if options.json:
        print_json(differences)
    else:
        print("\n".join(line for one in differences for line in _difference(one)) or "The two editions are equal.")


def _difference(one: Difference) -> Iterator[str]:
    """A difference as lines: + a new duty, - one that is gone, ~ one that goes on, with what changed in it."""
    mark = {"added": "+", "removed": "-", "continued": "~"}[one.kind]
    ids = " → ".join(dict.fromkeys(filter(None, (one.earlier, one.later))))
    yield f"{mark} {ids}  {one.title}"
    yield from (f"    {change.field}: {_short(change.before)} → {_short(change.after)}" for change in one.changes)


def _short(text: str) -> str:
    return shorten(text, _SHOWN, placeholder=" …") or "–"
