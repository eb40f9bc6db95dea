"""What a mapped extract can supply: duties that need more are not measurable, and never silently zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kept.contract.tables import BY_NAME
from kept.contract.vocabulary import Attribute, Kind

if TYPE_CHECKING:  # whoever reads what a store can supply reads no extract
    from kept.records.layout import Block
    from kept.records.mapping import Mapping
    from kept.records.readers import Opened


@dataclass(frozen=True, slots=True)
class Supplies:
    """The tables, kinds of event and attributes that an extract can say something of."""

    tables: frozenset[str]
    kinds: frozenset[str]
    attributes: frozenset[str]


def supplies(mapping: Mapping, opened: Map[str, Sequence[Opened]]) -> Supplies:
    """What the files that were opened can supply through the mapping, less what it says that it cannot."""
    blocks = [block for block in mapping.blocks if block.source in opened]
    columns = {name for block in blocks for name in _columns(block, opened[block.source])}
    kept = _Less(mapping)
    words = mapping.vocabulary
    return Supplies(
        tables=frozenset({block.table for block in blocks} - kept.tables),
        kinds=frozenset(_words(blocks, "events", "kind", words.kinds, columns) - kept.kinds),
        attributes=frozenset(_words(blocks, "facts", "attribute", words.attributes, columns) - kept.attributes),
    )


class _Less:
    def __init__(self, mapping: Mapping) -> None:
        self.tables = {word for one in mapping.cannot_supply for word in one.tables}
        self.kinds = {word for one in mapping.cannot_supply for word in one.kinds}
        self.attributes = {word for one in mapping.cannot_supply for word in one.attributes}


def _columns(block: Block, files: Sequence[Opened]) -> set[str]:
    """The contract columns that a block fills, as `table.column`, and the table by its own name."""
    contract = {column.name for column in BY_NAME[block.table].columns}
    named = {name for one in files for name in one.columns} & contract if block.as_named else set()
    return {block.table, *(f"{block.table}.{name}" for name in {*block.columns, *named})}


def _words(
    blocks: Iterable[Block],
    table: str,
    column: str,
    known: Map[str, Kind] | Map[str, Attribute],
    columns: set[str],
) -> set[str]:
    """The words that a table's blocks can say, and those that loading makes from columns that are filled."""
    made = {word.name for word in known.values() if word.made_from in columns}
    supplied = {word.name for word in known.values() if not word.made_from}
    for block in blocks:
        if block.table == table:
            cell = block.columns.get(column)
            said = cell.says if cell else None
            made |= supplied if said is None else said & supplied
    return made
