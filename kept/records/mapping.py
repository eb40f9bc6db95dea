"""A mapping: the YAML file that says how an extract becomes the record contract."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kept.code.lined import Lined, Place, as_text, read
from kept.contract.tables import BY_NAME
from kept.contract.vocabulary import Attribute, Kind, Vocabulary
from kept.errors import Fault, MappingError
from kept.records import event_log
from kept.records.layout import QUARANTINE, SKIP, Block, Cannot, Cell, Source
from kept.records.mapping_faults import format_fault, shape_faults, sql_fault, suggest, zone_fault
from kept.records.shipped import find, shipped

WORDS = {"events": "kind", "facts": "attribute"}  # the column of a table that takes its words from the vocabulary


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
    words: tuple[Map[str, Any], ...] = ()

    @classmethod
    def load(cls, path_or_name: str | Path, vocabulary: Vocabulary) -> Mapping:
        """Read a mapping file, or a shipped mapping by its name; MappingError with every fault in it."""
        path = find(path_or_name)
        lined = _read(path)
        faults = shape_faults(lined)
        if faults:
            raise MappingError.of(faults)
        return _Reader(path, lined, vocabulary).mapping()


def _read(path: Path) -> Lined:
    return read(path, path.name, MappingError, aliases=True)


class _Reader:
    """Turns checked YAML into a Mapping, collecting what the schema cannot see."""

    def __init__(self, path: Path, lined: Lined, vocabulary: Vocabulary) -> None:
        self.path, self.lined = path, lined
        self.faults: list[Fault] = []
        self.contents = [path.read_bytes()]
        self.data = self._extended(dict(lined.data))
        self.words: list[Map[str, Any]] = []
        self.vocabulary = self._vocabulary(vocabulary)

    def fault(self, what: str, *where: str | int, why: str = "", do: str = "") -> None:
        self.faults.append(Fault(what, self.lined.where(where), why, do))

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
            self.fault(
                f"There is no shipped mapping {data['extends']!r} to extend.",
                "extends",
                do=suggest(data["extends"], shipped()),
            )
            return data
        parent = find(data["extends"])
        self.contents.append(parent.read_bytes())
        merged: dict[str, Any] = _merged(_read(parent).data, data)
        return merged

    def _vocabulary(self, vocabulary: Vocabulary) -> Vocabulary:
        for i, name in enumerate(self.data.get("vocabulary", ())):
            path = self.path.parent / name
            try:
                said = _read(path)
                vocabulary = vocabulary.extended(said.data["namespace"], said.data)
            except MappingError as error:
                self.faults += error.faults
                continue
            except (KeyError, TypeError, AttributeError) as error:
                self.fault(
                    f"{name} declares no vocabulary.",
                    "vocabulary",
                    i,
                    why=f"{error} is missing or wrong.",
                    do="Say `namespace`, and `kinds` and `attributes` as the contract's own files do.",
                )
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
        for i, pattern in enumerate(said.get("files", ())):
            if Path(pattern).is_absolute() or ".." in Path(pattern).parts or not pattern:
                self.fault(
                    f"{pattern!r} leaves the extract's folder.",
                    *where,
                    "files",
                    i,
                    do="Name files by their path inside that folder.",
                )
        settings = {key: value for key, value in said.items() if key != "files"}
        return Source(name=name, files=tuple(said.get("files", ())), where=self.lined.where(where), **settings)

    def _blocks(self, sources: Map[str, Source]) -> Iterable[Block]:
        rows: list[tuple[str, Map[str, Any], Place]] = []
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

    def _block(self, table: str, said: Map[str, Any], where: Place) -> Block:
        columns = {name: self._cell(one, (*where, "columns", name)) for name, one in said.get("columns", {}).items()}
        self._check_columns(table, columns, said, where)
        self._check_sql(said.get("where", ""), (*where, "where"))
        if said.get("where") and not said.get("because"):
            self.fault("`where` leaves rows out and does not say why.", *where, "where", do="Add `because`.")
        return Block(
            table=table,
            source=said["from"],
            columns=columns,
            condition=said.get("where", ""),
            because=said.get("because", ""),
            rest=said.get("rest", SKIP),
            one_per=said.get("one_per", ""),
            first_by=said.get("first_by", ""),
            as_named=said.get("as_named", False),
            where=self.lined.where(where),
        )

    def _check_columns(self, table: str, columns: Map[str, Cell], said: Map[str, Any], where: Place) -> None:
        known = {column.name for column in BY_NAME[table].columns}
        for name in sorted(columns.keys() - known):
            self.fault(f"{table} has no column {name!r}.", *where, "columns", name, do=suggest(name, known))
        for key in ("one_per", "first_by"):
            if said.get(key) and said[key] not in columns:
                what = f"{key} names {said[key]!r}, which the block does not fill."
                self.fault(what, *where, key, do=suggest(said[key], columns))
        if WORDS.get(table) in columns:
            self._check_words(columns[WORDS[table]], self._known(table), (*where, "columns", WORDS[table]))
        if not said.get("as_named"):
            self._check_required(table, columns, where)

    def _check_required(self, table: str, columns: Map[str, Cell], where: Place) -> None:
        derived = self.data["entry_times"] == "none" and table != "victims"
        for column in BY_NAME[table].columns:
            if column.required and column.name not in columns and not (derived and column.name == "entered_at"):
                what = f"{table} needs {column.name}, and nothing fills it."
                self.fault(what, *where, why=column.means, do=f"Add {column.name} to `columns`.")

    def _known(self, table: str) -> Map[str, Kind] | Map[str, Attribute]:
        return self.vocabulary.kinds if table == "events" else self.vocabulary.attributes

    def _check_words(self, cell: Cell, known: Map[str, Kind] | Map[str, Attribute], where: Place) -> None:
        for word in sorted(cell.says or ()):
            if word not in known:
                self.fault(f"{word!r} is not in the vocabulary.", *where, do=suggest(word, known))
            elif made := known[word].made_from:
                why = f"Loading makes it from {made}."
                self.fault(f"{word!r} is not supplied as such.", *where, why=why, do=f"Fill {made} instead.")

    def _cell(self, said: str | Map[str, Any], where: Place) -> Cell:
        given: Map[str, Any] = {"column": said} if isinstance(said, str) else said
        if sum(key in given for key in ("column", "constant", "expression")) != 1:
            self.fault(
                "A column is filled by exactly one of column, constant, expression.",
                *where,
                do="Say one of them.",
            )
        self._check_sql(given.get("expression", ""), (*where, "expression"))
        zone = given.get("zone", self.data.get("zone", ""))
        if zone and (fault := zone_fault(zone, self.lined.where(where if "zone" in given else ("zone",)))):
            self.faults.append(fault)
        said_formats = given.get("format", ())
        formats = (said_formats,) if isinstance(said_formats, str) else tuple(said_formats)
        if formats and (fault := format_fault(formats, self.lined.where((*where, "format")))):
            self.faults.append(fault)
        values = given.get("values")
        return Cell(
            column=given.get("column", ""),
            constant=as_text(given["constant"]) if "constant" in given else None,
            expression=given.get("expression", ""),
            values=None if values is None else {as_text(key): _code(code) for key, code in values.items()},
            otherwise=given.get("otherwise", QUARANTINE),
            formats=formats,
            zone=zone,
            where=self.lined.where(where),
        )

    def _check_sql(self, sql: str, where: Place) -> None:
        if sql and (fault := sql_fault(sql, self.lined.where(where))):
            self.faults.append(fault)

    def _cannot(self, index: int, said: Map[str, Any]) -> Cannot:
        words = self.vocabulary
        for part, known in (("tables", BY_NAME), ("kinds", words.kinds), ("attributes", words.attributes)):
            for word in (word for word in said.get(part, ()) if word not in known):
                self.fault(f"{word!r} is none of the {part}.", "cannot_supply", index, part, do=suggest(word, known))
        tables, kinds, attributes = (tuple(said.get(part, ())) for part in ("tables", "kinds", "attributes"))
        return Cannot(said["because"], tables, kinds, attributes)


def _code(value: object) -> str | None:
    return None if value is None else as_text(value)


def _merged(parent: Any, child: Any) -> Any:
    """`child` laid over `parent`: sections are merged key by key, everything else is replaced."""
    if not (isinstance(parent, dict) and isinstance(child, dict)):
        return child
    return {**parent, **{key: _merged(parent.get(key), value) for key, value in child.items()}}
