"""Where a file breaks its schema, in plain words: the one fault that its author most likely made at each place.

`file_schema.py` asks for it, of files that are known to break theirs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from kept.code.lined import Lined, Place, as_text
from kept.errors import Fault

_FORMATS = FormatChecker(formats=("date",))
_SHOWN = 60
_ANOTHER_SORT = 100
"""How far an option for another sort of value (text for a record) is from what was written."""


def faults(lined: Lined, against: Mapping[str, Any], at: Place, whose: str, see: str) -> list[Fault]:
    """The faults of `FileSchema.faults`, whose arguments they are."""
    errors = Draft202012Validator(against, format_checker=_FORMATS).iter_errors(lined.content(at))
    return [_fault(lined, error, at, whose, see) for outer in errors for error in _reasons(outer)]


def _fault(lined: Lined, error: ValidationError, at: Place, whose: str, see: str) -> Fault:
    inside: Place = tuple(error.absolute_path)
    place = (*at, *inside, *_unexpected(error)[:1])
    named = ": ".join(filter(None, (whose, ".".join(map(str, inside)))))
    return Fault(
        f"{named or 'The file'}: {_plain(error)}",
        where=lined.where(place),
        why="The file does not have the shape that its schema asks for.",
        what_to_do=f"Known here: {_one_of(_known(error))}." if _unexpected(error) else see,
    )


def _reasons(error: ValidationError) -> list[ValidationError]:
    """The error itself, or where no option of a choice fits, the errors of the option that comes nearest."""
    if not error.context:
        return [error]
    options: dict[Any, list[ValidationError]] = {}
    for one in error.context:
        options.setdefault(one.relative_schema_path[0], []).append(one)
    nearest = min(options.values(), key=lambda option: sum(_distance(error, one) for one in option))
    strange = any(_unexpected(one) for one in nearest)
    return [reason for one in nearest if not (strange and one.validator == "required") for reason in _reasons(one)]


def _distance(choice: ValidationError, error: ValidationError) -> float:
    """How far one error of an option is from fitting: deeper is nearer."""
    if len(error.absolute_path) > len(choice.absolute_path):
        return 0.1
    if error.validator == "type":
        return _ANOTHER_SORT
    if error.context:
        return min(_distance(error, one) for one in error.context)
    return max(1, 2 * len(_unexpected(error)))


def _unexpected(error: ValidationError) -> list[str]:
    """The fields that the schema does not know."""
    if error.validator != "additionalProperties":
        return []
    content: Any = error.instance
    schema: Any = error.schema
    return [name for name in content if name not in schema.get("properties", {})]


def _known(error: ValidationError) -> list[str]:
    """The fields that the schema knows at this place, in whichever of its options."""
    options: Any = error.parent.context if error.parent else [error]
    schemas: list[Any] = [one.schema for one in options if one.absolute_path == error.absolute_path]
    return list(dict.fromkeys(name for schema in schemas for name in schema.get("properties", {})))


def _plain(error: ValidationError) -> str:
    says = _SAYS.get(str(error.validator))
    return says(error) if says else f"{error.message[:300].rstrip('.')}."


def _one_of(names: Any) -> str:
    return ", ".join(map(str, names))


def _shown(value: Any) -> str:
    text = as_text(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _says_unexpected(error: ValidationError) -> str:
    names = [f"`{name}`" for name in _unexpected(error)]
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not known here."


def _says_missing(error: ValidationError) -> str:
    """jsonschema reports each missing field alone, and names it only in its message."""
    needed: Any = error.validator_value
    missing = next(name for name in needed if error.message.startswith(f"'{name}'"))
    return f"`{missing}` is missing."


def _says_sort(error: ValidationError) -> str:
    allowed: Any = error.validator_value
    wanted = allowed if isinstance(allowed, list) else [allowed]
    sorts = " or ".join(_SORTS[one] for one in wanted)
    return f"`{_shown(error.instance)}` should be {sorts}."


_SORTS = {
    "string": "text (put it in quotes)",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a record",
    "null": "null",
}
_SAYS: Mapping[str, Callable[[ValidationError], str]] = {
    "additionalProperties": _says_unexpected,
    "required": _says_missing,
    "type": _says_sort,
    "enum": lambda error: f"`{_shown(error.instance)}` is not one of {_one_of(error.validator_value)}.",
    "const": lambda error: f"`{_shown(error.instance)}` should be `{_shown(error.validator_value)}`.",
    "format": lambda error: f"`{_shown(error.instance)}` is not a day of the calendar.",
    "pattern": lambda error: f"`{_shown(error.instance)}` is not written as it should be.",
    "minItems": lambda error: f"at least {error.validator_value} must stand here.",
    "minLength": lambda error: "the text is empty.",
    "minimum": lambda error: f"`{error.instance}` is below {error.validator_value}.",
    "maximum": lambda error: f"`{error.instance}` is above {error.validator_value}.",
    "minProperties": lambda error: "it names nothing.",
    "maxProperties": lambda error: "it names more than one thing.",
}
