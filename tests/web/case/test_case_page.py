"""A case and its obligations: three people, what each sees, and the case as it was known on an earlier day."""

import html
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kept.cli.command import main
from kept.web.case.told import told
from kept.web.consulted.models import Access
from kept.web.entered.cases import case_file
from kept.web.law import duties
from kept.web.people.policy import Unit
from tests.web.case.conftest import told_of_arrest
from tests.web.conftest import ago, give, signed_in

PAGE = "/cases/I1"


def local(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}"


def test_who_holds_it_sees_each_victim_what_is_owed_and_how_to_reach_them(holder: Client) -> None:
    shown = holder.get(PAGE).text
    for said in ("Victim V1", "Victim W1", "Told that a suspect was arrested", "How to reach them safely", "Overdue"):
        assert said in shown


def test_their_supervisor_sees_it_and_not_how_to_reach_them(supervisor: Client) -> None:
    shown = supervisor.get(PAGE).text
    assert "Victim V1" in shown
    assert "How to reach them safely" not in shown
    assert "Log a contact" not in shown


def test_an_outsider_sees_nothing_of_it(outsider: Client) -> None:
    for page in (PAGE, f"{PAGE}/obligations/{told_of_arrest()}", f"{PAGE}?day=2026-01-01"):
        answer = outsider.get(page)
        assert answer.status_code == 404
        assert "V1" not in answer.text
    assert {row.kind for row in Access.objects.all()} == {"refusal"}


def test_a_look_is_logged(holder: Client) -> None:
    holder.get(PAGE)
    (row,) = Access.objects.all()
    assert (row.kind, row.who, row.investigation, row.route) == ("consultation", "oscar", "I1", "case")


def test_the_name_of_an_obligation_opens_nothing_outside_its_case(holder: Client, outsider: Client) -> None:
    other = told_of_arrest("V2", "I2")
    assert holder.get(f"{PAGE}/obligations/{other}").status_code == 404
    assert holder.get(f"/cases/I2/obligations/{other}").status_code == 404
    assert outsider.get(f"/cases/I2/obligations/{other}").status_code == 200
    assert holder.get(f"{PAGE}/obligations/none").status_code == 404


def test_a_restricted_case_says_so_to_who_is_named(person: Any) -> None:
    user = person("investigator", officer="O1")
    assert signed_in(user).get("/cases/I3").status_code == 404
    give(user, "investigator", Unit("investigation", "I3"))
    assert "Restricted" in signed_in(user).get("/cases/I3").text


def test_an_obligation_is_explained_as_the_command_explains_it(
    holder: Client, arrests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    then = ago(17).replace(second=0, microsecond=0)
    asked = f"{timezone.localtime(then):%Y-%m-%d&hour=%H:%M}"
    main(["explain", "C1", "--victim", "V1", "--store", str(arrests), "--as-of", then.isoformat(), "--json"])
    ((row,),) = [
        [one for one in each["obligations"] if one["duty"] == "R6-1a"] for each in json.loads(capsys.readouterr().out)
    ]
    shown = html.unescape(holder.get(f"{PAGE}/obligations/{told_of_arrest()}?day={asked}").text)
    assert row["state"] == "pending"
    assert "Not due yet" in shown
    for line in row["explanation"][1:]:
        assert line.strip() in shown


def test_what_counts_as_done_is_said(holder: Client) -> None:
    shown = holder.get(f"{PAGE}/obligations/{told_of_arrest()}").text
    assert "What counts as done" in shown
    assert "Source: " in shown


def test_on_an_earlier_day_it_is_shown_as_it_was_known_then(holder: Client) -> None:
    shown = holder.get(f"{PAGE}?day={local(ago(30))}").text
    assert "This is the case as it was known on" in shown
    assert "Told that a suspect was arrested" not in shown
    assert "Log a contact" not in shown
    assert (
        "At that moment this was not owed yet"
        in holder.get(f"{PAGE}/obligations/{told_of_arrest()}?day={local(ago(30))}").text
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("day=soon", "Enter a day that there is"),
        ("day=2026-02-31", "Enter a day that there is"),
        ("day=" + "9" * 5000, "Enter a day that there is"),
        ("day=%3Cscript%3Ealert(1)%3C/script%3E", "Enter a day that there is"),
        ("day=2199-01-01", "Enter a day that has passed"),
        ("hour=12:00", "Enter a day, such as"),
        ("day=2026-01-01&hour=noon", "Enter a time of day"),
        ("day=2026-01-01%00", "Enter a day that there is"),
        ("day=9999-12-31", "Enter a year between 1900 and 2199"),
        ("day=0001-01-01", "Enter a year between 1900 and 2199"),
    ],
)
def test_a_wrong_day_is_said_and_the_case_is_shown_as_now(holder: Client, asked: str, said: str) -> None:
    answer = holder.get(f"{PAGE}?{asked}")
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert "This is the case as it was known on" not in answer.text


@pytest.mark.parametrize("day", ["2001-01-01", "1900-01-01"])
def test_before_it_was_known_that_is_said(holder: Client, day: str) -> None:
    assert "do not reach back" in holder.get(f"{PAGE}?day={day}").text


def test_what_is_owed_is_what_the_rule_of_the_worklist_says(holder: Client) -> None:
    shown = told(case_file("I1"), duties())
    owed = [one.task.first.duty for one in shown[0].owed]
    assert "R6-1a" in owed
    assert [one.task.due for one in shown[0].owed] == sorted(one.task.due for one in shown[0].owed)


def test_the_pages_ask_the_database_little(holder: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(17):
        holder.get(PAGE)
    with django_assert_max_num_queries(16):
        holder.get(f"{PAGE}/obligations/{told_of_arrest()}")


def test_a_key_is_the_same_from_day_to_day(db: None) -> None:
    before = case_file("I1", timezone.now() - timedelta(days=1))
    assert told_of_arrest() in {line.key for one in told(before, duties()) for line in one.lines}
