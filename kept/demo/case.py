"""One chunk of the invented force: everything that its stories need to know."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kept.demo import columns, moments
from kept.demo.crimes import Crimes
from kept.demo.fates import Fates, Investigations
from kept.demo.ledger import Ledger
from kept.demo.moments import NEVER, Flags, Ints
from kept.demo.plans import Plans
from kept.demo.quota import Quota
from kept.demo.victims import Victims
from kept.demo.workforce import Workforce


@dataclass(frozen=True, slots=True)
class Case:
    """The investigations, crimes and victims of one chunk, and the ledger that their stories go into."""

    rng: np.random.Generator
    as_of: int
    force: Workforce
    cases: Investigations
    crimes: Crimes
    fates: Fates
    victims: Victims
    plans: Plans
    ledger: Ledger
    team: Ints
    officer: Ints
    quotas: dict[str, Quota]
    first: dict[str, int]  # the number of the chunk's first investigation, crime and victim

    def everyone(self) -> Ints:
        return np.arange(self.victims.size)

    def by(self, level: str, rows: Ints) -> pa.Array:
        """The officer of each row's investigation."""
        return columns.label("O", self.officer[self.ledger.of[level][rows]])

    def carer(self, level: str, rows: Ints) -> pa.Array:
        """The witness care officer of each row's investigation."""
        number = self.number("investigation", self.ledger.of[level][rows])
        return columns.label("W", number % self.force.carers)

    def number(self, level: str, rows: Ints) -> Ints:
        """The number in each row's id, for the ids of things that belong to it."""
        return self.first[level] + rows

    def later(self, after: Ints, median_days: float, chosen: Flags, spread: float = 0.8) -> Ints:
        """Moments at work some time after, NEVER where not chosen."""
        lag = moments.lags(self.rng, after.size, median_days, spread)
        return moments.at_work(self.rng, moments.only(after + lag, chosen & (after < NEVER)))

    def chance(self, size: int, share: float) -> Flags:
        return self.rng.random(size) < share

    def draw(self, weighted: dict[str, float], size: int) -> pa.Array:
        return columns.picked(self.rng, weighted, size)

    def victims_of(self, crime: Ints) -> tuple[Ints, Ints]:
        """Every victim of each of these crimes: the place in `crime`, and the victim."""
        count = np.bincount(self.victims.crime, minlength=self.crimes.size)
        begun = np.cumsum(count) - count
        place = np.repeat(np.arange(crime.size), count[crime])
        within = np.arange(place.size) - np.repeat(np.cumsum(count[crime]) - count[crime], count[crime])
        return place, begun[crime][place] + within
