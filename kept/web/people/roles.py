"""The roles that a person may be given, as data: what each may do, and which cases it opens."""

from dataclasses import dataclass
from typing import Literal

LEVELS = ("force", "department", "area", "team", "investigation")
"""What a grant may be for: the whole force, a part of it, or one investigation by name."""

ABILITIES = {
    "cases": "open the cases in their scope",
    "team": "see what the teams of their unit owe to whom",
    "supervise": "review the cases of their unit, and ask for one to be re-assigned",
    "care": "see what witness care owes in the cases of their unit, and enter what it did",
    "figures": "see figures of their unit",
    "audit": "see how records are kept",
    "cells": "see figures that are fit for release",
    "answer": "answer what is said to be wrong of the cases in their scope",
    "coverage": "see what can be measured, and what differs between editions",
    "records": "see loads, quarantine and runs, and ask for them",
    "log": "search the access log",
    "people": "give and end roles, and preview what a person can see",
}
"""What a role may do; a page asks for one of these."""
OF_THE_FORCE = frozenset({"records", "log", "people"})
"""What touches everybody and cannot be had of a part: only a role for the whole force gives it."""

Opens = Literal["held", "unit", "nothing"]


@dataclass(frozen=True, slots=True)
class Role:
    """One role. `opens`: the cases the person holds or held, those of the unit the role is given for, or none."""

    id: str
    title: str
    opens: Opens
    abilities: frozenset[str]

    @property
    def is_of_the_force(self) -> bool:
        """Whether it gives nothing unless it is for the whole force."""
        return self.opens == "nothing" and bool(self.abilities & OF_THE_FORCE)


def _role(role: str, title: str, opens: Opens, *abilities: str) -> Role:
    return Role(role, title, opens, frozenset(abilities))


ROLES = {
    role.id: role
    for role in (
        _role("investigator", "Investigator", "held", "cases"),
        _role("supervisor", "Supervisor", "unit", "cases", "team", "supervise", "figures"),
        _role("victim_lead", "Victim lead", "unit", "cases", "team", "figures", "cells"),
        _role("auditor", "Auditor", "unit", "cases", "team", "figures", "audit"),
        _role("champion", "Victims' Code champion", "nothing", "figures"),
        _role("analyst", "Analyst", "unit", "cases", "team", "figures", "cells", "answer", "coverage", "records"),
        _role("witness_care", "Witness care officer", "unit", "cases", "care"),
        _role("commissioner", "Commissioner's office", "nothing", "cells"),
        _role("governance", "Information governance", "nothing", "log"),
        _role("administrator", "Administrator", "nothing", "people", "coverage", "records"),
    )
}
"""Every role by its id."""
