"""The reasoning behind an obligation, in plain sentences, as `kept explain` prints it."""

from collections.abc import Iterable

import pytest

from kept.code import loader
from kept.code.model import Duty
from kept.engine.check import lay_out
from kept.engine.entries import Entry, Timeline
from kept.engine.explain import explain
from kept.engine.reference import evaluate
from kept.engine.rules import prepare
from tests.support.engine import ALWAYS, LATER, VICTIM, T, duty, edition, event, fact, rulebook

ARREST = event("suspect_arrested", 0, suspect="S1")


def lines(what: Duty, entries: Iterable[Entry], as_of: float = LATER) -> list[str]:
    """The reasoning behind the one obligation of a duty."""
    rules = prepare(rulebook((edition(what), ALWAYS, None)))
    timeline = Timeline(VICTIM, entries, (), T(as_of))
    (row,) = evaluate(timeline, rules).obligations
    return list(explain(row, timeline, rules).lines())


def test_the_whole_tree() -> None:
    what = duty(
        title="Told of the arrest",
        answer={"specific": "victim_told", "match": ["suspect"]},
        applies={"fact": "domestic_abuse"},
        note="A note.",
    )
    told = event("victim_told", 6, suspect="S1", value="arrest", result="told", entered=7)
    assert lines(what, [ARREST, told, fact("domestic_abuse", "true")]) == [
        "D1 Told of the arrest: late",
        "  Source: test; read in a primary source.",
        "  Note: A note.",
        "  It arose because: suspect arrested (suspect S1), Monday 4 March 2024, 09:00.",
        "    Asked whether domestic abuse: yes (the records then said true).",
        "    Enhanced Rights: the record's flag is not set; one of the Code's automatic gates is open.",
        "  The clock: 5 days from Monday 4 March 2024, 09:00, so due by Saturday 9 March 2024, 23:59.",
        "  Answered late: victim told: a suspect was arrested (told, suspect S1), Sunday 10 March 2024, 09:00.",
        "    It names the same suspect, hearing or item.",
        "    Entered at Monday 11 March 2024, 09:00.",
        "    That is 9 hours after it was due.",
        "  So the state is late: answered after the due moment.",
    ]


@pytest.mark.parametrize(
    ("words", "entries", "said"),
    [
        ({}, [], "  No event on the timeline answers it."),
        (
            {"answer": {"specific": "victim_told", "generic": "victim_contacted"}},
            [event("victim_contacted", 1)],
            "  A general contact may have included it: victim contacted, Tuesday 5 March 2024, 09:00. "
            "It counts only at best.",
        ),
        (
            {},
            [event("victim_told", 1, entered=9)],
            "    It was done in time, but written down only after it was due.",
        ),
        (
            {"or_reason": "reason_told"},
            [event("reason_told", 1)],
            "  A reason was told, which is enough: reason told, Tuesday 5 March 2024, 09:00.",
        ),
        (
            {},
            [event("good_reason", 1, item="D1", entered=9)],
            "  The force recorded a good reason, entered at Wednesday 13 March 2024, 09:00, after it was due.",
        ),
        (
            {"ends": "crime_cancelled"},
            [event("crime_cancelled", 1)],
            "  Ended by: crime cancelled, Tuesday 5 March 2024, 09:00.",
        ),
        (
            {"applies": {"fact": "age", "below": 18}},
            [],
            "  It cannot be judged: the records lack age.",
        ),
        (
            {"limit": None, "judged_at": {"maturity": {"days": 28}, "local": True}},
            [],
            "  No limit is set; it is judged 28 days after its start, Monday 1 April 2024, 23:59 (a local choice).",
        ),
        (
            {"opt_out": "letter"},
            [fact("opted_out", "true")],
            "  The victim has opted out of contact; the duty stands, and moves to the letter.",
        ),
        ({"credit": "agency"}, [], "  It counts for police."),
    ],
)
def test_what_decides_is_said(words: dict[str, object], entries: list[Entry], said: str) -> None:
    assert said in lines(duty(**words), [ARREST, *entries])


@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_example_is_explained_down_to_its_state(name: str) -> None:
    for one in lay_out(loader.edition(name)):
        for timeline in one.timelines:
            for row in evaluate(timeline, one.rules).obligations:
                reason = explain(row, timeline, one.rules)
                state = row.state.replace("_", " ")
                assert reason.says.endswith(f": {state}")
                assert reason.because[-1].says.startswith(f"So the state is {state}: ")
