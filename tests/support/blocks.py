"""Fenced blocks of a Markdown page, and running the commands that they show.

```console                 lines `$ command`, each followed by what it prints: every line shown must be printed, in
                           order; `…` stands for anything; `[exit code 3]` for the code it ends with, else 0
```yaml title="a/b.yaml"   a file that the page has its reader write; any language
<!-- no-run: why -->       before a block: it is shown, not run
"""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:<!-- no-run: (?P<why>.+?) -->\n+)?^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_EXIT = re.compile(r"\[exit code (\d+)\]")

Run = Callable[[list[str]], tuple[int, str]]
"""Runs the arguments of a `kept` command; returns its exit code and everything it printed."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `title` names the file it is, `why_not` says why it is not run."""

    language: str
    title: str
    text: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a page shows, the lines it is said to print, and the exit code it is said to end with."""

    line: str
    shown: tuple[str, ...]
    exit_code: int


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page, in order."""
    return [
        Block(found["language"], found["title"] or "", found["text"], found["why"] or "")
        for found in _BLOCK.finditer(text)
    ]


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block. A line ending in a backslash goes on in the next."""
    joined = block.text.replace("\\\n", " ")
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        line, *printed = part.rstrip("\n").split("\n")
        codes = [int(found[1]) for found in map(_EXIT.fullmatch, printed) if found]
        shown = tuple(one for one in printed if one.strip() and not _EXIT.fullmatch(one))
        yield Command(line, shown, codes[0] if codes else 0)


def faults(page: str, folder: Path, run: Run) -> list[str]:
    """Follow a page as its reader would, in a folder; returns what was not as the page says."""
    found = []
    for block in blocks(page):
        if block.why_not:
            continue
        if block.title:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            found += [fault for command in commands(block) for fault in _faults(command, run)]
    return found


def _faults(command: Command, run: Run) -> Iterator[str]:
    program, *arguments = shlex.split(command.line, comments=True)
    if program != "kept":
        yield f"`{command.line}` is no kept command: mark the block no-run and say why"
        return
    code, printed = run(arguments)
    if code != command.exit_code:
        yield f"`{command.line}` ended with {code}, not {command.exit_code}:\n{printed}"
    elif missing := next(_not_printed(command.shown, printed), None):
        yield f"`{command.line}` does not print “{missing}”, or not in that place:\n{printed}"


def _not_printed(shown: tuple[str, ...], printed: str) -> Iterator[str]:
    """The lines shown that do not come in order. Space does not count, and `…` stands for anything inside a line."""
    rest = iter([_plain(line) for line in printed.splitlines()])
    for line in shown:
        wanted = re.compile(".*".join(map(re.escape, _plain(line).split("…"))))
        if _plain(line) != "…" and not any(wanted.fullmatch(one) for one in rest):
            yield line


def _plain(line: str) -> str:
    return " ".join(line.split())
