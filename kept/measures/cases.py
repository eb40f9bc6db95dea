"""The cases behind a figure: obligations of a measure one by one, those judged longest ago first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kept.engine.states import COUNTED, STATES, TURNING
from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.counts import check
from kept.measures.members.coded import NAMES_OF
from kept.measures.model import Measure
from kept.measures.question import Question
from kept.measures.tallied import conditions, require_months
from kept.measures.tally import WAITS, unpacked

MOST = 50
"""How many cases are listed where nobody says how many."""
LOST = ("not_done", "no_record", "late")
"""The states in which the records do not show that an obligation was kept in time."""
_STATES = tuple(row.state for row in STATES)


@dataclass(frozen=True, slots=True)
class Case:
    """One obligation, or all of a right that was judged for a victim in a month, and who is credited with it.

    `state` is that of the obligation; of a right it is how many were kept of how many. `day` is that on which it was
    judged, of a right the first of the month. `row` names an obligation in its run.
    """

    crime: str
    victim: str
    investigation: str
    state: str
    day: date | None
    area: str | None
    team: str | None
    subject: int
    row: int | None


def cases(
    at: Opened, measure: Measure, question: Question, states: Collection[str] = LOST, most: int = MOST
) -> list[Case]:
    """The cases that a question counts, in any of some states; of a right, those for whom something was lost.

    Raises MeasureError for a measure that counts no obligations, for a breakdown it does not allow, an unknown state.
    """
    _check(measure, question, states)
    query = _of_duty(at, measure, question, states) if measure.kind == "duty" else _of_right(at, measure, question)
    found = at.connection.sql(f"{query} LIMIT {most}").to_arrow_table().to_pylist()
    known = _known(at, [row["subject"] for row in found])
    return [Case(**known.get(row["subject"], _NOT_KNOWN), **row) for row in found]


def _check(measure: Measure, question: Question, states: Collection[str]) -> None:
    if measure.kind not in ("duty", "all_kept"):
        raise MeasureError(
            f"{measure.id} has no cases to list.",
            why="It counts what the records say, and no obligations.",
            what_to_do="Choose a duty, a right or the whole Code; kept measures list names them.",
        )
    check(measure, question)
    require_months(measure, question)
    wrong = sorted(set(states) - {*_STATES})
    if wrong:
        raise MeasureError(f"There is no state {wrong[0]}.", what_to_do=f"Choose from: {', '.join(_STATES)}.")


def _of_duty(at: Opened, measure: Measure, question: Question, states: Collection[str]) -> str:
    """SQL for the obligations of a duty in any of some states, the state being that at the clock."""
    where = conditions(at.connection, measure, question, "judged_on")
    settled = [str(place) for place, state in enumerate(_STATES) if state in states]
    turning = [str(place) for place, state in enumerate(_STATES) if state in TURNING]
    waiting = f"settled IN ({', '.join(turning)}) AND ({WAITS} OR judged_on IS NULL)"
    pending = f" OR {waiting}" if "pending" in states else ""
    early = f" AND NOT (settled IN ({_places(COUNTED)}) AND {WAITS})"
    return f"""
        SELECT subject, "row", CASE WHEN {waiting} THEN 'pending' ELSE getvariable('states')[settled + 1] END AS state,
            judged_on AS day, {_named("area")}, {_named("team")}
        FROM obligations_coded WHERE {" AND ".join(where)}
            AND ((settled IN ({", ".join(settled) or "NULL"}){early}){pending})
        ORDER BY judged_on, subject, "row\""""


def _of_right(at: Opened, measure: Measure, question: Question) -> str:
    """SQL for the victims' months in which not all that was judged was kept."""
    counts = unpacked()
    where = [*conditions(at.connection, measure, question, '"month"'), f"NOT {WAITS}"]
    return f"""
        SELECT subject, NULL::INTEGER AS "row", met || ' of ' || judged || ' kept' AS state, "month" AS day,
            {_named("area")}, {_named("team")}
        FROM (SELECT *, {counts["met"]} AS met, {counts["judged"]} AS judged
            FROM (SELECT *, {WAITS} AS waits FROM tallies_coded WHERE {" AND ".join(where)}))
        WHERE met < judged ORDER BY "month", subject"""


def _places(states: Sequence[str]) -> str:
    return ", ".join(str(_STATES.index(state)) for state in states)


def _named(column: str) -> str:
    return f"{NAMES_OF.format(column)}[{column}] AS {column}"


_KNOWN_BY = ("crime", "victim", "investigation")
_NOT_KNOWN = dict.fromkeys(_KNOWN_BY, "")


def _known(at: Opened, subjects: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Whose the timelines of some subjects are, as last known."""
    columns = ("subject", "entered", *_KNOWN_BY)
    rows = at.run.version.subjects_of(sorted(set(subjects)), columns).to_pylist()
    return {row["subject"]: {name: row[name] or "" for name in _KNOWN_BY} for row in rows}
