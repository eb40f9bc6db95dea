"""What is entered here: once by its id, taken back, exported, loaded, and fresh until the store has it."""

import csv
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from kept.contract.vocabulary import standard
from kept.errors import DiskError, RecordsError
from kept.records.erase import Named
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.staging import stage
from kept.records.store import Store
from kept.web import erasing
from kept.web.entered import rows
from kept.web.entered.events import Event
from kept.web.entered.loading import export, extract, loaded
from kept.web.entered.models import Entered
from tests.web.conftest import ago

pytestmark = pytest.mark.django_db
TOLD = Event(
    "e-1", "I1", "victim_told", ago(1), victim="V1", fields={"value": "arrest", "result": "told", "channel": "phone"}
)


def test_it_is_there_once_however_often_it_is_sent() -> None:
    assert [rows.add(TOLD, "oscar"), rows.add(TOLD, "oscar")] == [True, False]
    (one,) = rows.of("I1")
    assert (one.event, one.entered_by, one.taken_back) == (TOLD, "oscar", None)


def test_a_form_that_is_sent_twice_at_once_holds_as_it_was_first() -> None:
    """What was done now was done at another moment the second time."""
    again = replace(TOLD, at=ago(0.5))
    assert [rows.add_once(one, "oscar") for one in (TOLD, again)] == [True, False]
    (one,) = rows.of("I1")
    assert one.event == TOLD


def test_another_event_of_its_id_is_refused() -> None:
    rows.add(TOLD, "oscar")
    with pytest.raises(RecordsError, match="Another event has this id"):
        rows.add(replace(TOLD, victim="V2"), "oscar")
    assert Entered.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "pigeon_sent"}, "no kind of event"),
        ({"kind": "crime_reported"}, "no kind of event"),
        ({"fields": {"value": "weather"}}, "value cannot be"),
        ({"fields": {"result": "maybe"}}, "result cannot be"),
        ({"fields": {"channel": "pigeon"}}, "channel cannot be"),
        ({"fields": {"mood": "good"}}, "no field mood"),
        ({"at": None}, "not said when"),
        ({"at": timezone.now() + timedelta(days=2)}, "still to come"),
        ({"planned": True}, "cannot be planned"),
        ({"investigation": ""}, "no investigation"),
        ({"id": ""}, "no id"),
        ({"victim": "V" * 201}, "longer than 200"),
        ({"fields": {"by": "a\x00b"}}, "cannot be shown"),
    ],
)
def test_what_breaks_the_contract_is_said_and_not_entered(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(RecordsError, match=said):
        rows.add(replace(TOLD, **wrong), "oscar")
    assert not Entered.objects.exists()


def test_what_the_store_does_not_have_is_fresh_until_it_does() -> None:
    rows.add(TOLD, "oscar")
    ((about, entry),) = rows.fresh("I1", 1)
    assert (about, entry.id, entry.value, entry.channel, entry.source) == ("V1", "e-1", "arrest", "phone", "kept")
    loaded(["e-1"], 7)
    loaded(["e-1"], 9)
    assert [bool(rows.fresh("I1", version)) for version in (6, 7, 8)] == [True, False, False]
    assert (rows.waiting(["I1", "I2"], 6), rows.waiting(["I1", "I2"], 7)) == ({"I1"}, set())


def test_what_was_taken_back_is_withdrawn_once() -> None:
    rows.add(TOLD, "oscar")
    assert [rows.take_back("e-1", "I1", "oscar") for _ in range(2)] == [True, False]
    assert not rows.take_back("e-1", "I2", "oscar")
    assert not rows.take_back("none", "I1", "oscar")
    ((_, entry),) = rows.fresh("I1", 1)
    assert entry.withdrawn is not None
    assert not entry.seen(timezone.now())


def test_what_the_store_has_and_was_then_taken_back_is_fresh_again() -> None:
    rows.add(TOLD, "oscar")
    loaded(["e-1"], 7)
    rows.take_back("e-1", "I1", "oscar")
    assert [entry.withdrawn is not None for _, entry in rows.fresh("I1", 7)] == [True]
    loaded(["e-1.void"], 8)
    assert rows.fresh("I1", 8) == []


def test_the_store_takes_what_is_extracted_the_event_and_its_withdrawal(tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(settings.ENVIRONMENT.store, store)
    rows.add(TOLD, "oscar")
    rows.add(replace(TOLD, id="e-2", victim="", crime="C1"), "oscar")
    rows.take_back("e-2", "I1", "oscar")
    (tmp_path / "extract").mkdir()
    assert extract(tmp_path / "extract") == ["e-1", "e-2", "e-2.void"]
    staged = stage(Mapping.load("contract", standard()), tmp_path / "extract", tmp_path / "staged", now=timezone.now())
    report = load(Store.open(store), staged, timezone.now())
    assert (report.total("accepted"), report.total("quarantined")) == (3, 0)
    version = Store.open(store).latest()
    words = {code: name for name, code in version.codes.items()}
    entries = version.lookup.entries(version.lookup.subjects("I1")).to_pylist()
    told = {one["id"]: one["withdrawn"] for one in entries if words[one["kind"]] == "victim_told"}
    assert (set(told), told["e-1"]) == ({"e-1", "e-2"}, None)
    assert told["e-2"] is not None


def test_a_spreadsheet_that_opens_the_export_runs_nothing(tmp_path: Path) -> None:
    rows.add(replace(TOLD, fields={**TOLD.fields, "by": "=HYPERLINK(1)", "item": "@x"}), "oscar")
    assert export(tmp_path / "out.csv") == 1
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["by"], row["item"], row["event_id"], row["victim"]) == ("'=HYPERLINK(1)", "'@x", "e-1", "V1")


def test_where_it_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="cannot be written"):
        export(tmp_path / "none" / "out.csv")


def test_of_an_erased_person_nothing_that_was_logged_stays_not_even_that_it_was_taken_back() -> None:
    rows.add(TOLD, "oscar")
    rows.add(replace(TOLD, id="e-2", victim="W1"), "oscar")
    rows.take_back("e-1", "I1", "oscar")
    erasing.forget(Named(("P1",), ("V1",)), "request 17", "command")
    assert [row.id for row in Entered.objects.all()] == ["e-2"]
