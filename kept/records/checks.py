"""What a row may not say: each check is a condition in SQL and the sentence that quarantine gives for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kept.contract.tables import BY_NAME, Table
from kept.contract.vocabulary import Attribute, Kind, Vocabulary
from kept.records.cells import Filled, in_list, naive, said, uncoded
from kept.records.layout import QUARANTINE
from kept.records.schema import CORRECTABLE, identifier, literal

EARLIEST, LATEST = "1900-01-01 00:00:00+00", "2100-01-01 00:00:00+00"
HAPPENED = {
    "investigations": ("opened_at",),
    "crimes": ("committed_at", "reported_at", "recorded_at"),
    "events": ("occurred_at",),
    "assessments": ("made_at",),
}
OWN_MOMENTS = HAPPENED | {"facts": ("valid_from",), "events": ("occurred_at", "scheduled_for")}


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that is true of a faulty row, and its sentence; both are SQL over the row's columns."""

    condition: str
    sentence: str


def say(text: str, **quoted: str) -> str:
    """A sentence as SQL, each `{name}` in it a quoted value: `say("kind is {kind}", kind='"kind"')`."""
    sql = literal(text)
    for name, value in quoted.items():
        sql = sql.replace(f"{{{name}}}", f"' || chr(34) || {_shown(value)} || chr(34) || '")
    return sql


def _shown(value: str) -> str:
    """A refused value as SQL: as it is where it looks like a code, else only its shape.

    Reasons are printed, kept in reports and read by people who may not see whom a row is about, and a column mapped
    wrongly may hold a name, a telephone number or a date of birth: `Aaaa Aaaaa`, `99999 999999`, `9999-99-99`.
    """
    code = f"regexp_full_match({value}, '{_CODE}') AND length(regexp_replace({value}, '[^0-9]', '', 'g')) <= {_DIGITS}"
    shape = f"left({value}, 60)"
    for letters, sign in (("\\p{Lu}", "A"), ("[^\\P{L}A]", "a"), ("\\p{N}", "9")):
        shape = f"regexp_replace({shape}, '{letters}', '{sign}', 'g')"
    return f"CASE WHEN {code} THEN {value} ELSE {shape} END"


_CODE = "[a-z0-9_.:+/-]{1,30}|[A-Z]{1,3}"
_DIGITS = 5  # more could be a telephone number or a date of birth


def checks(table: Table, filled: Mapping[str, Filled], vocabulary: Vocabulary, now: datetime) -> list[Check]:
    """Every check of a table's rows, given how its columns are filled."""
    found = [*_required(table, filled), *_readable(filled), *_codes(table, filled, vocabulary), *_moments(table, now)]
    return found + list(_OF_TABLE.get(table.name, _none)(vocabulary))


def voids(table: Table) -> str:
    """Whether a row only withdraws another."""
    return '"voids" IS NOT NULL' if table.name in CORRECTABLE else "false"


def _none(_: Vocabulary) -> Iterable[Check]:
    return ()


def _required(table: Table, filled: Mapping[str, Filled]) -> Iterator[Check]:
    for column in table.columns:
        if column.required:
            waived = "" if column.name == "entered_at" else f" AND NOT ({voids(table)})"
            sentence = f"{column.name} is blank, and a row of {table.name} needs it: fill it in the source."
            # What was said and could not be read has a sentence of its own.
            worked_out = column.name == "entered_at" and "entered_at" not in filled
            others = OWN_MOMENTS.get(table.name, ()) if worked_out else ()
            read_from = (column.name, *others)
            unsaid = " AND ".join(f"{said(name)} IS NULL" for name in read_from)
            yield Check(f"{identifier(column.name)} IS NULL AND {unsaid}{waived}", say(sentence))


def _readable(filled: Mapping[str, Filled]) -> Iterator[Check]:
    for name, one in filled.items():
        if one.cell.values is not None and one.cell.otherwise == QUARANTINE:
            sentence = f"{name} comes from {{said}}, which the mapping does not name: add it to `values`."
            yield Check(uncoded(one.said, one.cell), say(sentence, said=one.said))
        unread = f"{one.said} IS NOT NULL AND {one.name} IS NULL"
        if one.column.type == "moment" and not one.zoned:
            yield from _unread_moment(name, one, unread)
        elif one.column.type in _UNREAD:
            yield Check(unread, say(f"{name} says {{said}}, {_UNREAD[one.column.type]}", said=one.said))


_UNREAD = {
    "number": "which is no number: correct it in the source.",
    "flag": "which is neither true nor false: write true or false.",
}


