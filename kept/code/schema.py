"""The JSON Schemas of an edition's files, for the loader and for editors.

They say what may be written where; what it must mean together (a limit without a clock, an unknown fact) is
`checks.py`. `kept code docs` publishes them under `docs/reference/schema/`.
"""

from collections.abc import Mapping
from typing import Any, get_args

from kept.calendar import NATIONS
from kept.code import model
from kept.code.model import CERTAINTIES, EVENT_FIELDS, SELECTOR_FIELDS, START_FIELDS
from kept.contract.vocabulary import LEVELS, LINKS, AttributeType

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": "string", "minLength": 1}
_NAME: Schema = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.-]*$"}
_DAY: Schema = {"type": "string", "format": "date"}
_FLAG: Schema = {"type": "boolean"}
_MOMENT: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_RIGHT: Schema = {"type": "integer", "minimum": 1, "maximum": 12}
_WORDS: Schema = {
    "oneOf": [{"type": ["string", "boolean", "integer"]}, {"type": "array", "items": _SCALAR, "minItems": 1}]
}
_CERTAINTY: Schema = {"enum": list(CERTAINTIES)}
_CREDIT: Schema = {"enum": list(get_args(model.Credit))}
_WHICH: Schema = {"enum": list(get_args(model.Which))}
_LEVEL: Schema = {"enum": list(LEVELS)}


def _record(fields: Mapping[str, Schema], required: tuple[str, ...] = (), **more: Any) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(fields),
        "required": list(required),
        **more,
    }


def _list(of: Schema, at_least: int = 1) -> Schema:
    return {"type": "array", "items": of, "minItems": at_least}


