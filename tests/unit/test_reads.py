"""What is left unread changes nothing."""

import pytest

from kept.code import loader
from kept.engine.check import check
from kept.engine.entries import Timeline
from kept.engine.obligation import Evaluation
from kept.engine.reads import words_read
from kept.engine.reference import evaluate
from kept.engine.rules import Rules, prepare
from tests.support.engine import ALWAYS, duty, edition, rulebook


def evaluate_what_is_read(timeline: Timeline, rules: Rules) -> Evaluation:
    """The reference on what the rules say they read, as a run evaluates it."""
    read = words_read(rules, timeline.subject.kind)
    kept = [entry for found in (timeline.events, timeline.facts) for one in found.values() for entry in one]
    entries = [entry for entry in kept if entry.kind in read]
    return evaluate(Timeline(timeline.subject, entries, timeline.postings, timeline.as_of), rules)


@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_example_holds_on_what_its_duty_reads(name: str) -> None:
    assert check(loader.edition(name), evaluate_what_is_read).faults == ()


def test_what_an_edition_means_by_enhanced_is_read_though_it_has_no_gate() -> None:
    own = edition(duty(), terms={"enhanced": {"fact": "intimidated"}})
    assert "intimidated" in words_read(prepare(rulebook((own, ALWAYS, None))), "victim")
