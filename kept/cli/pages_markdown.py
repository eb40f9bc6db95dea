"""Markdown, as the generated pages write it."""

from collections.abc import Iterable, Sequence
from typing import Any

from kept.code.model import Citation


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under headings; nothing is written where there is no row."""
    body = [_row(row) for row in rows]
    return "\n".join([_row(headings), "|" + "---|" * len(headings), *body]) if body else "None."


def page(*blocks: str) -> str:
    """Blocks with an empty line between them, the empty ones left out, and one line end at the end."""
    return "\n\n".join(block.strip("\n") for block in blocks if block) + "\n"


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def code(text: object) -> str:
    return f"`{text}`" if text not in (None, "") else ""


def codes(texts: Iterable[object]) -> str:
    return ", ".join(code(text) for text in texts)


def plain(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")


def one_line(text: str) -> str:
    return " ".join(text.split())


def law(citation: Citation) -> str:
    """A citation, its address as a link, and when it was read."""
    linked = f"[{citation.source}]({citation.url})" if citation.url else citation.source
    read = f"read on {citation.read:%-d %B %Y}" if citation.read else ""
    return ", ".join(filter(None, (linked, citation.paragraph, read)))


def papers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))


def _row(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(str(value)).replace("|", "\\|")
