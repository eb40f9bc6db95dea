"""The OpenAPI document as a page shows it: every operation with what is sent and what is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from kept.web.api.operations import schema


@dataclass(frozen=True, slots=True)
class Value:
    """One value that is sent or answered: its name, its type in words, and what the document says of it."""

    name: str
    type: str
    says: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as a page shows it."""

    name: str
    method: str
    address: str
    summary: str
    says: str
    needs: str
    sent: tuple[Value, ...]
    body: tuple[Value, ...]
    answered: tuple[Value, ...]


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the OpenAPI document, in its order."""
    document = json.loads(json.dumps(schema()))
    return tuple(
        _operation(document, address, method, said)
        for address, methods in document["paths"].items()
        for method, said in methods.items()
    )


def _operation(document: dict[str, Any], address: str, method: str, said: dict[str, Any]) -> Operation:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answers = said["responses"]["200"]["content"]["application/json"]["schema"]
    sent = (
        Value(one["name"], _type(one["schema"]), one["schema"].get("description", ""), one["required"])
        for one in said.get("parameters", ())
    )
    return Operation(
        said["operationId"],
        method.upper(),
        address,
        said["summary"],
        said.get("description", ""),
        said["tags"][0],
        tuple(sent),
        tuple(_values(document, body)),
        tuple(_values(document, answers)),
    )


def _values(document: dict[str, Any], given: dict[str, Any]) -> Iterator[Value]:
    """The values of an object, or of the objects of a list."""
    found = _resolved(document, given.get("items", given))
    for name, one in found.get("properties", {}).items():
        yield Value(name, _type(one), _says(document, one), name in found.get("required", ()))


def _resolved(document: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    name = given.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else given
    return found


def _says(document: dict[str, Any], one: dict[str, Any]) -> str:
    said: str = one.get("description", "")
    inside = [part for part in (one, one.get("items", {}), *one.get("anyOf", ())) if "$ref" in part]
    return said or " ".join(_resolved(document, part).get("description", "") for part in inside)


def _type(one: dict[str, Any]) -> str:
    if "anyOf" in one:
        return " or ".join(_type(part) for part in one["anyOf"])
    if "$ref" in one:
        return str(one["$ref"]).rpartition("/")[2]
    if one.get("type") == "array":
        return f"list of {_type(one.get('items', {}))}"
    return str(one.get("format") or one.get("type") or "value")
