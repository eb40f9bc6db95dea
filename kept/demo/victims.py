"""The victims of one chunk: who they are, which of their crimes are whose, and how they may be reached."""

from dataclasses import dataclass

import numpy as np

from kept.demo import moments, offences
from kept.demo.crimes import Crimes
from kept.demo.moments import DAY, NEVER, Flags, Floats, Ints

PERSON, BUSINESS, BEREAVED, SPOKESPERSON, STATE = range(5)
KINDS = ("person", "business", "bereaved_relative", "spokesperson", "state")
FOR_BUSINESS = {"shoplifting": 0.97, "robbery_business": 1.0, "non_residential_burglary": 0.85, "vehicle": 0.08,
                "criminal_damage": 0.18, "other_theft": 0.15, "fraud": 0.2, "arson": 0.2}  # fmt: skip
LANGUAGES = {"en": 0.905, "pl": 0.018, "ro": 0.018, "pa": 0.014, "ur": 0.013, "bn": 0.008, "ar": 0.007,
             "so": 0.005, "cy": 0.003, "pt": 0.005, "bfi": 0.004}  # fmt: skip
ETHNICITIES = {"white": 0.55, "asian": 0.14, "black": 0.07, "mixed": 0.03, "other": 0.02, "refused": 0.03,
               "not_asked": 0.16}  # fmt: skip
DISABILITIES = {"no": 0.62, "yes": 0.14, "not_asked": 0.22, "refused": 0.02}
CHANNELS = {"phone": 0.42, "email": 0.22, "text": 0.22, "letter": 0.06, "in_person": 0.05, "portal": 0.03}


@dataclass(frozen=True, slots=True)
class Victims:
    """The victims of a chunk. `leader` is the first victim row of the same person in the same investigation."""

    crime: Ints
    investigation: Ints
    donor: Ints  # the first row of the same person in this chunk
    leader: Ints
    kind: Ints
    age: Ints  # -1 where there is none
    female: Flags
    foreign: Flags
    language: Ints
    disabled: Flags
    nominee: Flags
    added: Ints
    known: Ints  # from when the force can do anything for this victim
    phone: Flags
    email: Flags
    address: Flags
    opted_out: Ints
    opted_in: Ints
    vulnerable: Flags
    intimidated: Flags
    targeted: Flags
    gate: Flags
    flagged: Flags
    flagged_at: Ints

    @property
    def size(self) -> int:
        return self.crime.size

    @property
    def private(self) -> Flags:
        """Not a business and not the state."""
        return np.isin(self.kind, (PERSON, BEREAVED, SPOKESPERSON))

    def out(self, victim: Ints, at: Ints) -> Flags:
        """Opted out of contact, each at a moment of their own."""
        return (self.opted_out[victim] <= at) & (at < self.opted_in[victim])


