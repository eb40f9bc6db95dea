"""Events that another system sends: entered here at once, and seen on every page until a load brings them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import duckdb
from django.http import HttpRequest
from ninja import Schema

from kept.contract.vocabulary import Vocabulary
from kept.errors import Fault, RecordsError
from kept.web import latest
from kept.web.access import in_scope, note, who
from kept.web.api.allowed import token_of
from kept.web.api.operations import operation
from kept.web.api.problems import FaultOut, fault_out
from kept.web.api.sent import EventIn, EventsIn, against_event
from kept.web.entered import rows
from kept.web.people.cases import cases
from kept.web.worklist import anew, ids

Outcome = Literal["accepted", "known", "refused"]


class Answered(Schema):
    """What became of one event: accepted, known already, or refused with the reasons."""

    id: str
    outcome: Outcome
    faults: list[FaultOut]


class EventsOut(Schema):
    """What became of each event, in the order in which they were sent."""

    events: list[Answered]


@operation("POST", "/events", "events:write", EventsOut, "Send events")
def events(request: HttpRequest, sent: EventsIn) -> EventsOut:
    """Enter events, each once by its id however often it is sent. One that is refused keeps no other from going in."""
    words = latest.version().vocabulary
    stored = _stored([one.id for one in sent.events])
    came_to = [_entered(request, one, words, stored.get(one.id)) for one in sent.events]
    news = {one.investigation for one, found in zip(sent.events, came_to, strict=True) if found.outcome == "accepted"}
    for investigation in sorted(news):
        anew.judge(investigation)
    return EventsOut(events=came_to)


def _entered(request: HttpRequest, one: EventIn, words: Vocabulary, stored_of: str | None) -> Answered:
    if not in_scope(request, {"investigation": one.investigation}):
        note(request, "refusal", one.investigation)
        return _refused(one, [Fault("There is no such case that this token may see.", "investigation")])
    if stored_of is not None:
        return _known(one) if stored_of == one.investigation else _refused(one, [_TAKEN])
    of_case = cases().victims(one.investigation)
    event = one.event(token_of(request).name)
    if faults := against_event(event, words, [row.id for row in of_case], [row.crime for row in of_case]):
        return _refused(one, faults)
    try:
        is_new = rows.add(event, who(request), vocabulary=words)
    except RecordsError as error:
        return _refused(one, error.faults)
    if is_new:
        note(request, "alteration", one.investigation, one.victim, "an event was sent")
    return Answered(id=one.id, outcome="accepted", faults=[]) if is_new else _known(one)


_TAKEN = Fault("Another event has this id.", "id", what_to_do="Send it with a new id.")


def _known(one: EventIn) -> Answered:
    return Answered(id=one.id, outcome="known", faults=[])


def _refused(one: EventIn, faults: Sequence[Fault]) -> Answered:
    return Answered(id=one.id, outcome="refused", faults=[fault_out(fault) for fault in faults])


def _stored(events: Sequence[str]) -> dict[str, str]:
    """The investigations of those events that the records hold and that were not sent here, by the event's id.

    An id stands for one event in the whole store, so that whoever could send one that is taken could change what
    another case says. Of one that was sent here before, `rows.add` says whether it is the same.
    """
    held = ids.perhaps_held(rows.not_there(events))
    if not held:
        return {}
    version = latest.version()
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TEMP VIEW events AS {version.relation('events')}")
        connection.execute(f"CREATE TEMP VIEW subjects AS {version.relation('subjects')}")
        return dict(connection.execute(_STORED, [held]).fetchall())


_STORED = """
WITH known AS (
    SELECT event_id, max(investigation) AS investigation, max(crime) AS crime, max(victim) AS victim FROM events
    WHERE event_id IN (SELECT unnest($1)) GROUP BY event_id
)
SELECT k.event_id, coalesce(max(k.investigation), max(s.investigation), '')
FROM known k LEFT JOIN subjects s ON s.crime = k.crime OR s.id = k.victim GROUP BY k.event_id
"""
