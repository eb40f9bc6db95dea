"""The generated reference is current and whole: nothing stale, nothing missing, nothing left over, made in seconds."""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kept.cli import code_show, command, pages
from kept.cli.pages_commands import commands
from kept.cli.pages_engine import COLUMNS
from kept.code import loader
from kept.contract.tables import TABLES
from kept.contract.vocabulary import standard
from kept.engine.obligation import SCHEMA
from kept.engine.states import STATES
from kept.errors import exit_codes
from kept.web.environment import SETTINGS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
LONGEST = 5.0  # seconds of this process, so that a busy machine does not fail it


@pytest.fixture(scope="session")
def made() -> pages.Pages:
    return pages.contents()


def headings(text: str) -> set[str]:
    return {line.lstrip("# ") for line in text.splitlines() if line.startswith("#")}


def rows(text: str) -> set[str]:
    """What stands, as code, in the first column of a page's tables."""
    cells = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]
    return {cell.strip("`") for cell in cells}


def test_the_checked_in_pages_are_current(made: pages.Pages) -> None:
    stale = [name for name, text in made.items() if _checked_in(name) != text]
    assert stale == [], "stale or missing: run `make docs`"


def test_no_page_is_left_over(made: pages.Pages) -> None:
    assert pages.left_over(REFERENCE, {REFERENCE / name: text for name, text in made.items()}) == []


def test_writing_removes_what_is_left_over_and_keeps_what_is_written_by_hand(
    tmp_path: Path, made: pages.Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "contents", lambda: made)
    (tmp_path / "duties").mkdir()
    for name in ("duties/GONE.md", *pages.BY_HAND):
        (tmp_path / name).write_text("x")
    written = pages.write(tmp_path)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {*made, *pages.BY_HAND}
    assert {path.relative_to(tmp_path).as_posix() for path in written} == set(made)


def test_making_them_takes_seconds() -> None:
    pages.contents()
    begun = time.process_time()
    pages.contents()
    assert time.process_time() - begun < LONGEST


def test_every_duty_has_a_page_and_a_line_in_the_index(made: pages.Pages) -> None:
    duties = [duty for name in loader.SHIPPED for duty in loader.edition(name).duties.values()]
    assert len(duties) > 100
    for duty in duties:
        assert made[f"duties/{duty.edition}/{duty.id}.md"].startswith(f"# {duty.id}: ")
        assert f"]({duty.edition}/{duty.id}.md)" in made["duties/index.md"]


def test_a_page_shows_every_example_with_the_state_that_the_example_says(made: pages.Pages) -> None:
    for name in loader.SHIPPED:
        for duty in loader.edition(name).duties.values():
            page = made[f"duties/{duty.edition}/{duty.id}.md"].lower()
            for example in duty.examples:
                shown = page.partition(f"### {example.name.lower()}\n")[2].partition("\n### ")[0]
                for line in example.then:
                    assert f"**{line['state'].replace('_', ' ')}**" in shown, (duty.id, example.name)


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("vocabulary/events.md", set(standard().kinds)),
        ("vocabulary/facts.md", set(standard().attributes)),
        ("tables.md", {table.name for table in TABLES}),
        ("errors.md", set(exit_codes())),
        ("commands.md", {name for name, _, _ in commands(command.parser())}),
    ],
)
def test_everything_has_a_heading(made: pages.Pages, page: str, wanted: set[str]) -> None:
    assert wanted
    assert wanted - headings(made[page]) == set()


def test_every_column_of_every_table_is_there(made: pages.Pages) -> None:
    assert {column.name for table in TABLES for column in table.columns} - rows(made["tables.md"]) == set()


def test_every_setting_of_the_service_is_there(made: pages.Pages) -> None:
    assert {one.name for one in SETTINGS} - rows(made["settings.md"]) == set()


def test_every_state_is_there(made: pages.Pages) -> None:
    named = {cell for line in made["states.md"].splitlines() for cell in line.replace("`", "").split(" | ")}
    assert {row.state for row in STATES} - named == set()


def test_every_column_of_a_run_has_a_description_and_no_other_does(made: pages.Pages) -> None:
    assert list(COLUMNS) == SCHEMA.names
    assert set(SCHEMA.names) - rows(made["obligations.md"]) == set()


def test_every_option_of_every_command_is_there(made: pages.Pages) -> None:
    for name, help_, parser in commands(command.parser()):
        assert help_, f"{name} has no help"
        section = made["commands.md"].partition(f"## {name}\n")[2].partition("\n## ")[0]
        for option in _options(parser):
            assert f"`{option}" in section, (name, option)


def test_the_schemas_are_schemas(made: pages.Pages) -> None:
    schemas = {name: json.loads(text) for name, text in made.items() if name.endswith(".json")}
    assert len(schemas) == 8
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_the_contract_s_schema_takes_what_is_right_and_refuses_what_is_not(made: pages.Pages) -> None:
    check = Draft202012Validator(json.loads(made["schema/contract.schema.json"]))
    crime = {"crime": "C1", "entered_at": "2026-01-06T09:00:00Z", "reporting_route": "101"}
    assert check.is_valid({"crimes": [crime], "victims": [], "events": []})
    assert not check.is_valid({"crimes": [crime]})
    assert not check.is_valid({"crimes": [{**crime, "reporting_route": "pigeon"}], "victims": [], "events": []})
    assert not check.is_valid({"crimes": [{**crime, "victims_name": "…"}], "victims": [], "events": []})


def test_a_duty_as_data_is_json_and_says_its_conditions_in_words() -> None:
    told = code_show.as_data(loader.edition("code-2020").duties["R6-1a"])
    assert json.loads(json.dumps(told)) == told
    assert told["limit"] == "5 working days"
    assert told["citation"]["read"] == "2026-07-01"
    assert told["answer"]["match"] == ["suspect"]
    assert "note" in told
    assert "parts" not in told


def test_one_duty_is_shown_as_its_page_is(made: pages.Pages) -> None:
    edition = loader.edition("code-2020")
    assert code_show.page_of(edition.duties["R6-1a"], [edition]) == made["duties/code-2020/R6-1a.md"]


def _checked_in(name: str) -> str | None:
    path = REFERENCE / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.dest != "help" and action.option_strings:
            yield action.option_strings[-1]