def _unread_moment(name: str, one: Filled, unread: str) -> Iterator[Check]:
    local = naive(one.said, one.cell)
    yield Check(
        f"{unread} AND {local}",
        say(
            f"{name} says {{said}}, a time without a time zone: state the `zone` in the mapping.",
            said=one.said,
        ),
    )
    yield Check(
        f"{unread} AND NOT {local} AND regexp_full_match({one.said}, '\\d{{5}}(\\.\\d+)?')",
        say(
            f"{name} says {{said}}, a spreadsheet's serial number: format that column as a date.",
            said=one.said,
        ),
    )
    yield Check(
        f"{unread} AND NOT {local} AND NOT regexp_full_match({one.said}, '\\d{{5}}(\\.\\d+)?')",
        say(
            f"{name} says {{said}}, which is no moment: write it as ISO 8601, or state its `format`.",
            said=one.said,
        ),
    )


def _codes(table: Table, filled: Mapping[str, Filled], vocabulary: Vocabulary) -> Iterator[Check]:
    for name, one in filled.items():
        attribute = vocabulary.attributes.get(one.column.codes_from)
        allowed = one.column.codes or (attribute.codes if attribute else ())
        if allowed:
            listed = ", ".join(allowed)
            yield Check(
                f"{one.name} IS NOT NULL AND NOT {in_list(one.name, allowed)}",
                say(
                    f"{name} says {{code}}, which is none of its codes ({listed}): translate it in the mapping.",
                    code=one.name,
                ),
            )


def _moments(table: Table, now: datetime) -> Iterator[Check]:
    for column in table.columns:
        if column.type == "moment":
            name = identifier(column.name)
            yield Check(
                f"NOT {name} BETWEEN TIMESTAMPTZ '{EARLIEST}' AND TIMESTAMPTZ '{LATEST}'",
                say(f"{column.name} lies outside 1900 to 2100: correct it in the source."),
            )
    if any(column.name == "entered_at" for column in table.columns):
        yield Check(
            f"\"entered_at\" > TIMESTAMPTZ '{now.isoformat()}'",
            say("entered_at lies in the future: check the source's clock and the mapping's time zone."),
        )
    for moment in HAPPENED.get(table.name, ()):
        yield Check(
            f'{identifier(moment)} > "entered_at"',
            say(f"{moment} lies after entered_at, so it occurred in the future: correct one of them."),
        )
    if any(column.name == "to" for column in table.columns):
        yield Check('"to" < "from"', say("to lies before from: correct one of them."))


# -- events ----------------------------------------------------------------------------------------------


def _events(vocabulary: Vocabulary) -> Iterator[Check]:
    yield from _words("kind", vocabulary.kinds)
    yield from _event_values(vocabulary.kinds)
    yield from _event_moments([kind.name for kind in vocabulary.kinds.values() if kind.plannable])
    whole = [kind.name for kind in vocabulary.kinds.values() if kind.concerns in ("crime", "investigation")]
    yield Check(
        f'"victim" IS NOT NULL AND {in_list(_KIND, whole)}',
        say("A row names a victim, and {kind} concerns all of a crime: leave victim blank.", kind=_KIND),
    )
    yield Check(
        f'"investigation" IS NULL AND "crime" IS NULL AND "victim" IS NULL AND NOT ({_VOIDS})',
        say("The event names no investigation, crime or victim: say whom it concerns."),
    )
    yield from _corrections(BY_NAME["events"])


_KIND, _VOIDS = '"kind"', '"voids" IS NOT NULL'


def _words(column: str, known: Mapping[str, Kind] | Mapping[str, Attribute]) -> Iterator[Check]:
    name = identifier(column)
    yield Check(
        f"{name} IS NOT NULL AND NOT {in_list(name, list(known))}",
        say(f"{column} says {{word}}, which is not in the vocabulary: translate it in the mapping.", word=name),
    )
    made = [word.name for word in known.values() if word.made_from]
    yield Check(
        in_list(name, made),
        say(f"{{word}} is not supplied as {column}: loading makes it from a table's column.", word=name),
    )


