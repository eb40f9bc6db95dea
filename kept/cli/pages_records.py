"""The pages about what a force's records may say: the tables, the kinds of event, the facts."""

from collections.abc import Iterable, Iterator

from kept.cli.pages_duty import facts_used
from kept.cli.pages_markdown import bullets, code, codes, page, papers, plain, table
from kept.code.model import Duty, Edition
from kept.contract.tables import TABLES, Column, Table
from kept.contract.vocabulary import Attribute, Kind, Vocabulary

_TYPES = {
    "id": "a pseudonymous id: text without meaning",
    "text": "text",
    "code": "one of the codes named",
    "number": "a number",
    "flag": "true or false",
    "moment": "a moment in UTC, once loaded; the mapping says how the source writes it",
}


def tables_page() -> str:
    """`tables.md`: the record contract."""
    needed = " · ".join(code(one.name) for one in TABLES if one.needed)
    costs = [(f"[{one.name}](#{one.name})", one.without) for one in TABLES if not one.needed]
    return page(
        "# The record contract",
        "The tables that a force supplies. They are pseudonymous: names and contact details never enter them. "
        "The same as a JSON Schema: [contract](schema/contract.schema.json).",
        f"Needed: {needed}. Every other table may be absent, and each absence costs something:",
        table(("absent table", "what that costs"), costs),
        "`kept coverage` says the same of your own records, duty by duty.",
        page("## Types", bullets(f"`{name}`: {means}" for name, means in _TYPES.items())),
        *map(_table, TABLES),
    )


def _table(one: Table) -> str:
    rows = ((code(column.name), column.type, column.required, _means(column)) for column in one.columns)
    return page(
        f"## {one.name}",
        f"One row for each {one.grain}. Two rows with the same {codes(one.key)} are two versions of one thing.",
        "Needed." if one.needed else f"Without it: {one.without}",
        table(("column", "type", "needed", "meaning"), rows),
    )


def _means(column: Column) -> str:
    if column.codes:
        return f"{column.means} One of {codes(column.codes)}."
    if column.codes_from:
        name = column.codes_from
        return f"{column.means} One of the codes of [{plain(name)}](vocabulary/facts.md#{name})."
    return column.means


def events_page(words: Vocabulary, duties: Iterable[Duty]) -> str:
    """`vocabulary/events.md`: every kind of event."""
    used = _used_kinds(duties)
    return page(
        "# Kinds of event",
        "What a record may say happened, is planned, or was withdrawn. The list is closed for the Code's editions; "
        "an edition of another field declares kinds of its own in its `vocabulary.yaml`, under its own namespace.",
        "The **merge key** is what two sources must agree on for their rows to be one event: `day` is the London "
        "day, `person` the victim's person.",
        *(_kind(kind, used.get(kind.name, [])) for kind in words.kinds.values()),
    )


def _kind(kind: Kind, used: list[str]) -> str:
    return page(f"## {kind.name}", kind.means, bullets(_of_kind(kind)), _used_by(used))


def _of_kind(kind: Kind) -> Iterator[str]:
    yield f"Concerns: {kind.concerns}."
    yield from (said for holds, said in _marks(kind) if holds)
    recurs = f"; of {codes(kind.recurs)} the `day` as well" if kind.recurs else ""
    yield f"Merge key: {codes(kind.merge_key)}{recurs}."
    if kind.papers:
        yield f"Serves rows {papers(kind.papers)} of the board papers' item list."


def _marks(kind: Kind) -> tuple[tuple[object, str], ...]:
    """Each thing that may be so of a kind, and how it is said."""
    values = "; ".join(f"`{name}`, {means}" for name, means in kind.values.items())
    return (
        (kind.values, f"`value`: {values}."),
        (kind.open_values, "`value` is free."),
        (kind.results, f"`result`: {codes(kind.results)}."),
        (kind.links, f"Should carry: {codes(kind.links)}."),
        (kind.spreads, "Said to a person: it counts for every crime of that person in the investigation."),
        (kind.plannable, "May be planned: `scheduled_for` instead of `occurred_at`."),
        (kind.vacated_by, f"A planned one is cancelled by [{plain(kind.vacated_by)}](#{kind.vacated_by})."),
        (kind.made_from, f"Made at load from `{kind.made_from}`; it is not supplied as an event."),
    )


def facts_page(words: Vocabulary, editions: Iterable[Edition]) -> str:
    """`vocabulary/facts.md`: every attribute of a subject."""
    used = _used_facts(editions)
    return page(
        "# Facts",
        "Attributes of a person, victim, crime or investigation that may change. A new value is a new row, valid from "
        "a moment and entered at a moment; nothing is ever overwritten.",
        *(_attribute(one, used.get(one.name, [])) for one in words.attributes.values()),
    )


def _attribute(one: Attribute, used: list[str]) -> str:
    return page(f"## {one.name}", one.means, bullets(_of_attribute(one)), _used_by(used))


def _of_attribute(one: Attribute) -> Iterator[str]:
    yield f"Of a {one.of}; {one.type}{f', in {one.unit}' if one.unit else ''}."
    if one.codes:
        yield f"Codes: {codes(one.codes)}."
    yield _if_absent(one)
    if one.made_from:
        yield f"Made at load from `{one.made_from}`; it is not supplied as a fact."
    if one.papers:
        yield f"Serves rows {papers(one.papers)} of the board papers' item list."


def _if_absent(one: Attribute) -> str:
    if one.absent is None:
        return "No recorded value: the records cannot say, and a duty that turns on it is `not_measurable`."
    return f"No recorded value: {'true' if one.absent else 'false'}."


def _used_by(links: list[str]) -> str:
    return f"Used by: {', '.join(links)}." if links else ""


def _used_kinds(duties: Iterable[Duty]) -> dict[str, list[str]]:
    used: dict[str, list[str]] = {}
    for duty in duties:
        answers = [selector for answer in duty.answers() for selector in (*answer.specific, *answer.generic)]
        stage = duty.judged_at.stage if duty.judged_at else ()
        others = (*duty.owed_when, *duty.clock_from, *duty.before, *duty.or_reason, *duty.not_done, *duty.declined)
        for kind in {selector.kind for selector in (*others, *answers, *stage)}:
            used.setdefault(kind, []).append(_duty_link(duty))
    return used


def _used_facts(editions: Iterable[Edition]) -> dict[str, list[str]]:
    used: dict[str, list[str]] = {}
    for edition in editions:
        for duty in edition.duties.values():
            for name in facts_used(duty, edition):
                used.setdefault(name, []).append(_duty_link(duty))
    return used


def _duty_link(duty: Duty) -> str:
    return f"[{duty.id}](../duties/{duty.edition}/{duty.id}.md)"
