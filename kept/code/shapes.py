"""The shape that files of one kind must have, and where a file has another."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from kept.code.fitting import Test, fitting
from kept.code.lined import Lined, Place
from kept.errors import Fault

_SEE = "See docs/reference/duty-language.md, or point your editor at docs/reference/schema/."


class Shape:
    """A shape as a JSON Schema says it; to be kept by whoever reads many files of it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = dict(schema)

    @cached_property
    def fits(self) -> Test:
        """Whether content has this shape."""
        return fitting(self.schema)

    def faults(self, lined: Lined, at: Place = (), whose: str = "", see: str = _SEE) -> list[Fault]:
        """Each place below `at` where the content has another shape; `whose` names it in every sentence.

        `see` says where its author finds how such a file is written.
        """
        if self.fits(lined.content(at)):
            return []
        from kept.code import misshapen  # here, since jsonschema takes longer to be read in than all editions

        return misshapen.faults(lined, self.schema, at, whose, see)
