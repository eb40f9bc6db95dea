"""Each operation for three callers: in scope, their supervisor, and an outsider who must learn nothing."""

from typing import Any

import pytest
from django.test import Client

from kept.web.api import limits
from kept.web.consulted.models import Access
from kept.web.entered.models import Entered
from tests.support.forces import GrowingForce
from tests.web.api.conftest import Caller, Makes
from tests.web.conftest import ago, signed_in

AT = ago(1).isoformat()
EVENT = {"id": "e1", "investigation": "I1", "victim": "V1", "kind": "victim_contacted", "at": AT, "result": "reached"}


@pytest.fixture
def three(token: Makes) -> dict[str, Caller]:
    """Of I1, which team Red holds: its team, the force above it, and another team."""
    return {
        "team": token("supervisor", "team", "Red"),
        "force": token("victim_lead", "force"),
        "outsider": token("supervisor", "team", "Blue"),
    }


def logged(kind: str) -> list[tuple[str, str]]:
    return list(Access.objects.filter(kind=kind).order_by("number").values_list("who", "investigation"))


@pytest.mark.parametrize("who", ["team", "force"])
def test_who_has_the_case_in_scope_is_told_why(three: dict[str, Caller], who: str) -> None:
    answer = three[who].get("/obligations/I1")
    assert answer.status_code == 200
    said = answer.json()
    assert {one["victim"] for one in said["obligations"]} <= {"V1", ""}
    assert all(one["why"]["because"] for one in said["obligations"])
    assert logged("consultation") == [(f"token {three[who].name}", "I1")]


@pytest.mark.parametrize("case", ["I1", "I4", "I7", "none", "I1%00", "%2e%2e"])
def test_an_outsider_learns_nothing_of_a_case_not_even_that_it_is_there(three: dict[str, Caller], case: str) -> None:
    answers = [
        three["outsider"].get(f"/obligations/{case}"),
        three["outsider"].post("/charge-check", {"investigation": case}),
    ]
    assert {one.status_code for one in answers} <= {404, 422}
    assert len({one.content for one in answers if one.status_code == 404}) <= 1
    assert not logged("consultation")
    assert logged("refusal")


def test_a_restricted_case_is_closed_to_all_three(three: dict[str, Caller]) -> None:
    assert {one.get("/obligations/I4").status_code for one in three.values()} == {404}


def test_a_list_has_only_cases_in_scope(three: dict[str, Caller]) -> None:
    for caller in three.values():
        found = caller.get("/obligations").json()["obligations"]
        assert {one["team"] for one in found} <= {"Red", "Blue"}
    assert three["outsider"].get("/obligations", investigation="I1").json() == {"obligations": [], "after": None}


@pytest.mark.parametrize("after", ["x", "eyJhIjoxfQ==", "WzFd", "===="])
def test_a_page_that_was_never_given_out_is_refused(three: dict[str, Caller], after: str) -> None:
    answer = three["team"].get("/obligations", after=after)
    assert answer.status_code == 400
    assert "after" in answer.json()["detail"]


@pytest.mark.parametrize("who", ["team", "force"])
def test_a_case_is_checked_before_a_charge(three: dict[str, Caller], who: str) -> None:
    answer = three[who].post("/charge-check", {"investigation": "I1"})
    assert answer.status_code == 200
    said = answer.json()
    assert [one["victim"] for one in said["victims"]] == ["V1"]
    assert {check["check"] for check in said["victims"][0]["checks"]} >= {"contact", "special_measures", "needs"}
    assert {step["law"][0]["source"] != "" for check in said["victims"][0]["checks"] for step in check["steps"]} == {
        True
    }
    assert said["result"] in ("missing", "unknown")
    assert logged("consultation") == [(f"token {three[who].name}", "I1")]


def test_what_was_entered_minutes_ago_counts_and_is_not_kept(three: dict[str, Caller]) -> None:
    offer = {**EVENT, "kind": "personal_statement", "value": "offered", "result": "done"}
    facts = [{"victim": "V1", "attribute": "victim_kind", "value": "person", "since": AT}]
    said = three["team"].post("/charge-check", {"investigation": "I1", "events": [offer], "facts": facts}).json()
    (check,) = [one for one in said["victims"][0]["checks"] if one["check"] == "statement"]
    assert check["result"] == "pass"
    assert check["steps"][0]["evidence"] == {**check["steps"][0]["evidence"], "id": "e1", "loaded": False}
    assert not Entered.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"events": [{**EVENT, "investigation": "I6"}]}, "another case"),
        ({"events": [{**EVENT, "victim": "V6"}]}, "no victim V6"),
        ({"events": [{**EVENT, "kind": "tea_drunk"}]}, "tea_drunk"),
        ({"events": [{**EVENT, "at": ago(-2).isoformat()}]}, "still to come"),
        ({"facts": [{"victim": "V1", "attribute": "shoe_size", "value": "1", "since": AT}]}, "shoe_size"),
        ({"facts": [{"victim": "V1", "attribute": "contact_interval", "value": "often", "since": AT}]}, "often"),
        ({"facts": [{"victim": "V6", "attribute": "enhanced", "value": "true", "since": AT}]}, "no victim V6"),
        ({"facts": [{"victim": "V1", "attribute": "enhanced", "value": "true", "since": ago(-2).isoformat()}]}, "come"),
    ],
)
def test_what_cannot_be_so_is_refused_with_every_reason(
    three: dict[str, Caller], wrong: dict[str, Any], said: str
) -> None:
    answer = three["team"].post("/charge-check", {"investigation": "I1", **wrong})
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_victim_whom_the_case_does_not_have_is_not_known_whoever_they_are(three: dict[str, Caller]) -> None:
    said = three["team"].post("/charge-check", {"investigation": "I1", "victims": ["V6", "nobody"]}).json()
    assert [one["result"] for one in said["victims"]] == ["unknown", "unknown"]
    assert said["victims"][0]["checks"] == said["victims"][1]["checks"]


