"""Worked examples as records: the tables of the contract that say what an example's timeline says.

All examples of many duties go into one set of tables, each under ids of its own, so that they are prepared and
evaluated together, and can be planted in a demonstration force.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from kept.calendar import LONDON
from kept.code.lined import as_text
from kept.code.model import Duty, Example
from kept.contract.tables import BY_NAME
from kept.contract.vocabulary import Vocabulary
from kept.records.schema import arrow_schema

_EVENT_FIELDS = ("value", "result", "channel", "suspect", "hearing", "item", "by", "touchpoint")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """One example in the tables: whose it is, and the prefix of all its ids."""

    duty: Duty
    example: Example
    prefix: str


Moved = Callable[[Planted], timedelta]


@dataclass(slots=True)
class _Writer:
    """Writes one example. `shift` moves all its moments, to plant it at another time."""

    planted: Planted
    vocabulary: Vocabulary
    shift: timedelta
    rows: dict[str, list[Row]]
    number: int = 0
    victims: dict[str, Row] = field(default_factory=dict)
    crimes: dict[str, Row] = field(default_factory=dict)
    posting: Row | None = None

    def id(self, name: object) -> str:
        return f"{self.planted.prefix}{name}"

    def moment(self, text: str) -> datetime:
        return moment(text) + self.shift

    def entered(self, line: Mapping[str, Any]) -> datetime:
        return self.moment(line.get("entered", line["at"]))

    def next_id(self, line: Mapping[str, Any], sort: str) -> str:
        self.number += 1
        return self.id(line.get("id", f"{sort}{self.number}"))


def plant(
    duties: Iterable[Duty], vocabulary: Vocabulary, *, mark: str = "", moved: Moved | None = None
) -> tuple[list[Planted], dict[str, pa.Table]]:
    """Every example of the duties, and the contract's tables that hold them all.

    `mark` begins every id; `moved` says by how much an example's moments are moved, to plant it at another time.
    """
    planted = [
        Planted(duty, example, f"{mark}{duty.edition}.{duty.id}.{number}.")
        for duty in duties
        for number, example in enumerate(duty.examples, 1)
    ]
    rows: dict[str, list[Row]] = {name: [] for name in BY_NAME}
    for one in planted:
        _write(_Writer(one, vocabulary, moved(one) if moved else timedelta(), rows))
    return planted, {name: _table(name, found) for name, found in rows.items()}


def moment(text: str) -> datetime:
    """A moment of an example, written in London time, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def _write(writer: _Writer) -> None:
    example = writer.planted.example
    first = _first_moment(writer)
    _crime(writer, "C1", first)
    for number in range(1, example.victims + 1):
        _victim(writer, {"victim": f"V{number}", "person": f"P{number}"}, first)
    for line in example.given:
        if "victim" in line and "at" not in line:
            _victim(writer, line, first)
    for line in example.given:
        if "at" in line:
            _line(writer, line)


def _first_moment(writer: _Writer) -> datetime:
    example = writer.planted.example
    moments = [min(writer.moment(line["at"]), writer.entered(line)) for line in example.given if "at" in line]
    return min(moments, default=writer.moment(example.as_of))


def _crime(writer: _Writer, name: str, entered: datetime) -> Row:
    if name not in writer.crimes:
        row: Row = {
            "crime": writer.id(name),
            "investigation": writer.id("I1"),
            "entered_at": entered,
            "source": "example",
        }
        writer.crimes[name] = row
        writer.rows["crimes"].append(row)
    return writer.crimes[name]


def _victim(writer: _Writer, line: Mapping[str, Any], first: datetime) -> None:
    entered = writer.moment(line["entered"]) if "entered" in line else first
    crime = line.get("crime", "C1")
    _crime(writer, crime, first)
    row = {
        "victim": writer.id(line["victim"]),
        "crime": writer.id(crime),
        "person": writer.id(line.get("person", "P1")),
        "kind": "person",
        "entered_at": entered,
        "source": "example",
    }
    writer.victims[line["victim"]] = row
    writer.rows["victims"].append(row)


