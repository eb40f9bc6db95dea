"""The generated reference: everything in `docs/reference/` but the duty language.

`kept code docs` writes it, `kept code show` prints a page of it, and a test fails when a checked-in page is stale.
"""

import argparse
from pathlib import Path

from kept.cli.command import parser
from kept.cli.pages_code import duties_index, editions_page, rulebook_page
from kept.cli.pages_commands import commands_page
from kept.cli.pages_duty import duty_page
from kept.cli.pages_engine import errors_page, obligations_page, states_page
from kept.cli.pages_examples import worked
from kept.cli.pages_measures import measures_pages
from kept.cli.pages_records import events_page, facts_page, tables_page
from kept.cli.pages_schemas import schemas
from kept.cli.pages_service import settings_page
from kept.code import loader
from kept.code.model import Edition
from kept.contract.vocabulary import standard
from kept.measures.made import all_measures

BY_HAND = ("duty-language.md",)
"""The pages of the reference that are written, not made."""

Pages = dict[str, str]


def write_reference(options: argparse.Namespace) -> None:
    """`kept code docs`: write it into the folder that was named."""
    print(f"{len(write(options.to))} pages written to {options.to}")


def write(folder: Path) -> list[Path]:
    """Write the reference into a folder; pages of what is no more are removed. Returns the files written, in order."""
    made = {folder / name: text for name, text in contents().items()}
    for path in left_over(folder, made):
        path.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sorted(made)


def left_over(folder: Path, made: dict[Path, str]) -> list[Path]:
    """The files of the reference that nothing makes any more."""
    present = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in present if path not in made and path.relative_to(folder).as_posix() not in BY_HAND)


def contents() -> Pages:
    """Every page by its path inside the reference."""
    editions = [loader.edition(name) for name in loader.SHIPPED]
    duties = [duty for edition in editions for duty in edition.duties.values()]
    pages: Pages = {
        "duties/index.md": duties_index(editions),
        "editions.md": editions_page(editions),
        "rulebook.md": rulebook_page(loader.rulebook()),
        "vocabulary/events.md": events_page(standard(), duties),
        "vocabulary/facts.md": facts_page(standard(), editions),
        "tables.md": tables_page(),
        "states.md": states_page(),
        "errors.md": errors_page(),
        "obligations.md": obligations_page(),
        "commands.md": _commands(),
        "settings.md": settings_page(),
    }
    for edition in editions:
        pages |= _duty_pages(edition)
    pages |= measures_pages(all_measures(loader.rulebook()).values())
    return pages | {f"schema/{name}": text for name, text in schemas().items()}


def _commands() -> str:
    return commands_page(parser())


def _duty_pages(edition: Edition) -> Pages:
    done = worked(edition)
    return {
        f"duties/{edition.id}/{duty.id}.md": duty_page(duty, edition, done.get(duty.id, ()))
        for duty in edition.duties.values()
    }
