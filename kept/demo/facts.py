"""Attributes of victims, crimes and investigations as they change."""

import numpy as np

from kept.demo import columns, moments, offences
from kept.demo.case import Case
from kept.demo.fates import (
    CHARGED,
    DISPOSAL,
    NO_CHARGE,
    NO_SUSPECT,
    NOT_INVESTIGATED,
    OTHER_END,
    TRANSFERRED,
    UNSUPPORTED,
    WITHDRAWN,
)  # fmt: skip
from kept.demo.moments import DAY, MINUTE, NEVER, Flags, Ints
from kept.demo.victims import BEREAVED

OUTCOMES = {NOT_INVESTIGATED: {"18": 0.9, "21": 0.1}, TRANSFERRED: {"20": 1.0}, CHARGED: {"1": 0.97, "1A": 0.03},
            DISPOSAL: {"8": 0.55, "3": 0.2, "2": 0.08, "6": 0.05, "22": 0.12}, WITHDRAWN: {"16": 1.0},
            NO_CHARGE: {"15": 0.9, "10": 0.04, "9": 0.04, "12": 0.02}, NO_SUSPECT: {"18": 1.0},
            UNSUPPORTED: {"14": 1.0}, OTHER_END: {"21": 0.8, "10": 0.15, "17": 0.05}}  # fmt: skip
REASONS = {"reprisal": 0.12, "personal": 0.3, "progress": 0.13, "no_prosecution": 0.35, "other": 0.1}
SUMMARY = ("public_order", "criminal_damage", "violence_without_injury", "vehicle")
SERIOUS = {"violence_with_injury": "grievous_harm_with_intent", "arson": "arson_endangering_life",
           "violence_without_injury": "kidnap", "miscellaneous": "trafficking"}  # fmt: skip
VIOLENT = ("homicide", "violence_with_injury", "rape", "other_sexual", "robbery_personal", "stalking_and_harassment")


def facts(case: Case) -> None:
    """Write every fact of the chunk that no later story brings."""
    _offences(case)
    _flags(case)
    _outcomes(case)
    _open(case)
    _reach(case)
    _enhanced(case)
    _harm(case)


def is_one_of(offence: Ints, names: tuple[str, ...]) -> Flags:
    return np.isin(offence, [offences.BY_NAME[name] for name in names])


def _offences(case: Case) -> None:
    crimes, rows = case.crimes, np.arange(case.crimes.size)
    as_first = columns.words(offences.NAMES, crimes.first_offence)
    case.ledger.fact("offence_subgroup", "crime", rows, as_first, crimes.recorded, since=crimes.committed)
    changed = case.later(crimes.recorded, 12, crimes.reclassified)
    changed = moments.only(np.minimum(changed, case.as_of - 5 * MINUTE), crimes.reclassified)
    final = columns.words(offences.NAMES, crimes.offence)
    case.ledger.fact("offence_subgroup", "crime", rows, final, changed)


def _flags(case: Case) -> None:
    crimes, rows, fact = case.crimes, np.arange(case.crimes.size), case.ledger.fact
    child = np.zeros(crimes.size, np.bool_)
    victims = case.victims
    child[victims.crime[(victims.age >= 0) & (victims.age < 18)]] = True
    sexual = is_one_of(crimes.offence, ("rape", "other_sexual"))
    for name, flag in (
        ("domestic_abuse", crimes.domestic),
        ("hate", crimes.hate),
        ("child_abuse", child & sexual),
        ("gender_based", (sexual | crimes.domestic) & case.chance(rows.size, 0.8)),
        ("summary_only", is_one_of(crimes.offence, SUMMARY) & case.chance(rows.size, 0.3)),
    ):
        fact(name, "crime", rows, "true", moments.only(crimes.recorded, flag), since=crimes.committed)
    kinds = columns.words(list(SERIOUS.values()), np.array([
        list(SERIOUS).index(name) if name in SERIOUS else -1 for name in offences.NAMES])[crimes.offence])  # fmt: skip
    serious = is_one_of(crimes.offence, tuple(SERIOUS)) & case.chance(rows.size, 0.01)
    fact("serious_offence", "crime", rows, kinds, moments.only(crimes.recorded, serious), since=crimes.committed)


