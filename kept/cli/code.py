"""`kept code`: the law as data. List it, show a duty, check editions, compare two, write the reference."""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import shorten

from kept.cli import pages
from kept.cli.output import json_option, print_json, table
from kept.code import loader
from kept.code.diff import Difference, diff
from kept.code.model import CERTAINTIES, Duty, Edition
from kept.engine.check import check, unexampled
from kept.errors import CodeError, Fault, NotFoundError

_SHOWN = 70  # characters of each side of a change


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = commands.add_parser("code", help="the law as data: list, show, check, compare, document")
    inside = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = inside.add_parser("list", help="every duty of the editions, a line each")
    showing = inside.add_parser("show", help="one duty, in plain words")
    checking = inside.add_parser("check", help="refuse what is wrong, and run every worked example")
    comparing = inside.add_parser("diff", help="what differs between two editions")
    documenting = inside.add_parser("docs", help="write the generated reference")
    showing.add_argument("duty", metavar="DUTY", help="its id, for example R6-1a")
    for one in (listing, checking):
        one.add_argument(
            "editions", metavar="EDITION", nargs="*", help="a shipped edition or a folder; default: all shipped"
        )
    showing.add_argument("--edition", metavar="EDITION", help="where to look; default: all shipped")
    comparing.add_argument("before", metavar="A", help="an edition")
    comparing.add_argument("after", metavar="B", help="another")
    documenting.add_argument("--to", metavar="FOLDER", type=Path, default=Path("docs/reference"))
    for one in (listing, showing, checking, comparing):
        json_option(one)
    for one, run in (
        (listing, _list), (showing, _show), (checking, _check), (comparing, _diff), (documenting, _docs),
    ):  # fmt: skip
        one.set_defaults(run=run)


def _editions(names: list[str]) -> list[Edition]:
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


def _list(options: argparse.Namespace) -> None:
    duties = [duty for edition in _editions(options.editions) for duty in edition.duties.values()]
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


def _show(options: argparse.Namespace) -> None:
    editions = _editions([options.edition] if options.edition else [])
    found = [edition.duties[options.duty] for edition in editions if options.duty in edition.duties]
    if not found:
        raise NotFoundError(
            f"There is no duty {options.duty}.",
            where=", ".join(edition.id for edition in editions),
            why="No edition looked in holds a duty of that id.",
            what_to_do="`kept code list` shows every duty; --edition names a folder of your own.",
        )
    if options.json:
        print_json([pages.as_data(duty) for duty in found])
    else:
        print("\n\n".join(pages.duty_page(duty, _home(editions, duty)) for duty in found))


def _home(editions: list[Edition], duty: Duty) -> Edition:
    return next(edition for edition in editions if edition.id == duty.edition)


def _check(options: argparse.Namespace) -> int:
    editions = _editions(options.editions)
    checked = [check(edition) for edition in editions]
    faults = [fault for one in checked for fault in one.faults]
    faults += [fault for edition in editions for fault in unexampled(edition)]
    summary = [_summary(edition, one.examples) for edition, one in zip(editions, checked, strict=True)]
    if options.json:
        print_json({"editions": summary, "faults": [str(fault) for fault in faults]})
    else:
        print(table(list(summary[0]), [list(row.values()) for row in summary]))
    if faults:
        raise CodeError.of(faults)
    if not options.json:
        print(f"\nAll {sum(one.examples for one in checked)} worked examples hold.")
    return 0


def _summary(edition: Edition, examples: int) -> dict[str, object]:
    duties = edition.duties.values()
    certainty = Counter(duty.certainty for duty in duties)
    return {
        "edition": edition.id,
        "duties": len(edition.duties),
        "rights": len({duty.right for duty in duties if duty.right}),
        "examples": examples,
        "not measurable": sum(bool(duty.not_measurable) for duty in duties),
        "measured now": sum(duty.measured_now for duty in duties),
        **{name: certainty[name] for name in CERTAINTIES},
    }


def _diff(options: argparse.Namespace) -> None:
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


def _docs(options: argparse.Namespace) -> None:
    written = pages.write(options.to)
    print(f"{len(written)} pages written to {options.to}")
