"""People are added from the command line: the first administrator, and the invented ones."""

import pytest

from kept.errors import UsageError
from kept.web.contacts import book
from kept.web.contacts.invented import invented_contacts
from kept.web.people.adding import add, invented
from kept.web.people.models import User
from kept.web.people.policy import Unit, may
from kept.web.people.roles import ROLES
from kept.web.people.scoping import scope_of

pytestmark = pytest.mark.django_db


def test_who_is_added_can_sign_in_and_has_the_role() -> None:
    added = add("adam", "Adam", "administrator", Unit("force"))
    user = User.objects.get(name="adam")
    assert user.check_password(added.password)
    assert len(added.password) >= 12
    assert may(scope_of(user), "people")


def test_of_a_name_there_is_one_in_capitals_or_not() -> None:
    add("adam", "Adam", "administrator", Unit("force"))
    with pytest.raises(UsageError, match="signs in as “ADAM” already"):
        add("ADAM", "Adam", "auditor", Unit("force"))


def test_a_role_over_everybody_is_of_the_whole_force() -> None:
    with pytest.raises(UsageError, match="for the whole force alone"):
        add("adam", "Adam", "administrator", Unit("team", "Red"))


def test_a_name_that_is_not_what_it_looks_is_not_given() -> None:
    with pytest.raises(UsageError, match="cannot be seen"):
        add("ad\u200bam", "Adam", "administrator", Unit("force"))
    assert add("adam", "\u202emadA\u202c", "administrator", Unit("force")).shown == "madA"
    assert User.objects.get().shown == "madA"


@pytest.mark.parametrize(("role", "level"), [("king", "force"), ("auditor", "realm")])
def test_a_role_or_a_level_that_is_not_known_is_said(role: str, level: str) -> None:
    with pytest.raises(UsageError, match="There is no role"):
        add("adam", "Adam", role, Unit(level))


def test_there_are_invented_people_of_each_role_once_and_an_outsider() -> None:
    first, again = invented(), invented()
    assert {one.role for one in first} == {role.title for role in ROLES.values()}
    assert [one.name for one in first] == [one.name for one in again]
    assert User.objects.count() == len(first)
    oscar, una = (User.objects.get(name=name) for name in ("oscar", "una"))
    assert oscar.officer != una.officer


def test_how_their_victims_may_be_reached_is_written_once() -> None:
    invented()
    page = invented_contacts("oscar")
    victim = page.split("/")[3]
    assert book.read(victim.replace("V", "P")).contact.code_word == "the dentist"
    assert invented_contacts("oscar") == page
    assert book.read(victim.replace("V", "P")).written == 1
