"""What is owed as things to do: bands that hold everything once, parts together, victims together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.calendar import LONDON
from kept.code.loader import rulebook
from kept.measures.charts.bands import BANDS as OF_THE_PAPERS
from kept.web.day.bands import AGED, BANDS, band_of, counted, days_until
from kept.web.day.holding import Held
from kept.web.day.load import loads
from kept.web.day.tasks import cards, sections, tasks
from kept.web.day.words import by_when, heading
from kept.web.worklist.reading import Owed

AT = datetime(2026, 6, 30, 11, tzinfo=UTC)
DUTIES = {(duty.edition, duty.id): duty for duty, _ in rulebook().duties()}
ARREST = Owed(
    investigation="I1",
    crime="C1",
    victim="V1",
    duty="R6-1a",
    edition="code-2020",
    part="",
    right=6,
    holder="police",
    start_at=AT - timedelta(days=7),
    due=AT,
    settled="no_record",
    repeats=False,
    moved=False,
    enhanced=False,
    offence="burglary",
    officer="O1",
    team="Red",
    subject=1,
)

dues = st.integers(-60 * 24, 31 * 24).map(lambda hours: AT + timedelta(hours=hours))
owed = st.builds(
    lambda due, number, duty, part, enhanced: replace(
        ARREST,
        due=due,
        duty=duty,
        part=part,
        enhanced=enhanced,
        subject=number,
        victim=f"V{number}" if number else "",
        investigation=f"I{number // 2}",
    ),
    dues,
    st.integers(0, 4),
    st.sampled_from(("R6-1a", "R6-1b", "R3-3", "not of this book")),
    st.sampled_from(("", "a", "b")),
    st.sampled_from((True, False, None)),
)
lists = st.lists(owed, max_size=20)


@given(st.integers(-5000, 5000))
def test_every_day_is_in_exactly_one_band(days: int) -> None:
    assert [band for band in BANDS if band.holds(days)] == [band_of(days)]


def test_the_aged_bands_are_those_of_the_papers() -> None:
    assert tuple(str(band.title) for band in AGED) == OF_THE_PAPERS


@given(st.lists(st.integers(-100, 40)))
def test_no_band_is_left_out_and_they_add_up(days: list[int]) -> None:
    found = counted(days)
    assert list(found) == [band.id for band in BANDS]
    assert sum(found.values()) == len(days)


@pytest.mark.parametrize(
    ("due", "days"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), 0),  # 23:59 in London
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 1),  # half past midnight in London
        (datetime(2026, 6, 29, 23, 30, tzinfo=UTC), 0),
        (datetime(2026, 6, 29, 22, 30, tzinfo=UTC), -1),
    ],
)
def test_a_day_is_londons(due: datetime, days: int) -> None:
    assert days_until(due, AT) == days


@given(lists)
def test_everything_owed_is_on_one_task_one_card_and_in_one_section(found: list[Owed]) -> None:
    listed = sections(cards(tasks(found, DUTIES, AT)))
    shown = [part for section in listed for card in section.cards for task in card.tasks for part in task.missing]
    assert sorted(map(repr, shown)) == sorted(map(repr, found))


@given(lists)
def test_a_card_is_of_one_victim_and_there_is_one_for_each(found: list[Owed]) -> None:
    made = cards(tasks(found, DUTIES, AT))
    of = [{(part.investigation, part.victim) for task in card.tasks for part in task.missing} for card in made]
    assert all(len(one) == 1 for one in of)
    assert len({next(iter(one)) for one in of}) == len(made)


@given(lists)
def test_what_can_still_be_kept_comes_before_what_cannot(found: list[Owed]) -> None:
    order = [band.id for band in BANDS]
    listed = [section.band.id for section in sections(cards(tasks(found, DUTIES, AT)))]
    assert listed == sorted(set(listed), key=order.index)
    for section in sections(cards(tasks(found, DUTIES, AT))):
        soon = [any(0 <= task.days <= 7 for task in card.tasks) for card in section.cards]
        assert all(soon) if section.band.id in ("today", "next") else not any(soon)


@given(lists)
def test_no_card_is_empty(found: list[Owed]) -> None:
    assert all(card.at_once for card in cards(tasks(found, DUTIES, AT)))


def test_a_card_of_what_is_overdue_alone_stands_by_its_oldest() -> None:
    found = [replace(ARREST, due=AT - timedelta(days=days), start_at=AT - timedelta(days=days + 1)) for days in (2, 40)]
    ((section,),) = [sections(cards(tasks(found, DUTIES, AT)))]
    assert section.band.id == "29"


def test_parts_of_one_duty_are_one_task_that_says_what_is_missing() -> None:
    parts = [part.id for part in DUTIES["force-standards", "FS-OFFICER-REVIEW"].parts]
    review = replace(ARREST, duty="FS-OFFICER-REVIEW", edition="force-standards")
    (whole,) = tasks([replace(review, part=part) for part in parts], DUTIES, AT)
    (half,) = tasks([replace(review, part=parts[1])], DUTIES, AT)
    assert len(whole.ways) == 2
    assert half.ways == whole.ways[1:]


def test_a_duty_that_the_rulebook_lacks_is_said_by_its_id() -> None:
    (task,) = tasks([replace(ARREST, duty="LOCAL-1")], DUTIES, AT)
    assert (task.title, task.why, task.ways, task.own_date) == ("LOCAL-1", "", [], False)


def test_where_the_law_sets_no_day_the_task_says_so() -> None:
    (task,) = tasks([replace(ARREST, duty="R6-4")], DUTIES, AT)
    assert task.own_date
    (task,) = tasks([ARREST], DUTIES, AT)
    assert not task.own_date


def london(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7 if day < 20 else 6, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (london(30, 23, 59), "Today"),
        (london(30, 16), "Today by 16:00"),
        (london(30, 9), "Today, since 09:00"),
        (london(1, 23, 59), "Tomorrow"),
        (london(1, 8, 30), "Tomorrow by 08:30"),
        (london(3, 23, 59), "In 3 days"),
        (london(29, 23, 59), "1 day overdue"),
        (london(20, 12), "10 days overdue"),
    ],
)
def test_by_when_is_said_as_an_officer_would(due: datetime, said: str) -> None:
    (task,) = tasks([replace(ARREST, due=due)], DUTIES, AT)
    assert by_when(task) == said


def test_every_band_has_a_heading() -> None:
    assert [heading(band) for band in BANDS][2] == "Overdue by 1–7 days"
    assert all(heading(band) for band in BANDS)


@given(lists, st.lists(st.sampled_from(("O1", "O2", ""))))
def test_loads_add_up_to_what_the_team_holds(found: list[Owed], holders: list[str]) -> None:
    held = [Held(f"I{n}", officer, None, None, n % 3, n % 2) for n, officer in enumerate(holders)]
    made = loads(held, tasks(found, DUTIES, AT), {"O1": "Zoe", "O2": "adam"})
    assert sum(load.cases for load in made) == len(held)
    assert sum(load.victims for load in made) == sum(one.victims for one in held)
    assert [load.officer for load in made] == [one for one in ("O2", "O1", "") if one in holders]