def victims(rng: np.random.Generator, crime: Ints, crimes: Crimes, as_of: int) -> Victims:
    """Draw the victims of `crime`, an index for each of them."""
    of, size = crimes.investigation[crime], crime.size
    kind = _kinds(rng, crimes.offence[crime])
    donor = _donors(rng, crime, of, kind)
    leader = _leaders(of, donor)
    kind = np.where(donor < np.arange(size), kind[donor], kind)
    draw = rng.random((16, size))
    person = kind != BUSINESS
    late = (draw[0] < 0.03) & (crimes.recorded[crime] < as_of - 20 * DAY)
    later = crimes.recorded[crime] + moments.lags(rng, size, 4.0, 0.5)
    added = np.where(late, np.minimum(later, as_of - DAY), crimes.recorded[crime])
    offence = crimes.offence[crime]
    child = draw[1] < offences.trait("child")[offence]
    age = np.where(child, 4 + 14 * draw[2], 18 + 70 * draw[2] ** 1.6).astype(np.int64)[donor]
    female = (draw[3] < offences.trait("women")[offence])[donor]
    disabled = (draw[4] < 0.14)[donor] & person
    vulnerable = (draw[5] < 0.03 + 0.12 * disabled) & person
    domestic, hate = crimes.domestic[crime], crimes.hate[crime]
    intimidated = (draw[6] < 0.02 + 0.10 * domestic) & person
    targeted = (draw[7] < 0.015) & person
    sexual = np.isin(offence, (offences.RAPE, offences.OTHER_SEXUAL))
    gate = person & (age < 18) | sexual | domestic | hate | (kind == BEREAVED)
    gate = (gate | vulnerable | intimidated | targeted) & (kind != STATE) & (kind != BUSINESS)
    out = moments.only(added + moments.lags(rng, size, 20), (draw[8] < 0.05)[leader] & (kind != STATE))
    back = moments.only(out + moments.lags(rng, size, 30), (draw[9] < 0.3) & (out < NEVER))
    phone, email = _reach(draw[10], draw[11])
    return Victims(
        crime=crime, investigation=of, donor=donor, leader=leader, kind=kind,
        age=np.where((kind == PERSON), age, np.where(kind == BEREAVED, 25 + age // 2, -1)),
        female=female, foreign=(draw[12] < 0.08), language=_languages(rng, size)[donor], disabled=disabled,
        nominee=(draw[13] < np.where(age < 16, 0.4, 0.02)) & person, added=added,
        known=np.maximum(added, crimes.recorded[crime]),
        phone=phone, email=email, address=draw[14] < 0.88,
        opted_out=_by(out, as_of), opted_in=_by(back, as_of),
        vulnerable=vulnerable, intimidated=intimidated, targeted=targeted, gate=gate,
        flagged=np.where(gate, draw[15] < 0.8, draw[15] < 0.04) & person,
        flagged_at=np.minimum(added + moments.lags(rng, size, 0.5, 1.4), as_of),
    )  # fmt: skip


def _by(values: Ints, as_of: int) -> Ints:
    return np.where(values < as_of, values, NEVER)


def _languages(rng: np.random.Generator, size: int) -> Ints:
    weights = np.array(list(LANGUAGES.values()))
    return rng.choice(weights.size, size, p=weights / weights.sum())


def _reach(phone: Floats, email: Floats) -> tuple[Flags, Flags]:
    """About half of all victims have no number that a text can be sent to; a quarter neither way."""
    has_phone = phone < 0.5
    return has_phone, email < np.where(has_phone, 0.55, 0.45)


def _kinds(rng: np.random.Generator, offence: Ints) -> Ints:
    business = np.array([FOR_BUSINESS.get(name, 0.0) for name in offences.NAMES])[offence]
    draw = rng.random(offence.size)
    death = np.isin(offence, (offences.HOMICIDE, offences.DRIVING))
    state = np.isin(offence, offences.WITHOUT_A_PERSON)
    kind = np.where(draw < business, BUSINESS, PERSON)
    kind = np.where(death, np.where(draw < 0.85, BEREAVED, SPOKESPERSON), kind)
    return np.where(state, STATE, kind)


def _donors(rng: np.random.Generator, crime: Ints, investigation: Ints, kind: Ints) -> Ints:
    """For each victim the earlier row whose person this is; the row itself for a new person."""
    row = np.arange(crime.size)
    first_of_crime = np.unique(crime, return_index=True)[1][crime]
    first_of_case = np.unique(investigation, return_index=True)[1][investigation]
    series = (first_of_crime == row) & (first_of_case < row) & (rng.random(row.size) < 0.6)
    frequent = np.flatnonzero((rng.random(row.size) < 0.06) & (kind == PERSON))
    again = (rng.random(row.size) < 0.12) & (kind == PERSON) & (first_of_case == row) & (frequent.size > 0)
    donor = row.copy()
    if frequent.size:
        drawn = frequent[rng.integers(0, frequent.size, row.size)]
        donor = np.where(again & (drawn < row), drawn, donor)
    donor = np.where(series & (kind == kind[first_of_case]), donor[first_of_case], donor)
    while (donor[donor] != donor).any():
        donor = donor[donor]
    return donor


def _leaders(investigation: Ints, donor: Ints) -> Ints:
    _, first, group = np.unique(investigation * np.int64(donor.size) + donor, return_index=True, return_inverse=True)
    leader: Ints = first[group]
    return leader
