"""The numbers of the pages of the rights: their parts are the whole, and they are those of the measures."""

from collections.abc import Iterable
from datetime import date

import pytest

from kept.measures.asked import Opened
from kept.measures.ledger.first_lost import kept_up_to
from kept.measures.lost import SIDES, Ways, together, ways_by, ways_of
from kept.measures.names import WHOLE
from kept.measures.question import Question
from kept.web.figures.reading import measures_of, rulebook_of
from kept.web.figures.scoped import FORCE, places_of
from kept.web.people.policy import Unit
from kept.web.rights.asked import Ask, Part, months_back
from kept.web.rights.drawn import OF_A_RIGHT, OF_ALL, chart
from kept.web.rights.seen import RightSeen, duty_figures, rights_seen


@pytest.fixture
def ask(at: Opened) -> Ask:
    return Ask(at.run.id, Part(FORCE, ()), 24, at.clock.date())


@pytest.fixture
def seen(at: Opened, ask: Ask) -> dict[int, RightSeen]:
    return {one.number: one for one in rights_seen(at, ask)}


def test_all_twelve_are_there_in_the_order_of_the_code(seen: dict[int, RightSeen]) -> None:
    assert [*seen] == [*range(1, 13)]


def test_the_victims_of_a_right_are_its_parts_together(seen: dict[int, RightSeen]) -> None:
    judged = [one for one in seen.values() if one.has_figure]
    assert len(judged) > 5
    for one in judged:
        assert one.figure is not None
        assert sum(one.victims.values()) == one.figure.n
        assert min(one.victims.values()) >= 0


def test_the_ways_of_each_duty_are_both_ends_of_its_rate(at: Opened, ask: Ask, seen: dict[int, RightSeen]) -> None:
    for right in seen.values():
        figures = duty_figures(at, ask, right)
        for one in right.duties:
            figure = figures.get(one.measure)
            if figure is not None:
                assert one.ways.judged == figure.n
                assert one.ways.of("kept") == round(float(figure.value or 0) * figure.n)
                best = one.ways.of("kept") + one.ways.of("recording")
                assert best == round(float(figure.at_best or 0) * figure.n)


def test_areas_have_together_what_all_have(at: Opened, ask: Ask, seen: dict[int, RightSeen]) -> None:
    duties = [one.duty for one in seen[6].of_police]
    by_area = ways_by(duties, at, ask.question("area"))
    whole = ways_of(duties, at, ask.question())
    assert len(by_area) > 2

    def added(several: Iterable[Ways]) -> list[int]:
        found = together(several)
        return [found.of(side) for side in SIDES]

    assert added(by_area.values()) == added(whole.values())


def test_of_an_area_only_its_own_is_counted(at: Opened, ask: Ask, seen: dict[int, RightSeen]) -> None:
    duties = [one.duty for one in seen[6].of_police]
    by_area = ways_by(duties, at, ask.question("area"))
    name = next(name for name in by_area if name)
    alone = ways_of(duties, at, Question(since=ask.since, only={"area": str(name)}))
    assert sum(one.judged for one in alone.values()) == by_area[name].judged


def test_who_has_everything_at_the_end_of_the_journey_has_the_whole_code(at: Opened, ask: Ask) -> None:
    rights = [f"right-{number}" for number in range(1, 13)]
    (whole,) = at.figures(measures_of(at.run)[WHOLE], ask.question())
    counted = kept_up_to(at.members.owed, rights, ask.question())
    best = kept_up_to(at.members.owed, rights, ask.question(), at_best=True)
    assert counted == sorted(counted, reverse=True)
    assert (counted[0], counted[-1]) == (whole.n, round(float(whole.value or 0) * whole.n))
    assert best[-1] == round(float(whole.at_best or 0) * whole.n)


def test_the_first_step_of_a_journey_is_the_first_right_alone_among_all(at: Opened, ask: Ask) -> None:
    found = kept_up_to(at.members.owed, ["right-3"], ask.question())
    (alone,) = at.figures(measures_of(at.run)["right-3"], ask.question())
    assert found == [alone.n, round(float(alone.value or 0) * alone.n)]


@pytest.mark.parametrize("number", [8, 9, 12])
def test_a_right_without_a_measurable_duty_of_the_police_says_why(seen: dict[int, RightSeen], number: int) -> None:
    one = seen[number]
    assert not one.has_figure
    assert ("owed by the police" in one.why) or ("What is lacking" in one.why)


def test_a_right_of_which_nothing_arose_says_so_in_words(at: Opened) -> None:
    """Before the force's first record nothing was owed."""
    before = Ask(at.run.id, Part(Unit("team", "none"), (("team", "none"),)), 3, at.clock.date())
    for one in rights_seen(at, before):
        assert not one.has_figure
        assert one.why


def test_every_chart_can_be_drawn_and_says_what_is_seen(at: Opened, ask: Ask, seen: dict[int, RightSeen]) -> None:
    for name in OF_ALL:
        assert chart(at, ask, name).sentence
    for number in (1, 6):
        for name in OF_A_RIGHT:
            drawn = chart(at, ask, name, number)
            assert drawn.sentence in drawn.alt
            assert drawn.table.columns
    assert seen[6].worst is not None


def test_parts_of_the_force_are_compared_that_are_large_enough(at: Opened, ask: Ask) -> None:
    drawn = chart(at, ask, "places", 6)
    assert all(float(row[2].value or 0) >= 10 for row in drawn.table.rows)
    assert len(places_of(at)) > 3


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 6, 30), 1, date(2026, 6, 1)),
        (date(2026, 6, 30), 12, date(2025, 7, 1)),
        (date(2026, 1, 1), 3, date(2025, 11, 1)),
        (date(2026, 12, 31), 24, date(2025, 1, 1)),
    ],
)
def test_months_are_counted_back_with_the_present_one_among_them(day: date, months: int, first: date) -> None:
    assert months_back(day, months) == first


def test_the_rulebook_is_that_of_the_run(at: Opened) -> None:
    assert rulebook_of(at.run).id == at.run.manifest["rulebook"]
