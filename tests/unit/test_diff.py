"""What changed between two editions, duty by duty and field by field."""

from dataclasses import replace
from datetime import date

from kept.code import loader
from kept.code.conditions import FactIs
from kept.code.diff import Change, Difference, diff
from kept.code.model import Answer, Citation, Duty, Edition, JudgedAt, Limit, LimitException, Part, Selector
from kept.contract.vocabulary import standard

DUTY = Duty(
    id="D1",
    title="Told of an arrest",
    says="The police tell the victim.",
    edition="old",
    holder="police",
    certainty="sourced",
    citation=Citation("A rule", "1"),
    kind="respond",
    owed_when=(Selector("suspect_arrested"),),
    limit=Limit("working_days", 5),
    judged_at=JudgedAt("due"),
    answer=Answer((Selector("victim_told", value=("arrest",)),)),
)


def edition(name: str, *duties: Duty) -> Edition:
    held = {duty.id: replace(duty, edition=name) for duty in duties}
    return Edition(name, name, "local", Citation("A rule"), standard(), {}, held)


def changed(after: Duty) -> dict[str, tuple[str, str]]:
    (difference,) = diff(edition("old", DUTY), edition("new", after))
    return {change.field: (change.before, change.after) for change in difference.changes}


def test_an_edition_does_not_differ_from_itself() -> None:
    assert diff(edition("old", DUTY), edition("new", DUTY)) == []


def test_a_new_duty_is_added_and_one_that_nothing_continues_removed() -> None:
    other = replace(DUTY, id="D2", title="Told of a charge")
    assert diff(edition("old", DUTY), edition("new", other)) == [
        Difference("added", "", "D2", "Told of a charge"),
        Difference("removed", "D1", "", "Told of an arrest"),
    ]


def test_a_duty_under_another_id_is_known_by_what_it_continues() -> None:
    later = replace(DUTY, id="R1", continues="old/D1", limit=Limit("working_days", 3))
    assert diff(edition("old", DUTY), edition("new", later)) == [
        Difference(
            "continued",
            "D1",
            "R1",
            "Told of an arrest",
            (Change("limit", "5 working days", "3 working days"),),
        )
    ]


def test_another_id_alone_is_a_difference_without_changes() -> None:
    later = replace(DUTY, id="R1", continues="old/D1")
    assert diff(edition("old", DUTY), edition("new", later)) == [
        Difference("continued", "D1", "R1", "Told of an arrest")
    ]


def test_two_duties_may_continue_one() -> None:
    first, second = (replace(DUTY, id=name, continues="old/D1") for name in ("R1", "R2"))
    found = diff(edition("old", DUTY), edition("new", first, second))
    assert [(one.kind, one.earlier, one.later) for one in found] == [
        ("continued", "D1", "R1"),
        ("continued", "D1", "R2"),
    ]


def test_continuing_a_third_edition_is_continuing_nothing_here() -> None:
    later = replace(DUTY, id="R1", continues="older/D1")
    assert [one.kind for one in diff(edition("old", DUTY), edition("new", later))] == ["added", "removed"]


def test_changes_are_said_field_by_field() -> None:
    assert DUTY.answer is not None
    after = replace(
        DUTY,
        enhanced_limit=Limit("working_days", 1),
        applies=FactIs("domestic_abuse", ("true",)),
        answer=replace(DUTY.answer, generic=(Selector("victim_contacted", result=("reached",)),), shared=False),
        judged_at=JudgedAt("stage", (Selector("investigation_closed"),)),
        citation=Citation("A rule", "2"),
        starts_on=date(2024, 12, 31),
        measured_now=True,
    )
    assert changed(after) == {
        "enhanced_limit": ("", "1 working day"),
        "applies": ("", "domestic abuse"),
        "answer.generic": ("", "victim contacted (reached)"),
        "answer.shared": ("yes", "no"),
        "judged_at.at": ("due", "stage"),
        "judged_at.stage": ("", "investigation closed"),
        "citation": ("A rule 1", "A rule 2"),
        "starts_on": ("", "2024-12-31"),
        "measured_now": ("no", "yes"),
    }


def test_parts_and_exceptions_are_compared_one_by_one() -> None:
    told = Part("told", "Told", Answer((Selector("victim_told"),)))
    slower = LimitException(FactIs("hate", ("true",)), Limit("hours", 24), Citation("A rule", "3"))
    assert changed(replace(DUTY, parts=(told,), exceptions=(slower,)))["parts.told.answer.specific"] == (
        "",
        "victim told",
    )
    found = changed(replace(DUTY, exceptions=(slower,)))
    assert found["exceptions.1.when"] == ("", "hate")
    assert found["exceptions.1.limit"] == ("", "24 hours")


def test_examples_and_place_in_a_file_are_no_difference() -> None:
    assert diff(edition("old", DUTY), edition("new", replace(DUTY, file="right-06.yaml", line=9, papers=(3,)))) == []


def test_the_two_codes_differ_as_they_say() -> None:
    """The monthly update of 2015 gave way to the agreed frequency; the limit for an arrest stayed."""
    found = diff(loader.edition("code-2015"), loader.edition("code-2020"))
    pairs = {one.earlier: one for one in found if one.kind == "continued"}
    assert "E15-UPDATE" in pairs
    assert pairs["E15-UPDATE"].later == "R6-3"
    assert pairs["E15-ARREST"].later == "R6-1a"
    assert not [change for change in pairs["E15-ARREST"].changes if change.field.endswith("limit")]
    assert not [one for one in found if one.kind == "removed"]
