"""What must hold of the shipped rulebook, on timelines that speak of everything its duties ask for.

Directly on entries, and through the contract's tables: prepared as a load does it, with corrections, second sources,
late entry, several victims and crimes to an investigation, and missing moments.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kept.code import conditions as c
from kept.code import loader
from kept.code.model import Duty, Rulebook, Selector
from kept.contract.vocabulary import Attribute, Kind
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reference import evaluate
from kept.engine.rules import Rules, prepare
from tests.agreement.worlds import LATE, random_moment
from tests.support.engine import INVESTIGATION, VICTIM, T
from tests.support.tables import Row, evaluated, visible

SEEDS = st.integers(0, 2**32)
EACH = 3
RUN = settings().max_examples
"""How many examples the profile asks for; what is slower takes a share of it."""


@cache
def book() -> Rulebook:
    return loader.rulebook()


@cache
def rules() -> Rules:
    return prepare(book())


def duties() -> Iterator[Duty]:
    return (duty for duty, _ in book().duties() if duty.kind)


def selectors(duty: Duty) -> Iterator[Selector]:
    """Every event that a duty asks for."""
    for name in ("owed_when", "clock_from", "before", "or_reason", "not_done", "declined", "ends"):
        yield from getattr(duty, name)
    for answer in duty.answers():
        yield from (*answer.specific, *answer.generic)
    if duty.judged_at:
        yield from duty.judged_at.stage


@cache
def asked_for() -> tuple[Selector, ...]:
    return tuple(dict.fromkeys(one for duty in duties() for one in selectors(duty)))


# -- timelines -----------------------------------------------------------------------------------------------------


def some_duties(chance: Random) -> list[Duty]:
    """A few duties, so that a timeline holds what starts and what answers the same ones."""
    return chance.sample(list(duties()), 4)


def event_for(chance: Random, ident: str, wanted: Selector, duty: Duty) -> Entry:
    kind = book().vocabulary.kinds[wanted.kind]
    fields: dict[str, Any] = {name: chance.choice(values) for name, values in wanted.fields().items()}
    fields.setdefault("item", chance.choice((None, "K1", "K2")))
    links: dict[str, Any] = {
        name: chance.choice((None, "1", "2")) for name in ("suspect", "hearing") if name in kind.links
    }
    at, planned = random_moment(chance), kind.plannable and chance.random() < 0.4
    entered = at - timedelta(days=5) if planned else at + timedelta(days=chance.choice(LATE))
    return Entry(at, wanted.kind, ident, entered, planned=planned, **links, **fields)


def fact_for(chance: Random, ident: str) -> Entry:
    attribute = chance.choice([one for one in book().vocabulary.attributes.values() if one.of != "person"])
    at = chance.choice((T(-60), T(-60), random_moment(chance)))
    entered = at + timedelta(days=chance.choice(LATE))
    return Entry(at, attribute.name, ident, entered, is_fact=True, value=a_value(chance, attribute))


def a_value(chance: Random, attribute: Attribute) -> str:
    if attribute.type == "flag":
        return chance.choice(("true", "true", "false"))
    return str(chance.choice(attribute.codes)) if attribute.codes else str(chance.choice((7, 14, 17, 30)))


def timeline(chance: Random) -> list[Entry]:
    few = some_duties(chance)
    about = [duty for duty in few for _ in range(4)]
    events = [event_for(chance, f"e{n:02}", chance.choice(list(selectors(duty))), duty) for n, duty in enumerate(about)]
    said = [
        Entry(at, kind, f"s{n}", at, item=chance.choice(few).id)
        for n, (kind, at) in enumerate(
            (chance.choice(("good_reason", "victim_declined")), random_moment(chance)) for _ in range(2)
        )
    ]
    return [*events, *said, *(fact_for(chance, f"f{n}") for n in range(8))]


def subject_of(chance: Random) -> Subject:
    return chance.choice((VICTIM, VICTIM, INVESTIGATION))


def found(entries: list[Entry], subject: Subject, as_of: datetime) -> Evaluation:
    return evaluate(Timeline(subject, entries, (), as_of), rules())


def key(row: Obligation) -> tuple[str, str, datetime, str, str]:
    return (row.edition, row.duty, row.start_at, row.start_id or "", row.part)


@settings(max_examples=2 * RUN // 5)
@given(SEEDS, st.sampled_from((1, 8, 30, 1000)))
def test_order_and_what_is_entered_later_change_nothing(seed: int, as_of: float) -> None:
    for number in range(EACH):
        chance = Random(f"{seed}.{number}")
        entries, subject = timeline(chance), subject_of(chance)
        result = found(entries, subject, T(as_of))
        assert found(chance.sample(entries, len(entries)), subject, T(as_of)) == result
        assert found([one for one in entries if one.entered <= T(as_of)], subject, T(as_of)) == result
        keys = [key(row) for row in result.obligations]
        assert len(set(keys)) == len(keys)


@settings(max_examples=2 * RUN // 5)
@given(SEEDS, st.sampled_from((1, 8, 30)), st.sampled_from((0.4, 3, 60)))
def test_the_clock_alone_changes_only_what_was_pending(seed: int, first: float, more: float) -> None:
    for number in range(EACH):
        chance = Random(f"{seed}.{number}")
        entries, subject = timeline(chance), subject_of(chance)
        known = [one for one in entries if one.entered <= T(first) and (one.at <= T(first) or one.planned)]
        before = {key(row): row.state for row in found(known, subject, T(first)).obligations}
        after = {key(row): row.state for row in found(known, subject, T(first + more)).obligations}
        assert set(before) <= set(after)
        assert all(
            state == after[place]
            or (state == "pending" and after[place] in ("no_record", "not_done", "reasoned", "not_measurable"))
            for place, state in before.items()
        )


@settings(max_examples=RUN // 3)
@given(SEEDS)
def test_failing_to_flag_changes_nothing_where_a_gate_is_open(seed: int) -> None:
    for number in range(EACH):
        chance = Random(f"{seed}.{number}")
        open_gate = Entry(T(-300), "vulnerable", "gate", T(-300), is_fact=True, value="true")
        known = [one for one in timeline(chance) if one.kind not in ("vulnerable", "enhanced")]
        flag = Entry(T(-300), "enhanced", "flag", T(-300), is_fact=True, value="true")
        flagged, unflagged = (
            found(entries, VICTIM, T(1000)) for entries in ([*known, open_gate, flag], [*known, open_gate])
        )
        assert [row._replace(enhanced_flag=None) for row in flagged.obligations] == [
            row._replace(enhanced_flag=None) for row in unflagged.obligations
        ]


def test_no_duty_turns_on_the_records_flag_alone() -> None:
    """The flag is read through the term `enhanced` only, which a gate opens too: failing to set it never helps."""
    turning = [
        duty.id
        for duty in duties()
        for condition in (duty.applies, *(one.when for one in duty.exceptions), *(one.applies for one in duty.parts))
        if condition and "enhanced" in c.attributes(condition)
    ]
    assert turning == []
    for chosen in book().chosen:
        for name, term in chosen.edition.terms.items():
            assert name == "enhanced" or "enhanced" not in c.attributes(term.when)


def test_the_timelines_start_nearly_every_duty_and_reach_every_state() -> None:
    reached, states = set(), set()
    for seed in range(500):
        chance = Random(seed)
        for row in found(timeline(chance), subject_of(chance), T(45)).obligations:
            reached.add(row.duty)
            states.add(row.state)
    in_force = {duty.id for duty, chosen in book().duties() if duty.kind and chosen.ends_on is None}
    assert len(reached) >= 0.9 * len(in_force)
    assert len(states) == 9


# -- through the contract's tables ---------------------------------------------------------------------------------


def world(seed: int) -> dict[str, list[Row]]:
    """An investigation of up to three crimes and five victims, two of them one person, and what is said of them."""
    chance = Random(seed)
    name = f"w{seed}-"
    crimes = [crime_row(chance, name, n) for n in range(chance.randint(1, 3))]
    victims = [victim_row(chance, name, n, crimes) for n in range(chance.choice((0, 1, 2, 5)))]
    few = some_duties(chance) + some_duties(chance)
    events = [
        event_row(chance, f"{name}e{n:02}", chance.choice(few), crimes, victims) for n in range(chance.randint(4, 16))
    ]
    facts = [fact_row(chance, f"{name}f{n}", crimes, victims) for n in range(chance.randint(0, 8))]
    return {
        "crimes": crimes,
        "victims": victims,
        "events": [*events, *corrections(chance, events, "event_id")],
        "facts": [*facts, *corrections(chance, facts, "fact_id")],
    }


def crime_row(chance: Random, name: str, number: int) -> Row:
    reported, recorded = (chance.choice((None, random_moment(chance))) for _ in range(2))
    return {
        "crime": f"{name}C{number}",
        "investigation": f"{name}I",
        "reported_at": reported,
        "recorded_at": recorded,
        "entered_at": T(-9),
        "source": "crime system",
    }


def victim_row(chance: Random, name: str, number: int, crimes: list[Row]) -> Row:
    return {
        "victim": f"{name}V{number}",
        "crime": chance.choice(crimes)["crime"],
        "person": f"{name}P{number % 4}",
        "kind": "person",
        "age": float(chance.choice((12, 40))),
        "entered_at": T(chance.choice((-9, 0, 12))),
        "source": "crime system",
    }


def event_row(chance: Random, ident: str, duty: Duty, crimes: list[Row], victims: list[Row]) -> Row:
    wanted = chance.choice([one for one in selectors(duty) if not book().vocabulary.kinds[one.kind].made_from] or SPARE)
    made = event_for(chance, ident, wanted, duty)
    fields = {name: getattr(made, name) for name in ("value", "result", "channel", "suspect", "hearing", "item", "by")}
    return {
        "event_id": ident,
        "kind": made.kind,
        "scheduled_for" if made.planned else "occurred_at": made.at,
        "entered_at": made.entered,
        "source": chance.choice(("crime system", "witness care")),
        **fields,
        **about(chance, book().vocabulary.kinds[made.kind], crimes, victims),
    }


SPARE = [Selector("victim_contacted", result=("reached",))]


def about(chance: Random, kind: Kind, crimes: list[Row], victims: list[Row]) -> Row:
    """Whom an event names: a victim, a crime, or the whole investigation; never finer than its kind."""
    levels = {"victim": ("victim", "victim", "crime", "investigation"), "crime": ("crime", "investigation")}
    level = chance.choice(levels.get(kind.concerns, ("investigation",)))
    if level == "victim" and victims:
        return {"victim": chance.choice(victims)["victim"]}
    crime = chance.choice(crimes)
    return {"investigation": crime["investigation"]} if level == "investigation" else {"crime": crime["crime"]}


def fact_row(chance: Random, ident: str, crimes: list[Row], victims: list[Row]) -> Row:
    given_as_facts = [one for one in book().vocabulary.attributes.values() if not one.made_from]
    attribute = chance.choice([one for one in given_as_facts if one.of == "crime" or (one.of == "victim" and victims)])
    at = chance.choice((T(-60), random_moment(chance)))
    crime = chance.choice(crimes)["crime"]
    return {
        "fact_id": ident,
        "subject_kind": attribute.of,
        "subject": chance.choice(victims)["victim"] if attribute.of == "victim" else crime,
        "attribute": attribute.name,
        "value": chance.choice([one["crime"] for one in crimes])
        if attribute.name == "linked_to"
        else a_value(chance, attribute),
        "valid_from": at,
        "entered_at": at + timedelta(days=chance.choice(LATE)),
        "source": "crime system",
    }


def corrections(chance: Random, rows: list[Row], ident: str) -> list[Row]:
    """A few rows said again rightly, or taken back, some days later."""
    return [
        {
            **row,
            ident: f"{row[ident]}x",
            chance.choice(("supersedes", "voids")): row[ident],
            "entered_at": row["entered_at"] + timedelta(days=chance.choice((1, 8, 30))),
        }
        for row in rows
        if chance.random() < 0.15
    ]


def united(seeds: list[int]) -> dict[str, list[Row]]:
    worlds = [world(seed) for seed in seeds]
    return {name: [row for one in worlds for row in one[name]] for name in worlds[0]}


def unnumbered(result: Evaluation) -> list[Obligation]:
    """The rows without the subjects' numbers, which a first load gives in the order of what it holds."""
    rows = [row._replace(subject=0) for row in result.obligations]
    return sorted(rows, key=lambda row: (row.subject_id, row.investigation, row.victim or "", *key(row)))


SEVERAL = st.lists(st.integers(0, 10**6), min_size=15, max_size=25, unique=True)


@settings(max_examples=RUN // 25)
@given(SEVERAL, st.randoms(use_true_random=False))
def test_the_order_of_the_tables_rows_changes_nothing(seeds: list[int], chance: Random) -> None:
    rows = united(seeds)
    shuffled = {name: chance.sample(some, len(some)) for name, some in rows.items()}
    assert evaluated(shuffled, book(), T(40)) == evaluated(rows, book(), T(40))


@settings(max_examples=RUN // 16)
@given(SEVERAL, st.sampled_from((2, 5, 8, 14, 30)))
def test_an_earlier_as_of_gives_the_same_rows_after_everything_entered_since(seeds: list[int], as_of: float) -> None:
    rows = united(seeds)
    then, now = evaluated(visible(rows, T(as_of)), book(), T(as_of)), evaluated(rows, book(), T(as_of))
    assert unnumbered(now) == unnumbered(then)
    assert now.not_arisen == then.not_arisen
