"""One block of a mapping on one file: its rows typed, checked, and staged or put in quarantine."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import datetime

import duckdb

from kept.contract.tables import BY_NAME, Column, Table
from kept.errors import Fault
from kept.records.cells import Filled, blank, flag_of, in_list, moment_of, number_of, said, text_of, uncoded
from kept.records.checks import OWN_MOMENTS, checks
from kept.records.layout import QUARANTINE, SKIP, Block, Cell
from kept.records.mapping import Mapping
from kept.records.mapping_faults import first_line
from kept.records.readers import ROW, Opened, count
from kept.records.schema import CORRECTABLE, identifier, literal, staged_columns

# An event or a fact that has no id of its own is known by what it says.
CONTENT = {
    "events": (
        "kind",
        "investigation",
        "crime",
        "victim",
        "occurred_at",
        "scheduled_for",
        "value",
        "suspect",
        "hearing",
        "item",
        "channel",
        "source",
        "voids",
    ),
    "facts": ("subject_kind", "subject", "attribute", "value", "valid_from", "source", "voids"),
}

# Why a row is faulty, and which taking of a file by a block it belongs to.
OWN_COLUMNS = {"_reason": "VARCHAR", "_taking": "INTEGER"}


def cells(block: Block, opened: Opened) -> dict[str, Cell]:
    """The cells of a block on a file: those it states and, where columns go by name, the file's own."""
    named = [column.name for column in BY_NAME[block.table].columns if column.name in opened.columns]
    return ({name: Cell(column=name) for name in named} if block.as_named else {}) | dict(block.columns)


def missing(connection: duckdb.DuckDBPyConnection, block: Block, opened: Opened) -> Iterator[Fault]:
    """Every column that a block needs and a file lacks, and every expression that does not fit the file."""
    filled = cells(block, opened)
    for name, cell in filled.items():
        what_for = f"for {block.table}.{name}"
        yield from _missing_column(cell.column, cell.where or block.where, opened, what_for)
        if cell.expression:
            yield from _unfit(connection, f"SELECT {ROW}, ({cell.expression}\n)", cell.where, opened)
    if block.condition:
        yield from _unfit(connection, f"SELECT {ROW}, coalesce(({block.condition}\n), false)", block.where, opened)
    if block.as_named:
        for column in BY_NAME[block.table].columns:
            if column.required and column.name not in filled:
                yield from _missing_column(column.name, block.where, opened, f"for {block.table}")


def _missing_column(name: str, where: str, opened: Opened, what_for: str) -> Iterator[Fault]:
    if name in opened.twice:
        yield Fault(
            f"{opened.file} has the column {name!r} twice.",
            where,
            f"It is needed {what_for}.",
            "Rename one of them in the extract.",
        )
    if not name or name in opened.columns:
        return
    near = difflib.get_close_matches(name, opened.columns, n=1, cutoff=0.75)
    alone = len(opened.columns) == 1 and opened.source.delimiter not in next(iter(opened.columns))
    hint = "It has one column only: is the `delimiter` right?" if alone else "Correct the mapping, or the export."
    yield Fault(
        f"{opened.file} has no column {name!r}.",
        where,
        f"It is needed {what_for}.",
        f"Did you mean {near[0]!r}?" if near else hint,
    )


