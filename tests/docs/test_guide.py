"""The user guide has a page for every role; each picture is named by a page, is small, and comes of a first job."""

import re
from pathlib import Path

import pytest

from kept.web.people.roles import ROLES

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
PICTURES = {path.name: path for path in (GUIDE / "pictures").iterdir()}
SMALL, ALL_TOGETHER = 120_000, 3_000_000  # bytes
_SHOWN = re.compile(r"!\[(?P<says>[^\]]*)\]\(pictures/(?P<name>[^)]+)\)")
_TAKEN = re.compile(r"keeps_picture\(\s*\"(?P<name>[^\"]+)\"(?P<how>[^)]*)\)")


def test_every_role_has_a_page_and_no_page_is_of_none() -> None:
    assert {path.stem for path in PAGES} == {*ROLES, "index"}


@pytest.mark.parametrize("role", ROLES)
def test_a_page_says_what_everybody_asks(role: str) -> None:
    text = (GUIDE / f"{role}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    for asked in ("What you see first", "Your first job", "When something is wrong", "What Kept never does"):
        assert asked in headings


def test_every_picture_is_shown_with_words_for_who_cannot_see_it() -> None:
    shown = [found for path in PAGES for found in _SHOWN.finditer(path.read_text(encoding="utf-8"))]
    assert all(len(found["says"]) > 20 for found in shown)
    assert {found["name"] for found in shown} == set(PICTURES)


def test_every_picture_is_taken_by_a_first_job() -> None:
    script = (ROOT / "tests" / "browser" / "first_jobs.py").read_text(encoding="utf-8")
    taken = [(found["name"], "small" in found["how"]) for found in _TAKEN.finditer(script)]
    names = [f"{name}.png" for name, _ in taken] + [f"{name}-phone.png" for name, small in taken if small]
    assert sorted(names) == sorted(PICTURES)


def test_pictures_are_small() -> None:
    sizes = {name: path.stat().st_size for name, path in PICTURES.items()}
    assert {name: size for name, size in sizes.items() if size > SMALL} == {}
    assert sum(sizes.values()) < ALL_TOGETHER
