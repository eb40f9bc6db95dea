"""A mapping: the YAML file that says how an extract becomes the record contract."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Hashable, Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from jsonschema import Draft202012Validator, ValidationError

from kept.contract.tables import BY_NAME
from kept.contract.vocabulary import Vocabulary
from kept.errors import Fault, MappingError
from kept.records import event_log
from kept.records.lined import Lined, read

QUARANTINE, SKIP = "quarantine", "skip"
FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".xlsx": "xlsx", ".xes": "xes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """How one contract column is filled: from a source column, by a constant, or by a DuckDB expression.

    `values` turns the source's codes into the contract's; `otherwise` says what becomes of any other code:
    `quarantine`, `skip`, None (left blank), or the code to take instead.
    """

    column: str = ""
    constant: str | None = None
    expression: str = ""
    values: Map[str, str | None] | None = None
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
    columns: Map[str, Cell]
    condition: str = ""
    because: str = ""
    rest: str = SKIP
    one_per: str = ""
    first_by: Cell | None = None
    as_named: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Cannot:
    """What the source cannot supply, and why; without words it is a note on all that it does supply."""

    because: str
    tables: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping that was read and checked; `vocabulary` includes the words it brings."""

    name: str
    means: str
    sources: Map[str, Source]
    blocks: tuple[Block, ...]
    vocabulary: Vocabulary
    looks_back: bool
    snapshot: bool
    cannot_supply: tuple[Cannot, ...]
    digest: str
    words: tuple[Map[str, Any], ...] = field(default=())

    @classmethod
    def load(cls, path_or_name: str | Path, vocabulary: Vocabulary) -> Mapping:
        """Read a mapping file, or a shipped mapping by its name; MappingError with every fault in it."""
        path = find(path_or_name)
        lined = read(path)
        faults = _shape_faults(lined)
        if faults:
            raise MappingError.of(faults)
        return _Reader(path, lined, vocabulary).mapping()


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with Kept."""
    folder = files("kept.records").joinpath("mappings")
    return tuple(sorted(Path(item.name).stem for item in folder.iterdir() if item.name.endswith(".yaml")))


def find(path_or_name: str | Path) -> Path:
    """The file of a mapping, given by its path or, for a shipped one, by its name."""
    if str(path_or_name) in shipped():
        return Path(str(files("kept.records").joinpath("mappings", f"{path_or_name}.yaml")))
    if Path(path_or_name).is_file():
        return Path(path_or_name)
    raise MappingError(
        f"There is no mapping {path_or_name}.",
        why="It is neither a file nor the name of a shipped mapping.",
        what_to_do=f"Give the path of a YAML file, or one of: {', '.join(shipped())}.",
    )


@cache
def _schema() -> Draft202012Validator:
    text = files("kept.records").joinpath("schema/mapping.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _shape_faults(lined: Lined) -> list[Fault]:
    errors = sorted(_schema().iter_errors(lined.data), key=lambda error: lined.at(*error.absolute_path))
    return [fault for error in errors for fault in _shape_fault(lined, error)]


def _shape_fault(lined: Lined, error: ValidationError) -> list[Fault]:
    here = tuple(error.absolute_path)
    part = ".".join(map(str, here)) or "the mapping"
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", ()))
        unknown = [key for key in error.instance if key not in known]
        return [
            Fault(f"{part} has no setting {key!r}.", lined.at(*here, key), "", suggest(str(key), known))
            for key in unknown
        ]
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return [Fault(f"{part} lacks {key!r}.", lined.at(*here), "", f"Add {key!r}.") for key in missing]
    return [Fault(f"{part} is wrong: {error.message}.", lined.at(*here), "", "See how to write a mapping.")]


def suggest(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown name: the nearest known one, or the list."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Use one of: {', '.join(names)}." if 0 < len(names) <= 40 else "Check the name."


class _Reader:
    """Turns checked YAML into a Mapping, collecting what the schema cannot see."""

    def __init__(self, path: Path, lined: Lined, vocabulary: Vocabulary) -> None:
        self.path, self.lined = path, lined
        self.faults: list[Fault] = []
        self.contents = [path.read_bytes()]
        self.data = self._extended(dict(lined.data))
        self.words: list[Map[str, Any]] = []
        self.vocabulary = self._vocabulary(vocabulary)

    def fault(self, what: str, *where: Hashable, why: str = "", do: str = "") -> None:
        self.faults.append(Fault(what, self.lined.at(*where), why, do))

    def mapping(self) -> Mapping:
        data = self.data
        sources = {name: self._source(name, said or {}) for name, said in data["sources"].items()}
        blocks = tuple(self._blocks(sources))
        cannot = tuple(self._cannot(i, said) for i, said in enumerate(data.get("cannot_supply", ())))
        if not blocks and not self.faults:
            self.fault("The mapping fills no table.", do="Add `rows`, or an `event_log` with its activities.")
        if self.faults:
            raise MappingError.of(self.faults)
        return Mapping(
            name=data["mapping"],
            means=data.get("means", ""),
            sources=sources,
            blocks=blocks,
            vocabulary=self.vocabulary,
            looks_back=data["entry_times"] == "column",
            snapshot=data.get("snapshot", False),
            cannot_supply=cannot,
            digest=hashlib.sha256(b"\0".join(self.contents)).hexdigest(),
            words=tuple(self.words),
        )

    def _extended(self, data: dict[str, Any]) -> dict[str, Any]:
        if "extends" not in data:
            return data
        if data["extends"] not in shipped():
            self.fault(f"There is no shipped mapping {data['extends']!r} to extend.", "extends",
                       do=suggest(data["extends"], shipped()))  # fmt: skip
            return data
        parent = find(data["extends"])
        self.contents.append(parent.read_bytes())
        return _merged(read(parent).data, data)

    def _vocabulary(self, vocabulary: Vocabulary) -> Vocabulary:
        for i, name in enumerate(self.data.get("vocabulary", ())):
            path = self.path.parent / name
            try:
                said = read(path)
                vocabulary = vocabulary.extended(said.data["namespace"], said.data)
            except MappingError as error:
                self.faults += error.faults
                continue
            except (KeyError, TypeError, AttributeError) as error:
                self.fault(
                    f"{name} declares no vocabulary.", "vocabulary", i, why=f"{error} is missing or wrong.",
                    do="Say `namespace`, and `kinds` and `attributes` as the contract's own files do.",
                )  # fmt: skip
                continue
            self.contents.append(path.read_bytes())
            self.words.append(said.data)
        return vocabulary

    def _source(self, name: str, said: Map[str, Any]) -> Source:
        where = ("sources", name)
        if bool(said.get("query")) == bool(said.get("files")):
            self.fault(f"Source {name!r} needs either `files` or a `query`.", *where, do="Say one of them.")
        encoding = said.get("encoding", "utf-8")
        try:
            "".encode(encoding)
        except LookupError:
            self.fault(f"{encoding!r} is no known encoding.", *where, "encoding", do="Say utf-8, cp1252, utf-16 …")
        settings = {key: value for key, value in said.items() if key != "files"}
        return Source(name=name, files=tuple(said.get("files", ())), where=self.lined.at(*where), **settings)

    def _blocks(self, sources: Map[str, Source]) -> Iterable[Block]:
        rows: list[tuple[str, Map[str, Any], tuple[Hashable, ...]]] = []
        if "event_log" in self.data:
            for table, said in event_log.blocks(self._event_log()).items():
                rows += [(table, one, ("event_log",)) for one in said]
        for table, said in self.data.get("rows", {}).items():
            rows += [(table, one, ("rows", table, i)) for i, one in enumerate(said)]
        for table, one, where in rows:
            if one["from"] not in sources:
                self.fault(f"There is no source {one['from']!r}.", *where, do=suggest(one["from"], sources))
            yield self._block(table, one, where)

    def _event_log(self) -> Map[str, Any]:
        said = self.data["event_log"]
        missing = [key for key in ("from", "case", "activity", "time") if key not in said]
        for key in missing:
            self.fault(f"event_log lacks {key!r}.", "event_log", do="Say it, or extend event-log.")
        return {**dict.fromkeys(missing, ""), **said}

    def _block(self, table: str, said: Map[str, Any], where: tuple[Hashable, ...]) -> Block:
        columns = {
            name: self._cell(one, (*where, "columns", name)) for name, one in said.get("columns", {}).items()
        }
        self._check_columns(table, columns, bool(said.get("as_named")), where)
        self._check_sql(said.get("where", ""), (*where, "where"))
        if said.get("where") and not said.get("because"):
            self.fault("`where` leaves rows out and does not say why.", *where, "where", do="Add `because`.")
        first_by = said.get("first_by")
        return Block(
            table=table,
            source=said["from"],
            columns=columns,
            condition=said.get("where", ""),
            because=said.get("because", ""),
            rest=said.get("rest", SKIP),
            one_per=said.get("one_per", ""),
            first_by=self._cell(first_by, (*where, "first_by")) if first_by else None,
            as_named=said.get("as_named", False),
            where=self.lined.at(*where),
        )

    def _check_columns(
        self, table: str, columns: Map[str, Cell], as_named: bool, where: tuple[Hashable, ...]
    ) -> None:
        known = {column.name for column in BY_NAME[table].columns}
        for name in columns.keys() - known:
            self.fault(f"{table} has no column {name!r}.", *where, "columns", name, do=suggest(name, known))
        if as_named:
            return
        derived = () if self.data["entry_times"] == "column" or table == "victims" else ("entered_at",)
        for column in BY_NAME[table].columns:
            if column.required and column.name not in columns and column.name not in derived:
                self.fault(
                    f"{table} needs {column.name}, and nothing fills it.", *where, why=column.means,
                    do=f"Add {column.name} to `columns`.",
                )  # fmt: skip
        for table_column, words in (("kind", self.vocabulary.kinds), ("attribute", self.vocabulary.attributes)):
            if (table, table_column) in (("events", "kind"), ("facts", "attribute")) and table_column in columns:
                self._check_words(columns[table_column], words, (*where, "columns", table_column))

    def _check_words(self, cell: Cell, known: Map[str, Any], where: tuple[Hashable, ...]) -> None:
        for word in sorted((cell.says or frozenset()) - known.keys()):
            self.fault(f"{word!r} is not in the vocabulary.", *where, do=suggest(word, known))
        for word in sorted((cell.says or frozenset()) & known.keys()):
            if known[word].made_from:
                self.fault(f"{word!r} is not supplied as such.", *where,
                           why=f"Loading makes it from {known[word].made_from}.",
                           do=f"Fill {known[word].made_from} instead.")  # fmt: skip

    def _cell(self, said: str | Map[str, Any], where: tuple[Hashable, ...]) -> Cell:
        given = {"column": said} if isinstance(said, str) else said
        if sum(key in given for key in ("column", "constant", "expression")) != 1:
            self.fault("A column is filled by exactly one of column, constant, expression.", *where,
                       do="Say one of them.")  # fmt: skip
        self._check_sql(given.get("expression", ""), (*where, "expression"))
        zone = given.get("zone", self.data.get("zone", ""))
        self._check_zone(zone, where)
        formats = given.get("format", ())
        values = given.get("values")
        return Cell(
            column=given.get("column", ""),
            constant=_text(given["constant"]) if "constant" in given else None,
            expression=given.get("expression", ""),
            values=None if values is None else {_text(key): _code(code) for key, code in values.items()},
            otherwise=given.get("otherwise", QUARANTINE),
            formats=(formats,) if isinstance(formats, str) else tuple(formats),
            zone=zone,
            where=self.lined.at(*where),
        )

    def _check_zone(self, zone: str, where: tuple[Hashable, ...]) -> None:
        try:
            if zone:
                ZoneInfo(zone)
        except (ValueError, OSError, LookupError):
            at = where if "zone" not in self.data else ("zone",)
            self.fault(f"{zone!r} is no known time zone.", *at, do="Say for example Europe/London.")

    def _check_sql(self, sql: str, where: tuple[Hashable, ...]) -> None:
        if not sql:
            return
        try:
            if len(duckdb.extract_statements(f"SELECT ({sql}\n)")) != 1:
                self.fault("An expression is one expression, not statements.", *where, do="Remove the semicolon.")
        except duckdb.Error as error:
            self.fault("This is not DuckDB SQL.", *where, why=first_line(error), do="Correct the expression.")

    def _cannot(self, index: int, said: Map[str, Any]) -> Cannot:
        lists: Map[str, Map[str, Any]] = {
            "tables": BY_NAME, "kinds": self.vocabulary.kinds, "attributes": self.vocabulary.attributes
        }  # fmt: skip
        for words, known in lists.items():
            for word in said.get(words, ()):
                if word not in known:
                    self.fault(f"{word!r} is none of the {words}.", "cannot_supply", index, words,
                               do=suggest(word, known))  # fmt: skip
        picked: Callable[[str], tuple[str, ...]] = lambda words: tuple(said.get(words, ()))  # noqa: E731
        return Cannot(said["because"], picked("tables"), picked("kinds"), picked("attributes"))


def first_line(error: Exception) -> str:
    """The first line of an error's message, without the name of its class."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else "no reason was given"
    return line.split(" Error: ", 1)[-1]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _code(value: object) -> str | None:
    return None if value is None else _text(value)


def _merged(parent: Any, child: Any) -> Any:
    """`child` laid over `parent`: sections are merged key by key, everything else is replaced."""
    if not (isinstance(parent, dict) and isinstance(child, dict)):
        return child
    return {**parent, **{key: _merged(parent.get(key), value) for key, value in child.items()}}
