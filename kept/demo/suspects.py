"""What happens to suspects, from arrest to the decision, and who is told of it."""

import numpy as np
import pyarrow.compute as pc

from kept.demo import columns, moments
from kept.demo.case import Case
from kept.demo.fates import CHARGED, DISPOSAL, NO_CHARGE, NOT_INVESTIGATED, WITHDRAWN
from kept.demo.moments import DAY, HOUR, NEVER, Ints
from kept.demo.telling import Telling, inform, tell

DISPOSALS = {"community_resolution": 0.55, "caution": 0.15, "conditional_caution": 0.15,
             "penalty_notice": 0.05, "diversion": 0.10}  # fmt: skip
ARREST = Telling("arrest", "R6-1a")
INTERVIEW = Telling("interview", "R6-1b", unwritten=0.25)
RELEASE = Telling("release", "R6-1c", unwritten=0.2)
BAIL = Telling("bail", "R6-1d", unwritten=0.22)
NOT_INVESTIGATING = Telling("not_investigated", "R6-2", unwritten=0.1, links=())
DISPOSED = Telling("disposal", "R6-6", unwritten=0.12)
CHARGE = Telling("charge", "R6-7", unwritten=0.08)
NOT_CHARGING = Telling("no_charge", "R6-8", unwritten=0.12)
MAIN, SECOND = 1, 2


def suspects(case: Case) -> None:
    """Write the stories of the main suspect of each crime, and of a second one in some."""
    crime = np.flatnonzero(case.fates.suspect & (_until(case) > _from(case) + 6 * HOUR))
    _custody(case, crime, MAIN)
    _custody(case, crime[case.chance(crime.size, 0.09)], SECOND)
    _decisions(case)


def _from(case: Case) -> Ints:
    allocated = case.cases.allocated[case.crimes.investigation]
    return np.maximum(case.crimes.recorded, np.where(allocated < NEVER, allocated, 0))


def _until(case: Case) -> Ints:
    return np.minimum(case.cases.resolved[case.crimes.investigation], case.as_of)


def _custody(case: Case, crime: Ints, which: int) -> None:
    """Arrest or voluntary interview, then bail or release under investigation, for one suspect of each crime."""
    name = columns.label("S", case.number("crime", crime) * 10 + which)
    start, until = _from(case)[crime], _until(case)[crime]
    room = (until - start).astype(np.float64)
    found = start + (room * 0.7 * case.rng.random(crime.size) ** 2).astype(np.int64)
    arrested = moments.only(found, case.chance(crime.size, 0.5))
    number = case.ledger.add("suspect_arrested", arrested, "crime", crime, suspect=name, by=case.by("crime", crime))
    again = moments.only(arrested, case.chance(crime.size, 0.3))
    case.ledger.add("suspect_arrested", again, "crime", crime, suspect=name, source="custody")
    tell(case, ARREST, arrested, crime, told_after=number, suspect=name)
    seen = np.where(arrested < NEVER, arrested + 5 * HOUR, found + (room * 0.1).astype(np.int64))
    interviewed = moments.only(seen, case.chance(crime.size, 0.75) & (seen < until))
    number = case.ledger.add("suspect_interviewed", interviewed, "crime", crime, suspect=name, slow=0.5)
    tell(case, INTERVIEW, interviewed, crime, told_after=number, suspect=name)
    freed = arrested + 9 * HOUR + (case.rng.random(crime.size) * 8 * HOUR).astype(np.int64)
    freed = moments.only(freed, (arrested < NEVER) & (freed < until))
    how = case.rng.choice(3, crime.size, p=(0.15, 0.5, 0.35))
    value = columns.words(("without_charge", "police_bail", "under_investigation"), how)
    number = case.ledger.add("suspect_released", freed, "crime", crime, suspect=name, value=value)
    tell(case, RELEASE, moments.only(freed, how == 0), crime, told_after=number, suspect=name)
    tell(case, BAIL, moments.only(freed, how > 0), crime, told_after=number, suspect=name)
    changed = case.later(freed, 14, (how == 1) & case.chance(crime.size, 0.25))
    changed = moments.only(changed, changed < until)
    value = case.draw({"changed": 0.7, "cancelled": 0.3}, crime.size)
    case.ledger.add("bail_changed", changed, "crime", crime, suspect=name, value=value)
    tell(case, BAIL, changed, crime, suspect=name)


