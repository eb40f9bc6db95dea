"""The compiled evaluator gives the reference's rows, on any duty and any timeline."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.calendar import Calendar, start_of_day
from kept.code.model import START_FIELDS, Duty, Rulebook
from kept.engine import reference
from kept.engine.compiled.columns import moment_of
from kept.engine.compiled.days import midnights
from kept.engine.entries import Entry, Timeline
from kept.errors import CalendarError
from tests.agreement import test_meaning_shipped as shipped
from tests.agreement.test_meaning import POSTINGS, worlds
from tests.support import compiled
from tests.support.engine import INVESTIGATION, LATER, VICTIM, T, duty, event, fact, prepared

SEEDS = st.integers(0, 2**32)


def agree(what: Duty | Rulebook, entries: Iterable[Entry], as_of: float = LATER) -> int:
    """Both evaluators say the same of a victim and of an investigation; returns how many rows that is."""
    rules, said, count = prepared(what), list(entries), 0
    for subject in (VICTIM, INVESTIGATION):
        timeline = Timeline(subject, said, POSTINGS, T(as_of))
        mine, theirs = compiled.evaluate(timeline, rules), reference.evaluate(timeline, rules)
        assert mine.obligations == theirs.obligations
        assert +mine.not_arisen == +theirs.not_arisen
        count += len(mine.obligations)
    return count


@given(SEEDS, st.sampled_from((3.0, 9.5, 30.0, LATER)))
def test_random_duties_on_random_timelines(seed: int, as_of: float) -> None:
    for _, what, entries in worlds(seed):
        agree(what, entries, as_of)


@given(SEEDS, st.floats(0, 400))
def test_the_shipped_duties_on_random_timelines(seed: int, as_of: float) -> None:
    chance = Random(seed)
    entries, subject = shipped.timeline(chance), shipped.subject_of(chance)
    timeline = Timeline(subject, entries, POSTINGS, T(as_of))
    mine, theirs = compiled.evaluate(timeline, shipped.rules()), reference.evaluate(timeline, shipped.rules())
    assert mine.obligations == theirs.obligations
    assert +mine.not_arisen == +theirs.not_arisen


def test_the_five_hundredth_start_is_handled_like_the_first() -> None:
    starts = [event("suspect_arrested", number / 7, suspect=f"S{number}") for number in range(500)]
    told = [event("victim_told", number / 7 + number % 9, suspect=f"S{number}") for number in range(0, 500, 2)]
    for shared in (True, False):
        what = duty(answer={"specific": "victim_told", "match": ["suspect"], "shared": shared})
        assert agree(what, starts + told) == 500


@pytest.mark.parametrize("field", START_FIELDS)
def test_what_a_condition_asks_of_the_start_itself(field: str) -> None:
    what = duty(applies={"start": {field: ["one", "two"]}})
    texts: list[dict[str, Any]] = [{field: text} for text in ("one", "two", "x", None)]
    starts = [event("suspect_arrested", number)._replace(**said) for number, said in enumerate(texts)]
    assert agree(what, starts) == 2


@pytest.mark.parametrize(("attribute", "named"), [("summary_only", "crime"), ("opted_out", "victim")])
def test_whose_facts_a_start_of_an_investigation_reads(attribute: str, named: str) -> None:
    what = duty(owed_to="investigation", applies={"fact": attribute})
    of: list[dict[str, Any]] = [{named: value} for value in ("X1", "X2", None)]
    starts = [event("suspect_arrested", day)._replace(**said) for day, said in enumerate(of)]
    assert agree(what, [*starts, fact(attribute, "true")._replace(**of[0])]) == 2


def test_more_rows_than_entries_are_written() -> None:
    plan = duty(
        kind="repeat",
        owed_when="contact_agreed",
        limit={"days": 1},
        answer={"specific": "victim_contacted"},
        ends="investigation_closed",
    )
    assert agree(plan, [event("contact_agreed", 0)]) > 900


@given(st.integers(1, date.max.toordinal()))
def test_a_london_day_begins_when_the_calendar_says(ordinal: int) -> None:
    day = date.fromordinal(ordinal)
    try:
        begins = start_of_day(day)
    except OverflowError:  # the first midnight of the year 1 was in the year before it
        return
    assert moment_of(int(midnights()[ordinal - 1])) == begins


def test_every_change_of_londons_clocks_is_known_to_the_day() -> None:
    days = [date.fromordinal(day) for day in range(date(1915, 1, 1).toordinal(), date(1973, 1, 1).toordinal())]
    found = midnights()[[day.toordinal() - 1 for day in days]]
    assert [moment_of(one) for one in found.tolist()] == [start_of_day(day) for day in days]


@given(st.datetimes(datetime(2013, 1, 1), datetime(2026, 1, 1)), st.integers(0, 40), st.booleans())
def test_months_and_working_days_end_when_the_calendar_says(naive: datetime, amount: int, rounded_up: bool) -> None:
    days = (naive.replace(tzinfo=T(0).tzinfo) - T(0)) / timedelta(days=1)
    for limit in ({"months": amount, "rounding": "up" if rounded_up else "down"}, {"working_days": amount}):
        agree(duty(limit=limit), [event("suspect_arrested", days)])


@pytest.mark.parametrize("year", [1950, 2600])
def test_a_day_beyond_the_calendar_is_said_by_the_calendar(year: int) -> None:
    start = event("suspect_arrested", T(0).replace(year=year))
    what = duty(limit={"working_days": 5})
    rules, timeline = prepared(what), Timeline(VICTIM, [start], (), datetime(2700, 1, 1, tzinfo=T(0).tzinfo))
    with pytest.raises(CalendarError) as said:
        Calendar.of().after(start.at, 5, "working_days")
    with pytest.raises(CalendarError, match=str(year)) as found:
        compiled.evaluate(timeline, rules)
    assert str(found.value) == str(said.value)


def test_a_day_beyond_the_calendar_does_not_matter_where_nothing_is_owed() -> None:
    what = duty(limit={"working_days": 5}, applies={"fact": "domestic_abuse"})
    agree(what, [event("suspect_arrested", T(0).replace(year=1950)), fact("domestic_abuse", "false", T(-40000))])


def test_a_length_that_a_fact_states_may_be_absurd() -> None:
    what = duty(limit={"days": {"fact": "contact_interval"}})
    for said in ("0", "-3", "0.5", "7", "7.9"):
        agree(what, [event("suspect_arrested", 0), fact("contact_interval", said)])
