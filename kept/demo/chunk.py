"""Draws one chunk of the force and has every story of it written."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kept.demo import (
    closing,
    columns,
    corrections,
    court,
    exchanges,
    extract,
    facts,
    intake,
    needs,
    offences,
    statements,
    suspects,
)
from kept.demo.case import Case
from kept.demo.crimes import Crimes, crimes, grouping
from kept.demo.fates import fates
from kept.demo.ledger import Ledger
from kept.demo.moments import Ints
from kept.demo.plans import plans
from kept.demo.quota import Quota
from kept.demo.victims import victims
from kept.demo.workforce import DEPARTMENTS, PUBLIC_PROTECTION, TEAMS, Workforce


@dataclass(slots=True)
class Numbers:
    """The next free number of each kind of id, carried from chunk to chunk."""

    investigation: int = 1
    crime: int = 1
    victim: int = 1
    event: int = 1
    fact: int = 1


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows of one chunk: the extract's and the truth's tables, and the second source's rows."""

    extract: dict[str, pa.Table]
    truth: dict[str, pa.Table]
    witness_care: pa.Table


STORIES = (
    facts.facts,
    suspects.suspects,
    intake.intake,
    exchanges.exchanges,
    closing.closing,
    corrections.corrections,
)


def write(
    rng: np.random.Generator, size: int, as_of: int, force: Workforce, quotas: dict[str, Quota], numbers: Numbers
) -> Chunk:
    """Make a chunk of `size` victims, and move `numbers` and `quotas` on."""
    case = _case(rng, size, as_of, force, quotas, numbers)
    postings = extract.postings(case)
    assessed = needs.assessed_victims(case)
    offered, second = statements.statements(case, assessed)
    forms, truth = needs.needs(case, assessed, offered)
    called = court.court(case)
    forms.append(needs.of_witnesses(case, called, assessed, offered))
    for story in STORIES:
        story(case)
    numbers.investigation += case.cases.opened.size
    numbers.crime += case.crimes.size
    numbers.victim += size
    numbers.event, numbers.fact = case.ledger.next_event, case.ledger.next_fact
    return Chunk(extract.extract(case, forms, postings), extract.truth(case, truth), second)


def _case(
    rng: np.random.Generator, size: int, as_of: int, force: Workforce, quotas: dict[str, Quota], numbers: Numbers
) -> Case:
    crime, investigation = grouping(rng, size)
    committed = crimes(rng, investigation, as_of)
    cases, fate = fates(rng, committed, as_of, quotas)
    who = victims(rng, crime, committed, as_of)
    team = _teams(rng, committed)
    plan = plans(rng, who, cases, force.silence[team], as_of, quotas)
    of = {"investigation": np.arange(team.size), "crime": investigation, "victim": who.investigation}
    first = {"investigation": numbers.investigation, "crime": numbers.crime, "victim": numbers.victim}
    names = {level: columns.label(level[0].upper(), first[level] + np.arange(rows.size)) for level, rows in of.items()}
    ledger = Ledger(rng, as_of, names, force.silence[team], of, numbers.event, numbers.fact)
    officer = force.member(rng, team)
    return Case(rng, as_of, force, cases, committed, fate, who, plan, ledger, team, officer, quotas, first)


def _teams(rng: np.random.Generator, committed: Crimes) -> Ints:
    """A team for each investigation: its area's public protection for abuse and sexual offences, else by weight."""
    first = np.unique(committed.investigation, return_index=True)[1]
    protected = committed.domestic[first] & (rng.random(first.size) < 0.5)
    protected |= np.isin(committed.offence[first], (offences.RAPE, offences.OTHER_SEXUAL))
    department = np.where(protected, PUBLIC_PROTECTION, rng.choice(3, first.size, p=(0.5, 0.15, 0.35)))
    area = (rng.random(first.size) ** 1.2 * (TEAMS // len(DEPARTMENTS))).astype(np.int64)
    return area * len(DEPARTMENTS) + department