def _decisions(case: Case) -> None:
    fate, of = case.fates.fate, case.crimes.investigation
    crime = np.arange(case.crimes.size)
    name = columns.label("S", case.number("crime", crime) * 10 + MAIN)
    resolved, by = case.cases.resolved[of], case.by("crime", crime)
    decided = moments.only(case.cases.decided[of], (fate == NOT_INVESTIGATED) | case.chance(crime.size, 0.35))
    chosen = columns.words(("investigate", "not_investigate"), (fate == NOT_INVESTIGATED).astype(np.int64))
    case.ledger.add("investigation_decided", decided, "crime", crime, result=chosen, by=by, touchpoint="crime_desk")
    victim, told = tell(case, NOT_INVESTIGATING, moments.only(decided, fate == NOT_INVESTIGATED), crime)
    offered = moments.only(told, case.chance(victim.size, 0.6))
    case.ledger.add("support_offered", offered, "victim", victim, value="general", by=case.by("victim", victim),
                    result=case.draw({"accepted": 0.2, "undecided": 0.3, "declined": 0.45, "not_offered": 0.05},
                                     victim.size))  # fmt: skip
    charged = moments.only(resolved, fate == CHARGED)
    how = case.draw({"charge": 0.7, "requisition": 0.3}, crime.size)
    number = case.ledger.add("suspect_charged", charged, "crime", crime, suspect=name, value=how, by=by)
    tell(case, CHARGE, charged, crime, told_after=number, suspect=name)
    refused = moments.only(resolved, (fate == NO_CHARGE) | ((fate == WITHDRAWN) & case.chance(crime.size, 0.9)))
    who = case.draw({"police": 0.85, "cps": 0.15}, crime.size)
    number = case.ledger.add("no_charge_decided", refused, "crime", crime, suspect=name, by=who)
    victim, told = tell(case, NOT_CHARGING, refused, crime, told_after=number, suspect=name)
    inform(case, "more_information", victim, told, 0.88)
    inform(case, "right_to_review", victim, told, 0.8)
    _meetings(case, crime, moments.only(refused, np.array(pc.equal(who, "cps"))))
    _disposals(case, crime, name, moments.only(resolved, fate == DISPOSAL))


def _meetings(case: Case, crime: Ints, refused: Ints) -> None:
    """The CPS offers some victims of its own decisions a meeting."""
    place, victim = case.victims_of(crime)
    meeting = case.later(refused[place], 6, case.victims.gate[victim] & case.chance(victim.size, 0.6))
    case.ledger.add("meeting_offered", meeting, "victim", victim, value="decision", by="cps",
                    result=case.draw({"accepted": 0.3, "declined": 0.6, "not_offered": 0.1}, victim.size))  # fmt: skip


def _disposals(case: Case, crime: Ints, name: columns.Text, decided: Ints) -> None:
    """An out-of-court disposal: considered, the victim asked, decided, the victim told."""
    before = (case.rng.random(crime.size) * 3 * DAY).astype(np.int64) + 2 * HOUR
    considered = np.maximum(decided - before, _from(case) + HOUR)
    considered = moments.only(considered, (decided < NEVER) & (considered < decided))
    case.ledger.add("disposal_considered", considered, "crime", crime, suspect=name)
    happened = np.flatnonzero(considered < case.as_of)
    place, victim = case.victims_of(crime[happened])
    place = happened[place]
    span = (decided[place] - considered[place]) * case.rng.random(victim.size) * 1.15
    asked = moments.only(considered[place] + span.astype(np.int64), case.chance(victim.size, 0.7))
    asked = moments.only(asked, asked >= case.victims.known[victim])
    given = case.draw({"given": 0.8, "none_given": 0.15, "not_asked": 0.05}, victim.size)
    unwritten = case.ledger.gap("victim", victim, 0.2)
    case.ledger.add("views_asked", asked, "victim", victim, value="disposal", result=given, recorded=~unwritten)
    why = case.later(decided[place], 1.0, (asked >= NEVER) & case.chance(victim.size, 0.3))
    case.ledger.add("reason_told", why, "victim", victim, value="views_not_sought")
    value = case.draw(DISPOSALS, crime.size)
    number = case.ledger.add("disposal_decided", decided, "crime", crime, suspect=name, value=value)
    tell(case, DISPOSED, decided, crime, told_after=number, suspect=name)
