"""The load test says of every page whether it held, and its figures stand where they belong."""

from pathlib import Path

import pytest

from bench.load.day import CROWDS, PEOPLE, spread
from bench.load.page import MARKS, Page, read_pages, write_section
from bench.machine import machine

STATS = """Type,Name,Request Count,Failure Count,50%,95%,99%
GET,day,100,0,20,300,400
POST,day,1,1,20,310,400
POST,api-charge_check,10,0,20,101,400
GET,sign-in,50,0,900,900,900
GET,never,0,0,N/A,N/A,N/A
,Aggregated,161,1,20,300,400
"""


@pytest.fixture
def pages(tmp_path: Path) -> list[Page]:
    (tmp_path / "stats.csv").write_text(STATS)
    return read_pages(tmp_path / "stats.csv")


def test_a_page_is_held_to_what_is_asked_of_it_and_signing_in_to_nothing(pages: list[Page]) -> None:
    assert {one.name: one.row()[-1] for one in pages} == {
        "api-charge_check": "**missed** (100 ms)",
        "day": "reached",
        "day, sent": "**missed** (300 ms)",
        "never": "reached",
        "sign-in": "",
    }


def test_the_section_stands_between_its_marks_and_says_what_was_missed(pages: list[Page], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("\n".join(["before", *MARKS, "after"]))
    found = {
        "pages": [{name: getattr(one, name) for name in Page.__slots__} for one in pages], "people": 50, "workers": 2,
        "seconds": 300, "threads": 4, "peak_mb": 900, "victims": 300_000, "missing": [], "machine": machine(),
        "measured_on": "2026-01-01",
    }  # fmt: skip
    write_section({"Under load": found}, page)
    text = page.read_text()
    assert (text.startswith("before\n"), text.endswith("\nafter")) == (True, True)
    assert "| pages, p95 of the slowest | 310 ms | ≤ 300 ms | ≤ 150 ms | **missed** |" in text
    assert "| failed | 1  | ≤ 0  | ≤ 0  | **missed** |" in text
    assert "900 ms | 0 |  |" in text


def test_fifty_people_come_and_of_fewer_each_crowd_its_share() -> None:
    assert (PEOPLE, spread(PEOPLE)) == (50, {one: one.people for one in CROWDS})
    assert spread(1)[CROWDS[0]] == 1
