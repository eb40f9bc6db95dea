"""How investigations and crimes end: closures, cancellations, transfers, withdrawals, supervisors' late reviews."""

import numpy as np

from kept.demo import moments
from kept.demo.case import Case
from kept.demo.facts import REASONS
from kept.demo.fates import CANCELLED, NO_SUSPECT, TRANSFERRED, UNSUPPORTED, WITHDRAWN
from kept.demo.moments import DAY, HOUR, NEVER, Ints
from kept.demo.telling import Telling, tell

FILED = Telling("outcome", "R6-8c", unwritten=0.2, links=())
REVIEWS = (("six_month", 182, 0.8), ("twelve_month", 365, 0.75))


def closing(case: Case) -> None:
    """Write the ends of the chunk's investigations and crimes."""
    add, cases = case.ledger.add, case.cases
    rows = np.arange(cases.opened.size)
    by = case.by("investigation", rows)
    add("investigation_closed", cases.closed, "investigation", rows, by=by, slow=0.2)
    back = cases.reopened
    considered = moments.only(back - 3 * DAY, (back < NEVER) & (back - 3 * DAY > cases.closed))
    add("reopening_considered", considered, "investigation", rows)
    _asked_about_reopening(case, considered)
    add("investigation_reopened", back, "investigation", rows, by=by, slow=0.2)
    add("investigation_closed", cases.closed_again, "investigation", rows, by=by, slow=0.2)
    filed = np.isin(case.fates.fate, (NO_SUSPECT, UNSUPPORTED))
    crime = np.arange(case.crimes.size)
    tell(case, FILED, moments.only(cases.closed[case.crimes.investigation], filed), crime)
    _reviews(case)
    _ends_of_crimes(case)


def _asked_about_reopening(case: Case, considered: Ints) -> None:
    """Victims are asked what they think of it before the case is taken up again."""
    who = case.everyone()
    asked = considered[case.victims.investigation]
    asked = moments.only(asked + 4 * HOUR, case.chance(who.size, 0.6) & (asked < NEVER))
    unwritten = case.ledger.gap("victim", who, 0.15)
    result = case.draw({"given": 0.75, "none_given": 0.15, "not_asked": 0.1}, who.size)
    case.ledger.add("views_asked", asked, "victim", who, value="reopening", result=result, recorded=~unwritten,
                    by=case.by("victim", who))  # fmt: skip


def _reviews(case: Case) -> None:
    rows = np.arange(case.cases.opened.size)
    for value, days, share in REVIEWS:
        wait = (days - 30 + 45 * case.rng.random(rows.size)) * DAY
        at = moments.at_work(case.rng, case.cases.recorded + wait.astype(np.int64))
        done = (at < np.minimum(case.cases.closed, case.as_of)) & case.chance(rows.size, share)
        unwritten = case.ledger.gap("investigation", rows, 0.1)
        case.ledger.add("supervisor_reviewed", moments.only(at, done), "investigation", rows, value=value,
                        recorded=~unwritten)  # fmt: skip


def _ends_of_crimes(case: Case) -> None:
    fate, crime = case.fates.fate, np.arange(case.crimes.size)
    resolved = case.cases.resolved[case.crimes.investigation]
    add = case.ledger.add
    add("crime_cancelled", moments.only(resolved, fate == CANCELLED), "crime", crime)
    add("crime_transferred", moments.only(resolved, fate == TRANSFERRED), "crime", crime)
    victim, who = case.everyone(), case.victims
    ended, known = resolved[who.crime], who.known
    left = np.isin(fate[who.crime], (WITHDRAWN, UNSUPPORTED)) & (ended > known)
    at = known + ((ended - known) * case.rng.random(victim.size)).astype(np.int64)
    add("support_withdrawn", moments.only(at, left & (ended < NEVER)), "victim", victim,
        value=case.draw(REASONS, victim.size), by=case.by("victim", victim))  # fmt: skip
