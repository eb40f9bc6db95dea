"""A needs assessment and the steps of a statement entered here: they count at once, and again once they are loaded."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from kept.code.loader import DEFAULT_RULEBOOK, rulebook
from kept.records.load import load
from kept.records.staging import stage
from kept.records.store import Store
from kept.records.supplies import Supplies
from kept.web.case.needs import FIELDS, FORM
from kept.web.consulted.models import Access
from kept.web.data import entered as on_its_way
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.entered.events import Event
from kept.web.entered.loading import export
from kept.web.entered.models import Entered
from tests.support.forces import GrowingForce
from tests.web.conftest import NOW, ago, signed_in

NEEDS, STATEMENT = "/cases/I1/victims/V1/needs", "/cases/I1/victims/V1/statement"
ANSWERS = {field.id: next(iter(field.choices)) for field in FIELDS}
NO_NEEDS = {"special_measures": "no", "support_wanted": "no", "supporter": "no", "communication_needs": "none"}


def needs(**other: object) -> dict[str, object]:
    return {"id": str(uuid4()), "channel": "phone", "saw": "", **ANSWERS, **other}


def step(name: str, **other: object) -> dict[str, object]:
    return {"id": str(uuid4()), "channel": "phone", "step": name, **other}


def reviewed(**other: object) -> dict[str, object]:
    said = {"saw": last_form(), "spoke": "reached", "words": "Told her about the support service."}
    return needs(**{**said, **other})


def last_form() -> str:
    return [row.id for row in Entered.objects.filter(kind="assessment_made") if row.fields["value"] == FORM][-1]


def states(duty: str, victim: str = "V1") -> dict[str, str]:
    """The state of a duty by its parts."""
    return {row.part: row.state for row in case_file("I1").obligations() if (row.duty, row.victim) == (duty, victim)}


def stands(*kinds: str) -> list[tuple[str, str]]:
    """The events of some kinds that stand on V1's timeline, each with its value."""
    timeline = next(one.timeline for one in case_file("I1").victims if one.subject.id == "V1")
    return [(one.kind, one.value or "") for one in timeline.entries() if one.kind in kinds]


def _supply_forms(store: Path, folder: Path) -> None:
    """The force's own extract holds forms, what kind of victim V1 is, and that V1 made a witness statement."""
    grown = GrowingForce(folder / "grown", NOW)
    moment = {"entered_at": ago(30), "source": "rms"}
    staged = grown.staged(
        victims=[{"victim": "V1", "crime": "C1", "person": "P1", "kind": "person", **moment}],
        events=[{"event_id": "t1", "kind": "statement_taken", "victim": "V1", "occurred_at": ago(31), **moment}],
        assessments=[
            {
                "form": FORM,
                "version": "1",
                "victim": "V2",
                "field": "risk",
                "value": "high",
                "made_at": ago(31),
                **moment,
            }
        ],
    )
    load(Store.open(store), staged, NOW)


@pytest.fixture
def loads(settings: Any, tmp_path: Path, arrests: Path) -> Any:
    """Load what was entered, as the worker does, into a store of the test's own."""
    store = tmp_path / "store"
    shutil.copytree(arrests, store)
    _supply_forms(store, tmp_path)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=store)

    def load_it() -> int:
        folder = tmp_path / uuid4().hex
        folder.mkdir()
        on_its_way.write(folder)
        staged = stage(on_its_way.mapping(folder), folder, tmp_path / uuid4().hex, now=timezone.now())
        report = load(Store.open(store), staged, timezone.now())
        assert report.total("quarantined") == 0
        assert report.version
        on_its_way.note_loaded(folder, report.version)
        return report.version

    return load_it


def test_what_is_asked_is_what_the_minimum_standard_asks() -> None:
    parts = {
        str(selector.item[0])
        for duty, _ in rulebook(DEFAULT_RULEBOOK).duties()
        if duty.id == "FS-NEEDS-STANDARD"
        for part in duty.parts
        for selector in part.answer.specific
        if selector.item
    }
    assert {f"{FORM}.{field.id}" for field in FIELDS} == parts


