"""What can be wrong in a mapping file, as faults that say where and what to do."""

import difflib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast
from zoneinfo import ZoneInfo

import duckdb
from jsonschema import Draft202012Validator, ValidationError

from kept.code.lined import Lined
from kept.errors import Fault


def shape_faults(lined: Lined) -> list[Fault]:
    """Everything in a mapping that its JSON Schema does not allow."""
    errors = sorted(_schema().iter_errors(lined.data), key=lambda error: lined.where(tuple(error.absolute_path)))
    return [fault for error in errors for fault in _shape_fault(lined, error)]


@cache
def _schema() -> Draft202012Validator:
    text = files("kept.records").joinpath("schema/mapping.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _shape_fault(lined: Lined, error: ValidationError) -> Iterator[Fault]:
    here = tuple(error.absolute_path)
    part = ".".join(map(str, here)) or "the mapping"
    rule, said = cast(Any, error.validator_value), cast(Any, error.instance)
    if error.validator == "additionalProperties" and rule is False:
        known = _settings(error)
        for key in (key for key in said if key not in known):
            yield Fault(f"{part} has no setting {key!r}.", lined.where((*here, key)), "", suggest(str(key), known))
    elif error.validator == "required":
        for key in (key for key in rule if key not in said):
            yield Fault(f"{part} lacks {key!r}.", lined.where(here), "", f"Add {key!r}.")
    else:
        yield Fault(f"{part} is wrong: {error.message}.", lined.where(here), "", "See how to write a mapping.")


def _settings(error: ValidationError) -> list[str]:
    return list(cast(Any, error.schema).get("properties", ()))


def suggest(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown name: the nearest known one, or the list."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Use one of: {', '.join(names)}." if 0 < len(names) <= 40 else "Check the name."


def sql_fault(sql: str, where: str) -> Fault | None:
    """What keeps a text from being one DuckDB expression."""
    try:
        if len(duckdb.extract_statements(f"SELECT ({sql}\n)")) == 1:
            return None
    except duckdb.Error as error:
        return Fault("This is not DuckDB SQL.", where, first_line(error), "Correct the expression.")
    return Fault("An expression is one expression, not statements.", where, "", "Remove the semicolon.")


def format_fault(formats: Iterable[str], where: str) -> Fault | None:
    """What keeps texts from being formats of a moment; either all of them say an offset, or none does."""
    offsets = {"%z" in form or "%Z" in form for form in formats}
    if len(offsets) > 1:
        return Fault("Only some of the formats have a time zone.", where, "", "Give each kind a column of its own.")
    try:
        with duckdb.connect() as connection:
            connection.execute("SELECT try_strptime('', ?)", [list(formats)])
    except duckdb.Error as error:
        return Fault("This is no format of a moment.", where, first_line(error), "Write it as strptime does.")
    return None


def zone_fault(zone: str, where: str) -> Fault | None:
    """What keeps a name from being a time zone."""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        return Fault(f"{zone!r} is no known time zone.", where, "", "Say for example Europe/London.")
    return None


def first_line(error: Exception) -> str:
    """The first line of an error's message, without the name of its class."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else "no reason was given"
    return line.split(" Error: ", 1)[-1]
