"""Adding people from the command line: the first administrator, and the invented people of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe

from django.db import transaction
from django.utils import timezone

from kept.errors import UsageError
from kept.web import unseen
from kept.web.environment import INVENTED_PASSWORD
from kept.web.people.cases import Cases, cases
from kept.web.people.models import Grant, User
from kept.web.people.policy import Unit
from kept.web.people.roles import LEVELS, ROLES


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody who can sign in now, and the password to begin with."""

    name: str
    shown: str
    role: str
    of: str
    password: str


def add(name: str, shown: str, role: str, unit: Unit, officer: str = "", password: str = "", by: str = "") -> Added:
    """Add somebody, with a role from now on. UsageError where the name is taken, or role or unit are not known."""
    if role not in ROLES or unit.level not in LEVELS:
        raise UsageError(
            f"There is no role “{role}” of a “{unit.level}”.",
            what_to_do=f"Roles are {', '.join(ROLES)}; they are given of {', '.join(LEVELS)}.",
        )
    if ROLES[role].is_of_the_force and unit.level != "force":
        raise UsageError(f"The role “{role}” is for the whole force alone.", what_to_do="Leave the unit out.")
    if unseen.has_unseen(name):
        raise UsageError(
            "The name to sign in with holds characters that cannot be seen.", what_to_do="Type it by hand."
        )
    if User.objects.filter(name__iexact=name).exists():
        raise UsageError(f"Somebody signs in as “{name}” already.", what_to_do="Choose another name.")
    chosen = password or token_urlsafe(12)
    with transaction.atomic():
        user = User(name=name, shown=unseen.line(shown) or name, officer=officer)
        user.set_password(chosen)
        user.save()
        Grant.objects.create(
            user=user, role=role, level=unit.level, unit=unit.name, since=timezone.now(), given_by=by or "command"
        )
    return Added(name, user.shown, ROLES[role].title, unit.name or unit.level, chosen)


def invented() -> list[Added]:
    """People of each role for the invented force; those who are there already stay as they are."""
    known = cases()
    officer, other, team, area = _chosen(known)
    people = (
        ("oscar", "Oscar Investigator", "investigator", Unit("force"), officer),
        ("una", "Una Outsider", "investigator", Unit("force"), other),
        ("sam", "Sam Supervisor", "supervisor", Unit("team", team), ""),
        ("vera", "Vera Lead", "victim_lead", Unit("force"), ""),
        ("arthur", "Arthur Arealead", "victim_lead", Unit("area", area), ""),
        ("audrey", "Audrey Auditor", "auditor", Unit("force"), ""),
        ("charlie", "Charlie Champion", "champion", Unit("area", area), ""),
        ("anna", "Anna Analyst", "analyst", Unit("force"), ""),
        ("wendy", "Wendy Witnesscare", "witness_care", Unit("force"), ""),
        ("colin", "Colin Commissioner", "commissioner", Unit("force"), ""),
        ("grace", "Grace Governance", "governance", Unit("force"), ""),
        ("adam", "Adam Administrator", "administrator", Unit("force"), ""),
    )
    return [_invented(*one) for one in people]


def _invented(name: str, shown: str, role: str, unit: Unit, officer: str) -> Added:
    if User.objects.filter(name=name).exists():
        return Added(name, shown, ROLES[role].title, unit.name or unit.level, INVENTED_PASSWORD)
    return add(name, shown, role, unit, officer, INVENTED_PASSWORD, "demo")


def _chosen(known: Cases) -> tuple[str, str, str, str]:
    """The officer who holds most, the one who does elsewhere, and the first one's team and area."""
    busiest = known.busiest()
    if not busiest:
        raise UsageError("Nobody holds a case in this store.", what_to_do="Make the invented force anew: kept demo.")
    officer, team, area = busiest[0]
    other = next((who for who, elsewhere, there in busiest if there != area), officer)
    return officer, other, team, area
