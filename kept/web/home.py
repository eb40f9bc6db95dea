"""The first page: what this person can do here."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kept.web.access import SIGNED_IN, seen_by
from kept.web.jobs import notices
from kept.web.people import policy, sessions
from kept.web.people.account import who
from kept.web.people.scoping import scope
from kept.web.rights.signals import worth


@dataclass(frozen=True, slots=True)
class Door:
    """A page that the first page leads to: its view, its name, what it is for, and the ability it asks for.

    Where it names another ability, that one will do too.
    """

    view: str
    title: str | Promise
    says: str | Promise
    ability: str = ""
    or_ability: str = ""

    def opens_to(self, held: policy.Scope) -> bool:
        """Whether somebody may go through it."""
        asked = [one for one in (self.ability, self.or_ability) if one]
        return not asked or any(policy.may(held, one) for one in asked)


DOORS = (
    Door("day", gettext_lazy("My day"), gettext_lazy("What you owe which victim, today and this week"), "cases"),
    Door(
        "open-case", gettext_lazy("Open a case"), gettext_lazy("By its number, or by that of a victim in it"), "cases"
    ),
    Door("team", gettext_lazy("Team"), gettext_lazy("What a team owes, who holds how much, first reviews"), "team"),
    Door(
        "witness-care",
        gettext_lazy("Witness care"),
        gettext_lazy("Which cases are before the courts, what comes next, and what you owe which victim"),
        "care",
    ),
    Door(
        "figures",
        gettext_lazy("Figures"),
        gettext_lazy("Every figure of your unit: over time, by area or team, as a chart and a table"),
        "figures",
    ),
    Door(
        "rights",
        gettext_lazy("The twelve rights"),
        gettext_lazy("For how many victims each was kept, and where it is lost"),
        "figures",
        "cells",
    ),
    Door(
        "queue",
        gettext_lazy("Said to be wrong"),
        gettext_lazy("What officers say is shown wrongly, waiting for your answer"),
        "answer",
    ),
    Door(
        "access-log",
        gettext_lazy("Access log"),
        gettext_lazy("Who saw or changed whose data, and when"),
        "log",
    ),
    Door(
        "data",
        gettext_lazy("Data"),
        gettext_lazy("Loads, rows set aside, what can be measured, and evaluations"),
        "coverage",
    ),
    Door("people", gettext_lazy("People"), gettext_lazy("Give and end roles, and see what somebody can see"), "people"),
    Door(
        "service-tokens",
        gettext_lazy("Tokens of other systems"),
        gettext_lazy("Let the crime system or a dashboard ask Kept, and end that"),
        "people",
    ),
    Door("own-scope", gettext_lazy("What you can see"), gettext_lazy("Your roles and the cases in your scope")),
    Door("account", gettext_lazy("Your account"), gettext_lazy("Where you are signed in, your codes and password")),
    Door("status", gettext_lazy("How the service stands"), gettext_lazy("From when the records are")),
)
"""Every page that the first page may lead to; a screen adds a line."""


@seen_by(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """What this person can do, and when they signed in before."""
    held = scope(request)
    doors = [door for door in DOORS if door.opens_to(held)]
    person = who(request)
    said = {"doors": doors, "roles": held.roles(), "before": sessions.before(request, person)}
    return render(request, "home.html", {**said, "told": notices.of(person), "worth": worth(request)})


@seen_by(SIGNED_IN)
@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """Put away what one was told, up to the last that was shown."""
    upto = request.POST.get("upto", "")
    if upto.isascii() and upto.isdigit() and len(upto) < 19:
        notices.put_away(who(request), int(upto))
    return redirect("home")
