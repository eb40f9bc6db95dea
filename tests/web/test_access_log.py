"""The access log: whole, and every way of tampering with it found."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from kept.web.consulted.chain import Anchor, Line, add, head, verify
from kept.web.consulted.models import Access, Head, Listed
from kept.web.people.models import User
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
TABLE, LISTED = "consulted_access", "consulted_listed"
Tamper = Callable[[], None]


@pytest.fixture
def log() -> Anchor:
    """A log of five lines, and where it ended."""
    for number in range(1, 6):
        add(Line("consultation", f"user{number}", "contact", f"I{number}", f"V{number}", "because"))
    return head()


def unguarded(statement: str, *values: int) -> None:
    """What somebody does who owns the database, and has taken its guards off."""
    tables = {"sqlite": _SQLITE_OFF, "postgresql": [f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL"]}
    with connection.cursor() as cursor:
        for off in tables[connection.vendor]:
            cursor.execute(off)
        cursor.execute(statement, values)


_SQLITE_OFF = [f"DROP TRIGGER IF EXISTS access_log_kept_from_{what}" for what in ("UPDATE", "DELETE")]


def test_a_log_as_it_was_written_is_whole(log: Anchor) -> None:
    assert verify() is None
    assert verify(log) is None
    assert log.number == 5
    add(Line("erasure", "x", "y"))
    assert verify(log) is None


def test_an_empty_log_is_whole() -> None:
    assert verify() is None


@pytest.mark.parametrize("field", ["who", "kind", "victim", "investigation", "route", "why", "before", "digest"])
def test_an_altered_line_is_named(log: Anchor, field: str) -> None:
    unguarded(f"UPDATE {TABLE} SET {field} = 'x' WHERE number = 3")
    broken = verify()
    assert broken is not None
    assert broken.number == 3


def test_an_altered_moment_is_named(log: Anchor) -> None:
    unguarded(f"UPDATE {TABLE} SET at = (SELECT at FROM {TABLE} WHERE number = 1) WHERE number = 4")
    assert (found := verify()) is not None
    assert found.number == 4


def test_a_deleted_line_is_named(log: Anchor) -> None:
    unguarded(f"DELETE FROM {TABLE} WHERE number = 2")
    assert (found := verify()) is not None
    assert found.number == 2
    assert "missing" in found.what


def test_deleted_and_closed_up_is_found_too(log: Anchor) -> None:
    unguarded(f"DELETE FROM {TABLE} WHERE number = 2")
    for number in (3, 4, 5):
        unguarded(f"UPDATE {TABLE} SET number = %s WHERE number = %s", number - 1, number)
    assert (found := verify()) is not None
    assert found.number == 2


def test_lines_that_change_places_are_found(log: Anchor) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        unguarded(f"UPDATE {TABLE} SET number = %s WHERE number = %s", new, old)
    assert (found := verify()) is not None
    assert found.number == 2


def test_a_log_cut_short_is_found_by_its_head(log: Anchor) -> None:
    unguarded(f"DELETE FROM {TABLE} WHERE number > 3")
    assert (found := verify()) is not None
    assert found.number == 4


def test_cut_short_with_its_head_it_is_found_by_whoever_noted_the_end(log: Anchor) -> None:
    third = Access.objects.get(number=3)
    unguarded(f"DELETE FROM {TABLE} WHERE number > 3")
    Head.objects.update(number=3, digest=third.digest)
    assert verify() is None
    assert (found := verify(log)) is not None
    assert found.number == 4


def test_written_anew_from_a_line_on_it_is_found_by_whoever_noted_the_end(log: Anchor) -> None:
    third = Access.objects.get(number=3)
    unguarded(f"DELETE FROM {TABLE} WHERE number > 3")
    Head.objects.update(number=3, digest=third.digest)
    for _ in range(4):
        add(Line("consultation", "somebody else", "contact"))
    assert verify() is None
    assert (found := verify(log)) is not None
    assert found.number == 5


def test_a_line_beyond_the_head_is_found(log: Anchor) -> None:
    row = Access.objects.get(number=5)
    row.number = 6
    row.save(force_insert=True)
    assert (found := verify()) is not None
    assert found.number == 6


@pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET who = 'x'", f"DELETE FROM {TABLE}"])
def test_the_database_refuses_to_change_it(log: Anchor, statement: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify(log) is None


def test_text_that_no_database_takes_is_cut_before_it_is_chained() -> None:
    add(Line("consultation", "a\x00b", "x", why="y" * 1000))
    row = Access.objects.get()
    assert (row.who, len(row.why)) == ("ab", 500)
    assert verify() is None


def test_what_was_rolled_back_was_never_logged(log: Anchor) -> None:
    with transaction.atomic():
        add(Line("alteration", "x", "y"))
        transaction.set_rollback(True)
    assert head() == log


def test_information_governance_searches_it(log: Anchor, everybody: dict[str, User]) -> None:
    grace = signed_in(everybody["governance"])
    shown = grace.get("/access-log?victim=V3").text
    assert "user3" in shown
    assert "user4" not in shown
    assert str(head()) in shown
    searched = Access.objects.order_by("-number").first()
    assert searched is not None
    assert (searched.kind, searched.victim, searched.why) == ("consultation", "V3", "searched the access log")


DAY = [("I1", "V1"), ("I2", "V2"), ("I2", ""), ("I1", "V1")]
OTHERS = f"UPDATE {LISTED} SET victim = 'V9' WHERE victim = 'V2'"


def test_a_line_about_several_is_found_by_each_of_them(everybody: dict[str, User]) -> None:
    add(Line.about("consultation", "oscar", "day", DAY, "my day"))
    grace = signed_in(everybody["governance"])
    for asked in ("victim=V1", "victim=V2", "investigation=I2", "investigation=I1&victim=V1"):
        assert "my day" in grace.get(f"/access-log?{asked}").text, asked
    for asked in ("victim=V3", "investigation=I1&victim=V2", "investigation=I3"):
        assert "my day" not in grace.get(f"/access-log?{asked}").text, asked


def test_who_looks_at_the_same_again_adds_a_line_and_no_list() -> None:
    for seen in (DAY, [*reversed(DAY)]):
        add(Line.about("consultation", "oscar", "day", seen))
    assert (Access.objects.count(), Listed.objects.count()) == (2, 3)
    assert verify() is None


def test_a_line_about_one_names_it_itself_and_one_about_victims_of_a_case_that_case() -> None:
    add(Line.about("consultation", "oscar", "case", [("I1", "V1")]))
    add(Line.about("consultation", "oscar", "case", [("I1", "V1"), ("I1", "V2")]))
    add(Line.about("consultation", "oscar", "day", []))
    named = Access.objects.order_by("number").values_list("investigation", "victim")
    assert list(named) == [("I1", "V1"), ("I1", ""), ("", "")]


@pytest.mark.parametrize("statement", [OTHERS, f"DELETE FROM {LISTED} WHERE victim = 'V2'"])
def test_an_altered_list_is_found_by_the_line_that_names_it(statement: str) -> None:
    add(Line("consultation", "sam", "case", "I1", "V1"))
    add(Line.about("consultation", "oscar", "day", DAY))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify() is None
    with connection.cursor() as cursor:
        for off in _LISTS_OFF[connection.vendor]:
            cursor.execute(off)
        cursor.execute(statement)
    assert (found := verify()) is not None
    assert (found.number, "list" in found.what) == (2, True)


_LISTS_OFF = {
    "sqlite": [f"DROP TRIGGER access_lists_kept_from_{what}" for what in ("UPDATE", "DELETE")],
    "postgresql": [f"ALTER TABLE {LISTED} DISABLE TRIGGER ALL"],
}


@pytest.mark.parametrize("query", ["since=soon", "page=x", "page=99", "kind=none", "who=%00", "victim=%F0%9F%98%80"])
def test_a_wrong_search_is_no_fault(log: Anchor, everybody: dict[str, User], query: str) -> None:
    assert signed_in(everybody["governance"]).get(f"/access-log?{query}").status_code == 200
