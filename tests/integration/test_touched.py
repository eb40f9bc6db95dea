"""A load prepares only what it touches, and what it then stores is what preparing everything would give."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.demo import make
from kept.records import touched
from kept.records.link_numbers import numbered
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import stage
from kept.records.store import Store, StoreVersion
from kept.records.timelines import ENTRIES, SUBJECTS, Numbered, prepare, sorted_entries, subjects_with_prints

Row = dict[str, Any]
Extract = dict[str, list[Row]]
DAWN = datetime(2024, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2025, 1, 1, tzinfo=UTC)
READ = ("investigations", "crimes", "victims", "facts", "events", "assessments")
KINDS = ("victim_contacted", "victim_contacted", "statement_taken", "hearing", "investigation_closed")


# -- extracts: small worlds apart, and now and then a row that brings two of them together


class Rows:
    """Random rows about worlds of two crimes and three victims each."""

    def __init__(self, seed: int, worlds: int) -> None:
        self.chance, self.worlds = random.Random(seed), worlds
        self.written: dict[str, list[Row]] = {"events": [], "facts": []}

    def everything(self) -> Extract:
        """Every crime and victim, so that most of what later rows name is there, and something said of them."""
        crimes = [self.crimes(f"{world}{one}") for world in range(self.worlds) for one in "ab"]
        victims = [self.victims(f"{world}{one}") for world in range(self.worlds) for one in "abc"]
        said = self.some(6 * self.worlds, range(self.worlds))
        return said | {"crimes": crimes, "victims": victims}

    def some(self, size: int, worlds: range) -> Extract:
        made: Extract = {}
        for name in self.chance.choices(READ, (1, 1, 1, 3, 8, 2), k=size):
            made.setdefault(name, []).append(getattr(self, name)(self.name("abc", worlds)))
        return made

    def name(self, letters: str, worlds: range | None = None) -> str:
        return f"{self.chance.choice(worlds or range(self.worlds))}{self.chance.choice(letters)}"

    def beside(self, name: str, letters: str = "ab") -> str:
        """Another name of that world, or seldom of any."""
        return self.name(letters) if self.chance.random() < 0.03 else name[:-1] + self.chance.choice(letters)

    def at(self, *hours: int) -> datetime:
        return DAWN + timedelta(hours=6 * self.chance.choice(hours or range(900)))

    def common(self) -> Row:
        return {"entered_at": self.at(), "source": self.chance.choice("ab")}

    def investigations(self, name: str) -> Row:
        return {"investigation": self.chance.choice((f"I{name}", f"C{name}"))} | self.common()

    def crimes(self, name: str) -> Row:
        investigation = self.chance.choice((None, f"I{self.beside(name, 'a')}", f"C{self.beside(name)}"))
        return {"crime": f"C{name}", "investigation": investigation, "reported_at": DAWN} | self.common()

    def victims(self, name: str) -> Row:
        person = self.chance.choice((None, f"P{self.beside(name)}"))
        age = float(self.chance.choice((17, 40)))
        return {"victim": f"V{name}", "crime": f"C{self.beside(name)}", "person": person, "age": age} | self.common()

    def facts(self, name: str) -> Row:
        kind, subject, attribute, value = self.chance.choice(
            (
                ("crime", f"C{name}", "linked_to", self.chance.choice((f"C{self.beside(name)}", None))),
                ("person", f"P{name}", "merged_into", f"P{self.beside(name)}"),
                ("victim", f"V{name}", "enhanced", "true"),
                ("investigation", f"I{name}", "open", "false"),
            )
        )
        said = {"subject_kind": kind, "subject": subject, "attribute": attribute, "value": value}
        return self.corrected("facts", "fact_id", said | {"valid_from": self.at(1, 2)}, name[:-1])

    def events(self, name: str) -> Row:
        if self.chance.random() < 0.1:
            form = f"needs_assessment.{self.chance.choice('12')}@{self.chance.choice('VI')}{name}"
            return {"event_id": f"void-{form}", "voids": form, **self.common()}
        kind = self.chance.choice(KINDS)
        scopes: dict[str, Row] = {
            "statement_taken": {"victim": f"V{name}", "crime": self.chance.choice((None, f"C{self.beside(name)}"))},
            "hearing": {"crime": f"C{self.beside(name)}", "hearing": "H1"},
            "investigation_closed": {"investigation": f"I{name}"},
        }
        scope = scopes.get(kind, self.chance.choice(({"victim": f"V{name}"}, {"crime": f"C{name}"})))
        said: Row = {"kind": kind, "occurred_at": self.at(1, 2, 3), "channel": "phone"}
        if self.chance.random() < 0.3:
            said["answers"] = self.known("events", name[:-1])
        return self.corrected("events", "event_id", said | scope, name[:-1])

    def assessments(self, name: str) -> Row:
        whom: Row = self.chance.choice(({"victim": f"V{name}"}, {"investigation": f"I{name}"}))
        form = {"form": "needs_assessment", "version": self.chance.choice("12"), "made_at": DAWN}
        return form | whom | {"field": self.chance.choice("xy"), "value": self.chance.choice("pq")} | self.common()

    def events_written(self) -> list[Row]:
        return [one["row"] for one in self.written["events"]]

    def known(self, table: str, world: str) -> str | None:
        """The id of a row of that world, or seldom of any."""
        found = self.written[table]
        if self.chance.random() > 0.04:
            found = [row for row in found if row["world"] == world]
        return self.chance.choice(found)["id"] if found else None

    def corrected(self, table: str, key: str, said: Row, world: str) -> Row:
        """The row as it is, in place of another, under another's id, or withdrawing another."""
        how = self.chance.choices(("new", "again", "supersedes", "voids"), (6, 1, 1, 1))[0]
        other = self.known(table, world) if how != "new" else None
        row = {key: f"{table}{len(self.written[table])}", **self.common()} | said
        if other and how == "again":
            row[key] = other
        elif other and how == "supersedes":
            row[how] = other
        elif other:
            kept = ("kind",) if table == "events" else ("subject_kind", "subject", "attribute", "valid_from")
            return row | dict.fromkeys(said) | {name: said[name] for name in kept} | {how: other}
        self.written[table].append({"id": row[key], "world": world, "row": row})
        return row


