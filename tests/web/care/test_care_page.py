"""Witness care's list: the cases of their unit before the courts; nobody else's, and nobody else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kept.code.loader import rulebook
from kept.engine.run import evaluate_store
from kept.web.consulted.models import Access
from kept.web.entered import rows
from kept.web.entered.events import Event
from kept.web.people.models import User
from kept.web.worklist import anew
from tests.support.forces import GrowingForce
from tests.web.care.conftest import AS_OF, at
from tests.web.conftest import signed_in

Person = Callable[..., User]
PAGE = "/witness-care"


def main_of(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.text.partition("<main")[2])


def cases_on(shown: str) -> list[str]:
    return [part.partition('"')[0] for part in shown.split('href="/cases/')[1:] if "/" not in part.partition('"')[0]]


def test_the_next_in_court_comes_first_and_those_without_a_hearing_last(carer: Client) -> None:
    shown = main_of(carer)
    assert cases_on(shown) == ["I1", "I2", "I8", "I3"]
    headings = ["In court in the next 7 days", "In court in the next 28 days", "In court later"]
    places = [shown.index(heading + "</h2>") for heading in [*headings, "No hearing in the records"]]
    assert places == sorted(places)
    assert "Trial, 1 July 2026, 11:00" in shown
    assert "Seen to by W1." in shown


def test_each_victim_stands_with_statement_and_special_measures(carer: Client) -> None:
    of_1 = main_of(carer).partition("Victim V1")[2].partition("</article>")[0]
    for said in ("Must give evidence", "Statement offered", "Special measures needed, and the CPS not told (MG2)"):
        assert said in of_1
    of_2 = main_of(carer).partition("Victim V2")[2].partition("</article>")[0]
    assert "No offer of a statement on record" in of_2


def test_what_witness_care_owes_outlasts_the_polices_file(carer: Client, person: Person) -> None:
    of_2 = main_of(carer).partition("Victim V2")[2].partition("</article>")[0]
    assert "hearing" in of_2.lower()
    assert "overdue" in of_2
    officer = signed_in(person("investigator", officer="O2"))
    assert "I2" not in officer.get("/day").text.partition("<main")[2]


def test_it_is_for_witness_care_alone_and_of_their_unit(person: Person) -> None:
    for role, officer in (("investigator", "O1"), ("supervisor", ""), ("victim_lead", ""), ("commissioner", "")):
        assert signed_in(person(role, officer=officer)).get(PAGE).status_code == 404
    other = signed_in(person("witness_care", "area", "South", name="una"))
    assert cases_on(main_of(other)) == ["I5"]
    assert "I4" not in main_of(signed_in(person("witness_care", name="whole")))


def test_whom_they_saw_is_logged_victim_by_victim(carer: Client) -> None:
    main_of(carer, "?court=week")
    looks = Access.objects.filter(route="witness-care")
    assert [(one.kind, one.investigation, one.victim) for one in looks] == [("consultation", "I1", "V1")]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?court=week", ["I1"]),
        ("?court=none", ["I3"]),
        ("?carer=W2", ["I2"]),
        ("?court=today", []),
        ("?court=%00&carer=nobody", ["I1", "I2", "I8", "I3"]),
        ("?page=99", ["I1", "I2", "I8", "I3"]),
    ],
)
def test_the_list_is_narrowed(carer: Client, query: str, left: list[str]) -> None:
    assert cases_on(main_of(carer, query)) == left


def test_only_where_something_is_owed_leaves_the_others_out(carer: Client) -> None:
    left = cases_on(main_of(carer, "?owes=on"))
    assert {"I1", "I2"} <= {*left}
    assert "I8" not in left


def test_what_was_entered_here_shows_at_once(carer: Client) -> None:
    said = {"value": "made", "result": "done"}
    rows.add(Event("e", "I1", "personal_statement", at(6, 29), victim="V1", fields=said), "wendy")
    anew.judge("I1")
    assert "Statement made" in main_of(carer).partition("Victim V1")[2].partition("</article>")[0]


def test_records_without_hearings_are_said_to_hold_none(person: Person, settings: Any, tmp_path: Path) -> None:
    grown = GrowingForce(tmp_path / "grown", AS_OF)
    grown.load(
        crimes=[{"crime": "C1", "investigation": "I1", "reported_at": at(5, 1), "entered_at": at(5, 1)}],
        victims=[{"victim": "V1", "crime": "C1", "entered_at": at(5, 1)}],
    )
    evaluate_store(grown.store, grown.latest(), rulebook(), AS_OF)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=grown.store.path)
    shown = main_of(signed_in(person("witness_care")))
    assert "No case of your unit is before the courts" in shown


def test_queries_do_not_grow_with_the_cases(carer: Client) -> None:
    counts = []
    for query in ("?owes=on", ""):
        main_of(carer, query)
        with CaptureQueriesContext(connection) as asked:
            main_of(carer, query)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16
