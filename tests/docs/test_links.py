"""Every link inside the documentation leads somewhere, every page can be reached, and every decision is listed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose(path: Path) -> str:
    return _FENCED.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def linked(path: Path) -> list[tuple[str, Path, str]]:
    """Each link of a page to this repository: as written, its file, its anchor."""
    found = [link for link in _LINK.findall(prose(path)) if "://" not in link]
    return [(link, _target(path, link.partition("#")[0]), link.partition("#")[2]) for link in found]


def _target(page: Path, path: str) -> Path:
    return (page.parent / path).resolve() if path else page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    known: dict[Path, set[str]] = {}
    for link, target, anchor in linked(path):
        assert target.exists(), link
        if anchor:
            known.setdefault(target, anchors(target) if target.suffix == ".md" else set())
            assert anchor in known[target], link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting.extend(target for _, target, _ in linked(page))
    assert [path.relative_to(ROOT).as_posix() for path in PAGES if path not in reached] == []


def test_the_decisions_are_numbered_without_a_gap_and_say_their_number() -> None:
    decisions = sorted((DOCS / "adr").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for number, path in enumerate(decisions, 1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ")
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences"))


def test_an_anchor_is_made_as_the_page_s_reader_will_find_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One: two's `three_four`\n\n```text\n# not a heading\n```\n")
    assert anchors(page) == {"one-twos-three_four"}
