"""Administrators give and end roles, and see what somebody can see."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kept.web.consulted import lists
from kept.web.consulted.models import Access
from kept.web.people import second_factor
from kept.web.people.models import Denial, Grant, SecondFactor, User
from tests.web.conftest import signed_in

Person = Callable[..., User]
GIVEN = {"role": "supervisor", "level": "team", "unit": "Red", "why": "new in post"}


@pytest.fixture
def adam(person: Person) -> Client:
    return signed_in(person("administrator", name="adam"))


@pytest.fixture
def sam(person: Person) -> User:
    return person(name="sam", officer="O1")


def page(user: User) -> str:
    return f"/people/{user.pk}"


def test_a_role_is_given_with_who_and_why_and_logged(adam: Client, sam: User) -> None:
    assert adam.post(page(sam), GIVEN).status_code == 302
    given = Grant.objects.get(user=sam)
    assert (given.role, given.unit, given.given_by, given.why) == ("supervisor", "Red", "adam", "new in post")
    logged = Access.objects.get()
    assert (logged.kind, logged.who) == ("alteration", "adam")
    assert "I1, I2, I3" in adam.get(page(sam)).text
    assert Access.objects.filter(lists.about("I3", ""), kind="consultation", who="adam").exists()


def test_nobody_gives_themselves_a_role_nor_ends_what_is_denied_to_them(adam: Client, person: Person) -> None:
    own = User.objects.get(name="adam")
    answer = adam.post(page(own), {**GIVEN, "role": "analyst", "level": "force", "unit": ""})
    assert "another administrator does" in answer.text
    assert "This is you." in answer.text
    assert adam.post(page(own), {**GIVEN, "role": "denied"}).status_code == 302
    denial = Denial.objects.get(user=own)
    assert f"/end/denial/{denial.pk}" not in adam.get(page(own)).text
    adam.post(f"{page(own)}/end/denial/{denial.pk}")
    assert Denial.objects.get().until is None
    assert [one.role for one in Grant.objects.filter(user=own)] == ["administrator"]
    assert Access.objects.filter(kind="refusal", who="adam").count() == 2
    eve = signed_in(person("administrator", name="eve"))
    assert eve.post(page(own), {**GIVEN, "role": "auditor"}).status_code == 302
    eve.post(f"{page(own)}/end/denial/{denial.pk}")
    assert Denial.objects.get().until is not None
    assert Grant.objects.filter(user=own, role="auditor", given_by="eve").exists()


@pytest.mark.parametrize("role", ["administrator", "governance"])
def test_a_role_over_everybody_is_not_given_of_a_team(adam: Client, sam: User, role: str) -> None:
    assert "for the whole force alone" in adam.post(page(sam), {**GIVEN, "role": role}).text
    assert not Grant.objects.filter(user=sam).exists()


def test_one_that_was_given_of_a_team_opens_nothing(person: Person) -> None:
    for role, there in {"administrator": "/people", "governance": "/access-log"}.items():
        assert signed_in(person(role, "team", "Red")).get(there).status_code == 404
        assert signed_in(person(role)).get(there).status_code == 200


def test_a_role_until_a_day_holds_all_of_it(adam: Client, sam: User) -> None:
    adam.post(page(sam), {**GIVEN, "until": "2026-12-31"})
    until = Grant.objects.get(user=sam).until
    assert until is not None
    assert timezone.localtime(until).isoformat() == "2027-01-01T00:00:00+00:00"


def test_a_denial_wins_and_can_be_ended(adam: Client, sam: User) -> None:
    adam.post(page(sam), GIVEN)
    adam.post(page(sam), {"role": "denied", "level": "investigation", "unit": "I1", "why": "a relative"})
    assert "I2, I3" in adam.get(page(sam)).text
    assert "I1, I2, I3" not in adam.get(page(sam)).text
    denial = Denial.objects.get()
    adam.post(f"{page(sam)}/end/denial/{denial.pk}")
    assert "I1, I2, I3" in adam.get(page(sam)).text
    assert Denial.objects.get().until is not None


@pytest.mark.parametrize(
    ("investigation", "said"),
    [
        ("I1", "Yes: a role opens it"),
        ("I4", "No: it is restricted"),
        ("I5", "No: the investigation's own records bar"),
        ("I6", "No: no role opens it"),
        ("none", "The records know no such investigation"),
    ],
)
def test_it_says_whether_somebody_sees_a_case_and_why(adam: Client, sam: User, investigation: str, said: str) -> None:
    adam.post(page(sam), GIVEN)
    assert said in adam.get(f"{page(sam)}?investigation={investigation}").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"role": ""}, "Choose a role"),
        ({"role": "king"}, "Select a valid choice"),
        ({"unit": "Purple"}, "The records know no unit or investigation of this name"),
        ({"level": "investigation", "unit": "I99"}, "The records know no unit"),
        ({"why": ""}, "Say why"),
        ({"until": "soon"}, "Enter the last day as a date"),
        ({"until": "9999-12-31"}, "Enter a year between 1900 and 2199"),
        ({"until": (date.today() - timedelta(days=3)).isoformat()}, "Enter a last day that is still to come"),
    ],
)
def test_a_wrong_form_gives_nothing(adam: Client, sam: User, wrong: dict[str, str], said: str) -> None:
    assert said in adam.post(page(sam), GIVEN | wrong).text
    assert not Grant.objects.filter(user=sam).exists()


def test_an_ended_role_is_ended_once(adam: Client, sam: User) -> None:
    adam.post(page(sam), GIVEN)
    given = Grant.objects.get(user=sam)
    adam.post(f"{page(sam)}/end/grant/{given.pk}")
    ended = Grant.objects.get(pk=given.pk).until
    adam.post(f"{page(sam)}/end/grant/{given.pk}")
    assert Grant.objects.get(pk=given.pk).until == ended
    assert adam.post(f"{page(sam)}/end/king/1").status_code == 404


def test_who_leaves_is_signed_out_everywhere(adam: Client, sam: User) -> None:
    there = signed_in(sam)
    adam.post(f"{page(sam)}/shut-out", {"what": "leave"})
    assert there.get("/").status_code == 302
    assert "has left" in adam.get(page(sam)).text
    adam.post(f"{page(sam)}/shut-out", {"what": "return"})
    sam.refresh_from_db()
    assert sam.is_active


def test_who_lost_their_telephone_sets_up_another(adam: Client, sam: User) -> None:
    second_factor.set_up(sam, second_factor.new_secret())
    adam.post(f"{page(sam)}/shut-out", {"what": "forget"})
    assert not SecondFactor.objects.exists()


def test_people_are_found_by_name(adam: Client, sam: User) -> None:
    assert "(sam)" in adam.get("/people?q=SA").text
    assert "Nobody of that name" in adam.get("/people?q=zz").text
    assert adam.get("/people?q=%00&page=x").status_code == 200
    assert adam.get("/people/999").status_code == 404


@pytest.mark.parametrize("what", ["", "delete", "leave\x00", "x" * 1000])
def test_what_cannot_be_done_to_somebody_ends_no_session_and_is_not_logged(adam: Client, sam: User, what: str) -> None:
    there = signed_in(sam)
    assert adam.post(f"{page(sam)}/shut-out", {"what": what}).status_code == 302
    assert there.get("/").status_code == 200
    assert not Access.objects.exists()


def test_a_role_that_is_given_again_after_it_was_ended_is_given(adam: Client, sam: User) -> None:
    for _ in range(2):
        adam.post(page(sam), GIVEN)
        for one in Grant.objects.filter(user=sam, until=None):
            adam.post(f"{page(sam)}/end/grant/{one.pk}")
    assert Grant.objects.filter(user=sam).count() == 2
