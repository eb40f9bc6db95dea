"""Conditions of the catalogue: comparisons over a population's columns, and nothing that reaches outside them."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

from kept.errors import MeasureError

_ALLOWED = {
    "BETWEEN", "CASE", "CAST", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "OPERATOR", "TYPE",
}  # fmt: skip
"""The classes of expression that may stand in a condition: no subquery, no window, no star."""
_FUNCTIONS = {
    "+", "-", "/", "||", "coalesce", "epoch", "greatest", "least", "strftime", "timezone", "to_days",
    "to_hours", "to_months", "to_years", "trim", "trunc",
}  # fmt: skip


def columns_of(expression: str) -> set[str]:
    """The columns that an expression names; MeasureError where it cannot be read or does more than compare them."""
    tree = _tree(expression)
    found: set[str] = set()
    for node in _nodes(tree):
        if node["class"] not in _ALLOWED:
            raise _refused(expression, f"“{node['type'].lower().replace('_', ' ')}” may not stand in it.")
        if node["class"] == "FUNCTION" and node["function_name"] not in _FUNCTIONS:
            raise _refused(expression, f"The function “{node['function_name']}” is not known here.")
        if node["class"] == "COLUMN_REF":
            found.add(".".join(node["column_names"]))
    return found


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """What reads expressions: opened once, and of one thread, so that a process can be forked from one that has it."""
    return duckdb.connect(config={"threads": 1})


def _tree(expression: str) -> dict[str, Any]:
    with _reader().cursor() as connection:
        said = connection.execute("SELECT json_serialize_sql($1)", [f"SELECT ({expression})"]).fetchall()[0][0]
    read = json.loads(said)
    if read["error"]:
        raise _refused(expression, str(read["error_message"]).splitlines()[0])
    statements = read["statements"]
    selected = statements[0]["node"].get("select_list", []) if len(statements) == 1 else []
    if len(selected) != 1 or statements[0]["node"]["from_table"]["type"] != "EMPTY":
        raise _refused(expression, "It is more than one expression.")
    tree: dict[str, Any] = selected[0]
    return tree


def _nodes(content: Any) -> Iterator[dict[str, Any]]:
    """Every expression in the tree, however deep."""
    if isinstance(content, dict):
        if "class" in content and "type" in content:
            yield content
        for value in content.values():
            yield from _nodes(value)
    elif isinstance(content, list):
        for value in content:
            yield from _nodes(value)


def _refused(expression: str, why: str) -> MeasureError:
    return MeasureError(
        f"“{expression}” is not a condition.",
        why=why,
        what_to_do="Compare columns of the population with and, or, not, in, between and is null.",
    )
