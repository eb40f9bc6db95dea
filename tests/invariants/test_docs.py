"""The written pages keep the house style: British words, no promises, no paths of one machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
UNWANTED = {
    "an American spelling": r"\b(behavior|color|center|organiz\w+|recogniz\w+|analyz\w+|license[sd]?|judgment)\b",
    "a promise": r"\b(TODO|FIXME|TBD|coming soon)\b",
    "a path of one machine": r"(?<![\w.])/(work|home|tmp|Users)/",
    "marketing": r"\b(powerful|seamless\w*|blazing\w*|cutting-edge|state-of-the-art)\b",
}


def unwanted(text: str) -> list[str]:
    """What a page should not say, each with the words found."""
    found = ((what, re.findall(pattern, text, re.IGNORECASE)) for what, pattern in UNWANTED.items())
    return [f"{what}: {words}" for what, words in found if words]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_page_keeps_the_house_style(path: Path) -> None:
    assert unwanted(path.read_text(encoding="utf-8")) == []


def test_what_is_unwanted_is_found() -> None:
    assert len(unwanted("A powerful color, TODO, in /tmp/x")) == len(UNWANTED)
    assert unwanted("A licence in tests/tmp/ of many colours") == []


def test_every_page_begins_with_its_title() -> None:
    assert [path for path in PAGES if not path.read_text(encoding="utf-8").startswith("# ")] == []
