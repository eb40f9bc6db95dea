"""YAML that remembers the line of everything in it, so that a fault can point at it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kept.errors import MappingError

Where = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Lined:
    """What a YAML file says, and on which line each part of it stands (by its path of keys and indices)."""

    file: str
    data: Any
    lines: Mapping[Where, int]

    def at(self, *where: Hashable) -> str:
        """`file:line` of the part at this path, or of the nearest part around it."""
        path = where
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"


def read(path: Path) -> Lined:
    """Read a YAML file; MappingError if it is absent, is not text, or is not YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except OSError as error:
        raise MappingError(
            f"{path} cannot be read.", where=str(path), why=error.strerror or "", what_to_do="Check the path."
        ) from None
    except UnicodeDecodeError:
        raise MappingError(f"{path.name} is not UTF-8 text.", where=str(path), what_to_do="Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        raise _not_yaml(path, error) from None
    lines: dict[Where, int] = {}
    if node is not None:
        _walk(node, (), lines, ())
    return Lined(path.name, data, lines)


def _not_yaml(path: Path, error: yaml.YAMLError) -> MappingError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    return MappingError(
        f"{path.name} is not YAML.",
        where=f"{path.name}:{line}",
        why=str(getattr(error, "problem", None) or "it cannot be parsed"),
        what_to_do="Check the indentation and the quotes around that line.",
    )


def _walk(node: yaml.Node, path: Where, lines: dict[Where, int], around: tuple[yaml.Node, ...]) -> None:
    if node in around:  # an alias of what it stands in
        return
    around = (*around, node)
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + 1
            _walk(value, (*path, key.value), lines, around)
    if isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), lines, around)