def test_an_assessment_counts_at_once_and_again_once_it_is_loaded(holder: Client, loads: Any) -> None:
    assert set(states("R4-1").values()) == {"no_record"}
    assert holder.post(NEEDS, needs(risk="")).status_code == 302
    at_once, standard = states("R4-1"), states("FS-NEEDS-STANDARD")
    assert "no_record" not in at_once.values()
    assert standard["risk"] == "no_record"
    assert standard["language"] != "no_record"
    assert rows.fresh("I1", loads()) == []
    assert (states("R4-1"), states("FS-NEEDS-STANDARD")) == (at_once, standard)


def test_a_review_asks_nothing_twice_and_makes_a_new_assessment_only_where_it_changes_one(holder: Client) -> None:
    holder.post(NEEDS, needs(risk="high", language="pl"))
    shown = holder.get(NEEDS).text
    assert "Review the needs assessment" in shown
    assert 'value="pl" checked' in shown
    holder.post(NEEDS, reviewed(risk="high", language="pl"))
    kinds = sorted(f"{row.kind}:{row.fields.get('value', '')}" for row in Entered.objects.all())
    assert kinds == [
        "action_noted:needs_assessment",
        "assessment_made:needs_assessment",
        "assessment_made:needs_assessment_review",
        "need_found:special_measures",
        "need_found:support",
        "personal_statement:offered",
        "supporter_requested:",
        "victim_contacted:",
    ]
    holder.post(NEEDS, reviewed(risk="standard", language="pl"))
    assert Entered.objects.filter(kind="assessment_made").count() == 4


def found_needs() -> list[tuple[str, str]]:
    return stands("need_found", "supporter_requested", "adjustment_need_found")


@pytest.mark.parametrize(
    ("answer", "kind", "value", "duty"),
    [
        ({"special_measures": "yes"}, "need_found", "special_measures", "R4-7"),
        ({"support_wanted": "yes"}, "need_found", "support", "R4-4"),
        ({"supporter": "yes"}, "supporter_requested", "", "R1-4"),
        ({"communication_needs": "hearing"}, "adjustment_need_found", "", ""),
    ],
)
def test_a_need_begins_what_is_owed_upon_it_and_ends_with_its_form(
    holder: Client, loads: Any, answer: dict[str, str], kind: str, value: str, duty: str
) -> None:
    holder.post(NEEDS, needs(**{**NO_NEEDS, **answer}))
    assert found_needs() == [(kind, value)]
    owed = states(duty)
    assert bool(owed) is bool(duty)
    loads()
    assert found_needs() == [(kind, value)]
    assert states(duty) == owed
    holder.post("/cases/I1/logged/back", {"event": last_form()})
    loads()
    assert found_needs() == []
    assert states(duty) == {}


@pytest.mark.parametrize("answer", ["no", ""])
def test_who_needs_nothing_is_owed_nothing_upon_it(holder: Client, answer: str) -> None:
    holder.post(NEEDS, needs(**dict.fromkeys(NO_NEEDS, answer) | {"communication_needs": ""}))
    assert found_needs() == []


def test_a_need_is_found_once_though_each_review_says_it(holder: Client) -> None:
    holder.post(NEEDS, needs(**{**NO_NEEDS, "special_measures": "yes"}))
    holder.post(NEEDS, reviewed(**{**NO_NEEDS, "special_measures": "yes", "support_wanted": "yes"}))
    assert sorted(found_needs()) == [("need_found", "special_measures"), ("need_found", "support")]


