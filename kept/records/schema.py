"""The contract's tables as DuckDB and Arrow types, and the quoting that every query here uses."""

import pyarrow as pa

from kept.contract.tables import BY_NAME, Table

DUCKDB_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "moment": "TIMESTAMPTZ",
}
ARROW_TYPES = {
    "id": pa.string(),
    "text": pa.string(),
    "code": pa.string(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "moment": pa.timestamp("us", tz="UTC"),
}
ORIGIN = {"_file": ("VARCHAR", pa.string()), "_row": ("BIGINT", pa.int64())}
CORRECTABLE = {"events": "event_id", "facts": "fact_id"}
"""The tables whose rows may supersede or void one another, and the column that says which row each is."""
QUARANTINE = {"table": "VARCHAR", "file": "VARCHAR", "row": "BIGINT", "reason": "VARCHAR", "raw": "VARCHAR"}


def identifier(name: str) -> str:
    """A column or table name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def arrow_schema(table: str, *, origin: bool = True) -> pa.Schema:
    """The Arrow schema of a contract table; with `origin`, also the file and the 1-based data row of each row."""
    fields = [(column.name, ARROW_TYPES[column.type]) for column in BY_NAME[table].columns]
    if origin:
        fields += [(name, arrow) for name, (_, arrow) in ORIGIN.items()]
    return pa.schema(fields)


def staged_columns(table: Table) -> dict[str, str]:
    """The DuckDB type of every column of a staged table, by name and in order."""
    typed = {column.name: DUCKDB_TYPES[column.type] for column in table.columns}
    return typed | {name: duckdb for name, (duckdb, _) in ORIGIN.items()}
