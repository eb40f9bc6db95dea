"""From charge to sentence: hearings planned, vacated and held, results, and what witness care passes on."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.demo import columns, moments
from kept.demo.case import Case
from kept.demo.fates import CHARGED
from kept.demo.moments import DAY, HOUR, MINUTE, NEVER, Flags, Ints
from kept.demo.sentence import after_sentence
from kept.demo.suspects import MAIN
from kept.demo.telling import Telling, inform, tell, tell_victims
from kept.demo.victims import BEREAVED

CARE = "witness_care"
HEARING = Telling("hearing", "R8-1a", (1, 1), CARE, 0.1)
BAIL = Telling("bail_hearing", "R8-1b", (5, 1), CARE, 0.15)
WARRANT = Telling("warrant", "R8-1c", (5, 1), CARE, 0.2)
REARREST = Telling("rearrest_hearing", "R8-1d", (5, 1), CARE, 0.25)
EVIDENCE = Telling("give_evidence", "R8-2a", (1, 1), CARE, 0.08)
MEASURES = Telling("special_measures", "R8-2c", (5, 5), CARE, 0.2)
OUTCOME = Telling("outcome", "R9-1", (1, 1), CARE, 0.1)
SENTENCE = Telling("sentence", "R9-3", (1, 1), CARE, 0.1)
APPEAL = Telling("appeal", "R9-6", (1, 1), CARE, 0.2)
STOPPED = Telling("prosecution_stopped", "R6-9", (5, 1), "cps", 0.2)
STOPS = {"discontinued": 0.5, "no_evidence": 0.2, "withdrawn": 0.15, "altered": 0.15}
ENDS = ("convicted", "acquitted", "other")


def court(case: Case) -> Ints:
    """Write what courts, the CPS and witness care did in the crimes that were charged.

    Returns when each victim was called to give evidence.
    """
    crime = np.flatnonzero(case.fates.fate == CHARGED)
    charged = case.cases.resolved[case.crimes.investigation[crime]]
    suspect = columns.label("S", case.number("crime", crime) * 10 + MAIN)
    _files(case, crime, charged)
    first = _first_hearings(case, crime, charged)
    contested = case.chance(crime.size, 0.5)
    verdict = _trials(case, crime, first, contested)
    called = _evidence(case, crime, first, verdict, contested)
    _results(case, crime, charged, suspect)
    _stops(case, crime, charged, suspect)
    _verdicts(case, crime, verdict, contested, suspect)
    return called


def hearing(case: Case, crime: Ints, which: int) -> columns.Text:
    """The id of a crime's hearing of a kind."""
    return columns.label("H", case.number("crime", crime) * 10 + which)


def _files(case: Case, crime: Ints, charged: Ints) -> None:
    """One file for each investigation, sent before the charge."""
    of, place = np.unique(case.crimes.investigation[crime], return_index=True)
    sent = charged[place] - moments.lags(case.rng, of.size, 12)
    sent = np.maximum(sent, case.cases.allocated[of] + HOUR)
    sent = moments.only(sent, case.chance(of.size, 0.6) & (sent < charged[place]))
    item = columns.label("MG3-", case.number("investigation", of))
    case.ledger.add("file_sent", sent, "investigation", of, item=item)
    case.ledger.add("file_allocated", case.later(sent, 9, sent < NEVER), "investigation", of, item=item, by="cps")


def _plan(case: Case, crime: Ints, which: int, kind: str, entered: Ints, planned: Ints) -> None:
    """List a hearing, let witness care hear of it and tell the victims, and hold it if its day has come."""
    name, add = hearing(case, crime, which), case.ledger.add
    add("hearing", entered, "crime", crime, planned=planned, value=kind, hearing=name, source="court")
    received = case.later(entered, 0.6, entered < NEVER)
    number = add("hearing_details_received", received, "crime", crime, hearing=name, touchpoint=CARE,
                 by=case.carer("crime", crime))  # fmt: skip
    tell(case, HEARING, received, crime, told_after=number, hearing=name)


def _held(case: Case, crime: Ints, which: int, kind: str, at: Ints) -> None:
    name = hearing(case, crime, which)
    case.ledger.add("hearing", at, "crime", crime, value=kind, hearing=name, source="court")
    if kind == "first":
        received = case.later(at, 2.0, case.chance(crime.size, 0.85))
        case.ledger.add("court_result_received", received, "crime", crime, hearing=name, touchpoint=CARE,
                        by=case.carer("crime", crime))  # fmt: skip


