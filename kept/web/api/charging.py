"""The check at charge for the crime system, asked before a charge is submitted."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from kept.engine.alone import Fresh
from kept.errors import Fault, UsageError
from kept.web import latest
from kept.web.access import note_looks, who
from kept.web.api.allowed import case_of
from kept.web.api.operations import operation
from kept.web.api.said import Id
from kept.web.api.sent import EventIn, FactIn, against_event, against_fact
from kept.web.charge import asking
from kept.web.charge.checks import BECAUSE, Found, Result
from kept.web.clock import now
from kept.web.people.cases import cases


class ChargeIn(Schema):
    """A case, and what was entered about it minutes ago. `victims`: of these alone; all of the case where left out."""

    investigation: Id
    victims: list[Id] = Field([], max_length=200)
    events: list[EventIn] = Field([], max_length=200)
    facts: list[FactIn] = Field([], max_length=200)


class LawOut(Schema):
    """Where a rule stands."""

    source: str
    paragraph: str
    url: str


class EvidenceOut(Schema):
    """The event that shows it. `loaded`: whether the records hold it; else it was sent, or entered here since."""

    id: str
    kind: str
    at: datetime
    loaded: bool


class StepOut(Schema):
    """One step of a check: why it has its result, in a word and in a sentence."""

    step: str
    result: Result
    because: str
    says: str
    evidence: EvidenceOut | None
    law: list[LawOut]


class CheckOut(Schema):
    """One check of one victim: pass, missing or unknown, as its worst step."""

    check: str
    title: str
    result: Result
    steps: list[StepOut]


class VictimOut(Schema):
    """The checks of one victim."""

    victim: str
    result: Result
    checks: list[CheckOut]


class ChargeOut(Schema):
    """The check of a case: as of a moment, by records loaded at another. It is advice and stops nothing."""

    investigation: str
    at: datetime
    records_loaded: datetime
    result: Result
    digest: str
    advice: str
    victims: list[VictimOut]


ADVICE = "This is advice. Whether to charge is decided by the police and the prosecutor; nothing here stops it."


@operation("POST", "/charge-check", "charge:check", ChargeOut, "Check a case before a charge")
def charge_check(request: HttpRequest, asked: ChargeIn) -> ChargeOut:
    """Per victim pass, missing or unknown of what should have been done before a charge; never pass when unknown."""
    case_of(request, asked.investigation)
    sent = _sent(asked)
    found = asking.check(asked.investigation, now(), asked.victims, sent)
    asking.keep(found, who(request))
    note_looks(request, [(asked.investigation, one.id) for one in cases().victims(asked.investigation)])
    return ChargeOut(
        investigation=found.investigation,
        at=found.at,
        records_loaded=found.loaded,
        result=found.result,
        digest=found.digest,
        advice=ADVICE,
        victims=[_victim(one, found) for one in found.victims],
    )


def _sent(asked: ChargeIn) -> list[Fresh]:
    """What came with the question as fresh entries; UsageError with everything that is wrong with them."""
    if not asked.events and not asked.facts:
        return []
    words, of_case = latest.version().vocabulary, cases().victims(asked.investigation)
    victims, crimes = [one.id for one in of_case], [one.crime for one in of_case]
    events = [one.event("sent") for one in asked.events]
    faults = [Fault("It is about another case.") for one in events if one.investigation != asked.investigation]
    faults += [fault for one in events for fault in against_event(one, words, victims, crimes)]
    faults += [fault for one in asked.facts for fault in against_fact(one, words, victims)]
    if faults:
        raise UsageError.of(faults)
    facts = [(one.victim, one.entry(place)) for place, one in enumerate(asked.facts)]
    return [*((one.about, one.entry(now())) for one in events), *facts]


def _victim(one: asking.OfVictim, found: asking.Checked) -> VictimOut:
    checks = [
        CheckOut(
            check=check.ask.id,
            title=check.ask.title,
            result=check.result,
            steps=[_step(step, found) for step in check.found],
        )
        for check in one.checks
    ]
    return VictimOut(victim=one.victim, result=one.result, checks=checks)


def _step(step: Found, found: asking.Checked) -> StepOut:
    shows = step.evidence
    return StepOut(
        step=step.step,
        result=step.result,
        because=step.because,
        says=BECAUSE[step.because][1],
        evidence=shows
        and EvidenceOut(id=shows.id, kind=shows.kind, at=shows.at, loaded=shows.id not in found.unloaded),
        law=[LawOut(source=one.source, paragraph=one.paragraph, url=one.url) for one in step.law],
    )
