"""YAML with the line that each value stands on, so that a fault can name it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kept.contract.safe_yaml import SafeLoader
from kept.errors import CodeError, Fault, KeptError

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

    def content(self, place: Place) -> Any:
        """What stands at a place; KeyError or IndexError where nothing does."""
        found = self.data
        for step in place:
            found = found[step]
        return found


class _Loader(SafeLoader):
    """Dates, moments and lengths of time stay text: what they mean is for their reader to say."""


_TIMELIKE = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in _TIMELIKE]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}
# YAML 1.1 reads 1:30 as ninety; here only plain numbers are numbers.
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9]\d*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+\.\d+$"), list("-+0123456789"))


def as_texts(value: object) -> tuple[str, ...]:
    """One value, or several, as the text that records hold."""
    several = value if isinstance(value, list) else [value]
    return tuple(as_text(one) for one in several)


def as_text(value: object) -> str:
    """A value as the text that records hold: true is `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read(path: Path, shown_as: str = "", error: type[KeptError] = CodeError, *, aliases: bool = False) -> Lined:
    """Read one file; an empty one says nothing. `aliases` may stand in it where a part is written once for several.

    Raises `error` when it is not YAML in UTF-8, says one key twice, or has an alias and may not.
    """
    file = shown_as or str(path)
    try:
        loader = _Loader(path.read_text(encoding="utf-8-sig"))
        node = loader.get_single_node()
        lines, found = _Walk.of(node, file, aliases)
        if found:
            raise error.of(found)
        return Lined(file, loader.construct_document(node) if node is not None else {}, lines)
    except OSError as fault:
        raise error(
            "The file cannot be read.", where=file, why=fault.strerror or str(fault), what_to_do="Check its path."
        ) from None
    except UnicodeDecodeError as fault:
        raise error(
            "The file cannot be read.", where=file, why=str(fault), what_to_do="Save it as UTF-8 text."
        ) from None
    except yaml.YAMLError as fault:
        raise error.of([_not_yaml(file, fault)]) from None


def _not_yaml(file: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    return Fault(
        "The file is not valid YAML.",
        where=f"{file}:{mark.line + 1}" if mark else file,
        why=getattr(error, "problem", None) or str(error),
        what_to_do="Mend the line; an editor with the JSON Schema shows where.",
    )


@dataclass(slots=True)
class _Walk:
    """A walk through a file's nodes that notes the line of each place, and what no file may hold."""

    file: str
    aliases: bool
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, node: yaml.Node | None, file: str, aliases: bool) -> tuple[dict[Place, int], list[Fault]]:
        walk = cls(file, aliases)
        if node is not None:
            walk.node(node, ())
        return walk.lines, walk.faults

    def node(self, node: yaml.Node, place: Place, around: tuple[int, ...] = ()) -> None:
        if id(node) in around and self.aliases:
            return
        if id(node) in self.seen and not self.aliases:
            self.fault(node, "An alias stands here.", "A record must be readable by itself.", "Write it out.")
            return
        self.seen.add(id(node))
        self.lines[place] = node.start_mark.line + 1
        around = (*around, id(node))
        if isinstance(node, yaml.MappingNode):
            self.mapping(node, place, around)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.node(item, (*place, index), around)

    def mapping(self, node: yaml.MappingNode, place: Place, around: tuple[int, ...]) -> None:
        said: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, "A field's name is not text.", "It could not be looked up.", "Name it in a word.")
                continue
            if key.value in said:
                why = "Only one of the two could count, and a reader could not tell which."
                self.fault(key, f"`{key.value}` is said twice.", why, "Remove one of them.")
            said.add(key.value)
            self.node(value, (*place, key.value), around)
            self.lines[(*place, key.value)] = key.start_mark.line + 1

    def fault(self, node: yaml.Node, what: str, why: str, what_to_do: str) -> None:
        self.faults.append(Fault(what, f"{self.file}:{node.start_mark.line + 1}", why, what_to_do))