# -- stores


def taken(store: Store, folder: Path, extract: Extract, snapshot: bool = False) -> None:
    place = folder / f"extract-{sum(1 for _ in folder.iterdir())}"
    place.mkdir()
    for name, rows in extract.items():
        table = pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False))
        pq.write_table(table, place / f"{name}.parquet")
    staged = stage(Mapping.load("contract", standard()), place, place / "staged", now=NOW)
    load(store, replace(staged, snapshot=snapshot), NOW)


def prepared_anew(version: StoreVersion, before: StoreVersion | None) -> tuple[pa.Table, pa.Table]:
    """The subjects (none `made` by a load) and entries of a version, all prepared from all of its rows."""
    given = before.numbered() if before else Numbered(SUBJECTS.empty_table(), 0)
    with duckdb.connect() as connection:
        for name in READ:
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * EXCLUDE (_load) FROM ({version.relation(name)})")
        prepare(connection, version.vocabulary, version.codes, given)
        known = subjects_with_prints("entries", made=0)
        subjects = connection.sql(f"FROM ({known}) ORDER BY subject, entered").to_arrow_table()
        entries = connection.sql(sorted_entries("entries")).to_arrow_table()
    return subjects.cast(SUBJECTS), numbered(entries).cast(ENTRIES)


def require_the_same(store: Store) -> None:
    """Every version holds what preparing all of it gives, row for row, number for number."""
    before = None
    for number in store.numbers():
        version = store.version(number)
        subjects, entries = prepared_anew(version, before)
        stored = pa.concat_tables(version.subjects(bucket) for bucket in version.buckets())
        assert stored.drop("made") == subjects.drop("made")
        assert pa.concat_tables(version.timelines(bucket) for bucket in version.buckets()) == entries
        assert version.manifest.counts["subjects"] == len(set(subjects["subject"].to_pylist()))
        before = version


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The share of the earlier subjects that each narrowed load touched; every load is narrowed."""
    found: list[float] = []
    narrow = touched.narrow

    def noted(connection: duckdb.DuckDBPyConnection, added: dict[str, list[Path]]) -> bool:
        narrowed = narrow(connection, added)
        counts = "(SELECT count(*) FROM touched_subjects), (SELECT count(DISTINCT subject) FROM subjects_stored)"
        count, of = connection.sql(f"SELECT {counts}").fetchall()[0]
        found.append(count / of)
        return narrowed

    monkeypatch.setattr(touched, "narrow", noted)
    monkeypatch.setattr(touched, "_MOST", 1.0)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_random_loads_store_what_preparing_everything_gives(seed: int, tmp_path: Path, shares: list[float]) -> None:
    rows, store = Rows(seed, worlds=14), Store.create(tmp_path / "store")
    (tmp_path / "extracts").mkdir()
    taken(store, tmp_path / "extracts", rows.everything())
    for first in (0, 3, 5, 9):
        taken(store, tmp_path / "extracts", rows.some(12, range(first, first + 3)))
    taken(store, tmp_path / "extracts", {"events": rows.events_written()[:-9]}, snapshot=True)
    taken(store, tmp_path / "extracts", {"events": rows.events_written()}, snapshot=True)
    assert len(shares) >= 5
    assert min(shares) < 0.5
    require_the_same(store)


def _contact(name: str, **said: Any) -> Row:
    at = {"occurred_at": DAWN, "entered_at": DAWN + timedelta(days=len(said))}
    return {"event_id": name, "kind": "victim_contacted", "source": "a", **at, **said}


def _linked(one: str, other: str) -> Row:
    fact = {"fact_id": one + other, "subject_kind": "crime", "subject": one, "attribute": "linked_to", "value": other}
    return fact | {"valid_from": DAWN, "entered_at": DAWN}


_STRANGERS: Extract = {
    "crimes": [{"crime": f"C{one}", "entered_at": DAWN} for one in "123456789"],
    "victims": [
        {"victim": f"V{one}", "crime": f"C{one}", "person": person, "entered_at": DAWN}
        for one, person in (("1", "P"), ("2", "P"), ("3", None), ("4", None))
    ],
}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"facts": [_linked("C1", "C3"), _linked("C3", "C2")]}, _contact("E1", victim="V1")),
        (
            {"events": [_contact("E1", victim="V3"), _contact("E2", victim="V4", answers="E1")]},
            _contact("E3", victim="V3", supersedes="E1"),
        ),
    ],
    ids=["crimes linked through a third", "an answer to what is corrected"],
)
def test_what_reaches_a_stranger_is_prepared_there(
    first: Extract, then: Row, tmp_path: Path, shares: list[float]
) -> None:
    store = Store.create(tmp_path / "store")
    (tmp_path / "extracts").mkdir()
    taken(store, tmp_path / "extracts", _STRANGERS | first)
    taken(store, tmp_path / "extracts", {"events": [then]})
    assert 0 < shares[0] < 0.7
    require_the_same(store)


def test_a_second_source_of_the_invented_force_touches_little(tmp_path: Path, shares: list[float]) -> None:
    force, store = make(tmp_path / "force", victims=300), Store.create(tmp_path / "store")
    for extract, mapping in ((force.extract, "contract"), (force.witness_care, force.witness_care / "mapping.yaml")):
        read = Mapping.load(mapping, standard())
        load(store, stage(read, extract, tmp_path / f"staged-{read.name}", now=NOW + timedelta(days=800)), NOW)
    assert len(shares) == 1
    assert 0 < shares[0] < 0.3
    require_the_same(store)


def test_other_software_prepares_everything(
    tmp_path: Path, shares: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.create(tmp_path / "store")
    (tmp_path / "extracts").mkdir()
    taken(store, tmp_path / "extracts", _STRANGERS)
    monkeypatch.setattr("kept.records.commit.installed", lambda _: "another")
    taken(store, tmp_path / "extracts", {"events": [_contact("E1", victim="V1")]})
    assert shares == []
    require_the_same(store)
