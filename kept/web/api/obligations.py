"""What is owed: a list over all cases in scope, and the obligations of one case explained."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import asdict
from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from kept.engine.explain import Reason
from kept.engine.obligation import Obligation
from kept.errors import NotFoundError, UsageError
from kept.web.access import note_looks
from kept.web.api.operations import operation
from kept.web.api.said import Moment, Most, Text, plain
from kept.web.case.reading import shut_now
from kept.web.clock import now
from kept.web.entered.cases import case_file
from kept.web.latest import version
from kept.web.people.scoping import scope
from kept.web.worklist.reading import Owed
from kept.web.worklist.scoped import Place, Wanted, within


class OwedOut(Schema):
    """One duty that is owed to one victim, or of one investigation (`victim` blank), and is still to be done.

    `due`: by when, or where the law sets no limit the moment at which it is judged. `settled`: what it comes to if
    nothing more is done. `moved`: the victim has opted out, so that it must be done in another way.
    """

    investigation: str
    crime: str
    victim: str
    duty: str
    edition: str
    part: str
    right: int | None
    holder: str
    start_at: datetime
    due: datetime
    settled: str
    moved: bool
    enhanced: bool | None
    officer: str
    team: str


class OwedPage(Schema):
    """A page of the list. `after`: what to send to get the next; null on the last."""

    obligations: list[OwedOut]
    after: str | None


class OwedAsked(Schema):
    """Which are asked for; what is left out asks for nothing."""

    investigation: Text = ""
    duty: Text = ""
    right: int | None = Field(None, ge=1, le=12)
    team: Text = ""
    due_before: Moment | None = None
    after: Text = Field("", max_length=1000, pattern=r"^[A-Za-z0-9_=-]*$")
    most: Most = 50


class ReasonOut(Schema):
    """A sentence, and the sentences it rests on."""

    says: str
    because: list[ReasonOut]


class ExplainedOut(Schema):
    """One obligation of a case with its state, and why it has that."""

    victim: str
    duty: str
    edition: str
    part: str
    right: int | None
    start_at: datetime
    due: datetime | None
    judged: datetime | None
    state: str
    answered_at: datetime | None
    why: ReasonOut


class CaseOut(Schema):
    """Every obligation of one case, as known at a moment."""

    investigation: str
    as_of: datetime
    records_loaded: datetime
    obligations: list[ExplainedOut]


class CaseAsked(Schema):
    """Of one victim, of one duty, or all; as known at an earlier moment, or now."""

    victim: Text = ""
    duty: Text = ""
    as_of: Moment | None = None


@operation("GET", "/obligations", "obligations:read", OwedPage, "What is owed now, in the cases in scope")
def obligations(request: HttpRequest, asked: Query[OwedAsked]) -> OwedPage:
    """What is owed now or soon in open cases, by investigation; who is listed is logged as looked at."""
    wanted = Wanted(asked.investigation, asked.duty, asked.right, asked.team, asked.due_before)
    found = within(scope(request), wanted, _place(asked.after), asked.most)
    if found:
        note_looks(request, [(one.investigation, one.victim) for one in found])
    after = _cursor(Place.of(found[-1])) if len(found) == asked.most else None
    return OwedPage(obligations=[_owed(one) for one in found], after=after)


@operation("GET", "/obligations/{investigation}", "obligations:read", CaseOut, "Why, for one case")
def explained(request: HttpRequest, investigation: str, asked: Query[CaseAsked]) -> CaseOut:
    """Every obligation of a case in the reference evaluator's words, with what was entered here since the last load.

    NotFoundError where part of what the case held at an earlier moment is now in one that this caller may not open.
    """
    as_of = min(asked.as_of or now(), now())
    case = case_file(investigation, as_of)
    if shut_now(case, scope(request)):
        raise NotFoundError(
            "Part of what this case then held is now in a case that this token may not see.",
            what_to_do="Ask for the case as it is known now.",
        )
    wanted = [row for row in case.obligations() if asked.victim in ("", row.victim) and asked.duty in ("", row.duty)]
    return CaseOut(
        investigation=investigation,
        as_of=as_of,
        records_loaded=datetime.fromisoformat(version().manifest.made_at),
        obligations=[_explained(row, case.why(row)) for row in wanted],
    )


def _explained(row: Obligation, why: Reason) -> ExplainedOut:
    said = {name: value for name, value in row._asdict().items() if name in ExplainedOut.model_fields}
    return ExplainedOut(**{**said, "victim": row.victim or ""}, why=_reason(why))


def _reason(why: Reason) -> ReasonOut:
    return ReasonOut(says=why.says, because=[_reason(one) for one in why.because])


def _owed(one: Owed) -> OwedOut:
    return OwedOut(**{name: value for name, value in asdict(one).items() if name in OwedOut.model_fields})


def _cursor(place: Place) -> str:
    return urlsafe_b64encode(json.dumps([*plain(asdict(place)).values()]).encode()).decode()


def _place(cursor: str) -> Place | None:
    """Where the page before ended; UsageError for what was never given out."""
    if not cursor:
        return None
    try:
        investigation, due, victim, duty, part, start_at = map(str, json.loads(urlsafe_b64decode(cursor)))
        moments = [datetime.fromisoformat(one) for one in (due, start_at)]
        if None in [one.tzinfo for one in moments]:
            raise ValueError
    except (ValueError, NotBase64):
        raise UsageError(
            "`after` is not one that was given out.", what_to_do="Send it as the page before had it."
        ) from None
    return Place(investigation, moments[0], victim, duty, part, moments[1])
