"""What is put right later: corrected and withdrawn events and facts, merged persons, linked crimes, deaths."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.demo import columns, moments
from kept.demo.case import Case
from kept.demo.moments import DAY, HOUR, MINUTE, NEVER, Flags, Ints

CORRECTED = ("suspect_arrested", "suspect_interviewed", "written_confirmation", "support_offered", "statement_taken")
WITHDRAWN = ("risk_assessed", "views_asked", "action_noted", "support_referred")
SHARE = 0.01


def corrections(case: Case) -> None:
    """Write what corrects the rest of the chunk; comes last, so that there is something to correct."""
    events = pa.concat_tables(case.ledger.events)
    written, number = _numbered(case, events, CORRECTED)
    _correct(case, written, number)
    wrong, number = _numbered(case, events, WITHDRAWN)
    _withdraw(case, wrong, number)
    _flags_put_right(case)
    _merged(case)
    _linked(case)
    _deaths(case)


def _numbered(case: Case, events: pa.Table, kinds: tuple[str, ...]) -> tuple[pa.Table, Ints]:
    """A small share of the events of some kinds, and a fresh number for each."""
    among = events.filter(pc.is_in(events["kind"], value_set=pa.array(kinds)))
    some = among.take(pa.array(np.flatnonzero(case.chance(among.num_rows, SHARE)))).combine_chunks()
    number = case.ledger.next_event + np.arange(some.num_rows)
    case.ledger.next_event += some.num_rows
    return some, number


def _moved(case: Case, column: pa.ChunkedArray, by: Ints) -> Ints:
    at: Ints = column.cast(pa.int64()).to_numpy()
    moved: Ints = np.minimum(at + by, case.as_of)
    return moved


def _correct(case: Case, some: pa.Table, number: Ints) -> None:
    """The same event again, up to an hour sooner, written down days later in place of the first."""
    size = some.num_rows
    sooner = -case.rng.integers(0, HOUR, size)
    later = _moved(case, some["entered_at"], case.rng.integers(HOUR, 20 * DAY, size))
    given = {name: some[name].combine_chunks() for name in some.column_names}
    given |= {
        "event_id": columns.label("E", number),
        "occurred_at": columns.moments(_moved(case, some["occurred_at"], sooner)),
        "entered_at": columns.moments(later),
        "supersedes": given["event_id"],
    }
    case.ledger.events.append(columns.table("events", size, given))


def _withdraw(case: Case, some: pa.Table, number: Ints) -> None:
    """Rows that say only that another should not have been written."""
    size = some.num_rows
    given = {
        "event_id": columns.label("E", number),
        "entered_at": columns.moments(_moved(case, some["entered_at"], case.rng.integers(HOUR, 9 * DAY, size))),
        "source": some["source"].combine_chunks(),
        "voids": some["event_id"].combine_chunks(),
    }
    case.ledger.events.append(columns.table("events", size, given))


def _flags_put_right(case: Case) -> None:
    """Hate flags set by mistake: some withdrawn, some superseded by their opposite."""
    row = np.flatnonzero(~case.crimes.hate & case.chance(case.crimes.size, 0.004))
    start = case.crimes.recorded[row]
    number = case.ledger.fact("hate", "crime", row, "true", start, entered=start + MINUTE)
    at = case.later(start, 4, np.ones(row.size, np.bool_))
    came = np.flatnonzero((at < case.as_of) & (number >= 0))
    own = case.ledger.next_fact + np.arange(came.size)
    case.ledger.next_fact += came.size
    corrects = {
        "fact_id": columns.label("F", own),
        "entered_at": columns.moments(at[came]),
        "source": columns.text("crime_system", came.size),
    }
    instead = {
        "subject_kind": columns.text("crime", came.size),
        "subject": case.ledger.names["crime"].take(pa.array(row[came])),
        "attribute": columns.text("hate", came.size),
        "value": columns.text("false", came.size),
        "valid_from": columns.moments(start[came]),
    }
    first = columns.label("F", number[came])
    half = pa.array(np.arange(came.size) % 2 == 0)
    for name, said, chosen in (("voids", {}, half), ("supersedes", instead, pc.invert(half))):
        rows = columns.table("facts", came.size, {**corrects, **said, name: first})
        case.ledger.facts.append(rows.filter(chosen))


def _apart(case: Case) -> Ints:
    """Victims whose contacts nobody counts on, so that joining two of them changes no calibrated share."""
    who, agreed = case.victims, case.plans.agreed
    alone = (who.leader == case.everyone()) & (who.donor == case.everyone()) & (agreed >= NEVER) & who.private
    counted: Flags = np.isin(who.investigation, who.investigation[agreed < NEVER])
    return np.flatnonzero(alone & ~counted & (who.known < case.as_of - 40 * DAY))


def _pairs(case: Case, share: float) -> tuple[Ints, Ints]:
    among = case.rng.permutation(_apart(case))
    count = int(among.size * share / 2)
    return among[:count], among[count : 2 * count]


def _merged(case: Case) -> None:
    """Two persons who turn out to be one."""
    one, other = _pairs(case, 0.02)
    known = np.maximum(case.victims.known[one], case.victims.known[other])
    at = case.later(known, 15, np.ones(one.size, np.bool_))
    persons = {**case.ledger.names, "person": columns.label("P", case.number("victim", case.everyone()))}
    case.ledger.names.update(persons)
    into = persons["person"].take(pa.array(other))
    case.ledger.fact("merged_into", "person", one, into, at, source="persons")


def _linked(case: Case) -> None:
    """Crimes that are found to be linked, of the same person or of others."""
    one, other = _pairs(case, 0.03)
    crime, with_ = case.victims.crime[one], case.victims.crime[other]
    at = case.later(np.maximum(case.crimes.recorded[crime], case.crimes.recorded[with_]), 20,
                    np.ones(one.size, np.bool_))  # fmt: skip
    case.ledger.fact("linked_to", "crime", crime, case.ledger.names["crime"].take(pa.array(with_)), at)


def _deaths(case: Case) -> None:
    """A few victims die after their case has closed, or while nothing more happens in it."""
    who = case.everyone()
    last = case.cases.closed[case.victims.investigation]
    old = case.victims.private & (last < case.as_of - 120 * DAY) & case.chance(who.size, 0.002)
    died = case.as_of - case.rng.integers(DAY, 10 * DAY, who.size)
    case.ledger.add("victim_died", moments.only(died, old), "victim", who, slow=0.2)
