"""SQL that makes the members of a population from the entries that were seen: one group of entries, one member.

It reads the views of `members`: `known` subjects, entries `seen`, `of_run` and `contact_due`. What is said of a whole
investigation holds for each of its crimes; a fact that is said of no item holds for each item.
"""

from collections.abc import Iterable, Mapping

from kept.code.model import Selector
from kept.contract.vocabulary import Vocabulary
from kept.measures.model import Column, Population
from kept.records.schema import literal

_KEYS = {"victim": "NULL", "investigation": "NULL", "crime": "crime", "item": "item"}
_OF_KIND = {"victim": "victim", "investigation": "investigation", "crime": "investigation", "item": "victim"}
_JOINED = {"first": "least({0}, {1})", "last": "greatest({0}, {1})", "count": "coalesce({0}, 0) + coalesce({1}, 0)"}
_AGGREGATES = {
    "first": 'min(CASE WHEN {} THEN "at" END)',
    "last": 'max(CASE WHEN {} THEN "at" END)',
    "count": "count(*) FILTER ({})",
}
_READ = {
    "flag": "{} = 'true'",
    "number": "TRY_CAST({} AS DOUBLE)",
    "moment": "TRY_CAST({} AS TIMESTAMPTZ)",
}


def grouped(one: Population, codes: Mapping[str, int], vocabulary: Vocabulary) -> str:
    """SQL for the members of a population with all its columns."""
    keyed = one.grain in ("crime", "item")
    events = [column for column in one.columns.values() if column.how in _AGGREGATES]
    facts = [column for column in one.columns.values() if column.how == "fact"]
    read = [column for column in one.columns.values() if column.how != "is"]
    worked_out = [column for column in one.columns.values() if column.how == "is"]
    columns = ", ".join(_column(column, keyed, one.grain, vocabulary) for column in read)
    further = "".join(f", ({column.text}) AS {column.name}" for column in worked_out)
    crime = "m.key" if one.grain == "crime" else "m.crime"
    return f"""
        WITH concerned AS (
            SELECT *, {_KEYS[one.grain]} AS key FROM seen WHERE of_kind = '{_OF_KIND[one.grain]}'),
        happened AS (SELECT subject, key{_aggregated(events, codes)} FROM concerned WHERE NOT is_fact GROUP BY ALL),
        held_facts AS (
            SELECT subject, key, kind, max_by(value, ("at", entered)) AS value FROM concerned
            WHERE is_fact AND kind IN ({_listed(codes.get(column.text, -1) for column in facts)}) GROUP BY ALL),
        facts AS (SELECT subject, key{_turned(facts, codes)} FROM held_facts GROUP BY ALL),
        members AS ({_members(one, codes)})
        SELECT *{further} FROM (SELECT m.subject, m.key, m.investigation, {crime} AS crime, {columns}
        FROM members m
        LEFT JOIN happened e ON e.subject = m.subject AND e.key IS NOT DISTINCT FROM m.key
        LEFT JOIN facts f ON f.subject = m.subject AND f.key IS NOT DISTINCT FROM m.key
        LEFT JOIN happened ew ON ew.subject = m.subject AND ew.key IS NULL AND m.key IS NOT NULL
        LEFT JOIN facts fw ON fw.subject = m.subject AND fw.key IS NULL AND m.key IS NOT NULL
        LEFT JOIN of_run r ON r.subject = m.subject
        LEFT JOIN contact_due d ON d.investigation = m.investigation)"""


def _members(one: Population, codes: Mapping[str, int]) -> str:
    """SQL for subject, key, investigation and crime of each member."""
    if one.grain in ("victim", "investigation"):
        return f"""
            SELECT subject, NULL AS key, investigation, crime FROM known WHERE kind = '{one.grain}'"""
    wanted = f"AND kind IN ({_listed(codes.get(kind, -1) for kind in one.kinds)})" if one.kinds else ""
    return f"""
        SELECT DISTINCT c.subject, c.key, k.investigation, k.crime FROM (
            SELECT DISTINCT subject, key FROM concerned WHERE key IS NOT NULL AND key <> '' {wanted}) c
        JOIN known k USING (subject)"""


def _column(column: Column, keyed: bool, grain: str, vocabulary: Vocabulary) -> str:
    """SQL for one column of a member."""
    name = column.name
    if column.how == "of_run":
        return f"{'d' if column.text == 'contact_due' else 'r'}.{column.text} AS {name}"
    if column.how == "fact":
        return f"{_fact(column, keyed, vocabulary)} AS {name}"
    wide = keyed and grain == "crime"
    said = _JOINED[column.how].format(f"e.{name}", f"ew.{name}") if wide else f"e.{name}"
    return f"{said if column.how != 'count' or wide else f'coalesce({said}, 0)'} AS {name}"


def _fact(column: Column, keyed: bool, vocabulary: Vocabulary) -> str:
    attribute = vocabulary.attributes[column.text]
    said = f"coalesce(f.{column.name}, fw.{column.name})" if keyed else f"f.{column.name}"
    read = _READ.get(attribute.type, "{}").format(f"nullif({said}, '')")
    return read if attribute.absent is None else f"coalesce({read}, {str(attribute.absent).lower()})"


def _aggregated(columns: list[Column], codes: Mapping[str, int]) -> str:
    return "".join(
        f", {_AGGREGATES[column.how].format(_any(column.selectors, codes))} AS {column.name}" for column in columns
    )


def _turned(columns: list[Column], codes: Mapping[str, int]) -> str:
    return "".join(
        f", max(CASE WHEN kind = {codes.get(column.text, -1)} THEN value END) AS {column.name}" for column in columns
    )


def _any(selectors: tuple[Selector, ...], codes: Mapping[str, int]) -> str:
    return " OR ".join(f"({_selected(one, codes)})" for one in selectors)


def _selected(one: Selector, codes: Mapping[str, int]) -> str:
    """SQL for whether an entry is an event that a selector wants."""
    fields = (f'"{name}" IN ({_listed(map(literal, values))})' for name, values in one.fields().items())
    return " AND ".join([f"kind = {codes.get(one.kind, -1)}", *fields])


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values)) or "NULL"
