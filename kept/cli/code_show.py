"""`kept code show`: a duty as a page of the reference has it."""

import argparse
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from kept.cli.code import editions_named
from kept.cli.output import print_json
from kept.cli.pages_duty import duty_page
from kept.cli.pages_examples import worked_of
from kept.code.conditions import Condition
from kept.code.model import Duty, Edition, Limit
from kept.code.near import near_it
from kept.errors import NotFoundError


def show(options: argparse.Namespace) -> None:
    editions = editions_named([options.edition] if options.edition else [])
    found = [edition.duties[options.duty] for edition in editions if options.duty in edition.duties]
    if not found:
        raise NotFoundError(
            f"There is no duty {options.duty}.",
            where=", ".join(edition.id for edition in editions),
            why=near_it(
                options.duty,
                (name for edition in editions for name in edition.duties),
                "No edition looked in holds a duty of that id.",
            ),
            what_to_do="`kept code list` shows every duty; --edition names a folder of your own.",
        )
    if options.json:
        print_json([as_data(duty) for duty in found])
    else:
        print("\n\n".join(page_of(duty, editions) for duty in found))


def page_of(duty: Duty, editions: list[Edition]) -> str:
    """The page of a duty as the reference has it, its examples evaluated."""
    home = next(edition for edition in editions if edition.id == duty.edition)
    return duty_page(duty, home, worked_of(duty, home))


def as_data(duty: Duty) -> dict[str, Any]:
    """A duty as JSON may write it, conditions and limits in words; what is empty is left out."""
    plain: dict[str, Any] = _data(duty)
    return plain


def _data(value: Any) -> Any:
    if isinstance(value, Condition | Limit):
        return value.says()
    if is_dataclass(value):
        named = {one.name: _data(getattr(value, one.name)) for one in fields(value)}
        return {name: said for name, said in named.items() if said not in ("", None, [], {})}
    if isinstance(value, dict):
        return {name: _data(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_data(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
