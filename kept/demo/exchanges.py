"""Plays the exchanges of `exchanges.yaml`: what starts with a single victim, and what answers it."""

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from kept.demo import columns, moments, offences
from kept.demo.case import Case
from kept.demo.crimes import OLD_TO
from kept.demo.facts import VIOLENT, is_one_of
from kept.demo.fates import CHARGED, NO_CHARGE
from kept.demo.moments import MINUTE, NEVER, Flags, Ints
from kept.demo.victims import BEREAVED, LANGUAGES

UNWRITTEN = 0.1
NATIVE = ("en", "cy")


def exchanges(case: Case) -> None:
    """Write every exchange for its share of its victims."""
    populations, afters = _populations(case), _afters(case)
    for place, one in enumerate(_declared()):
        among = np.flatnonzero(populations[one["of"]] & case.chance(case.victims.size, one["share"]))
        item = columns.label(f"T{place}-", case.number("victim", among)) if one.get("item") else None
        start = case.later(afters[one["after"]][among], one["days"], np.ones(among.size, np.bool_))
        _write(case, one["start"], among, start, item)
        for answer in one["answers"]:
            at = case.later(start, answer["days"], case.chance(among.size, answer["share"]), 0.9)
            at = np.where(at < NEVER, at + MINUTE, at)
            if answer.get("before"):
                at = _mirrored(at, start, case.victims.known[among])
            _write(case, answer, among, at, item)


def _mirrored(at: Ints, start: Ints, known: Ints) -> Ints:
    """As long before the start as `at` is after it, though not before the victim was known."""
    return moments.only(np.maximum(2 * start - at, np.minimum(known + MINUTE, start)), at < NEVER)


@cache
def _declared() -> list[dict[str, Any]]:
    said: dict[str, Any] = yaml.safe_load(files("kept.demo").joinpath("exchanges.yaml").read_text("utf-8"))
    declared: list[dict[str, Any]] = said["exchanges"]
    return declared


def _write(case: Case, said: dict[str, Any], victim: Ints, at: Ints, item: columns.Text) -> None:
    result = case.draw(said["results"], victim.size) if "results" in said else None
    unwritten = case.ledger.gap("victim", victim, UNWRITTEN)
    case.ledger.add(
        said["kind"], at, "victim", victim, recorded=~unwritten, value=said.get("value"), result=result,
        item=said.get("duty", item), by=said.get("by") or case.by("victim", victim), back_dated=0.01,
    )  # fmt: skip


def _populations(case: Case) -> dict[str, Flags]:
    who, offence = case.victims, case.crimes.offence[case.victims.crime]
    native = [list(LANGUAGES).index(code) for code in NATIVE]
    domestic = case.crimes.domestic[who.crime]
    sexual = is_one_of(offence, ("rape", "other_sexual"))
    return {
        "any": np.ones(who.size, np.bool_),
        "private": who.private,
        "former": who.private & (case.crimes.reported[who.crime] < OLD_TO),
        "enhanced": who.gate | who.flagged,
        "foreign": who.private & ~np.isin(who.language, native),
        "disabled": who.disabled,
        "bereaved": who.kind == BEREAVED,
        "violent": who.private & is_one_of(offence, VIOLENT),
        "harmed": ~np.isin(offence, offences.WITHOUT_A_PERSON),
        "gendered": who.private & (sexual | domestic),
        "sexual": who.private & sexual,
        "vulnerable": who.vulnerable | (who.gate & (who.age >= 0) & (who.age < 18)),
    }


def _afters(case: Case) -> dict[str, Ints]:
    who, cases = case.victims, case.cases
    fate, of = case.fates.fate[who.crime], who.investigation

    def since(at: Ints) -> Ints:
        return moments.only(np.maximum(at, who.known), at < NEVER)

    return {
        "known": who.known,
        "allocated": since(cases.allocated[of]),
        "charged": since(moments.only(cases.resolved[of], fate == CHARGED)),
        "refused": since(moments.only(cases.resolved[of], fate == NO_CHARGE)),
        "ended": since(cases.closed[of]),
    }
