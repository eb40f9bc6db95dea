"""Whether content has the shape that a JSON Schema asks for: at once, and without a word of why not.

Most files are right, and what is right needs no reasons; `misshapen.py` finds those of the others with jsonschema,
which takes twenty times as long. Of JSON Schema this knows the keywords that schemas of Kept use, and refuses others.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date
from functools import partial
from typing import Any

Schema = Mapping[str, Any]
Test = Callable[[Any], bool]

_SAID_ONLY = {"$schema", "$id", "$defs", "title", "description"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DEFINITION = "#/$defs/"


def fitting(schema: Schema) -> Test:
    """The test whether content fits a schema. Raises ValueError for a keyword or a format that is not known here."""
    return _Compiler(schema.get("$defs", {})).test(schema)


class _Compiler:
    """Makes tests of schemas that may refer to some definitions, and to these from within themselves."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._made: dict[str, Test] = {}

    def test(self, schema: Schema) -> Test:
        if unknown := set(schema) - set(_KEYWORDS) - _SAID_ONLY:
            raise ValueError(f"a schema says {sorted(unknown)}, which is not known here")
        return _every([make(self, schema) for keyword, make in _KEYWORDS.items() if keyword in schema])

    def tests(self, schemas: Iterable[Schema]) -> list[Test]:
        return [self.test(one) for one in schemas]

    def definition(self, name: str, content: Any) -> bool:
        if name not in self._made:
            self._made[name] = self.test(self._definitions[name])
        return self._made[name](content)


Make = Callable[[_Compiler, Schema], Test]
"""Makes the test for one keyword of a schema."""


def _every(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def every(content: Any) -> bool:
        for test in tests:  # noqa: SIM110 (`all` takes twice as long)
            if not test(content):
                return False
        return True

    return every


# -- of any content ----------------------------------------------------------------------------------------------------


def _type(_: _Compiler, schema: Schema) -> Test:
    wanted = schema["type"]
    sorts = [_SORTS[one] for one in (wanted if isinstance(wanted, list) else [wanted])]
    return sorts[0] if len(sorts) == 1 else lambda content: any(sort(content) for sort in sorts)


def _is_integer(content: Any) -> bool:
    return _is_number(content) and (isinstance(content, int) or content.is_integer())


def _is_number(content: Any) -> bool:
    return isinstance(content, int | float) and not isinstance(content, bool)


_SORTS: Mapping[str, Test] = {
    "object": lambda content: isinstance(content, dict),
    "array": lambda content: isinstance(content, list),
    "string": lambda content: isinstance(content, str),
    "boolean": lambda content: isinstance(content, bool),
    "null": lambda content: content is None,
    "number": _is_number,
    "integer": _is_integer,
}


def _const(_: _Compiler, schema: Schema) -> Test:
    return partial(_same, schema["const"])


def _enum(_: _Compiler, schema: Schema) -> Test:
    options = tuple(schema["enum"])
    return lambda content: any(_same(one, content) for one in options)


def _same(one: Any, other: Any) -> bool:
    """Whether two single values are the same; to JSON, true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _ref(compiler: _Compiler, schema: Schema) -> Test:
    return partial(compiler.definition, schema["$ref"].removeprefix(_DEFINITION))


def _any_of(compiler: _Compiler, schema: Schema) -> Test:
    options = compiler.tests(schema["anyOf"])
    return lambda content: any(option(content) for option in options)


def _one_of(compiler: _Compiler, schema: Schema) -> Test:
    options = compiler.tests(schema["oneOf"])
    return lambda content: sum(option(content) for option in options) == 1


# -- of records and lists ----------------------------------------------------------------------------------------------


def _required(_: _Compiler, schema: Schema) -> Test:
    names = set(schema["required"])
    return lambda content: not isinstance(content, dict) or names <= content.keys()


def _properties(compiler: _Compiler, schema: Schema) -> Test:
    tests = {name: compiler.test(one) for name, one in schema["properties"].items()}

    def properties(content: Any) -> bool:
        if not isinstance(content, dict):
            return True
        return all(tests[name](value) for name, value in content.items() if name in tests)

    return properties


def _additional(compiler: _Compiler, schema: Schema) -> Test:
    known = schema.get("properties", {}).keys()
    if schema["additionalProperties"] is False:
        return lambda content: not isinstance(content, dict) or content.keys() <= known
    test = compiler.test(schema["additionalProperties"])

    def additional(content: Any) -> bool:
        others = content.items() if isinstance(content, dict) else ()
        return all(test(value) for name, value in others if name not in known)

    return additional


def _names(compiler: _Compiler, schema: Schema) -> Test:
    test = compiler.test(schema["propertyNames"])
    return lambda content: not isinstance(content, dict) or all(map(test, content))


def _items(compiler: _Compiler, schema: Schema) -> Test:
    test = compiler.test(schema["items"])
    return lambda content: not isinstance(content, list) or all(map(test, content))


# -- of lengths, numbers and text --------------------------------------------------------------------------------------


def _at_least(sort: type[Sized], keyword: str) -> Make:
    """A keyword for the least length of something."""
    return lambda _, schema: lambda content: not isinstance(content, sort) or len(content) >= schema[keyword]


def _at_most(sort: type[Sized], keyword: str) -> Make:
    return lambda _, schema: lambda content: not isinstance(content, sort) or len(content) <= schema[keyword]


def _minimum(_: _Compiler, schema: Schema) -> Test:
    return lambda content: not _is_number(content) or content >= schema["minimum"]


def _maximum(_: _Compiler, schema: Schema) -> Test:
    return lambda content: not _is_number(content) or content <= schema["maximum"]


def _pattern(_: _Compiler, schema: Schema) -> Test:
    pattern = re.compile(schema["pattern"])
    return lambda content: not isinstance(content, str) or pattern.search(content) is not None


def _format(_: _Compiler, schema: Schema) -> Test:
    if schema["format"] != "date":
        raise ValueError(f"a schema asks for the format {schema['format']}, which is not known here")
    return lambda content: not isinstance(content, str) or _is_day(content)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


_KEYWORDS: Mapping[str, Make] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "required": _required,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "minProperties": _at_least(dict, "minProperties"),
    "maxProperties": _at_most(dict, "maxProperties"),
    "minItems": _at_least(list, "minItems"),
    "minLength": _at_least(str, "minLength"),
    "minimum": _minimum,
    "maximum": _maximum,
    "pattern": _pattern,
    "format": _format,
    "$ref": _ref,
    "properties": _properties,
    "items": _items,
    "anyOf": _any_of,
    "oneOf": _one_of,
}
"""Each keyword and what it asks for; those that say no soonest come first."""
