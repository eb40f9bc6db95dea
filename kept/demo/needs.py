"""Needs assessments field by field, their review, and the supervisor's first look at a case."""

import numpy as np
import pyarrow as pa

from kept.demo import columns, moments, quota
from kept.demo.case import Case
from kept.demo.moments import MINUTE, NEVER, Flags, Ints
from kept.demo.victims import CHANNELS, LANGUAGES

FIELDS: dict[str, dict[str, float]] = {
    "preferred_contact": CHANNELS,
    "safe_contact": {"yes": 0.9, "no": 0.1},
    "communication_needs": {"none": 0.86, "easy read": 0.04, "hearing": 0.03, "sight": 0.02, "autism": 0.05},
    "supporter": {"no": 0.9, "yes": 0.1},
    "repeat_victim": {"no": 0.85, "yes": 0.15},
    "special_measures": {"no": 0.9, "yes": 0.1},
    "support_wanted": {"no": 0.66, "yes": 0.34},
    "compensation_information": {"yes": 0.55, "no": 0.45},
    "restorative_justice": {"no": 0.8, "yes": 0.2},
    "update_frequency": {"28": 0.6, "14": 0.25, "7": 0.1, "42": 0.05},
    "risk": {"standard": 0.6, "medium": 0.3, "high": 0.1},
}
BLANK = 0.06
REVIEW = {"victim_spoken_to": {"yes": 0.8, "no": 0.2}, "amended": {"no": 0.7, "yes": 0.3},
          "record_checked": {"yes": 0.95, "no": 0.05}}  # fmt: skip
FIRST_REVIEW = {"victim_view": {"supports": 0.6, "does not support": 0.25, "not known": 0.15},
                "needs_assessment_checked": {"yes": 0.8, "no": 0.2},
                "evidence_led": {"not considered": 0.75, "considered": 0.2, "active": 0.05}}  # fmt: skip
FORM = "needs_assessment"
Forms = list[pa.Table]


def needs(case: Case, assessed: Flags, offered: Flags) -> tuple[Forms, pa.Table]:
    """The assessments table's rows, and the truth about each victim's needs assessment.

    `assessed` marks who has one, `offered` whose assessment says that a personal statement was offered; nobody
    else's does.
    """
    who = case.everyone()
    made = np.minimum(case.later(case.victims.known, 0.15, case.chance(who.size, 2.0), 1.3),
                      np.maximum(case.as_of - 2 * MINUTE, case.victims.known))  # fmt: skip
    forms = [_assessment(case, np.flatnonzero(assessed), made, "1", offered)]
    anew = case.later(made, 25, assessed & case.chance(who.size, 0.05))
    again = moments.only(anew, case.chance(who.size, 0.5))
    changed = moments.only(anew - 40 * MINUTE, anew < case.as_of)
    case.ledger.add("needs_changed", changed, "victim", who)
    answer = case.draw({"accepted": 0.8, "declined": 0.2}, who.size)
    unwritten = case.ledger.gap("victim", who, 0.2)
    proposed = moments.only(changed + 5 * MINUTE, (changed < NEVER) & ((again < NEVER) | case.chance(who.size, 0.5)))
    case.ledger.add("reassessment_offered", proposed, "victim", who,
                    result=answer, recorded=~unwritten)  # fmt: skip
    forms.append(_assessment(case, np.flatnonzero(again < case.as_of), again, "2", offered))
    really = assessed | case.chance(who.size, 0.4)
    truth = pa.table({
        "victim": case.ledger.names["victim"], "form": columns.text(FORM, who.size),
        "really_made_at": columns.moments(moments.only(made, really)), "done": pa.array(really),
        "recorded": pa.array(assessed),
    })  # fmt: skip
    return [*forms, *_reviews(case, assessed), *_first_reviews(case)], truth


def of_witnesses(case: Case, called: Ints, assessed: Flags, offered: Flags) -> pa.Table:
    """Witness care's assessments of those whom it called to give evidence and whom the police had assessed."""
    again = case.later(called, 7, assessed & case.chance(called.size, 0.8))
    return _assessment(case, np.flatnonzero(again < case.as_of), again, "3", offered)


