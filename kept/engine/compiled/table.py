"""`layout.Tables` inside compiled code: one reference, instead of every array handed from step to step."""

from typing import Any

from numba.core import types
from numba.experimental import structref

from kept.engine.compiled.layout import Tables


@structref.register
class _TableType(types.StructRef):
    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class Table(structref.StructRefProxy):
    """Made only by compiled code, from the arrays of a `Tables` in order."""


structref.define_proxy(Table, _TableType, list(Tables._fields))
