"""What people do in a day, by the names of pages (`kept/web/urls.py`); a page that is not there is left out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many people of a role, for a unit of a level, who go through these pages in this order, again and again."""

    role: str
    level: str
    people: int
    clicks: tuple[str, ...]


CHARGE_CHECK = "api-charge_check"
"""The operation that the crime system calls; every tenth click is one."""
EVERY = 10
CASE = ("case", "obligation")
CROWDS = (
    Crowd("investigator", "force", 32, ("home", "day", *CASE, "log-contact", "day", *CASE, "charge-check", "contact")),
    Crowd("supervisor", "team", 8, ("home", "team", *CASE, "review", "team", "figures")),
    Crowd("victim_lead", "force", 4, ("home", "rights", "right", "right-gap", "figures", "figure", "right-groups")),
    Crowd("analyst", "force", 3, ("home", "data", "data-coverage", "figures", "figure", "data-runs", "case")),
    Crowd("witness_care", "force", 2, ("home", "day", *CASE)),
    Crowd("governance", "force", 1, ("home", "access-log")),
)
"""Fifty people. A sign-in is not a click: it happens once, before the day is measured."""
PEOPLE = sum(one.people for one in CROWDS)


def spread(people: int) -> Mapping[Crowd, int]:
    """How many of each crowd come where not all fifty do, at least one of the first."""
    return {one: max(round(one.people * people / PEOPLE), one is CROWDS[0]) for one in CROWDS}