def _event_values(kinds: Mapping[str, Kind]) -> Iterator[Check]:
    closed = [kind.name for kind in kinds.values() if not kind.open_values]
    lists: tuple[tuple[str, list[str], Callable[[Kind], Iterable[str]]], ...] = (
        ("value", closed, lambda kind: kind.values),
        ("result", list(kinds), lambda kind: kind.results),
    )
    for column, bound, says in lists:
        name = identifier(column)
        pairs = [f"{kind.name}|{word}" for kind in kinds.values() for word in says(kind)]
        listed = in_list(f"concat({_KIND}, chr(124), {name})", pairs)
        yield Check(
            f"{name} IS NOT NULL AND {in_list(_KIND, bound)} AND NOT {listed}",
            say(
                f"{column} says {{word}}, which {{kind}} does not know: use one that the vocabulary lists for it.",
                word=name,
                kind=_KIND,
            ),
        )


def _event_moments(plannable: list[str]) -> Iterator[Check]:
    yield Check(
        f'"occurred_at" IS NULL AND "scheduled_for" IS NULL AND "occurred_at said" IS NULL '
        f'AND "scheduled_for said" IS NULL AND NOT ({_VOIDS})',
        say("Neither occurred_at nor scheduled_for is filled: say when it happened, or is planned."),
    )
    yield Check(
        f'"scheduled_for" IS NOT NULL AND "occurred_at" IS NOT NULL AND NOT {in_list(_KIND, plannable)}',
        say("Both occurred_at and scheduled_for are filled: an event of this kind has only occurred_at."),
    )
    yield Check(
        f'"scheduled_for" IS NOT NULL AND "occurred_at" IS NULL AND {_KIND} IS NOT NULL '
        f"AND NOT {in_list(_KIND, plannable)}",
        say("{kind} cannot be planned, and only scheduled_for is filled: fill occurred_at.", kind=_KIND),
    )


def _corrections(table: Table) -> Iterator[Check]:
    # What every row must fill may be repeated; a void without it is as good.
    may_say = (CORRECTABLE[table.name], "source", "voids", "supersedes")
    rest = [column.name for column in table.columns if not column.required and column.name not in may_say]
    more = " OR ".join(f"{identifier(name)} IS NOT NULL" for name in rest)
    yield Check(
        f'{_VOIDS} AND "supersedes" IS NOT NULL',
        say("A row both supersedes and voids: a correction replaces the earlier row, a void only withdraws it."),
    )
    yield Check(
        f"{_VOIDS} AND ({more})",
        say("A row that voids another says more: leave blank all that is not required, or use supersedes."),
    )


# -- facts, assessments ----------------------------------------------------------------------------------


def _facts(vocabulary: Vocabulary) -> Iterator[Check]:
    yield from _words("attribute", vocabulary.attributes)
    attributes = vocabulary.attributes.values()
    belongs = [f"{one.name}|{one.of}" for one in attributes]
    yield Check(
        f'{in_list(_ATTRIBUTE, list(vocabulary.attributes))} AND "subject_kind" IS NOT NULL AND NOT '
        + in_list(f'concat({_ATTRIBUTE}, chr(124), "subject_kind")', belongs),
        say(
            "{attribute} is not an attribute of a {kind}: name the subject it belongs to.",
            attribute=_ATTRIBUTE,
            kind='"subject_kind"',
        ),
    )
    for kind, wanted in _VALUES.items():
        typed = [one.name for one in attributes if one.type == kind]
        yield Check(
            f'{in_list(_ATTRIBUTE, typed)} AND "value said" IS NOT NULL AND "value" IS NULL',
            say(
                f"{{attribute}} says {{value}}, which is no {wanted}: correct it.",
                attribute=_ATTRIBUTE,
                value='"value said"',
            ),
        )
    coded = [one for one in attributes if one.type == "code"]
    pairs = [f"{one.name}|{code}" for one in coded for code in one.codes]
    yield Check(
        f'{in_list(_ATTRIBUTE, [one.name for one in coded])} AND "value" IS NOT NULL AND NOT '
        + in_list(f'concat({_ATTRIBUTE}, chr(124), "value")', pairs),
        say(
            "{attribute} says {value}, which is none of its codes: translate it in the mapping.",
            attribute=_ATTRIBUTE,
            value='"value"',
        ),
    )
    yield from _corrections(BY_NAME["facts"])


_ATTRIBUTE = '"attribute"'
_VALUES = {
    "flag": "flag (true or false)",
    "number": "number",
    "moment": "moment with a time zone",
}


def _assessments(_: Vocabulary) -> Iterator[Check]:
    yield Check(
        '"victim" IS NULL AND "investigation" IS NULL',
        say("The assessment names neither a victim nor an investigation: say whom it is about."),
    )


_OF_TABLE: dict[str, Callable[[Vocabulary], Iterable[Check]]] = {
    "events": _events,
    "facts": _facts,
    "assessments": _assessments,
}