def outcome(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["outcome"] for one in answer.json()["events"]]


def test_an_event_is_entered_once_however_often_it_is_sent(three: dict[str, Caller]) -> None:
    send = {"events": [EVENT, {**EVENT, "id": "e2"}]}
    assert outcome(three["team"].post("/events", send)) == ["accepted", "accepted"]
    assert outcome(three["force"].post("/events", send)) != ["accepted", "accepted"]
    assert outcome(three["team"].post("/events", send)) == ["known", "known"]
    assert outcome(three["team"].post("/events", {"events": [EVENT, EVENT]})) == ["known", "known"]
    assert Entered.objects.count() == 2
    assert logged("alteration") == [(f"token {three['team'].name}", "I1")] * 2


def test_another_content_under_a_known_id_is_refused(three: dict[str, Caller]) -> None:
    three["team"].post("/events", {"events": [EVENT]})
    assert outcome(three["team"].post("/events", {"events": [{**EVENT, "result": "attempted"}]})) == ["refused"]
    assert Entered.objects.get().fields["result"] == "reached"


@pytest.mark.parametrize("case", ["I1", "I4", "none"])
def test_an_outsider_sends_nothing(three: dict[str, Caller], case: str) -> None:
    answer = three["outsider"].post("/events", {"events": [{**EVENT, "investigation": case}]})
    assert outcome(answer) == ["refused"]
    assert "no such case" in answer.content.decode()
    assert not Entered.objects.exists()
    assert logged("refusal") == [(f"token {three['outsider'].name}", case)]


@pytest.mark.parametrize(
    "wrong",
    [{"victim": "V6"}, {"crime": "C6"}, {"kind": "tea_drunk"}, {"result": "maybe"}, {"at": ago(-2).isoformat()}],
)
def test_one_wrong_event_keeps_no_other_from_going_in(three: dict[str, Caller], wrong: dict[str, str]) -> None:
    answer = three["team"].post("/events", {"events": [{**EVENT, **wrong}, {**EVENT, "id": "e2"}]})
    assert outcome(answer) == ["refused", "accepted"]
    assert answer.json()["events"][0]["faults"][0]["what"]


def test_what_was_sent_is_seen_by_who_asks_why(three: dict[str, Caller], charged: GrowingForce) -> None:
    told = {**EVENT, "kind": "information_given", "value": "personal_statement", "result": "said"}
    duty = {"duty": "R7-1"}
    before = three["team"].get("/obligations/I1", **duty).json()["obligations"]
    three["team"].post("/events", {"events": [told]})
    after = three["team"].get("/obligations/I1", **duty).json()["obligations"]
    assert {one["answered_at"] for one in before} == {None}
    assert {one["answered_at"] is None for one in after} == {False}


def test_loads_are_for_who_looks_after_the_records(three: dict[str, Caller], token: Makes) -> None:
    assert {one.get("/loads").status_code for one in three.values()} == {403}
    analyst = token("analyst")
    assert analyst.get("/loads").json()["loads"][0]["version"] == 1
    for folder in ("none", "/etc", "../..", "a\u0000"):
        answer = analyst.post("/loads", {"folder": folder, "mapping": "contract"})
        assert answer.status_code in (404, 422)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"events": "x"}', b'{"investigation": 1}'])
@pytest.mark.parametrize("path", ["/events", "/charge-check"])
def test_a_body_that_cannot_be_read_is_refused_in_words(three: dict[str, Caller], path: str, body: bytes) -> None:
    answer = three["team"].post(path, body)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["faults"][0]["what"]


def test_too_long_a_body_is_refused_before_it_is_read(three: dict[str, Caller]) -> None:
    answer = three["team"].post("/events", b"x" * (limits.MOST_BYTES + 1))
    assert answer.status_code == 413
    assert "several parts" in answer.json()["detail"]


def test_another_method_is_refused_with_those_there_are(three: dict[str, Caller]) -> None:
    answer = Client().delete("/api/v1/events", headers=three["team"].headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_session_beside_a_token_adds_nothing_to_it(three: dict[str, Caller], everybody: dict[str, Any]) -> None:
    client = signed_in(everybody["auditor"])
    assert client.get("/api/v1/obligations/I1", headers=three["outsider"].headers).status_code == 404
    assert logged("refusal") == [(f"token {three['outsider'].name}", "I1")]
