"""One run is open in a process, for many threads; a newer one takes its place while the old one answers."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kept.calendar import end_of_day, local_day
from kept.engine.results import Run
from kept.errors import NotFoundError, StoreError
from kept.measures.asked import Opened
from kept.measures.charts.render import WIDE
from kept.measures.question import Question
from kept.web.figures import reading
from kept.web.figures.reading import measures_of, opened_at, opened_run
from kept.web.jobs import asking, background
from kept.web.jobs.models import Job
from kept.web.rights import drawn
from kept.web.rights.asked import of_the_force
from kept.web.warming import warm

MEASURES = ("whole-code", "needs-assessed", "report-to-record", "audit-2021", "contact-overdue", "identical-texts")


@pytest.fixture(autouse=True)
def _nothing_open(monkeypatch: pytest.MonkeyPatch, _shown: None) -> None:
    monkeypatch.setattr(reading, "_LATEST", reading._Kept())


def test_many_threads_ask_at_once_and_hear_what_one_would(at: Opened) -> None:
    known = measures_of(at.run)
    alone = {one: at.figures(known[one], Question()) for one in MEASURES}

    def asked(one: str) -> bool:
        return opened_run().figures(known[one], Question()) == alone[one]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(asked, MEASURES * 5))


def test_it_is_opened_once(at: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "opened", None)
    assert opened_run().run.id == at.run.id


@pytest.mark.django_db
def test_what_was_read_beforehand_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    warm()
    monkeypatch.setattr(reading, "opened", None)
    monkeypatch.setattr(reading, "all_measures", None)
    assert "whole-code" in measures_of(opened_run().run)


@pytest.mark.django_db
def test_the_first_charts_of_the_rights_are_drawn_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    warm()
    monkeypatch.setattr(drawn, "OF_ALL", {})
    monkeypatch.setattr(drawn, "drawings", None)
    at = opened_run()
    assert drawn.svg(at, of_the_force(at), "journey", 0, WIDE).startswith("<svg")


@pytest.mark.django_db
def test_where_there_is_nothing_to_read_beforehand_the_service_starts_all_the_same(settings: Any, force: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=force)
    warm()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=force / "nowhere")
    warm()


def test_before_there_is_a_run_it_says_so(settings: Any, force: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=force)
    with pytest.raises(NotFoundError, match="no run"):
        opened_run()


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_while_a_newer_run_is_opened_the_older_one_answers(at: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = replace(at.run, manifest={**at.run.manifest, "id": "newer"})
    done, open_it = threading.Event(), reading._Held.of

    def slowly(store: Path, run: Run) -> Any:
        done.wait(10)
        return open_it(store, run)

    monkeypatch.setattr(reading, "latest", lambda: newer)
    monkeypatch.setattr(reading._Held, "of", slowly)
    assert opened_run().run.id == at.run.id
    assert opened_run().run.id == at.run.id
    done.set()
    _until(lambda: opened_run().run.id == "newer")
    assert at.figures(measures_of(at.run)["needs-assessed"], Question())[0].n  # whoever still reads the older one can


@pytest.mark.django_db
def test_a_newer_run_is_not_opened_before_a_worker_that_lives_has_made_its_figures(
    at: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(at.run, manifest={**at.run.manifest, "id": "newer"})
    opened_run()
    monkeypatch.setattr(asking, "_asked", {})
    monkeypatch.setattr(reading, "latest", lambda: newer)
    monkeypatch.setattr(reading._Held, "of", None)
    monkeypatch.setattr(background, "alive", lambda: True)
    assert {opened_run().run.id for _ in range(3)} == {at.run.id}
    assert list(Job.objects.values_list("kind", "key")) == [("members", "newer")]


def test_a_newer_run_that_cannot_be_opened_leaves_the_older_one(at: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    newer, tried = replace(at.run, manifest={**at.run.manifest, "id": "newer"}), threading.Event()

    def fail(store: Path, run: Run) -> Any:
        tried.set()
        raise StoreError("A file is damaged.")

    monkeypatch.setattr(reading, "latest", lambda: newer)
    monkeypatch.setattr(reading._Held, "of", fail)
    opened_run()
    assert tried.wait(10)
    _until(lambda: not reading._LATEST._opening.locked())
    assert opened_run().run.id == at.run.id


def test_a_later_day_reads_the_same_run_by_a_later_clock(at: Opened) -> None:
    day, one = local_day(at.run.as_of), measures_of(at.run)["whole-code"]
    assert opened_at(day).clock == at.run.as_of
    later = opened_at(day + timedelta(days=60))
    assert (later.run.id, later.clock.date()) == (at.run.id, day + timedelta(days=60))
    assert later.figures(one, Question())[0].n > at.figures(one, Question())[0].n


def test_a_day_before_the_first_run_is_an_error_that_says_so(at: Opened) -> None:
    with pytest.raises(NotFoundError, match="no run as of"):
        opened_at(local_day(at.run.as_of) - timedelta(days=1))


def test_a_day_between_two_runs_is_that_of_the_earlier_one(at: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {**at.run.manifest, "id": "newer", "as_of": (at.run.as_of + timedelta(days=30)).isoformat()}
    newer = replace(at.run, manifest=said)
    monkeypatch.setattr(reading, "_runs", lambda: [newer, at.run])
    monkeypatch.setattr(reading, "latest", lambda: newer)
    found = opened_at(local_day(at.run.as_of) + timedelta(days=3))
    assert (found.run.id, found.clock) == (at.run.id, end_of_day(local_day(at.run.as_of) + timedelta(days=3)))
