"""The kinds of work: the inbox, what was entered here, each night's evaluation, and upkeep."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from kept.records.store import Store
from kept.web.data import extracts, inbox
from kept.web.data.work import _each_night
from kept.web.entered.models import Entered
from kept.web.jobs import background, queue
from kept.web.jobs.models import Job, Notice
from kept.web.jobs.models import Worker as Row
from kept.web.jobs.work import clean
from kept.web.jobs.worker import Worker
from kept.web.people.models import User
from tests.support.forces import GrowingForce
from tests.web.conftest import NOW, ago

pytestmark = pytest.mark.django_db
CRIMES = "crime,investigation,reported_at,entered_at\nC8,I8,2026-01-05T10:00:00Z,2026-01-05T11:00:00Z\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    grown, entered = GrowingForce(tmp_path_factory.mktemp("work"), NOW), {"entered_at": ago(400)}
    grown.load(
        crimes=[{"crime": "C1", "investigation": "I1", "reported_at": ago(401), **entered}],
        victims=[{"victim": "V1", "crime": "C1", "person": "P1", **entered}],
    )
    return grown


@pytest.fixture(autouse=True)
def store(settings: Any, loaded: GrowingForce, tmp_path: Path) -> Store:
    grown = loaded.copy(tmp_path / "force")
    (tmp_path / "home").mkdir()
    given = {"store": grown.store.path, "home": tmp_path / "home", "inbox": tmp_path / "inbox"}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **given)
    return grown.store


@pytest.fixture
def box(tmp_path: Path) -> Path:
    found = tmp_path / "inbox" / "contract"
    found.mkdir(parents=True)
    return found


def leave(box: Path, name: str, ready: bool) -> Path:
    extract = box / name
    extract.mkdir()
    (extract / "crimes.csv").write_text(CRIMES)
    if ready:
        (extract / inbox.READY).touch()
    return extract


def due(kind: str) -> None:
    Worker().require_recurring()
    Job.objects.filter(kind=kind).update(due=timezone.now() - timedelta(seconds=1))


def work(kind: str) -> None:
    due(kind)
    Worker().run_once()


def test_an_extract_in_the_inbox_is_loaded_once_it_is_complete(box: Path, store: Store) -> None:
    leave(box, "tuesday", ready=False)
    leave(box, "monday", ready=True)
    (box / "link").symlink_to("/etc")
    work("inbox")
    assert store.numbers() == [1, 2]
    assert (box / "tuesday").exists()
    assert [path.name.partition("-")[0] for path in (box / inbox.LOADED).iterdir()] == ["monday"]
    assert list((box / inbox.TAKEN).iterdir()) == []
    work("inbox")
    assert Job.objects.filter(kind="load").count() == 1


def test_what_has_not_changed_for_a_minute_is_complete(box: Path, store: Store) -> None:
    extract, before = leave(box, "quiet", ready=False), time.time() - inbox.QUIET - 5
    for path in (extract / "crimes.csv", extract):
        os.utime(path, (before, before))
    work("inbox")
    assert store.numbers() == [1, 2]


def test_what_was_taken_and_not_asked_for_is_not_lost(box: Path, store: Store) -> None:
    """As if the worker had died between the two."""
    inbox._take(leave(box, "monday", ready=True))
    work("inbox")
    assert store.numbers() == [1, 2]


def test_what_was_entered_here_is_loaded_and_judged_once(store: Store) -> None:
    Entered.objects.create(
        id="here-1", investigation="I1", crime="C1", victim="V1", kind="statement_taken", at=ago(2),
        entered_at=ago(1), entered_by="oscar", source="kept",
    )  # fmt: skip
    work("entered")
    assert Entered.objects.get().loaded_in == 2
    assert Job.objects.get(kind="load").came_to["accepted"] == 1
    assert Job.objects.filter(kind="evaluate", ended__isnull=False, given_up=False).count() == 1
    work("entered")
    assert store.numbers() == [1, 2]


def test_what_was_entered_is_not_sent_again_while_its_load_waits(store: Store) -> None:
    Entered.objects.create(id="here-1", investigation="I1", entered_at=ago(1), entered_by="oscar", source="kept")
    queue.ask("load", {"folder": "x"}, due=timezone.now() + timedelta(hours=1), key="entered")
    work("entered")
    assert not extracts.folder().exists()


@pytest.mark.parametrize(
    ("now", "next_time"),
    [
        ("2026-06-01T00:00:00+00:00", "2026-06-01T01:30:00+00:00"),  # summer: 02:30 in London is 01:30 in UTC
        ("2026-06-01T01:30:00+00:00", "2026-06-02T01:30:00+00:00"),
        ("2026-12-01T03:00:00+00:00", "2026-12-02T02:30:00+00:00"),
        ("2026-10-24T12:00:00+00:00", "2026-10-25T02:30:00+00:00"),  # the clocks went back at 01:00
        ("2026-03-28T12:00:00+00:00", "2026-03-29T01:30:00+00:00"),  # and forward
    ],
)
def test_each_night_is_at_its_time_in_london(settings: Any, now: str, next_time: str) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, nightly=time_of_day(2, 30))
    found = _each_night(datetime.fromisoformat(now))
    assert found is not None
    assert found.astimezone(UTC) == datetime.fromisoformat(next_time)


def test_without_a_time_no_night_is_waited_for(settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, nightly=None, inbox=None)
    Worker().require_recurring()
    assert not Job.objects.filter(kind__in=("nightly", "inbox")).exists()


def test_the_night_asks_for_one_evaluation() -> None:
    work("nightly")
    assert Job.objects.filter(kind="evaluate", ended__isnull=False).count() == 1
    assert Job.objects.get(kind="nightly").due > timezone.now()


def test_upkeep_deletes_what_has_had_its_time_and_nothing_else(settings: Any, box: Path) -> None:
    user, home = User.objects.create(name="anna", shown="Anna"), settings.ENVIRONMENT.home
    for name, expires in (("old", ago(1)), ("new", ago(-1))):
        Session.objects.create(session_key=name, session_data="x", expire_date=expires)
    for at in (ago(100), ago(1)):
        Notice.objects.create(user=user, at=at, says="x")
        Row.objects.create(name=str(at), began=at, seen=at)
        for kind in ("worklist", "load"):
            Job.objects.create(kind=kind, asked=at, due=at, ended=at)
    long_ago = (timezone.now() - timedelta(days=40)).timestamp()
    kept, gone = extracts.new(), extracts.new()
    queue.ask("load", {"folder": str(kept)})
    (home / "left.upload.csv").touch()
    for path in (kept, gone, home / "left.upload.csv"):
        os.utime(path, (long_ago, long_ago))
    clean(None)  # type: ignore[arg-type]
    assert [one.session_key for one in Session.objects.all()] == ["new"]
    assert (Notice.objects.count(), Row.objects.count()) == (1, 1)
    assert sorted(Job.objects.exclude(ended=None).values_list("kind", flat=True)) == ["load", "load", "worklist"]
    assert (kept.exists(), gone.exists(), list(home.glob("*.upload*"))) == (True, False, [])


def test_pages_know_that_the_worker_is_silent_without_asking_the_database(settings: Any) -> None:
    assert background.silent_since() is None, "there never was one"
    with Worker().heart:
        assert background.silent_since() is None
    beat = settings.ENVIRONMENT.home / background.HEARTBEAT
    os.utime(beat, (time.time() - 3600, time.time() - 3600))
    assert background.silent_since() is not None
