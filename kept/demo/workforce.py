"""Areas, departments, teams and officers of the invented force, and how well each team writes things down."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kept.demo import columns
from kept.demo.moments import DAY, NEVER, Floats, Ints

AREAS = ("Northside", "Southside", "Eastgate", "Westbrook", "Riverside", "Hill Top", "Old Town")
DEPARTMENTS = ("response", "neighbourhood", "investigations", "public_protection")
RANKS = {"constable": 0.62, "detective constable": 0.20, "sergeant": 0.11, "inspector": 0.05,
         "chief inspector": 0.015, "superintendent": 0.005}  # fmt: skip
PUBLIC_PROTECTION = DEPARTMENTS.index("public_protection")
TEAMS = len(AREAS) * len(DEPARTMENTS)
UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Workforce:
    """Officers in their teams; team t is department t mod 4 of area t div 4.

    `silence` is, for each team, by how much its records omit more (or less) than others do; `moved` is when an
    officer went to `next_team` (NEVER for most).
    """

    team: Ints
    next_team: Ints
    moved: Ints
    silence: Floats
    since: int

    @property
    def officers(self) -> int:
        return self.team.size

    @property
    def carers(self) -> int:
        """How many witness care officers there are: one for sixty officers, at least three."""
        return max(3, self.officers // 60)

    def member(self, rng: np.random.Generator, team: Ints) -> Ints:
        """An officer of each team."""
        each = self.officers // TEAMS
        return team + TEAMS * rng.integers(0, each, team.size)


def workforce(rng: np.random.Generator, victims: int, since: int, as_of: int) -> Workforce:
    """A force of about one officer for ninety victims, at least three in every team."""
    team = np.tile(np.arange(TEAMS), max(3, victims // 90 // TEAMS))
    moved = np.where(rng.random(team.size) < 0.15, rng.integers(since, as_of, team.size), NEVER)
    silence = np.exp(0.45 * rng.standard_normal(TEAMS))
    return Workforce(team, rng.integers(0, TEAMS, team.size), moved, silence, since)


def team_names() -> list[str]:
    return [f"{AREAS[t // len(DEPARTMENTS)]} {DEPARTMENTS[t % len(DEPARTMENTS)]}" for t in range(TEAMS)]


def staff(rng: np.random.Generator, force: Workforce) -> pa.Table:
    """The staff table: a row for each officer's post, and a second one for those who moved."""
    movers = np.flatnonzero(force.moved < NEVER)
    officer = np.concatenate([np.arange(force.officers), movers])
    begun = np.full(force.officers, force.since - 400 * DAY)
    names = team_names()
    rank = columns.picked(rng, RANKS, force.officers).take(pa.array(officer))
    given = {
        "officer": columns.label("O", officer),
        "from": columns.moments(np.concatenate([begun, force.moved[movers]])),
        "to": columns.moments(np.concatenate([force.moved, np.full(movers.size, NEVER)])),
        "rank": rank,
        "team": columns.words(names, np.concatenate([force.team, force.next_team[movers]])),
        "source": columns.text("duties", officer.size),
    }
    return columns.table("staff", officer.size, given)
