"""The worklist: what is owed now, as the rule says it, as the measure counts it, and as who asks finds it."""

import os
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.utils import timezone

from kept.code import loader
from kept.engine.obligation import Obligation
from kept.engine.results import Run
from kept.measures import catalogue
from kept.measures.asked import opened
from kept.measures.made import all_measures
from kept.measures.question import Question
from kept.records.store import Store
from kept.web.jobs import asking, background
from kept.web.jobs.models import Job
from kept.web.jobs.worker import Worker as Working
from kept.web.worklist import current, reading
from kept.web.worklist.filed import as_moment
from kept.web.worklist.making import make, name_of
from kept.web.worklist.owing import owed_now
from tests.support.demo import force as demo  # noqa: F401 (a fixture)
from tests.support.runs import last_run, obligations_of


@pytest.fixture
def run(demo: Path, db: None, settings: Any, tmp_path: Path) -> Run:  # noqa: F811
    """The last run of an invented force, which the service shows."""
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=demo / "store", home=tmp_path)
    return last_run(demo / "store")


def by_investigation(run: Run) -> dict[str, list[Obligation]]:
    found: dict[str, list[Obligation]] = {}
    for row in obligations_of(run):
        found.setdefault(row["investigation"], []).append(Obligation(**row))
    return found


def test_what_is_owed_is_what_the_rule_says_of_each_open_case(run: Run) -> None:
    duties = {(duty.edition, duty.id): duty for duty, _ in loader.rulebook(loader.DEFAULT_RULEBOOK).duties()}
    rows, listed = by_investigation(run), current.current()
    opened_cases = [row["id"] for row in listed.rows("SELECT id FROM investigation WHERE open")]
    assert len(opened_cases) > 20
    for one in opened_cases:
        expected = owed_now(rows.get(one, []), duties, run.as_of)
        found = reading.of_case(one)
        assert Counter((row.subject, row.duty, row.part, row.due or row.judged) for row in expected) == Counter(
            (row.subject, row.duty, row.part, row.due) for row in found
        )


def test_nothing_is_owed_in_a_closed_case_but_what_witness_care_owes_before_the_courts(run: Run) -> None:
    closed = current.current().rows(
        """SELECT DISTINCT o.investigation, o.holder, o.open FROM owed o JOIN investigation i ON i.id = o.investigation
        WHERE NOT i.open"""
    )
    assert {(row["holder"], row["open"]) for row in closed} <= {("witness_care", 0)}
    of_closed = {row["investigation"] for row in closed}
    before_court = {row["investigation"] for row in current.current().rows("SELECT investigation FROM court")}
    assert of_closed <= before_court
    assert not of_closed & {one.investigation for one in reading.of_units("force")}
    assert {one.investigation for one in reading.of_care(of_closed)} == of_closed


def test_contact_overdue_is_what_the_measure_counts(run: Run) -> None:
    measure = catalogue.measure("contact-overdue", all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK)))
    with opened(run, run.as_of) as at:
        counted = sum(int(one.value or 0) for one in at.figures(measure, Question()))
    today = timezone.localdate(run.as_of)
    waiting = current.current().rows("SELECT investigation, min(due) AS due FROM owed WHERE repeats GROUP BY 1")
    assert sum(timezone.localdate(as_moment(row["due"])) <= today for row in waiting) == counted > 0


def test_an_officer_finds_what_is_owed_in_their_cases_and_their_unit_the_same(run: Run) -> None:
    everything = [row for row in reading.of_units("force") if row.officer]
    officer = Counter(row.officer for row in everything).most_common(1)[0][0]
    mine = [row for row in everything if row.officer == officer]
    assert reading.of_officer(officer) == mine
    assert {row for row in reading.of_units("team", mine[0].team) if row.officer == officer} == {
        row for row in mine if row.team == mine[0].team
    }


@pytest.mark.parametrize(("level", "name"), [("team", ""), ("team", "nonesuch"), ("officer", "x"), ("", "")])
def test_a_unit_that_is_none_owes_nothing(run: Run, level: str, name: str) -> None:
    assert reading.of_units(level, name) == []
    assert reading.of_officer("") == []


def test_the_most_overdue_comes_first(run: Run) -> None:
    due = [row.due for row in reading.of_units("force")]
    assert due == sorted(due)
    assert due[-1] <= run.as_of + timedelta(days=31)


def test_a_worklist_is_made_once_and_takes_the_place_of_earlier_ones(demo: Path, tmp_path: Path) -> None:  # noqa: F811
    version, made = Store.open(demo / "store").latest(), last_run(demo / "store")
    without = make(tmp_path, version, None)
    whole = make(tmp_path, version, made)
    changed = whole.stat().st_mtime_ns
    assert make(tmp_path, version, made) == whole
    assert whole.stat().st_mtime_ns == changed
    assert not without.exists()
    assert name_of(version, None) == without.name != whole.name


def test_an_older_one_is_read_while_the_new_one_is_made(run: Run) -> None:
    first = make(current.folder(), run.version, None)
    old = current.current()
    assert old.path == first
    for _ in range(200):
        if current.current().path != first:
            break
        time.sleep(0.05)
    assert current.current().rows("SELECT run FROM made_of")[0]["run"] == run.id
    assert old.rows("SELECT count(*) AS n FROM investigation")[0]["n"] > 0  # who reads it keeps it open


def test_a_worker_that_lives_makes_the_new_one_and_is_asked_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_asked", {})
    first = make(current.folder(), run.version, None)
    monkeypatch.setattr(background, "alive", lambda: True)
    monkeypatch.setattr(current, "_make_beside", None)
    assert {current.current().path for _ in range(3)} == {first}
    assert list(Job.objects.values_list("kind", flat=True)) == ["worklist"]
    Working().run_once()
    assert current.current().rows("SELECT run FROM made_of")[0]["run"] == run.id


def test_nobody_else_may_read_the_file(run: Run) -> None:
    assert os.stat(current.current().path).st_mode & 0o077 == 0


def test_moments_come_back_as_they_were(run: Run) -> None:
    row = current.current().rows("SELECT as_of FROM made_of")[0]
    assert as_moment(row["as_of"]) == run.as_of