def _unfit(connection: duckdb.DuckDBPyConnection, select: str, where: str, opened: Opened) -> Iterator[Fault]:
    what, do = f"An expression does not fit {opened.file}.", "Column names with blanks stand in double quotes."
    try:
        if len(connection.execute(f"DESCRIBE {select} FROM {opened.relation}").fetchall()) != 2:
            yield Fault(what, where, "It is not one expression.", "Close every bracket that it opens.")
    except duckdb.Error as error:
        yield Fault(what, where, first_line(error), do)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file on their way through one block."""

    connection: duckdb.DuckDBPyConnection
    mapping: Mapping
    block: Block
    opened: Opened
    now: datetime
    number: int

    @property
    def table(self) -> Table:
        return BY_NAME[self.block.table]

    def take(self) -> tuple[int, int, dict[str, int]]:
        """Stage the rows; how many were accepted, how many quarantined, how many skipped by reason."""
        filled = self._filled()
        good, bad = self._staged(filled)
        passed, skipped = self._steps(filled)
        if self.block.one_per:
            skipped["another row stands for the same " + self.block.one_per] = passed - good - bad
        self._quarantine()
        aside = self._set_aside() if self.block.rest == QUARANTINE else 0
        if aside:
            skipped.pop(self.block.because)
        self._break()
        return good, bad + aside + self.opened.broken_rows, {why: n for why, n in skipped.items() if n}

    # -- what fills the columns --------------------------------------------------------------------------

    def _filled(self) -> dict[str, Filled]:
        said = cells(self.block, self.opened)
        return {name: self._cell(self.table.column(name), cell) for name, cell in said.items()}

    def _cell(self, column: Column, cell: Cell) -> Filled:
        decimal = self.opened.source.decimal
        if cell.constant is not None:
            return Filled(column, cell, literal(cell.constant), "VARCHAR", decimal)
        if cell.expression:
            return Filled(column, cell, f"({cell.expression}\n)", self._type(cell.expression), decimal)
        return Filled(column, cell, identifier(cell.column), self.opened.columns[cell.column], decimal)

    def _type(self, expression: str) -> str:
        query = f"DESCRIBE SELECT ({expression}\n) AS x FROM {self.opened.relation}"
        row = self.connection.execute(query).fetchone()
        return str(row[1]) if row else "VARCHAR"

    # -- which rows are taken ----------------------------------------------------------------------------

    def _conditions(self, filled: Map[str, Filled]) -> list[tuple[str, str]]:
        """What a row must satisfy to be taken at all, each with the reason why the others are not."""
        steps = [(self._condition(), self.block.because)] if self.block.condition else []
        for one in filled.values():
            if one.cell.values is not None and one.cell.otherwise == SKIP:
                steps.append((f"NOT {uncoded(one.said_sql(), one.cell)}", f"{one.cell.column} is not mapped"))
        return steps

    def _condition(self) -> str:
        return f"coalesce(({self.block.condition}\n), false)"

    def _steps(self, filled: Map[str, Filled]) -> tuple[int, dict[str, int]]:
        steps = self._conditions(filled)
        passed = ["count(*)"]
        for last in range(len(steps)):
            passed.append(f"count(*) FILTER ({' AND '.join(step for step, _ in steps[: last + 1])})")
        query = f"SELECT {', '.join(passed)} FROM {self.opened.relation}"
        row = self.connection.execute(query).fetchone() or (0,)
        reasons = [reason for _, reason in steps]
        skipped: dict[str, int] = {}
        for reason, before, after in zip(reasons, row, row[1:], strict=False):
            skipped[reason] = skipped.get(reason, 0) + before - after
        return row[-1], skipped

    def _taken(self, filled: Map[str, Filled]) -> str:
        conditions = [step for step, _ in self._conditions(filled)]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        only = ""
        if self.block.one_per:
            first = f"{self._moment(filled[self.block.first_by])} NULLS LAST, " if self.block.first_by else ""
            key = filled[self.block.one_per].said_sql()
            # A row without the key stands for nothing but itself.
            only = f" QUALIFY {key} IS NULL OR row_number() OVER (PARTITION BY {key} ORDER BY {first}{ROW}) = 1"
        return f"SELECT * FROM {self.opened.relation}{where}{only}"

    def _moment(self, one: Filled) -> str:
        return one.sql if one.zoned else moment_of(one.said_sql(), one.cell)

    # -- typing and checking -----------------------------------------------------------------------------

    def _staged(self, filled: Map[str, Filled]) -> tuple[int, int]:
        """Stage the typed rows, each with its faults; how many have none, and how many have some."""
        found = checks(self.table, filled, self.mapping.vocabulary, self.now)
        reasons = ", ".join(f"CASE WHEN {one.condition} THEN {one.sentence} END" for one in found)
        columns = ", ".join(identifier(column.name) for column in self.table.columns)
        names = ", ".join(map(identifier, [*staged_columns(self.table), *OWN_COLUMNS]))
        self.connection.execute(
            f"INSERT INTO staged_{self.table.name} ({names}) "
            f"WITH taken AS ({self._taken(filled)}), said AS ({self._said(filled)}), "
            f"typed AS ({self._typed(filled)}), whole AS ({self._whole(filled)}) "
            f"SELECT {columns}, {literal(self.opened.file)}, {ROW}, "
            f"concat_ws(' ', {reasons}), {self.number} FROM whole"
        )
        return self._count("= ''"), self._count("<> ''")

    def _count(self, reason: str) -> int:
        return count(
            self.connection,
            f"staged_{self.table.name} WHERE _taking = {self.number} AND _reason {reason}",
        )

    def _said(self, filled: Map[str, Filled]) -> str:
        sql = {name: one.said_sql() for name, one in filled.items()}
        columns = [f"{sql.get(c.name, blank(c))} AS {said(c.name)}" for c in self.table.columns]
        return f"SELECT {ROW}, {', '.join(columns)} FROM taken"

    def _typed(self, filled: Map[str, Filled]) -> str:
        typed = {name: one.typed_sql() for name, one in filled.items()}
        if self.table.name == "facts" and "value" in filled and "attribute" in filled:
            typed["value"] = self._fact_value(filled["value"], typed["attribute"])
        typed["source"] = f"coalesce({typed.get('source', 'NULL')}, {literal(self.mapping.name)})"
        columns = [f"{typed.get(c.name, blank(c))} AS {identifier(c.name)}" for c in self.table.columns]
        return f"SELECT *, {', '.join(columns)} FROM said"

    def _fact_value(self, value: Filled, attribute: str) -> str:
        """A fact's value in the one way of writing its attribute's type; null where it does not fit."""
        read = value.typed_sql()
        moment = text_of(moment_of(read, value.cell), "TIMESTAMP WITH TIME ZONE")
        number = f"CASE WHEN {number_of(read, value.decimal)} IS NOT NULL THEN {read} END"
        written = {"flag": f"CAST({flag_of(read)} AS VARCHAR)", "number": number, "moment": moment}
        attributes = self.mapping.vocabulary.attributes.values()
        whens = " ".join(
            f"WHEN {in_list(attribute, [one.name for one in attributes if one.type == kind])} THEN {sql}"
            for kind, sql in written.items()
        )
        return f"CASE {whens} ELSE {read} END"

    def _whole(self, filled: Map[str, Filled]) -> str:
        """The typed rows with what is worked out from them: an id from the content, a moment of entry."""
        replaced = []
        if self.table.name in CORRECTABLE:
            name = identifier(CORRECTABLE[self.table.name])
            content = ", ".join(_plain(self.table.column(c)) for c in CONTENT[self.table.name])
            made = f"substr(sha256(concat_ws(chr(31), {content})), 1, 32)"
            replaced.append(f"coalesce({name}, {made}) AS {name}")
        own = OWN_MOMENTS.get(self.table.name, ())
        if not self.mapping.looks_back and own and "entered_at" not in filled:
            replaced.append(f'{self._own_moment(own)} AS "entered_at"')
        return f"SELECT * REPLACE ({', '.join(replaced)}) FROM typed" if replaced else "SELECT * FROM typed"

    def _own_moment(self, own: tuple[str, ...]) -> str:
        """Entered when it happened; what is only planned had been entered by now."""
        now = f"TIMESTAMPTZ {literal(self.now.isoformat())}"
        if self.table.name == "events":
            return f'coalesce("occurred_at", least("scheduled_for", {now}))'
        moments = f"greatest({', '.join(map(identifier, own))})"
        return f"least({moments}, {now})" if self.table.name == "facts" else moments

    # -- quarantine --------------------------------------------------------------------------------------

    def _quarantine(self) -> None:
        self.connection.execute(
            f"INSERT INTO quarantine "
            f"SELECT {literal(self.table.name)}, f._file, f._row, f._reason, {self._raw()} "
            f"FROM staged_{self.table.name} f JOIN {self.opened.relation} s ON s.{ROW} = f._row "
            f"WHERE f._taking = {self.number} AND f._reason <> ''"
        )

    def _raw(self) -> str:
        """What the block reads of the source row, as JSON. A name or number that nobody mapped is not kept."""
        pairs = ", ".join(f"{literal(name)}, s.{identifier(name)}" for name in self.opened.columns if self._reads(name))
        return f"json_object({pairs})::VARCHAR"

    def _reads(self, name: str) -> bool:
        cells = self.block.columns.values()
        named = {cell.column for cell in cells} | {self.block.one_per, self.block.first_by}
        if self.block.as_named:
            named |= {column.name for column in self.table.columns}
        return name in named or any(
            name in text for text in (self.block.condition, *(cell.expression for cell in cells))
        )

    def _set_aside(self) -> int:
        """Quarantine the rows that the block's condition leaves out, with the mapping's own reason."""
        row = self.connection.execute(
            f"INSERT INTO quarantine "
            f"SELECT {literal(self.table.name)}, {literal(self.opened.file)}, s.{ROW}, "
            f"{literal(self.block.because)}, {self._raw()} FROM {self.opened.relation} s "
            f"WHERE NOT {self._condition()}"
        ).fetchone()
        return int(row[0]) if row else 0

    def _break(self) -> None:
        if self.opened.broken:
            self.connection.execute(
                f"INSERT INTO quarantine SELECT {literal(self.table.name)}, {literal(self.opened.file)}, "
                f"row, reason, raw FROM {self.opened.broken}"
            )


def _plain(column: Column) -> str:
    name = identifier(column.name)
    return f"coalesce({f'epoch_us({name})::VARCHAR' if column.type == 'moment' else name}, '')"
