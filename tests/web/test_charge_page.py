"""The check before a charge as a page, and the tasks of charges that came without what they should have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kept.web.charge import asking, tasks
from kept.web.charge.models import ChargeCheck, ChargeTask
from kept.web.clock import now
from kept.web.consulted.models import Access
from kept.web.entered import rows
from kept.web.entered.events import Event
from kept.web.jobs import notices
from kept.web.jobs.works import works
from kept.web.people.models import User
from kept.web.people.policy import Unit
from tests.support.forces import GrowingForce
from tests.web.conftest import ago, charge, give, signed_in

Person = Callable[..., User]
PAGE = "/cases/I1/charge-check"


@pytest.fixture
def three(person: Person) -> dict[str, Client]:
    """Whose case it is, their supervisor, and an outsider."""
    return {
        "officer": signed_in(person("investigator", officer="O1", name="oscar")),
        "supervisor": signed_in(person("supervisor", "team", "Red")),
        "outsider": signed_in(person("supervisor", "team", "Blue")),
    }


@pytest.mark.parametrize("who", ["officer", "supervisor"])
def test_who_has_the_case_in_scope_sees_what_is_missing_and_where_it_stands(
    three: dict[str, Client], charged: GrowingForce, who: str
) -> None:
    shown = three[who].get(PAGE).text
    for said in ("Victim V1", "Victim Personal Statement offered", "Missing", "The records do not show it.", "Right 7"):
        assert said in shown
    assert "stops nothing" in shown
    assert [row.kind for row in Access.objects.all()] == ["consultation"]


def test_an_outsider_sees_nothing(three: dict[str, Client], charged: GrowingForce) -> None:
    answer = three["outsider"].get(PAGE)
    assert answer.status_code == 404
    assert not ChargeCheck.objects.exists()
    assert [row.kind for row in Access.objects.all()] == ["refusal"]


def test_each_check_is_kept_once_while_nothing_changes(three: dict[str, Client], charged: GrowingForce) -> None:
    for _ in range(2):
        three["officer"].get(PAGE)
    (kept,) = ChargeCheck.objects.all()
    assert (kept.by, kept.investigation, kept.result) == ("oscar", "I1", "missing")
    rows.add(offered("V1"), "oscar")
    three["officer"].get(PAGE)
    assert ChargeCheck.objects.values("digest").distinct().count() == 2


def offered(victim: str, name: str = "e1") -> Event:
    fields = {"value": "offered", "result": "done"}
    return Event(name, f"I{victim[1:]}", "personal_statement", now(), victim=victim, fields=fields)


def test_what_was_entered_here_counts_and_is_said_to_be_so(three: dict[str, Client], charged: GrowingForce) -> None:
    assert rows.add(offered("V1"), "oscar")
    shown = three["officer"].get(PAGE).text
    assert "Entered here; the crime system does not have it yet." in shown


def test_a_page_asks_little_of_the_database(
    three: dict[str, Client], charged: GrowingForce, django_assert_max_num_queries: Any
) -> None:
    three["officer"].get(PAGE)
    with django_assert_max_num_queries(24):
        three["officer"].get(PAGE)


def test_a_charge_becomes_a_task_of_who_holds_the_case(charged: GrowingForce, person: Person) -> None:
    officer = person("investigator", officer="O1")
    assert tasks.read_charges() == 1
    (task,) = tasks.of("O1")
    assert (task.event, task.investigation, task.checked) == ("X1", "I1", False)
    assert set(task.lacking.split()) == {"offered", "interval", "considered", "assessed", "reviewed"}
    assert ["charged in a case of yours" in str(one) for one in notices.of(officer)] == [True]
    assert tasks.of("O9") == tasks.of("") == tasks.of("nobody") == []


def test_it_stands_on_the_day_of_who_holds_the_case_and_of_nobody_else(
    three: dict[str, Client], charged: GrowingForce
) -> None:
    tasks.read_charges()
    assert f'href="{PAGE}"' in three["officer"].get("/day").text
    assert PAGE not in three["supervisor"].get("/day").text
    assert PAGE not in three["outsider"].get("/day").text


def test_an_old_charge_is_nobodys_task_when_charges_are_first_read(charged: GrowingForce, db: None) -> None:
    tasks.read_charges()
    assert {one.event for one in ChargeTask.objects.all()} == {"X1"}


def test_a_later_load_brings_its_own_charges_and_no_charge_twice(growing: GrowingForce, db: None) -> None:
    tasks.read_charges()
    assert tasks.read_charges() == 0
    growing.load(events=[charge("X1", "C1", 3), charge("X3", "C2", 20)])
    assert tasks.read_charges() == 1
    assert [one.event for one in tasks.of("O9")] == ["X3"]


def test_a_check_before_the_charge_is_remembered(charged: GrowingForce, db: None) -> None:
    kept = asking.keep(asking.check("I1", now()), "oscar")
    ChargeCheck.objects.filter(pk=kept.pk).update(asked=ago(4))
    tasks.read_charges()
    assert ChargeTask.objects.get().checked


def enter_all_but_the_interval() -> None:
    at = now() - timedelta(minutes=1)
    said: list[tuple[str, dict[str, str]]] = [
        ("personal_statement", {"value": "offered", "result": "done"}),
        ("need_found", {"value": "special_measures"}),
        ("action_noted", {"value": "needs_assessment"}),
        ("victim_declined", {"item": "R4-1"}),
    ]
    for place, (kind, fields) in enumerate(said):
        rows.add(Event(f"e{place}", "I1", kind, at, victim="V1", fields=fields), "oscar")


def load_the_interval(growing: GrowingForce) -> None:
    agreed = {"event_id": "a", "kind": "contact_agreed", "victim": "V1", "source": "rms"}
    interval = {
        "subject": "V1",
        "subject_kind": "victim",
        "attribute": "contact_interval",
        "value": "28",
        "source": "rms",
    }
    when = {"occurred_at": ago(2), "entered_at": ago(2)}
    growing.load(events=[{**agreed, **when}], facts=[{**interval, "valid_from": ago(2), "entered_at": ago(2)}])


def test_a_task_ends_once_everything_is_there(growing: GrowingForce, db: None) -> None:
    tasks.read_charges()
    enter_all_but_the_interval()
    tasks.read_charges()
    assert ChargeTask.objects.get(event="X1").lacking == "interval"
    load_the_interval(growing)
    tasks.read_charges()
    assert ChargeTask.objects.get(event="X1").done is not None
    assert tasks.of_case("I1") == []


@pytest.fixture
def unchecked(growing: GrowingForce, three: dict[str, Client]) -> ChargeTask:
    """The light task of a charge of which nothing is missing, and before which nobody had asked."""
    enter_all_but_the_interval()
    load_the_interval(growing)
    assert tasks.read_charges() == 1
    return ChargeTask.objects.get()


def test_a_charge_that_nobody_checked_makes_a_light_task_though_nothing_is_missing(
    unchecked: ChargeTask, three: dict[str, Client]
) -> None:
    assert (unchecked.event, unchecked.lacking, unchecked.checked) == ("X1", "", False)
    assert notices.of(User.objects.get(name="oscar")) == []
    tasks.read_charges()
    assert tasks.light(tasks.of("O1")) == [unchecked]
    shown = three["officer"].get("/day").text
    assert "Nothing is missing" in shown
    assert "A charge in case I1 came without" not in shown
    for who in ("supervisor", "outsider"):
        assert "Nothing is missing" not in three[who].get("/day").text


def test_one_click_of_who_holds_the_case_puts_it_away(unchecked: ChargeTask, three: dict[str, Client]) -> None:
    upto = unchecked.made.isoformat()
    for who in ("supervisor", "outsider"):
        assert three[who].post("/charges/seen", {"upto": upto}).status_code == 302
    for wrong in ("", "soon", (unchecked.made - timedelta(seconds=1)).isoformat()):
        three["officer"].post("/charges/seen", {"upto": wrong})
        assert tasks.of("O1") == [unchecked]
    assert three["officer"].get("/charges/seen").status_code == 405
    three["officer"].post("/charges/seen", {"upto": upto})
    assert tasks.of("O1") == []
    assert Access.objects.filter(kind="alteration", investigation="I1", route="charges-seen").count() == 1


def test_asking_now_ends_it_too_and_so_do_four_weeks(unchecked: ChargeTask, three: dict[str, Client]) -> None:
    ChargeTask.objects.update(charged=ago(29))
    assert tasks.light(tasks.of("O1")) == []
    three["officer"].get(PAGE)
    assert tasks.of("O1") == []


def test_who_asked_before_the_charge_is_left_alone(growing: GrowingForce, db: None) -> None:
    enter_all_but_the_interval()
    load_the_interval(growing)
    kept = asking.keep(asking.check("I1", now()), "oscar")
    ChargeCheck.objects.filter(pk=kept.pk).update(asked=ago(4))
    assert tasks.read_charges() == 0


def test_the_page_of_a_charged_case_says_so(three: dict[str, Client], charged: GrowingForce) -> None:
    tasks.read_charges()
    assert "Somebody was charged on" in three["officer"].get(PAGE).text


def test_the_worker_knows_the_work() -> None:
    assert "charges" in works()


def test_a_named_officer_checks_a_restricted_case_and_nobody_else(person: Person) -> None:
    user = person("investigator", officer="O1")
    assert signed_in(user).get("/cases/I4/charge-check").status_code == 404
    give(user, "investigator", Unit("investigation", "I4"))
    assert signed_in(user).get("/cases/I4/charge-check").status_code == 200
