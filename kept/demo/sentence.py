"""After conviction: the sentence's length, the Victim Contact Scheme, and the offender's release."""

import numpy as np
import pyarrow as pa

from kept.demo import moments
from kept.demo.case import Case
from kept.demo.columns import Text
from kept.demo.facts import VIOLENT, is_one_of
from kept.demo.moments import DAY, NEVER, Flags, Ints
from kept.demo.telling import Telling, tell

RELEASED = Telling("release_from_custody", "R11-3", (10, 10), "probation", 0.3)


def after_sentence(case: Case, crime: Ints, sentenced: Ints, suspect: Text) -> None:
    """Facts of the sentence, referral and contact in the scheme, and key stages of the sentence."""
    violent = is_one_of(case.crimes.offence[crime], VIOLENT)
    months = np.where(violent, 6 + case.rng.integers(0, 60, crime.size), case.rng.integers(1, 20, crime.size))
    custody = case.chance(crime.size, 0.45)
    hospital = violent & case.chance(crime.size, 0.02)
    fact = case.ledger.fact
    length = pa.array(months).cast(pa.string())
    fact("sentence_length", "crime", crime, length, moments.only(sentenced, custody), source="court")
    specified = moments.only(sentenced, violent)
    fact("specified_offence", "crime", crime, "true", specified, source="court")
    fact("hospital_order", "crime", crime, "true", moments.only(sentenced, hospital), source="court")
    eligible = violent & (custody & (months >= 12) | hospital)
    _scheme(case, crime, moments.only(sentenced, eligible))
    freed = sentenced + (months * 15 * DAY * 0.5).astype(np.int64)
    freed = moments.only(freed, custody & (sentenced < NEVER))
    number = case.ledger.add("offender_stage", freed, "crime", crime, value="released", suspect=suspect,
                             by="probation", source="probation")  # fmt: skip
    tell(case, RELEASED, freed, crime, told_after=number, suspect=suspect)
    ahead = (freed > case.as_of) & (freed < NEVER)
    case.ledger.add("offender_stage", moments.only(sentenced + DAY, ahead), "crime", crime, planned=freed,
                    value="release_considered", suspect=suspect, by="probation", source="probation")  # fmt: skip


def _scheme(case: Case, crime: Ints, sentenced: Ints) -> None:
    place, victim = case.victims_of(crime)
    start, size = sentenced[place], victim.size
    add = case.ledger.add
    referred = case.later(start, 7, case.chance(size, 0.85))
    add("contact_scheme_referred", referred, "victim", victim, by="witness_care", touchpoint="witness_care")
    contacted = case.later(referred, 17, case.chance(size, 0.9))
    result: Text = case.draw({"reached": 0.85, "attempted": 0.15}, size)
    add("contact_scheme_contacted", contacted, "victim", victim, by="probation", source="probation", result=result)
    chosen = case.later(contacted, 10, _reached(case, size))
    add("contact_scheme_chosen", chosen, "victim", victim, by="probation", source="probation",
        result=case.draw({"in": 0.75, "out": 0.25}, size))  # fmt: skip


def _reached(case: Case, size: int) -> Flags:
    return case.chance(size, 0.8)
