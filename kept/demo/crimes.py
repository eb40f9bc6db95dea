"""Who suffered what, and when it was reported: the investigations, crimes and victims of one chunk."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from kept.demo import moments, offences
from kept.demo.moments import DAY, HOUR, MINUTE, Flags, Ints

PERIOD = 730 * DAY
OLD_CASES = 0.015
OLD_FROM, OLD_TO = (moments.of(datetime(year, 1, 1, tzinfo=UTC)) for year in (2019, 2021))
CRIMES_IN_ONE = (0.93, 0.055, 0.015)
VICTIMS_IN_ONE = (0.89, 0.075, 0.025, 0.01)
ROUTES = {"101": 0.27, "999": 0.24, "online": 0.19, "officer": 0.07, "front_counter": 0.06, "live_chat": 0.06,
          "third_party": 0.05, "social_media": 0.04, "other": 0.02}  # fmt: skip
TOUCHPOINTS = {"force_contact": 0.45, "crime_desk": 0.28, "response": 0.20, "neighbourhood": 0.07}


@dataclass(frozen=True, slots=True)
class Crimes:
    """The crimes of a chunk, in the order of their investigations (an index into the chunk's)."""

    investigation: Ints
    offence: Ints
    first_offence: Ints
    domestic: Flags
    hate: Flags
    committed: Ints
    reported: Ints
    recorded: Ints
    reclassified: Flags

    @property
    def size(self) -> int:
        return self.investigation.size


def grouping(rng: np.random.Generator, size: int) -> tuple[Ints, Ints]:
    """For `size` victims: each victim's crime, and each crime's investigation, counted from 0."""
    in_crime = rng.choice(len(VICTIMS_IN_ONE), size, p=VICTIMS_IN_ONE) + 1
    crime = np.repeat(np.arange(size), in_crime)[:size]
    in_investigation = rng.choice(len(CRIMES_IN_ONE), size, p=CRIMES_IN_ONE) + 1
    return crime, np.repeat(np.arange(size), in_investigation)[: crime[-1] + 1]


def crimes(rng: np.random.Generator, investigation: Ints, as_of: int) -> Crimes:
    """Offences, flags and moments of the crimes of each investigation."""
    first = np.unique(investigation, return_index=True)[1][investigation]
    offence = _offences(rng, investigation, first)
    domestic = rng.random(offence.size) < offences.trait("domestic")[offence]
    domestic = np.where(rng.random(offence.size) < 0.8, domestic[first], domestic)
    domestic &= offences.trait("domestic")[offence] > 0
    reported = _reported(rng, investigation, first, as_of)
    recorded = np.minimum(reported + moments.lags(rng, offence.size, 0.12, 1.3), as_of - 30 * MINUTE)
    before = offences.trait("report_days")[offence]
    waited = (before * DAY * np.exp(1.4 * rng.standard_normal(offence.size))).astype(np.int64)
    reclassified = (offences.FIRST_RECORDED_AS[offence] >= 0) & (rng.random(offence.size) < 0.05)
    reclassified &= recorded < as_of - 3 * DAY
    return Crimes(
        investigation=investigation,
        offence=offence,
        first_offence=np.where(reclassified, offences.FIRST_RECORDED_AS[offence], offence),
        domestic=domestic,
        hate=rng.random(offence.size) < offences.trait("hate")[offence],
        committed=reported - np.maximum(waited, 10 * MINUTE),
        reported=reported,
        recorded=recorded,
        reclassified=reclassified,
    )


def _offences(rng: np.random.Generator, investigation: Ints, first: Ints) -> Ints:
    drawn = rng.choice(len(offences.OFFENCES), investigation.size, p=offences.SHARES)
    return np.where(rng.random(drawn.size) < 0.7, drawn[first], drawn)


def _reported(rng: np.random.Generator, investigation: Ints, first: Ints, as_of: int) -> Ints:
    recent = rng.integers(as_of - PERIOD, as_of - 2 * HOUR, investigation.size)
    old = rng.integers(OLD_FROM, OLD_TO, investigation.size)
    start = np.where(rng.random(investigation.size) < OLD_CASES, old, recent)[first]
    position = np.arange(investigation.size) - first
    later = (position * rng.uniform(0, 12 * DAY, investigation.size)).astype(np.int64)
    return np.minimum(start + later, as_of - 2 * HOUR)
