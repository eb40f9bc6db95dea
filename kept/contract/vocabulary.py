"""The vocabulary: which kinds of event and which attributes of a subject the records may speak of.

The standard vocabulary (`kinds.yaml`, `attributes.yaml`) is closed. An edition of another field or a local standard
may bring words of its own, in its own namespace: `sepsis.triage`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from kept.contract.safe_yaml import SafeLoader

Level = Literal["person", "victim", "crime", "investigation"]
AttributeType = Literal["flag", "code", "number", "text", "moment"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""What a fact may be of, and an event may concern."""
LINKS = ("suspect", "hearing", "item")
"""The fields by which two events can be seen to be about the same thing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event; `kinds.yaml` says what each field means."""

    name: str
    means: str
    concerns: Level
    values: Mapping[str, str] = field(default_factory=dict)
    results: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    merge_key: tuple[str, ...] = ()
    recurs: tuple[str, ...] = ()
    spreads: bool = False
    plannable: bool = False
    open_values: bool = False
    vacated_by: str = ""
    made_from: str = ""
    papers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a subject; `attributes.yaml` says what each field means."""

    name: str
    means: str
    of: Level
    type: AttributeType
    codes: tuple[str, ...] = ()
    unit: str = ""
    absent: bool | None = None
    made_from: str = ""
    papers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All the words in use, by name."""

    kinds: Mapping[str, Kind]
    attributes: Mapping[str, Attribute]

    def extended(self, namespace: str, declared: Mapping[str, Any]) -> "Vocabulary":
        """This vocabulary with an edition's own words, each prefixed by the edition's namespace and a dot.

        `declared` has the shape of the two files: `{"kinds": [...], "attributes": [...]}`.
        """
        kinds = _kinds(declared.get("kinds", ()), f"{namespace}.")
        attributes = _attributes(declared.get("attributes", ()), f"{namespace}.")
        return Vocabulary({**self.kinds, **kinds}, {**self.attributes, **attributes})


@cache
def standard() -> Vocabulary:
    """The vocabulary of the Code's editions."""
    return Vocabulary(_kinds(_read("kinds.yaml")["kinds"], ""), _attributes(_read("attributes.yaml")["attributes"], ""))


def _read(name: str) -> Any:
    return yaml.load(files("kept.contract").joinpath(name).read_text(encoding="utf-8"), SafeLoader)


def _kinds(rows: Iterable[Mapping[str, Any]], prefix: str) -> dict[str, Kind]:
    return {prefix + row["kind"]: _kind(row, prefix + row["kind"]) for row in rows}


def _kind(row: Mapping[str, Any], name: str) -> Kind:
    return Kind(
        name=name,
        means=row["means"],
        concerns=row["concerns"],
        values=row.get("values", {}),
        results=tuple(row.get("results", ())),
        links=tuple(row.get("links", ())),
        merge_key=tuple(row.get("merge_key", ("event_id",))),
        recurs=tuple(row.get("recurs", ())),
        spreads=row.get("spreads", False),
        plannable=row.get("plannable", False),
        open_values=row.get("open_values", False),
        vacated_by=row.get("vacated_by", ""),
        made_from=row.get("made_from", ""),
        papers=tuple(row.get("papers", ())),
    )


def _attributes(rows: Iterable[Mapping[str, Any]], prefix: str) -> dict[str, Attribute]:
    return {prefix + row["attribute"]: _attribute(row, prefix + row["attribute"]) for row in rows}


def _attribute(row: Mapping[str, Any], name: str) -> Attribute:
    return Attribute(
        name=name,
        means=row["means"],
        of=row["of"],
        type=row["type"],
        codes=tuple(row.get("codes", ())),
        unit=row.get("unit", ""),
        absent=row.get("absent"),
        made_from=row.get("made_from", ""),
        papers=tuple(row.get("papers", ())),
    )