def _outcomes(case: Case) -> None:
    """An outcome when the investigation is decided; a reopened case loses its own."""
    fate, of, rows = case.fates.fate, case.crimes.investigation, np.arange(case.crimes.size)
    resolved = case.cases.resolved[of]
    for which, codes in OUTCOMES.items():
        case.ledger.fact("outcome", "crime", rows, case.draw(codes, rows.size), moments.only(resolved, fate == which))
    unsupported = np.isin(fate, (WITHDRAWN, UNSUPPORTED)) & case.chance(rows.size, 0.55)
    reasons = case.draw(REASONS, rows.size)
    case.ledger.fact("outcome_reason", "crime", rows, reasons, moments.only(resolved, unsupported))
    case.ledger.fact("outcome", "crime", rows, None, case.cases.reopened[of])
    case.ledger.fact("outcome", "crime", rows, "18", case.cases.closed_again[of])
    led = case.draw({"considered": 0.6, "active": 0.25, "rejected": 0.15}, rows.size)
    asked = case.crimes.domestic & case.fates.suspect & case.chance(rows.size, 0.35)
    case.ledger.fact("evidence_led", "crime", rows, led, case.later(case.crimes.recorded, 8, asked))
    age = case.draw({"adult": 0.87, "youth": 0.13}, rows.size)
    known = case.later(case.crimes.recorded, 2, case.fates.suspect)
    case.ledger.fact("offender_age_group", "crime", rows, age, known)


def _open(case: Case) -> None:
    rows, cases = np.arange(case.cases.opened.size), case.cases
    for value, at in (
        ("true", cases.opened),
        ("false", cases.closed),
        ("true", cases.reopened),
        ("false", cases.closed_again),
    ):
        case.ledger.fact("open", "investigation", rows, value, at)


def _reach(case: Case) -> None:
    who, victims, fact = case.everyone(), case.victims, case.ledger.fact
    since = case.crimes.reported[victims.crime]
    for name, held in (("phone", victims.phone), ("email", victims.email), ("address", victims.address)):
        fact(f"has_{name}", "victim", who, "true", moments.only(victims.known, held), since=since)
    fact("opted_out", "victim", who, "true", victims.opted_out)
    fact("opted_out", "victim", who, "false", victims.opted_in)
    abroad = victims.foreign & case.chance(who.size, 0.1)
    fact("lives_abroad", "victim", who, "true", moments.only(victims.known, abroad), since=since)


def _enhanced(case: Case) -> None:
    """The record's own flag, with its reason; and the facts from which a gate is worked out."""
    who, victims, fact = case.everyone(), case.victims, case.ledger.fact
    since = case.crimes.reported[victims.crime]
    at = moments.only(victims.flagged_at, victims.flagged)
    fact("enhanced", "victim", who, "true", at)
    codes = ("vulnerable", "intimidated", "persistently_targeted", "most_serious", "discretion")
    child = (victims.age >= 0) & (victims.age < 18)
    why = np.select([victims.vulnerable | child, victims.intimidated, victims.targeted, victims.gate], [0, 1, 2, 3], 4)
    told = case.chance(who.size, 0.85)
    fact("enhanced_reason", "victim", who, columns.words(codes, why), moments.only(at, told))
    lifted = case.later(at, 60, case.chance(who.size, 0.02))
    fact("enhanced", "victim", who, "false", lifted)
    for name in ("vulnerable", "intimidated"):
        flag = getattr(victims, name) & case.chance(who.size, 0.9)
        fact(name, "victim", who, "true", moments.only(victims.flagged_at, flag), since=since)
    targeted = moments.only(victims.flagged_at, victims.targeted)
    fact("persistently_targeted", "victim", who, "true", targeted, since=since)


def _harm(case: Case) -> None:
    who, victims, fact = case.everyone(), case.victims, case.ledger.fact
    harmed = victims.private & case.chance(who.size, 0.55) | (victims.kind == BEREAVED)
    since = case.crimes.reported[victims.crime]
    fact("loss_or_injury", "victim", who, "true", moments.only(victims.known, harmed), since=since)
    threat = case.later(victims.known, 1.0, victims.gate & case.chance(who.size, 0.01))
    fact("active_threat", "victim", who, "true", threat)
    fact("active_threat", "victim", who, "false", moments.only(threat + 21 * DAY, threat < NEVER))
    refused = case.cases.resolved[victims.investigation]
    fate = case.fates.fate[victims.crime]
    ended = np.isin(fate, (NO_CHARGE, WITHDRAWN))
    eligible = case.rng.random(who.size) < np.where(fate == NO_CHARGE, 0.7, 0.15)
    may = columns.words(("false", "true"), eligible.astype(np.int64))
    fact("review_eligible", "victim", who, may, moments.only(np.maximum(refused, victims.known), ended))
