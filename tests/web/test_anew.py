"""A case about which something was just entered: what is owed in it is judged anew, for it alone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live

from kept.web.clock import now
from kept.web.entered import rows as entered
from kept.web.entered.events import Event
from kept.web.entered.models import Entered
from kept.web.people.policy import Grant, Scope, Unit
from kept.web.worklist import anew, reading
from kept.web.worklist.models import Anew
from kept.web.worklist.reading import Owed
from kept.web.worklist.scoped import Wanted, within
from tests.support.demo import force as demo  # noqa: F401 (a fixture)

DUTY = "FS-CONTACT-PLAN"


@pytest.fixture(autouse=True)
def _served(demo: Path, db: None, settings: Any, tmp_path: Path) -> None:  # noqa: F811
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=demo / "store", home=tmp_path, demo=True)


@pytest.fixture
def late() -> Owed:
    """A contact that is overdue, in a case that an officer holds."""
    return next(one for one in reading.of_units("force") if one.duty == DUTY and one.officer and one.due < now())


def contact(one: Owed, event: str = "e1") -> None:
    at = now() - timedelta(minutes=10)
    said = {"result": "reached", "channel": "phone"}
    entered.add(Event(event, one.investigation, "victim_contacted", at, one.crime, one.victim, fields=said), "oscar")
    anew.judge(one.investigation)


def contacts_owed(rows: list[Owed], one: Owed) -> list[Owed]:
    return [row for row in rows if (row.victim, row.duty) == (one.victim, DUTY)]


def test_a_contact_that_was_entered_is_owed_no_longer(late: Owed) -> None:
    contact(late)
    for rows in (reading.of_case(late.investigation), reading.of_officer(late.officer), reading.of_units("force")):
        assert all(row.due > now() for row in contacts_owed(rows, late))


def test_other_cases_stay_as_they_are_and_the_order_holds(late: Owed) -> None:
    before = [row for row in reading.of_units("force") if row.investigation != late.investigation]
    contact(late)
    after = reading.of_units("force")
    assert [row for row in after if row.investigation != late.investigation] == before
    assert [row.due for row in after] == sorted(row.due for row in after)


def test_what_is_taken_back_is_owed_again(late: Owed) -> None:
    before = reading.of_case(late.investigation)
    contact(late)
    entered.take_back("e1", late.investigation, "oscar")
    anew.judge(late.investigation)
    assert reading.of_case(late.investigation) == before


def test_who_holds_the_case_and_how_the_victim_is_marked_stay_known(late: Owed) -> None:
    before = {(row.officer, row.team, row.offence) for row in reading.of_case(late.investigation) if row.victim}
    contact(late)
    assert {(row.officer, row.team, row.offence) for row in reading.of_case(late.investigation) if row.victim} <= before


def test_a_case_that_is_closed_owes_nothing(late: Owed) -> None:
    closed = Event("e2", late.investigation, "investigation_closed", now() - timedelta(minutes=1))
    entered.add(closed, "oscar")
    anew.judge(late.investigation)
    assert reading.of_case(late.investigation) == []


def test_pages_of_a_list_hold_it_too_each_row_once(late: Owed) -> None:
    contact(late)
    scope = Scope(now(), "", (Grant(Unit("force"), now() - timedelta(days=9), None, "auditor"),))
    whole = within(scope, Wanted(), None, 10_000)
    assert contacts_owed(whole, late) == contacts_owed(reading.of_case(late.investigation), late)
    assert len(within(scope, Wanted(), None, 7)) == 7
    assert within(scope, Wanted(), None, 7) == whole[:7]


def test_it_is_forgotten_once_a_worklist_holds_what_was_entered(late: Owed) -> None:
    contact(late)
    anew.forget()
    assert Anew.objects.count() == 1  # nothing was loaded yet
    Entered.objects.update(loaded_in=anew.held_in_worklist())
    anew.forget()
    assert Anew.objects.count() == 0


def test_a_case_of_which_nothing_was_entered_is_not_kept(late: Owed) -> None:
    anew.judge(late.investigation)
    assert Anew.objects.count() == 0
