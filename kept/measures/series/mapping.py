"""The mapping of a series: the YAML file that says which cells of somebody's CSV are which figure."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kept.code.checks_words import unknown
from kept.code.file_schema import FileSchema
from kept.code.lined import Lined, Place, as_text, as_texts, read
from kept.errors import Fault, MappingError
from kept.measures import model
from kept.measures.model import Direction
from kept.measures.series.cells import HOLDS, Holds
from kept.measures.series.periods import READERS

SEE = "See docs/how-to/bring-in-a-figure-kept-elsewhere.md."

_TEXT = {"type": "string", "minLength": 1}
_WORD = {"type": ["string", "integer", "number", "boolean"]}
_WORDS = {"oneOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1}]}
_ID = {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure that a mapping takes from each row, or one for each value of the column `each`.

    `value` and `n` are columns. `titles` names the values of `each` that are wanted; where it is empty all are.
    `adds` says that several rows of one period are summed; else they contradict each other.
    """

    id: str
    title: str
    unit: str
    holds: Holds
    value: str
    direction: Direction
    of: str
    n: str
    each: str
    titles: Mapping[str, str]
    adds: bool


@dataclass(frozen=True, slots=True)
class SeriesMapping:
    """A mapping that was read and checked.

    `period` says which columns make the period, in the order of a key of `periods.READERS`; `where` which values of a
    column a row must have one of to be looked at.
    """

    name: str
    source: str
    period: Mapping[str, str]
    where: Mapping[str, tuple[str, ...]]
    wanted: tuple[Wanted, ...]
    delimiter: str
    encoding: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the mapping names, once."""
        of_wanted = (name for one in self.wanted for name in (one.value, one.n, one.each))
        return tuple(dict.fromkeys(filter(None, (*self.period.values(), *self.where, *of_wanted))))

    @classmethod
    def load(cls, path: Path) -> "SeriesMapping":
        """Read a mapping; MappingError with everything that is wrong in it, each with its line."""
        lined = read(path, path.name, MappingError)
        if found := FileSchema(schema()).faults(lined, see=SEE) or list(_faults(lined)):
            raise MappingError.of(found)
        return _built(lined.data)


def schema() -> dict[str, Any]:
    """The JSON Schema of a mapping of series."""
    periods = dict.fromkeys((name for names in READERS for name in names), _TEXT)
    return _record(
        ("mapping", "source", "period", "series"),
        {
            "mapping": _ID,
            "source": _TEXT,
            "delimiter": _TEXT,
            "encoding": _TEXT,
            "period": {**_record((), periods), "minProperties": 1},
            "where": {"type": "object", "additionalProperties": _WORDS},
            "series": {"type": "array", "minItems": 1, "items": _wanted_schema()},
        },
    )


def _wanted_schema() -> dict[str, Any]:
    return _record(
        ("id", "title", "unit", "holds", "value"),
        {
            "id": _ID,
            **dict.fromkeys(("title", "unit", "value", "n", "each"), _TEXT),
            "holds": {"enum": list(HOLDS)},
            "direction": {"enum": list(model.DIRECTIONS)},
            "of": _ID,
            "titles": {"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
            "sum": {"type": "boolean"},
        },
    )


def _record(required: tuple[str, ...], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": dict(fields)}


def _built(said: Mapping[str, Any]) -> SeriesMapping:
    return SeriesMapping(
        name=said["mapping"],
        source=said["source"],
        period={name: said["period"][name] for name in _reader_of(said["period"])},
        where={as_text(column): as_texts(values) for column, values in said.get("where", {}).items()},
        wanted=tuple(map(_wanted, said["series"])),
        delimiter=said.get("delimiter", ","),
        encoding=said.get("encoding", "utf-8"),
    )


def _wanted(said: Mapping[str, Any]) -> Wanted:
    return Wanted(
        id=said["id"],
        title=said["title"],
        unit=said["unit"],
        holds=said["holds"],
        value=said["value"],
        direction=said.get("direction", "neither"),
        of=said.get("of", ""),
        n=said.get("n", ""),
        each=said.get("each", ""),
        titles={as_text(value): title for value, title in said.get("titles", {}).items()},
        adds=said.get("sum", said["holds"] == "counts"),
    )


def _reader_of(period: Mapping[str, str]) -> tuple[str, ...]:
    """The key of READERS that a period's columns make; empty where they make none."""
    return next((names for names in READERS if set(names) == set(period)), ())


# -- checking --------------------------------------------------------------------------------------------------------


def _faults(lined: Lined) -> Iterator[Fault]:
    said = lined.data
    if "encoding" in said and not _is_encoding(said["encoding"]):
        what = f"“{said['encoding']}” is no known encoding."
        yield Fault(what, lined.where(("encoding",)), "", "Say utf-8, cp1252, utf-16 …")
    if not _reader_of(said["period"]):
        ways = "; ".join(" and ".join(names) for names in READERS)
        what = f"No period is made of {' and '.join(said['period'])}."
        yield Fault(what, lined.where(("period",)), "", f"Make it of one of these: {ways}.")
    ids: dict[str, Mapping[str, Any]] = {}
    for index, one in enumerate(said["series"]):
        if one["id"] in ids:
            do = "Give one of the two another id."
            yield Fault(f"The series `{one['id']}` is there twice.", lined.where(("series", index, "id")), "", do)
        ids[one["id"]] = one
    for index, one in enumerate(said["series"]):
        yield from _of_wanted(lined, ("series", index), one, ids)


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _of_wanted(
    lined: Lined, place: Place, one: Mapping[str, Any], ids: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    whose = f"The series {one['id']}"
    counts = one["holds"] == "counts"
    if one.get("sum") and not counts:
        why = f"The sum of {one['holds']} is no figure."
        yield Fault(f"{whose} is summed.", lined.where((*place, "sum")), why, "Remove it, or take the counts.")
    if "n" in one and counts:
        why = "A count is taken over nothing."
        yield Fault(f"{whose} has an n.", lined.where((*place, "n")), why, "Name its total by `of` instead.")
    if "titles" in one and "each" not in one:
        yield Fault(
            f"{whose} has titles of nothing.", lined.where((*place, "titles")), "", "Name the column by `each`."
        )
    if "of" in one:
        yield from _of_total(lined.where((*place, "of")), whose, one, ids)


def _of_total(where: str, whose: str, one: Mapping[str, Any], ids: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    total = ids.get(one["of"])
    if total is None:
        yield unknown(f"{whose} is a share of", one["of"], where, ids)
    elif total is one or "each" in total or {one["holds"], total["holds"]} != {"counts"}:
        why = "A share is taken of one other series, and both hold counts."
        yield Fault(f"{whose} cannot be a share of {one['of']}.", where, why, "Name a series of counts without `each`.")