def _def(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(*options: Schema, says: str = "") -> Schema:
    return {"oneOf": list(options), **({"description": says} if says else {})}


def _selector() -> Schema:
    fields = {"kind": _NAME, **dict.fromkeys(EVENT_FIELDS, _WORDS)}
    return _one_of(
        _NAME, _record(fields, ("kind",)), says="A kind of event, or one with the values some fields may have."
    )


def _condition() -> Schema:
    numbers = {"fact": _NAME, "at_least": {"type": "number"}, "below": {"type": "number"}}
    start = _record(dict.fromkeys(START_FIELDS, _WORDS), minProperties=1, maxProperties=1)
    return _one_of(
        _record({"fact": _NAME, "is": _WORDS}, ("fact",)),
        _record(numbers, ("fact",), anyOf=[{"required": ["at_least"]}, {"required": ["below"]}]),
        _record({"fact": _NAME, "known": {"const": True}}, ("fact", "known")),
        _record({"start": start}, ("start",)),
        _record({"term": _NAME}, ("term",)),
        _record({"all": _list(_def("condition"))}, ("all",)),
        _record({"any": _list(_def("condition"))}, ("any",)),
        _record({"not": _def("condition")}, ("not",)),
    )


def _limit() -> Schema:
    amount = _one_of(_COUNT, _record({"fact": _NAME}, ("fact",)))
    enhanced = {"enhanced": _def("limit")}
    plain = [_record({unit: amount, **enhanced}, (unit,)) for unit in ("hours", "days", "working_days")]
    months = {"months": amount, "rounding": {"enum": list(get_args(model.Rounding))}, **enhanced}
    until = {"until": _record({"fact": _NAME}, ("fact",)), "to": {"enum": ["instant", "end_of_day"]}, **enhanced}
    return _one_of(
        *plain,
        _record(months, ("months", "rounding")),
        _record(until, ("until", "to")),
        says="hours run to the instant; the others to the end of the local day, the start's day being day 0",
    )


def _answer() -> Schema:
    return _record(
        {
            "specific": _def("selectors"),
            "generic": _def("selectors"),
            "from": {"enum": ["first_after_start", "first_ever"]},
            "match": _list({"enum": list(LINKS)}),
            "unlinked": _FLAG,
            "shared": _FLAG,
        },
        ("specific",),
    )


def _judged_at() -> Schema:
    maturity = {"maturity": _record({"days": {"type": "integer", "minimum": 1}}, ("days",)), "local": {"const": True}}
    return _one_of(
        {"const": "due"}, _record({"stage": _def("selectors")}, ("stage",)), _record(maturity, ("maturity", "local"))
    )


def _given() -> Schema:
    ids = ("victim", "crime", "investigation", "suspect", "hearing", "item", "answers", "by", "source")
    event = (*ids, "entered", "id", "value", "result", "channel", "supersedes", "touchpoint")
    fact = ("entered", "id", "victim", "crime", "investigation", "person", "source", "supersedes")
    fields: Schema = {"type": "object", "additionalProperties": {"type": [*_SCALAR["type"], "null"]}}
    form = {"at": _TEXT, "form": _NAME, "fields": fields}
    victim = {"victim": _TEXT, "crime": _TEXT, "person": _TEXT, "entered": _TEXT}
    return _one_of(
        _record({"at": _TEXT, "kind": _NAME, "planned": _FLAG, **dict.fromkeys(event, _SCALAR)}, ("at", "kind")),
        _record({"at": _TEXT, "void": _TEXT, "entered": _TEXT}, ("at", "void")),
        _record({"at": _TEXT, "fact": _NAME, "is": _SCALAR, **dict.fromkeys(fact, _SCALAR)}, ("at", "fact")),
        _record({**form, **dict.fromkeys(("entered", "victim", "version"), _SCALAR)}, ("at", "form", "fields")),
        _record(victim, ("victim",)),
        _record({"at": _TEXT, "holder": _TEXT, "team": _TEXT}, ("at", "holder")),
        says="A line of the timeline, in London time: an event, a void, a fact, a form, a victim, who holds the case.",
    )


def _then() -> Schema:
    words = ("start", "subject", "part", "late_by", "linked", "missing", "moved_to", "credited_to", "edition")
    moments = ("due", "judged", "answered", "clock", "generic")
    flags = ("at_best", "entered_by_due", "enhanced_flag", "enhanced_gate", "reason_after_due")
    return _record(
        {
            **dict.fromkeys(words, _TEXT),
            **dict.fromkeys(moments, _MOMENT),
            **dict.fromkeys(flags, _FLAG),
            "state": {"enum": list(get_args(model.State))},
        },
        ("state",),
    )


def _example() -> Schema:
    return _record(
        {
            "name": _TEXT,
            "victims": _COUNT,
            "given": {"type": "array", "items": _def("given")},
            "as_of": _TEXT,
            "then": {"type": "array", "items": _def("then")},
            "not_arisen": {"type": "object", "additionalProperties": _COUNT},
        },
        ("name", "given", "as_of", "then"),
    )


def _citation() -> Schema:
    return _record(
        {"source": _TEXT, "paragraph": {"type": "string"}, "url": {"type": "string"}, "read": _DAY}, ("source",)
    )


def _exception() -> Schema:
    fields = {
        "when": _def("condition"),
        "limit": _def("limit"),
        "citation": _def("citation"),
        "priority": {"type": "integer"},
    }
    return _record(fields, ("when", "limit", "citation"))


def _part() -> Schema:
    fields = {
        "id": _NAME,
        "title": _TEXT,
        "applies": _def("condition"),
        "answer": _def("answer"),
        "not_done": _def("selectors"),
    }
    return _record(fields, ("id", "title", "answer"))


def _duty() -> Schema:
    return _record(
        {
            "id": _NAME,
            "right": _RIGHT,
            "title": _TEXT,
            "says": _TEXT,
            "kind": {"enum": list(get_args(model.DutyKind))},
            "holder": _TEXT,
            "owed_to": {"enum": list(get_args(model.OwedTo))},
            "which": _WHICH,
            **dict.fromkeys(SELECTOR_FIELDS, _def("selectors")),
            "applies": _def("condition"),
            "applies_at": {"enum": list(get_args(model.AppliesAt))},
            "limit": _def("limit"),
            "exceptions": _list(_exception()),
            "judged_at": _def("judged_at"),
            "answer": _def("answer"),
            "parts": _list(_part(), 2),
            "opt_out": {"enum": list(get_args(model.OptOut))},
            "credit": _CREDIT,
            "measured_now": _FLAG,
            "not_measurable": _TEXT,
            "certainty": _CERTAINTY,
            "citation": _def("citation"),
            "continues": _TEXT,
            "note": _TEXT,
            "papers": {"type": "array", "items": _COUNT},
            "from": _DAY,
            "to": _DAY,
            "examples": {"type": "array", "items": _def("example")},
        },
        ("id", "title", "says", "holder"),
    )


def _term() -> Schema:
    fields = {
        "term": _NAME,
        "means": _TEXT,
        "when": _def("condition"),
        "certainty": _CERTAINTY,
        "citation": _def("citation"),
    }
    return _record(fields, tuple(fields))


def _definitions() -> dict[str, Schema]:
    return {
        "selector": _selector(),
        "selectors": _one_of(_def("selector"), _list(_def("selector"))),
        "condition": _condition(),
        "limit": _limit(),
        "answer": _answer(),
        "judged_at": _judged_at(),
        "citation": _citation(),
        "given": _given(),
        "then": _then(),
        "example": _example(),
    }


def _file(title: str, body: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **body, "$defs": _definitions()}


def duties() -> Schema:
    """The schema of a file of duties: `right-06.yaml`."""
    return _file("Kept: the duties of one right, or of one topic", _duty_file(_duty()))


def duty_file() -> Schema:
    """The schema of such a file around its duties, which the loader reads one by one."""
    return _duty_file({})


def duty() -> Schema:
    """The schema of one duty."""
    return {**_duty(), "$defs": _definitions()}


def _duty_file(one: Schema) -> Schema:
    return _record({"right": _RIGHT, "title": _TEXT, "duties": _list(one)}, ("duties",))


def edition() -> Schema:
    """The schema of `edition.yaml`."""
    fields = {
        "edition": _NAME,
        "title": _TEXT,
        "status": {"enum": list(get_args(model.Status))},
        "citation": _def("citation"),
        "ends": _def("selectors"),
        "terms": _list(_term()),
    }
    return _file("Kept: an edition", _record(fields, ("edition", "title", "status", "citation")))


def rulebook() -> Schema:
    """The schema of a rulebook."""
    chosen = _record({"edition": _TEXT, "from": _DAY, "to": _DAY}, ("edition", "from"))
    changes = {
        "limit": _def("limit"),
        "which": _WHICH,
        "judged_at": _def("judged_at"),
        "answer": _def("answer"),
        "credit": _CREDIT,
    }
    amendment = _record({"duty": _TEXT, "because": _TEXT, **changes}, ("duty", "because"))
    fields = {
        "rulebook": _NAME,
        "title": _TEXT,
        "nation": {"enum": list(NATIONS)},
        "editions": _list(chosen),
        "amendments": _list(amendment),
    }
    return _file("Kept: a rulebook", _record(fields, ("rulebook", "title", "nation", "editions")))


def vocabulary() -> Schema:
    """The schema of an edition's own words, `vocabulary.yaml`."""
    names: Schema = {"type": "array", "items": _NAME}
    kind = {
        "kind": _NAME,
        "means": _TEXT,
        "concerns": _LEVEL,
        "values": {"type": "object"},
        **dict.fromkeys(("results", "links", "merge_key", "recurs"), names),
        **dict.fromkeys(("spreads", "plannable", "open_values"), _FLAG),
        "vacated_by": _NAME,
        "papers": {"type": "array", "items": _COUNT},
    }
    attribute = {
        "attribute": _NAME,
        "means": _TEXT,
        "of": _LEVEL,
        "type": {"enum": list(get_args(AttributeType))},
        "codes": names,
        "unit": _TEXT,
        "absent": _FLAG,
        "papers": {"type": "array", "items": _COUNT},
    }
    fields = {
        "namespace": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "kinds": _list(_record(kind, ("kind", "means", "concerns"))),
        "attributes": _list(_record(attribute, ("attribute", "means", "of", "type"))),
    }
    return _file("Kept: an edition's own words", _record(fields, ("namespace",)))
