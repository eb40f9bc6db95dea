"""The shape that files of one kind must have, and where a file has another."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from jsonschema_rs import Draft202012Validator

from kept.code.lined import Lined, Place
from kept.errors import Fault

_SEE = "See docs/reference/duty-language.md, or point your editor at docs/reference/schema/."


class Shape:
    """A shape as a JSON Schema says it; to be kept by whoever reads many files of it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = dict(schema)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return Draft202012Validator(self.schema, validate_formats=True)

    def fits(self, content: Any) -> bool:
        """Whether content surely has this shape: told at once, and without a word of why not."""
        try:
            return self._validator.is_valid(content)
        except ValueError:  # it has a key that is no text, which JSON does not know
            return False

    def faults(self, lined: Lined, at: Place = (), whose: str = "", see: str = _SEE) -> list[Fault]:
        """Each place below `at` where the content has another shape; `whose` names it in every sentence.

        `see` says where its author finds how such a file is written.
        """
        if self.fits(lined.content(at)):
            return []
        from kept.code import misshapen  # here, since to read in jsonschema takes longer than to read all editions

        return misshapen.faults(lined, self.schema, at, whose, see)
