"""`layout.Tables` inside compiled code: one pointer, instead of every array handed from step to step.

Nothing counts references to the arrays: they outlive the pass, which is handed them, and a count kept by two
threads at once would cost more than the steps themselves.
"""

from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model


class TableType(types.Type):
    """The type of the pointer; `fields` is that of the `Tables` it points to."""

    def __init__(self, fields: Any) -> None:
        self.fields = fields
        super().__init__(f"Table({fields})")


@register_model(TableType)
class _Pointer(models.OpaqueModel):
    pass


@intrinsic
def pointed(typing: Any, tables: Any) -> Any:
    """A pointer to a `Tables`, good until the step that makes it returns."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = cgutils.alloca_once_value(builder, arguments[0])
        return builder.bitcast(place, cgutils.voidptr_t)

    return TableType(tables)(tables), build


@infer_getattr
class _Fields(AttributeTemplate):
    key = TableType

    def generic_resolve(self, table: Any, name: str) -> Any:  # type: ignore[override]
        return table.fields[table.fields.fields.index(name)]


@lower_getattr_generic(TableType)  # type: ignore[untyped-decorator]
def _field(context: Any, builder: Any, table: Any, pointer: Any, name: str) -> Any:
    where = builder.bitcast(pointer, context.get_value_type(table.fields).as_pointer())
    return builder.load(cgutils.gep_inbounds(builder, where, 0, table.fields.fields.index(name)))
