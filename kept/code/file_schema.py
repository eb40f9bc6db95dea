"""The schema that files of one kind keep to, and where a file does not."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from jsonschema_rs import Draft202012Validator

from kept.code.lined import Lined, Place
from kept.errors import Fault

_SEE = "See docs/reference/duty-language.md, or point your editor at docs/reference/schema/."


class FileSchema:
    """A JSON Schema of a file; to be kept by whoever reads many files of its kind."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = dict(schema)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return Draft202012Validator(self.schema, validate_formats=True)

    def fits(self, content: Any) -> bool:
        """Whether content surely fits: told at once, and without a word of why not."""
        try:
            return self._validator.is_valid(content)
        except ValueError:  # it has a key that is no text, which JSON does not know
            return False

    def faults(self, lined: Lined, at: Place = (), whose: str = "", see: str = _SEE) -> list[Fault]:
        """Each place below `at` where the content does not fit; `whose` names it in every sentence.

        `see` says where its author finds how such a file is written.
        """
        if self.fits(lined.content(at)):
            return []
        from kept.code import misshapen  # here, since to read in jsonschema takes longer than to read all editions

        return misshapen.faults(lined, self.schema, at, whose, see)