def assessed_victims(case: Case) -> Flags:
    """Every victim of the investigations that the quota takes; a few of the victims in others, never all."""
    of, count = case.victims.investigation, case.cases.opened.size
    score = case.rng.random(count) * case.ledger.silence[:count]
    whole = quota.lowest(score, np.ones(count, np.bool_), case.quotas[quota.NEEDS_ASSESSED].take(count))
    lone = np.zeros(of.size, np.bool_)
    lone[np.unique(of, return_index=True)[1]] = True
    return whole[of] | (~lone & case.chance(of.size, 0.3))


def _assessment(case: Case, victim: Ints, made: Ints, version: str, offered: Flags) -> pa.Table:
    who, size = case.victims, victim.size
    values = {name: case.draw(choices, size) for name, choices in FIELDS.items()}
    values["language"] = columns.words(list(LANGUAGES), who.language[victim])
    values["enhanced_rights"] = _yes(who.flagged[victim])
    values["personal_statement_offered"] = _yes(offered[victim])
    blank = np.minimum(BLANK * case.ledger.silence[who.investigation[victim]], 0.6)
    for name, value in values.items():
        if name != "personal_statement_offered":
            values[name] = value.take(pa.array(np.arange(size), mask=case.rng.random(size) < blank))
    return _form(case, FORM, version, {"victim": case.ledger.names["victim"].take(pa.array(victim))},
                 values, made[victim])  # fmt: skip


def _yes(flags: Flags) -> pa.Array:
    return columns.words(("no", "yes"), flags.astype(np.int64))


def _form(
    case: Case, form: str, version: str, about: dict[str, pa.Array], values: dict[str, pa.Array], made: Ints
) -> pa.Table:
    """One row for each field of each form, form by form."""
    size, fields = made.size, len(values)
    order = np.arange(size * fields).reshape(fields, size).T.ravel()
    value = pa.chunked_array(list(values.values()), pa.string()).combine_chunks().take(pa.array(order))
    each = pa.array(np.repeat(np.arange(size), fields))
    given = {
        "form": columns.text(form, order.size),
        "version": columns.text(version, order.size),
        "field": pa.array(np.tile(list(values), size), pa.string()),
        "value": value,
        "made_at": columns.moments(np.repeat(made, fields)),
        "entered_at": columns.moments(np.repeat(case.ledger.written(made, 0.4), fields)),
        "source": columns.text("crime_system", order.size),
        **{name: ids.take(each) for name, ids in about.items()},
    }
    return columns.table("assessments", order.size, given)


def _reviews(case: Case, assessed: Flags) -> Forms:
    """The officer's review of the assessment: speak to the victim, amend it, note the action taken."""
    who = case.everyone()
    allocated = case.cases.allocated[case.victims.investigation]
    start = moments.only(np.maximum(allocated, case.victims.known), allocated < NEVER)
    at = case.later(start, 3.5, assessed & case.chance(who.size, 0.62))
    silent = case.plans.silent(case.victims.leader, at)
    add, by = case.ledger.add, case.by("victim", who)
    reached = case.draw({"reached": 0.7, "attempted": 0.3}, who.size)
    add("victim_contacted", at, "victim", who, result=reached, channel="phone", by=by, recorded=~silent)
    noted = moments.only(at + 10 * MINUTE, case.chance(who.size, 0.82) & (at < NEVER))
    unwritten = case.ledger.gap("victim", who, 0.1)
    add("action_noted", noted, "victim", who, value=FORM, by=by, recorded=~unwritten)
    came = np.flatnonzero(at < case.as_of)
    values = {name: case.draw(choices, came.size) for name, choices in REVIEW.items()}
    about = {"victim": case.ledger.names["victim"].take(pa.array(came))}
    return [_form(case, f"{FORM}_review", "1", about, values, at[came])]


def _first_reviews(case: Case) -> Forms:
    """The supervisor's first review of an investigation, with what the form asks."""
    all_cases = np.arange(case.cases.opened.size)
    at = case.later(case.cases.allocated, 4.0, case.chance(all_cases.size, 0.55))
    at = moments.only(at, at < case.cases.closed)
    case.ledger.add("supervisor_reviewed", at, "investigation", all_cases, value="first")
    came = np.flatnonzero(at < case.as_of)
    values = {name: case.draw(choices, came.size) for name, choices in FIRST_REVIEW.items()}
    about = {"investigation": case.ledger.names["investigation"].take(pa.array(came))}
    return [_form(case, "first_supervisor_review", "1", about, values, at[came])]
