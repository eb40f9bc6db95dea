"""YAML with the line that each value stands on, so that a fault can name it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kept.errors import CodeError, Fault

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Lined:
    """The content of a YAML file and, for each path into it, its line (from 1)."""

    file: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place above it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def where(self, place: Place) -> str:
        return f"{self.file}:{self.line(place)}"


class _Loader(yaml.SafeLoader):
    """Dates, moments and lengths of time stay text: what they mean is for their reader to say."""


_TIMELIKE = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in _TIMELIKE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# YAML 1.1 reads 1:30 as ninety; here only plain numbers are numbers.
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?\d+$"), list("-+0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+\.\d+$"), list("-+0123456789"))


def read(path: Path, shown_as: str = "") -> Lined:
    """Read one file. Raises CodeError when it is not YAML, or says one key twice."""
    file = shown_as or str(path)
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except (OSError, UnicodeDecodeError) as error:
        raise CodeError(
            "The file cannot be read.", where=file, why=str(error), what_to_do="Save it as UTF-8 text."
        ) from None
    except yaml.YAMLError as error:
        raise _not_yaml(file, error) from None
    lines: dict[Place, int] = {}
    doubled: list[Fault] = []
    if node is not None:
        _walk(node, (), lines, doubled, file)
    if doubled:
        raise CodeError.of(doubled)
    return Lined(file, loader.construct_document(node) if node is not None else {}, lines)


def _not_yaml(file: str, error: yaml.YAMLError) -> CodeError:
    mark = getattr(error, "problem_mark", None)
    where = f"{file}:{mark.line + 1}" if mark else file
    problem = getattr(error, "problem", None) or str(error)
    return CodeError(
        "The file is not valid YAML.",
        where=where,
        why=problem,
        what_to_do="Mend the line; an editor with the JSON Schema shows where.",
    )


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], doubled: list[Fault], file: str) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                doubled.append(
                    Fault(
                        f"`{key.value}` is said twice.",
                        where=f"{file}:{key.start_mark.line + 1}",
                        why="Only one of the two could count, and a reader could not tell which.",
                        what_to_do="Remove one of them.",
                    )
                )
            seen.add(key.value)
            _walk(value, (*place, key.value), lines, doubled, file)
            lines[(*place, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*place, index), lines, doubled, file)