def test_with_a_form_goes_the_offer_that_it_told_and_with_an_offer_no_form(holder: Client) -> None:
    holder.post(NEEDS, needs(**NO_NEEDS))
    holder.post(STATEMENT, step("made"))
    holder.post("/cases/I1/logged/back", {"event": last_form()})
    (left,) = (one.event for one in rows.of("I1") if one.taken_back is None)
    assert left.fields["value"] == "made"
    holder.post(NEEDS, needs(**NO_NEEDS))
    holder.post("/cases/I1/logged/back", {"event": left.id})
    assert [one.event.id for one in rows.of("I1") if one.taken_back is None] == [last_form()]


def test_the_words_are_sealed_stay_here_and_are_shown(holder: Client, tmp_path: Path) -> None:
    holder.post(NEEDS, needs(words="Fears her <neighbour>"))
    assert all("neighbour" not in str(one) for one in Entered.objects.values())
    assert "Fears her &lt;neighbour&gt;" in holder.get("/cases/I1").text
    export(tmp_path / "out.csv")
    assert (tmp_path / "out-assessments.csv").exists()
    assert all("neighbour" not in path.read_text() for path in tmp_path.glob("out*"))


def test_an_assessment_is_taken_back_before_it_is_loaded_and_after(holder: Client, loads: Any) -> None:
    for loaded_first in (False, True):
        holder.post(NEEDS, needs(personal_statement_offered="no", saw=""))
        form = last_form()
        if loaded_first:
            loads()
        holder.post("/cases/I1/logged/back", {"event": form})
        assert set(states("R4-1").values()) == {"no_record"}
        loads()
        assert set(states("R4-1").values()) == {"no_record"}


def test_who_did_not_see_the_last_one_does_not_write_over_it(holder: Client) -> None:
    before = needs()
    holder.post(NEEDS, needs())
    answer = holder.post(NEEDS, {**before, "spoke": "no", "words": "x"})
    assert "Somebody else has assessed them" in answer.text
    assert Entered.objects.filter(kind="assessment_made").count() == 1


def test_sent_twice_it_is_there_once(holder: Client) -> None:
    sent = needs()
    for _ in range(2):
        assert holder.post(NEEDS, sent).status_code == 302
    assert Entered.objects.filter(kind="assessment_made").count() == 1
    assert Entered.objects.filter(kind="personal_statement").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (dict.fromkeys(ANSWERS, ""), "Answer at least one question"),
        ({"risk": "purple"}, "Select a valid choice"),
        ({"words": "w" * 1001}, "at most 1000 characters"),
        ({"day": "2099-01-05", "hour": "09:00"}, "Enter a moment that has passed"),
        ({"language": "e\x00n"}, "Select a valid choice"),
        ({"id": "x"}, "Enter a valid UUID"),
    ],
)
def test_a_wrong_answer_is_said_and_nothing_is_entered(holder: Client, wrong: dict[str, Any], said: str) -> None:
    answer = holder.post(NEEDS, needs(**wrong))
    assert answer.status_code == 200
    assert said in answer.text
    assert not Entered.objects.exists()


def test_a_review_says_whether_they_spoke_how_and_what_was_done(holder: Client) -> None:
    holder.post(NEEDS, needs())
    for missing, said in (("spoke", "Choose whether you spoke"), ("words", "Write what you did")):
        assert said in holder.post(NEEDS, reviewed(**{missing: ""})).text
    assert "Choose how you did it" in holder.post(NEEDS, reviewed(channel="")).text


@pytest.mark.parametrize(
    ("done", "stages"),
    [
        (["offered"], ["offered"]),
        (["declined"], ["declined"]),
        (["made"], ["made"]),
        (["offered", "offered"], ["offered", "further_offered"]),
        (["declined", "declined"], ["declined", "further_offered"]),
        (["offered", "made"], ["offered", "made"]),
        (["declined", "offered"], ["declined", "further_offered"]),
    ],
)
def test_a_step_of_the_statement_is_told_as_the_records_count_it(
    holder: Client, done: list[str], stages: list[str]
) -> None:
    for name in done:
        assert holder.post(STATEMENT, step(name)).status_code == 302
    assert [row.fields["value"] for row in Entered.objects.all()] == stages
    assert {(row.fields["result"], row.fields["by"], row.victim) for row in Entered.objects.all()} == {
        ("done", "O1", "V1")
    }


