"""The tables of one chunk: those of the extract and those of the hidden truth."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.demo import columns, ledger, moments, workforce
from kept.demo.case import Case
from kept.demo.crimes import ROUTES, TOUCHPOINTS
from kept.demo.moments import MINUTE, NEVER, Ints
from kept.demo.victims import DISABILITIES, ETHNICITIES, KINDS, LANGUAGES
from kept.demo.workforce import AREAS, DEPARTMENTS, UNALLOCATED

SYSTEM = "crime_system"


def extract(case: Case, forms: list[pa.Table], postings: pa.Table) -> dict[str, pa.Table]:
    """The chunk's rows of every table that belongs to cases."""
    return {
        "investigations": _investigations(case),
        "crimes": _crimes(case),
        "victims": _victims(case),
        "facts": ledger.together(case.ledger.facts, columns.schema("facts")),
        "events": ledger.together(case.ledger.events, columns.schema("events")),
        "assessments": ledger.together(forms, columns.schema("assessments")),
        "postings": postings,
        "restrictions": _restrictions(case),
    }


def truth(case: Case, assessments: pa.Table) -> dict[str, pa.Table]:
    """What was really done, and who really has Enhanced Rights, beside what was written down of it."""
    who = case.victims
    victims = pa.table({
        "victim": case.ledger.names["victim"], "really_enhanced": pa.array(who.gate),
        "flagged": pa.array(who.flagged), "person": _persons(case),
    })  # fmt: skip
    events = ledger.together(case.ledger.truth, ledger.TRUTH)
    return {"events": events, "assessments": assessments, "victims": victims}


def _entered(case: Case, at: Ints) -> pa.Array:
    wait = (case.rng.random(at.size) * 20 * MINUTE).astype(np.int64)
    return columns.moments(np.minimum(at + wait, case.as_of))


def _investigations(case: Case) -> pa.Table:
    size = case.cases.opened.size
    numbers = case.number("investigation", np.arange(size))
    given = {
        "investigation": case.ledger.names["investigation"],
        "opened_at": columns.moments(case.cases.opened),
        "called": columns.label("20/", numbers),
        "entered_at": _entered(case, case.cases.opened),
        "source": columns.text(SYSTEM, size),
    }
    return columns.table("investigations", size, given)


def _crimes(case: Case) -> pa.Table:
    crimes, size = case.crimes, case.crimes.size
    area = case.team[crimes.investigation] // len(DEPARTMENTS)
    given = {
        "crime": case.ledger.names["crime"],
        "investigation": case.ledger.names["investigation"].take(pa.array(crimes.investigation)),
        "committed_at": columns.moments(crimes.committed),
        "reported_at": columns.moments(crimes.reported),
        "recorded_at": columns.moments(crimes.recorded),
        "reporting_route": case.draw(ROUTES, size),
        "touchpoint": case.draw(TOUCHPOINTS, size),
        "place": columns.words(AREAS, area),
        "entered_at": _entered(case, crimes.recorded),
        "source": columns.text(SYSTEM, size),
    }
    return columns.table("crimes", size, given)


def _persons(case: Case) -> pa.Array:
    return columns.label("P", case.number("victim", case.victims.donor))


def _victims(case: Case) -> pa.Table:
    who, size = case.victims, case.victims.size
    private, own = pa.array(who.private), who.donor
    nobody = pa.scalar(None, pa.string())
    sex = columns.words(("male", "female"), who.female.astype(np.int64))

    def said(column: pa.Array) -> pa.Array:
        return pc.if_else(private, column, nobody)

    ages = pa.array(who.age, mask=(who.age < 0) | case.chance(size, 0.03)).cast(pa.float64())
    given = {
        "victim": case.ledger.names["victim"],
        "crime": case.ledger.names["crime"].take(pa.array(who.crime)),
        "person": _persons(case),
        "kind": columns.words(KINDS, who.kind),
        "age": ages,
        "sex": said(sex),
        "ethnicity": said(case.draw(ETHNICITIES, size).take(pa.array(own))),
        "disability": said(case.draw(DISABILITIES, size).take(pa.array(own))),
        "language": said(columns.words(list(LANGUAGES), who.language)),
        "nominee": pa.array(who.nominee),
        "entered_at": _entered(case, who.added),
        "source": columns.text(SYSTEM, size),
    }
    return columns.table("victims", size, given)


def _restrictions(case: Case) -> pa.Table:
    row = np.flatnonzero(case.chance(case.cases.opened.size, 0.003))
    barred = np.where(case.chance(row.size, 0.5), case.rng.integers(0, case.force.officers, row.size), -1)
    given = {
        "investigation": case.ledger.names["investigation"].take(pa.array(row)),
        "marking": case.draw({"sensitive": 0.7, "confidential": 0.25, "secret": 0.05}, row.size),
        "barred": columns.label("O", barred),
        "source": columns.text(SYSTEM, row.size),
    }
    return columns.table("restrictions", row.size, given)


def postings(case: Case) -> pa.Table:
    """Unallocated from the opening, an officer from the allocation, another after a reallocation."""
    cases, size, rng = case.cases, case.cases.opened.size, case.rng
    all_cases = np.arange(size)
    start = cases.recorded
    held = cases.allocated < NEVER
    moved = case.later(cases.allocated, 40, held & case.chance(size, 0.15))
    moved = moments.only(moved, moved < np.minimum(cases.closed, case.as_of))
    waiting = np.minimum(cases.allocated, np.where(cases.closed < case.as_of, cases.closed, NEVER))
    waited = waiting > start
    other = np.where(rng.random(size) < 0.6, case.team, rng.integers(0, workforce.TEAMS, size))
    officer = case.force.member(rng, other)
    again = np.flatnonzero(moved < NEVER)
    case.ledger.add("investigation_allocated", cases.allocated, "investigation", all_cases, slow=0.3)
    case.ledger.add("investigation_allocated", moved, "investigation", all_cases, slow=0.3)
    first, hold = np.flatnonzero(waited), np.flatnonzero(held)
    nobody = np.full(first.size, -1)
    parts = (
        (first, start[first], waiting[first], nobody, case.team[first], True),
        (hold, cases.allocated[hold], moved[hold], case.officer[hold], case.team[hold], False),
        (again, moved[again], np.full(again.size, NEVER), officer[again], other[again], False),
    )
    return pa.concat_tables([_posted(case, *part) for part in parts])


def _posted(case: Case, row: Ints, start: Ints, end: Ints, officer: Ints, team: Ints, unallocated: bool) -> pa.Table:
    names = columns.words(workforce.team_names(), team)
    given = {
        "investigation": case.ledger.names["investigation"].take(pa.array(row)),
        "from": columns.moments(start),
        "to": columns.moments(end),
        "officer": columns.label("O", officer),
        "team": columns.text(UNALLOCATED if unallocated else names, row.size),
        "department": columns.words(DEPARTMENTS, team % len(DEPARTMENTS)),
        "area": columns.words(AREAS, team // len(DEPARTMENTS)),
        "source": columns.text(SYSTEM, row.size),
    }
    return columns.table("postings", row.size, given)
