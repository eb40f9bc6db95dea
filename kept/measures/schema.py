"""The JSON Schemas of the catalogue's files, for the loader and for editors."""

from typing import Any, get_args

from kept.code.model import EVENT_FIELDS
from kept.measures import model
from kept.measures.model import SELECTING

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_NAME: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_ID: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"}
_WORD: Schema = {"type": ["string", "integer", "boolean"]}
_CONDITION: Schema = {"type": ["string", "boolean"]}
_WORDS: Schema = {"oneOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1}]}
_OF_RUN = ("duty", "all_kept", "composite", "not_arisen")
"""Kinds of measure that a rulebook makes, and no file can."""
_SELECTOR: Schema = {
    "oneOf": [
        _NAME,
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind"],
            "properties": {
                "kind": _NAME,
                **{name: _WORDS for name in EVENT_FIELDS},
            },
        },
    ]
}
_SELECTORS: Schema = {"oneOf": [_SELECTOR, {"type": "array", "items": _SELECTOR, "minItems": 1}]}


def _record(required: tuple[str, ...], fields: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": fields}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of, "minItems": 1}


def column() -> Schema:
    """What is known of each member of a population."""
    ways: Schema = {
        **dict.fromkeys(SELECTING, _SELECTORS),
        **dict.fromkeys(("fact", "since", "row"), _NAME),
        "of_run": {"enum": ["flag", "gate", "contact_due"]},
        "is": _TEXT,
    }
    return _record(("means",), {"means": _TEXT, "breakdown": _TEXT, **ways}) | {"minProperties": 2}


def populations() -> Schema:
    """The file of populations."""
    one = _record(
        ("population", "means", "grain", "at", "columns"),
        {
            "population": _NAME,
            "means": _TEXT,
            "grain": {"enum": list(get_args(model.Grain))},
            "at": _NAME,
            "kinds": _list(_NAME),
            "columns": {"type": "object", "propertyNames": _NAME, "additionalProperties": column()},
        },
    )
    return _record(("populations",), {"populations": _list(one)})


def measures() -> Schema:
    """A file of measures."""
    one = _record(
        ("id", "title", "means", "kind", "of", "stage", "source", "unit", "direction", "owner", "status"),
        {
            "id": _ID,
            **dict.fromkeys(("title", "means", "stage", "unit", "owner"), _TEXT),
            "kind": {"enum": [kind for kind in get_args(model.Kind) if kind not in _OF_RUN]},
            **dict.fromkeys(("of", "by", "since", "until", "at"), _NAME),
            "source": {"enum": list(model.SOURCES)},
            "direction": {"enum": list(model.DIRECTIONS)},
            "status": {"enum": list(model.STATUSES)},
            "serves": _list({"type": "integer", "minimum": 1}),
            "right": {"type": "integer", "minimum": 1, "maximum": 12},
            "where": _CONDITION,
            "counts": _CONDITION,
            "parts": {"type": "object", "minProperties": 1, "additionalProperties": _CONDITION},
            "within": {"type": "string", "pattern": "^[1-9][0-9]* (hour|day|month)s?$"},
            "least": {"type": "integer", "minimum": 1},
            "breakdowns": _list(_NAME),
            "audience": {"enum": list(model.AUDIENCES)},
        },
    )
    return _record(("measures",), {"measures": _list(one)})