def _first_hearings(case: Case, crime: Ints, charged: Ints) -> Ints:
    """First hearings about four weeks after charge; a tenth is vacated and listed anew."""
    entered = case.later(charged, 0.5, charged < NEVER)
    planned = moments.at_work(case.rng, entered + 20 * DAY + moments.lags(case.rng, crime.size, 7))
    vacated = case.chance(crime.size, 0.1)
    _plan(case, crime, 1, "first", entered, planned)
    off = moments.only(planned - 5 * DAY, vacated)
    case.ledger.add("hearing_vacated", off, "crime", crime, hearing=hearing(case, crime, 1), source="court")
    again = moments.only(planned + 21 * DAY, off < case.as_of)
    _plan(case, crime, 2, "first", moments.only(off + HOUR, off < NEVER), again)
    _held(case, crime, 1, "first", moments.only(planned, ~vacated))
    _held(case, crime, 2, "first", again)
    return np.where(vacated, planned + 21 * DAY, planned)


def _trials(case: Case, crime: Ints, first: Ints, contested: Flags) -> Ints:
    """The end in court: a trial where it is contested, else the hearing for sentence; some still to come."""
    verdict = case.cases.verdict[case.crimes.investigation[crime]]
    ahead = case.as_of + case.rng.integers(10 * DAY, 240 * DAY, crime.size)
    listed = np.where(verdict < NEVER, verdict, moments.at_work(case.rng, ahead))
    entered = moments.only(first + 2 * HOUR, first + DAY < listed)
    for which, kind, chosen in ((3, "trial", contested), (4, "sentence", ~contested)):
        _plan(case, crime, which, kind, moments.only(entered, chosen), listed)
        _held(case, crime, which, kind, moments.only(verdict, chosen))
    return verdict


def _evidence(case: Case, crime: Ints, first: Ints, verdict: Ints, contested: Flags) -> Ints:
    """Special measures for whom needs them; the call to give evidence; expenses. Returns when each was called."""
    place, victim = case.victims_of(crime)
    who, add, size = case.victims, case.ledger.add, victim.size
    private = who.private[victim]
    needing = private & who.gate[victim] & case.chance(size, 0.5)
    add("need_found", moments.only(who.known[victim] + 3 * HOUR, needing), "victim", victim, value="special_measures")
    span = moments.lags(case.rng, size, 12)
    asked = moments.only(np.maximum(first[place] + 6 * DAY - span, who.known[victim] + 4 * HOUR), needing)
    add("views_asked", moments.only(asked - HOUR, case.chance(size, 0.85) & (asked < NEVER)), "victim", victim,
        value="special_measures", result="given")  # fmt: skip
    inform(case, "special_measures", victim, moments.only(asked - HOUR, asked < NEVER), 0.88)
    requested = moments.only(asked, case.chance(size, 0.88))
    unwritten = case.ledger.gap("victim", victim, 0.15)
    add("special_measures_requested", requested, "victim", victim, recorded=~unwritten)
    decided = case.later(np.maximum(requested, first[place]), 15, (requested < NEVER) & (first[place] < case.as_of))
    add("special_measures_decided", decided, "victim", victim, source="court",
        result=case.draw({"granted": 0.8, "part_granted": 0.12, "refused": 0.08}, size))  # fmt: skip
    tell_victims(case, MEASURES, decided, victim)
    called = case.later(first[place], 6, contested[place] & private & case.chance(size, 0.7))
    called = moments.only(called, called < np.minimum(verdict[place], case.as_of))
    number = add("evidence_required", called, "victim", victim, by="cps")
    case.ledger.fact("witness", "victim", victim, "true", called)
    tell_victims(case, EVIDENCE, called, victim, number)
    offered = case.later(called, 4, case.chance(size, 0.85))
    add("support_offered", offered, "victim", victim, value="witness", by=CARE, touchpoint=CARE,
        result=case.draw({"accepted": 0.5, "declined": 0.4, "undecided": 0.1}, size))  # fmt: skip
    came = moments.only(verdict[place], called < NEVER)
    name = hearing(case, crime[place], 3)
    add("evidence_refreshed", moments.only(came - HOUR, case.chance(size, 0.7) & (came < NEVER)), "victim", victim,
        hearing=name, by="cps")  # fmt: skip
    item = columns.label("X", case.number("victim", victim))
    claimed = case.later(came, 10, case.chance(size, 0.4))
    add("expenses_claimed", claimed, "victim", victim, item=item, by="cps")
    add("expenses_paid", case.later(claimed, 9, case.chance(size, 0.9), 0.6), "victim", victim, item=item, by="cps")
    everyone = np.full(case.victims.size, NEVER)
    everyone[victim] = called
    return everyone


