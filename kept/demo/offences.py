"""Offences by Home Office subgroup: how often each is reported and how it tends to go.

The shares follow the mix of a large English force's recorded crime with a victim; the rest is invented.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Offence:
    """One subgroup. `share` is relative; the other shares lie between 0 and 1; `days` is a median."""

    subgroup: str
    share: float
    suspect: float  # a suspect is identified
    charged: float  # of those with a suspect whose victim supports action
    withdrawn: float  # outcome 16, where the share is not calibrated
    disposal: float  # of those with a suspect, neither charged nor withdrawn
    dropped: float  # not investigated
    days: float  # from recording to the decision that ends the investigation
    report_days: float  # from committing to reporting
    domestic: float
    hate: float
    child: float  # the victim is under 18
    women: float
    first_recorded_as: str = ""  # what it is sometimes recorded as before it is reclassified


OFFENCES = (
    Offence("violence_with_injury", 11.5, 0.72, 0.24, 0.45, 0.20, 0.03, 32, 0.3, 0.33, 0.01, 0.14, 0.48,
            "violence_without_injury"),
    Offence("violence_without_injury", 17.0, 0.70, 0.16, 0.48, 0.22, 0.05, 24, 0.5, 0.34, 0.02, 0.13, 0.55,
            "public_order"),
    Offence("stalking_and_harassment", 12.0, 0.74, 0.14, 0.40, 0.18, 0.06, 28, 2.0, 0.30, 0.03, 0.07, 0.66,
            "public_order"),
    Offence("homicide", 0.06, 0.96, 0.90, 0.0, 0.0, 0.0, 60, 0.1, 0.2, 0.02, 0.06, 0.35),
    Offence("death_by_driving", 0.06, 0.95, 0.75, 0.0, 0.0, 0.0, 120, 0.1, 0.0, 0.0, 0.05, 0.3),
    Offence("rape", 1.4, 0.80, 0.16, 0.54, 0.01, 0.0, 95, 40.0, 0.27, 0.0, 0.30, 0.92, "other_sexual"),
    Offence("other_sexual", 2.4, 0.70, 0.20, 0.42, 0.05, 0.01, 60, 10.0, 0.10, 0.0, 0.42, 0.86),
    Offence("robbery_business", 0.4, 0.45, 0.60, 0.03, 0.01, 0.02, 35, 0.1, 0.0, 0.0, 0.0, 0.5),
    Offence("robbery_personal", 2.1, 0.35, 0.45, 0.20, 0.02, 0.02, 30, 0.2, 0.01, 0.01, 0.28, 0.3),
    Offence("residential_burglary", 3.8, 0.20, 0.50, 0.05, 0.01, 0.10, 18, 0.4, 0.03, 0.0, 0.01, 0.5,
            "criminal_damage"),
    Offence("non_residential_burglary", 1.8, 0.18, 0.55, 0.03, 0.02, 0.25, 12, 0.6, 0.0, 0.0, 0.0, 0.4),
    Offence("vehicle", 9.0, 0.08, 0.45, 0.03, 0.03, 0.45, 7, 0.5, 0.01, 0.0, 0.0, 0.42),
    Offence("theft_from_person", 2.2, 0.10, 0.40, 0.05, 0.05, 0.35, 9, 0.4, 0.0, 0.0, 0.08, 0.6),
    Offence("bicycle_theft", 1.0, 0.07, 0.40, 0.02, 0.05, 0.45, 6, 0.6, 0.0, 0.0, 0.10, 0.3),
    Offence("shoplifting", 9.0, 0.45, 0.45, 0.02, 0.25, 0.35, 9, 0.5, 0.0, 0.0, 0.0, 0.5),
    Offence("other_theft", 8.5, 0.18, 0.25, 0.10, 0.10, 0.35, 9, 1.0, 0.06, 0.0, 0.03, 0.5),
    Offence("criminal_damage", 8.5, 0.35, 0.20, 0.22, 0.25, 0.28, 12, 0.4, 0.15, 0.02, 0.02, 0.48),
    Offence("arson", 0.6, 0.30, 0.40, 0.10, 0.05, 0.08, 25, 0.2, 0.06, 0.01, 0.02, 0.5),
    Offence("drug_trafficking", 0.3, 0.85, 0.70, 0.0, 0.02, 0.0, 60, 0.1, 0.0, 0.0, 0.0, 0.3),
    Offence("drug_possession", 0.5, 0.95, 0.30, 0.0, 0.70, 0.0, 14, 0.1, 0.0, 0.0, 0.0, 0.2),
    Offence("weapons", 0.6, 0.80, 0.60, 0.05, 0.15, 0.01, 21, 0.1, 0.01, 0.0, 0.05, 0.3),
    Offence("public_order", 6.5, 0.55, 0.22, 0.30, 0.25, 0.15, 17, 0.3, 0.10, 0.14, 0.06, 0.5),
    Offence("miscellaneous", 1.0, 0.60, 0.25, 0.20, 0.15, 0.10, 30, 2.0, 0.08, 0.01, 0.15, 0.55),
    Offence("fraud", 0.8, 0.20, 0.30, 0.05, 0.05, 0.25, 25, 5.0, 0.05, 0.0, 0.0, 0.55),
)  # fmt: skip

NAMES = tuple(offence.subgroup for offence in OFFENCES)
SHARES = np.array([offence.share for offence in OFFENCES]) / sum(offence.share for offence in OFFENCES)
BY_NAME = {name: index for index, name in enumerate(NAMES)}
RAPE, OTHER_SEXUAL = BY_NAME["rape"], BY_NAME["other_sexual"]
STALKING, HOMICIDE = BY_NAME["stalking_and_harassment"], BY_NAME["homicide"]
DRIVING = BY_NAME["death_by_driving"]
WITHOUT_A_PERSON = np.array([BY_NAME["drug_trafficking"], BY_NAME["drug_possession"], BY_NAME["weapons"]])
THEMES = {"rape": RAPE, "other_sexual": OTHER_SEXUAL, "stalking_and_harassment": STALKING}
FIRST_RECORDED_AS = np.array([BY_NAME.get(offence.first_recorded_as, -1) for offence in OFFENCES])


def trait(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """One of the numbers above for every offence, in their order."""
    return np.array([getattr(offence, name) for offence in OFFENCES], np.float64)
