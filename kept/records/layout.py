"""What a mapping is made of: sources, blocks of rows, and cells that fill their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

QUARANTINE, SKIP = "quarantine", "skip"
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xes": "xes",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How one contract column is filled: from a source column, by a constant, or by a DuckDB expression.

    `values` turns the source's codes into the contract's; `otherwise` says what becomes of any other code:
    `quarantine`, `skip`, None (left blank), or the code to take instead.
    """

    column: str = ""
    constant: str | None = None
    expression: str = ""
    values: Mapping[str, str | None] | None = None
    otherwise: str | None = QUARANTINE
    formats: tuple[str, ...] = ()
    zone: str = ""
    where: str = ""

    @property
    def says(self) -> frozenset[str] | None:
        """Everything that this cell can say, or None where it passes on what the source says."""
        if self.constant is not None:
            return frozenset({self.constant})
        if self.values is None:
            return None
        others = {self.otherwise} - {QUARANTINE, SKIP}
        return frozenset(code for code in {*self.values.values(), *others} if code is not None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows are read from: files of one layout, or a query over the other sources."""

    name: str
    files: tuple[str, ...] = ()
    format: str = ""
    query: str = ""
    optional: bool = False
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    decimal: str = "."
    sheet: str = ""
    where: str = ""

    def format_of(self, file: str) -> str:
        """The format of a file: as stated, else by its ending (`.gz` aside); blank where neither says it."""
        plain = Path(file.removesuffix(".gz"))
        return self.format or FORMATS.get(plain.suffix.lower(), "")


@dataclass(frozen=True, slots=True)
class Block:
    """One way in which rows of a source become rows of a contract table."""

    table: str
    source: str
    columns: Mapping[str, Cell]
    condition: str = ""
    because: str = ""
    rest: str = SKIP
    one_per: str = ""
    first_by: str = ""
    as_named: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Cannot:
    """What the source cannot supply, and why; without words it is a note on all that it does supply."""

    because: str
    tables: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