def _line(writer: _Writer, line: Mapping[str, Any]) -> None:
    if "kind" in line:
        _event(writer, line)
    elif "void" in line:
        _void(writer, line)
    elif "fact" in line:
        _fact(writer, line)
    elif "form" in line:
        _form(writer, line)
    else:
        _holder(writer, line)


def _event(writer: _Writer, line: Mapping[str, Any]) -> None:
    kind = writer.vocabulary.kinds.get(line["kind"])
    if kind and kind.made_from.startswith("crimes."):
        crime = _crime(writer, line.get("crime", "C1"), writer.entered(line))
        crime[kind.made_from.removeprefix("crimes.")] = writer.moment(line["at"])
        return
    row: Row = {
        "event_id": writer.next_id(line, "E"),
        "kind": line["kind"],
        "scheduled_for" if line.get("planned") else "occurred_at": writer.moment(line["at"]),
        "entered_at": writer.entered(line),
        "source": as_text(line.get("source", "example")),
        **{name: as_text(line[name]) for name in _EVENT_FIELDS if name in line},
        **{name: writer.id(line[name]) for name in ("answers", "supersedes") if name in line},
        **_about(writer, line, kind.concerns if kind else "victim"),
    }
    writer.rows["events"].append(row)


def _about(writer: _Writer, line: Mapping[str, Any], concerns: str) -> Row:
    """Which victim, crime or investigation an event names."""
    named = {name: writer.id(line[name]) for name in ("victim", "crime", "investigation") if name in line}
    if named:
        return named
    if concerns == "victim" and "V1" in writer.victims:
        return {"victim": writer.id("V1")}
    return {"investigation": writer.id("I1")} if concerns == "investigation" else {"crime": writer.id("C1")}


def _void(writer: _Writer, line: Mapping[str, Any]) -> None:
    row = {"event_id": writer.next_id(line, "E"), "voids": writer.id(line["void"]), "entered_at": writer.entered(line)}
    voided = next(one for one in writer.rows["events"] if one["event_id"] == row["voids"])
    writer.rows["events"].append({**row, "kind": voided["kind"], "source": "example"})


def _fact(writer: _Writer, line: Mapping[str, Any]) -> None:
    attribute = writer.vocabulary.attributes[line["fact"]]
    subject = line.get(
        attribute.of, {"victim": "V1", "crime": "C1", "person": "P1", "investigation": "I1"}[attribute.of]
    )
    if attribute.made_from:
        table, column = attribute.made_from.split(".")
        value = line.get("is", True)
        (writer.victims if table == "victims" else writer.crimes)[subject][column] = None if value == "" else value
        return
    value = line.get("is", True)
    moment_given = attribute.type == "moment"
    writer.rows["facts"].append(
        {
            "fact_id": writer.next_id(line, "F"),
            "subject_kind": attribute.of,
            "subject": writer.id(subject),
            "attribute": line["fact"],
            "value": writer.moment(value).isoformat() if moment_given else as_text(value),
            "valid_from": writer.moment(line["at"]),
            "entered_at": writer.entered(line),
            "source": "example",
            **({"supersedes": writer.id(line["supersedes"])} if "supersedes" in line else {}),
        }
    )


def _form(writer: _Writer, line: Mapping[str, Any]) -> None:
    for name, value in line["fields"].items():
        writer.rows["assessments"].append(
            {
                "form": line["form"],
                "version": as_text(line.get("version", 1)),
                "victim": writer.id(line.get("victim", "V1")),
                "field": name,
                "value": None if value is None else as_text(value),
                "made_at": writer.moment(line["at"]),
                "entered_at": writer.entered(line),
                "source": "example",
            }
        )


def _holder(writer: _Writer, line: Mapping[str, Any]) -> None:
    begins = writer.moment(line["at"])
    if writer.posting:
        writer.posting["to"] = begins
    nobody = line["holder"] == "unallocated"
    writer.posting = {
        "investigation": writer.id("I1"),
        "from": begins,
        "officer": None if nobody else line["holder"],
        "team": line.get("team"),
        "source": "example",
    }
    writer.rows["postings"].append(writer.posting)


def _table(name: str, rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False))