def test_a_statement_counts_at_once_and_again_once_it_is_loaded(holder: Client, loads: Any) -> None:
    assert states("R7-2") == {"": "pending"}
    holder.post(STATEMENT, step("declined"))
    assert states("R7-2") == {"": "met"}
    assert rows.fresh("I1", loads()) == []
    assert states("R7-2") == {"": "met"}
    assert "declined" in holder.get(STATEMENT).text


def test_what_people_enter_makes_nothing_measurable_and_what_a_system_sends_its_own_kinds(
    holder: Client, tmp_path: Path
) -> None:
    def supplied(name: str) -> Supplies:
        folder = tmp_path / name
        folder.mkdir()
        on_its_way.write(folder)
        return stage(on_its_way.mapping(folder), folder, tmp_path / f"{name}-staged", now=timezone.now()).supplies

    holder.post(NEEDS, needs())
    holder.post(STATEMENT, step("made"))
    assert supplied("entered") == Supplies(frozenset(), frozenset(), frozenset())
    fields = {"value": "disposal", "result": "given"}
    rows.add(Event("w1", "I1", "views_asked", ago(1), victim="V1", source="witness-care", fields=fields), "a token")
    assert supplied("sent") == Supplies(frozenset({"events"}), frozenset({"views_asked"}), frozenset())


def test_a_further_offer_stays_beside_one_of_the_crime_system(holder: Client, loads: Any, tmp_path: Path) -> None:
    moment = {"occurred_at": ago(10), "entered_at": ago(10), "source": "rms"}
    said = {"kind": "personal_statement", "value": "further_offered", "result": "done", "victim": "V1"}
    staged = GrowingForce(tmp_path / "second", NOW).staged(events=[{"event_id": "f1", **said, **moment}])
    load(Store.open(tmp_path / "store"), staged, timezone.now())
    holder.post(STATEMENT, step("offered"))
    assert stands("personal_statement") == [("personal_statement", "further_offered")] * 2
    loads()
    assert stands("personal_statement") == [("personal_statement", "further_offered")] * 2


@pytest.mark.parametrize("page", [NEEDS, STATEMENT])
def test_nobody_else_may(
    page: str, holder: Client, supervisor: Client, outsider: Client, analyst: Client, settings: Any
) -> None:
    for client in (supervisor, outsider, analyst):
        assert client.get(page).status_code == client.post(page, needs()).status_code == 404
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, entry=False)
    assert holder.get(page).status_code == holder.post(page, needs()).status_code == 404
    assert not Entered.objects.exists()


def test_witness_care_enters_for_their_unit_and_takes_back_their_own(person: Any, holder: Client) -> None:
    carer = signed_in(person("witness_care", "area", "North", name="wendy"))
    assert "ask them first" in carer.get(STATEMENT).text
    assert carer.post(STATEMENT, step("offered")).status_code == 302
    row = Entered.objects.get()
    assert (row.fields["by"], row.fields["touchpoint"]) == ("witness_care", "witness_care")
    holder.post(STATEMENT, step("made"))
    made = Entered.objects.exclude(id=row.id).get().id
    carer.post("/cases/I1/logged/back", {"event": made})
    assert Entered.objects.filter(voids=made).count() == 0
    carer.post("/cases/I1/logged/back", {"event": row.id})
    assert Entered.objects.filter(voids=row.id).count() == 1
    other = signed_in(person("witness_care", "area", "South", name="walter"))
    assert other.get(STATEMENT).status_code == 404
    assert Access.objects.filter(who="walter", kind="refusal").count() == 1


def test_the_pages_ask_the_database_little(holder: Client, django_assert_max_num_queries: Any) -> None:
    for page in (NEEDS, STATEMENT):
        with django_assert_max_num_queries(16):
            holder.get(page)