def _results(case: Case, crime: Ints, charged: Ints, suspect: columns.Text) -> None:
    """Bail hearings, warrants and hearings after a re-arrest, as witness care receives them."""
    remanded = case.later(charged, 1.2, case.chance(crime.size, 0.22))
    _held(case, crime, 5, "bail", remanded)
    name = hearing(case, crime, 5)
    warrant = case.later(charged, 50, case.chance(crime.size, 0.06))
    again = case.later(warrant, 15, case.chance(crime.size, 0.6))
    for value, telling, at in (("bail", BAIL, remanded), ("warrant", WARRANT, warrant), ("rearrest", REARREST, again)):
        received = case.later(at, 2.0, case.chance(crime.size, 0.95))
        about = name if value == "bail" else pa.nulls(crime.size, pa.string())
        number = case.ledger.add("court_result_received", received, "crime", crime, value=value, touchpoint=CARE,
                                 by=case.carer("crime", crime), suspect=suspect, hearing=about)  # fmt: skip
        tell(case, telling, received, crime, told_after=number, suspect=suspect, hearing=about)


def _stops(case: Case, crime: Ints, charged: Ints, suspect: columns.Text) -> None:
    """Prosecutions that were stopped or altered; the CPS tells, and may offer a meeting."""
    until = np.minimum(case.cases.closed[case.crimes.investigation[crime]], case.as_of)
    at = case.later(charged, 45, case.chance(crime.size, 0.09))
    at = moments.only(at, at < until)
    value = case.draw(STOPS, crime.size)
    number = case.ledger.add("prosecution_changed", at, "crime", crime, suspect=suspect, value=value, by="cps")
    informed, told = tell(case, STOPPED, at, crime, told_after=number, suspect=suspect)
    inform(case, "right_to_review", informed, told, 0.75, by="cps")
    place, victim = case.victims_of(crime)
    may = columns.words(("false", "true"), case.chance(victim.size, 0.6).astype(np.int64))
    case.ledger.fact("review_eligible", "victim", victim, may, at[place])
    meeting = case.later(at[place], 5, case.victims.gate[victim] & case.chance(victim.size, 0.6))
    case.ledger.add("meeting_offered", meeting, "victim", victim, value="decision", by="cps",
                    result=case.draw({"accepted": 0.3, "declined": 0.6, "not_offered": 0.1}, victim.size))  # fmt: skip


def _verdicts(case: Case, crime: Ints, verdict: Ints, contested: Flags, suspect: columns.Text) -> None:
    end = case.rng.choice(3, crime.size, p=(0.78, 0.16, 0.06))
    add, name = case.ledger.add, pc.if_else(pa.array(contested), hearing(case, crime, 3), hearing(case, crime, 4))
    add("verdict", verdict, "crime", crime, value=columns.words(ENDS, end), suspect=suspect, hearing=name,
        source="court")  # fmt: skip
    sentenced = moments.only(verdict + HOUR, (end == 0) & (verdict < NEVER))
    add("sentence_passed", sentenced, "crime", crime, suspect=suspect, source="court")
    appealed = case.later(sentenced, 25, case.chance(crime.size, 0.04))
    for value, telling, at in (("outcome", OUTCOME, verdict), ("sentence", SENTENCE, sentenced),
                               ("appeal", APPEAL, appealed)):  # fmt: skip
        received = case.later(at, 1.8, case.chance(crime.size, 0.96))
        number = add("court_result_received", received, "crime", crime, value=value, suspect=suspect, hearing=name,
                     by=case.carer("crime", crime), touchpoint=CARE)  # fmt: skip
        tell(case, telling, received, crime, told_after=number, suspect=suspect)
    _meetings(case, crime, sentenced)
    after_sentence(case, crime, sentenced, suspect)


def _meetings(case: Case, crime: Ints, sentenced: Ints) -> None:
    """The CPS offers bereaved families a meeting upon the conviction, and upon the sentence."""
    place, victim = case.victims_of(crime)
    bereaved = case.victims.kind[victim] == BEREAVED
    passed = moments.only(sentenced[place], bereaved)
    results = {"accepted": 0.5, "declined": 0.4, "not_offered": 0.1}
    soon = moments.only(passed - 20 * MINUTE, case.chance(victim.size, 0.65) & (passed < NEVER))
    for value, at in (("conviction", soon), ("sentence", case.later(passed, 8, case.chance(victim.size, 0.7)))):
        case.ledger.add("meeting_offered", at, "victim", victim, value=value, by="cps",
                        result=case.draw(results, victim.size))  # fmt: skip
