"""Every address of the service: how its places are filled, what is sent to it, and for whom there is anything."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from kept.web.figures.models import Saved
from kept.web.latest import latest
from tests.web.conftest import NOW
from tests.web.outsiders.force import BY_ID, CASE, PEOPLE, THEN, mark, now_of, then_of
from tests.web.outsiders.held import DISPUTES, NOTES, Held, keys_of
from tests.web.outsiders.people import FIGURES, HELD, NEAR_BLUE, OF_A_UNIT, Somebody

API = "api-"
BY_TOKEN = "api/v1/"
RECORDS, TEAM = ("analyst", "administrator"), OF_A_UNIT - {"witness_care"}
CELLS = {"commissioner", "victim_lead", "analyst"}
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Visit:
    """One request to a page: its name, the values of its places, what is asked and sent. `of`: the letter drawn."""

    name: str
    method: str
    values: Mapping[str, Any]
    asked: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return reverse(self.name, kwargs=dict(self.values))


Rule = Callable[[Somebody, Visit], "bool | None"]
"""Whether a page is there for somebody; None where that hangs on more than who they are."""


def patterns(under: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (under or get_resolver()).url_patterns:
        yield from patterns(one) if isinstance(one, URLResolver) else [one]


PAGES = {str(one.name): one for one in patterns() if not str(one.name).startswith(API) or one.name == "api-docs"}
"""The pages by name; the operations of the API are asked otherwise."""


def _always(who: Somebody, visit: Visit) -> bool:
    return True


def never(who: Somebody, visit: Visit) -> bool:
    return False


def _roles(*roles: str) -> Rule:
    return lambda who, visit: who.has(roles)


def _of_the_force(*roles: str) -> Rule:
    """For who has one of some roles for the whole force."""
    return lambda who, visit: any(one[0] in roles and one[1] == "force" for one in who.granted)


def _case(allows: Callable[[Somebody, Any], bool]) -> Rule:
    def rule(who: Somebody, visit: Visit) -> bool | None:
        case = BY_ID.get(visit.values["investigation"])
        if case is None or not allows(who, case) or visit.values.get("victim", case.victims[0]) not in case.victims:
            return False
        hangs = visit.asked or visit.name == "dispute"
        return True if "key" not in visit.values else None if hangs else visit.values["key"] in keys_of(case.letter)

    return rule


def _queued(who: Somebody, visit: Visit) -> bool:
    """What was said of a victim is for who may open the case that they are of now."""
    one = next(letter for letter, known in DISPUTES.items() if known == visit.values["dispute"])
    return who.has({"analyst"}) and who.opens(now_of(one))


def _figures(who: Somebody, visit: Visit) -> bool | None:
    """Of a unit that they were given; what touches one that is denied may be there, and say nothing."""
    units = who.units()
    if visit.name == "figure-cases" and not who.has(HELD | OF_A_UNIT):
        return False
    level, _, name = visit.asked.get("unit", "").partition(":")
    if not units or (level and (level, name) not in units):
        return False
    hangs = who.denied or visit.asked or visit.name in ("figure-chart", "right-chart", "rights-chart")
    return None if hangs or visit.values.get("form") in ("svg", "png") else True


def _rights(who: Somebody, visit: Visit) -> bool | None:
    if who.has(FIGURES):
        return _figures(who, visit)
    there = ("force", "") in who.units(CELLS)
    return None if there and who.denied else there


def _released(who: Somebody, visit: Visit) -> bool | None:
    """Where the publishing body has set a rule, for who sees cells of the force."""
    return None if ("force", "") in who.units(CELLS) else False


def _reached(who: Somebody, visit: Visit) -> bool:
    """A view that is shared with team Blue: for who sees figures of a unit that has cases in common with it."""
    return bool(NEAR_BLUE & {*who.units()}) and bool(Saved.objects.get(pk=visit.values["pk"]).level)


def _of_all(who: Somebody, visit: Visit) -> bool:
    """Totals of the force: who is shown one could take from it what they are shown of its parts."""
    whole = any(one[0] in RECORDS and one[1] == "force" for one in who.granted)
    return whole and all(one[1] == "investigation" for one in who.denied)


def _posted_only(rule: Rule) -> Rule:
    return lambda who, visit: rule(who, visit) and (visit.method == "POST" or None)


OF_THE_CASE, HOLDS, SUPERVISES = _case(Somebody.opens), _case(Somebody.holds), _case(Somebody.supervises)
ENTERS = _case(Somebody.enters)
RULES: dict[str, Rule] = {
    **dict.fromkeys(
        ("home", "sign-in", "sign-in-code", "sign-in-set-up", "sign-out", "language", "account", "held", "password",
         "second-factor", "own-scope", "status", "accessibility", "health", "metrics", "openapi", "api-docs"), _always),
    "notices": _posted_only(_always),
    **dict.fromkeys(("provider", "provider-back"), never),  # no provider is set
    **dict.fromkeys(("people", "person", "end-given", "shut-out", "service-tokens", "change-token"),
                    _of_the_force("administrator")),
    "access-log": _of_the_force("governance"),
    **dict.fromkeys(("case", "obligation", "dispute", "charge-check"), OF_THE_CASE),
    "contact": HOLDS, **dict.fromkeys(("log-contact", "needs", "statement", "take-back"), ENTERS),
    **dict.fromkeys(("reassign", "note-back", "review"), SUPERVISES),
    "open-case": _roles(*HELD, *OF_A_UNIT), "charges-seen": _posted_only(_roles(*HELD, *OF_A_UNIT)),
    "witness-care": _roles("witness_care"),
    "day": _roles(*HELD, *OF_A_UNIT), "team": _roles(*TEAM), "notes-file": _roles("supervisor"),
    "queue": _roles("analyst"), "queued": _queued,
    **dict.fromkeys(("figures", "board", "views"), _roles(*FIGURES)),
    **dict.fromkeys(("view", "view-delete"), never),  # they have none of their own
    "view-open": _reached,
    **dict.fromkeys(("view-save", "figure-cases", "figure-chart", "figure-copy", "figure"), _figures),
    "rights": _rights,
    "rights-released": _released,
    **dict.fromkeys(("rights-chart", "right", "right-gap", "right-groups", "right-chart", "right-duty"), _figures),
    **dict.fromkeys(
        ("data-progress", "data-load", "data-job", "data-send", "data-point", "data-set-aside", "data-set-aside-rows",
         "data-set-aside-csv", "data-runs"), _of_the_force(*RECORDS)),
    **dict.fromkeys(("data", "data-coverage", "data-editions"), _roles(*RECORDS)),
    "data-runs-compared": _of_all,
    **dict.fromkeys(("data-again", "data-evaluate"), _posted_only(_of_the_force(*RECORDS))),
}  # fmt: skip
"""For whom each page is there."""


OFTEN = [name for name in PAGES if "investigation" in PAGES[name].pattern.converters]
"""The pages about cases, of which there is most to see."""


@dataclass(frozen=True)
class Filling:
    """Fills the places of addresses: mostly with what belongs together, now and then with what does not."""

    chance: random.Random
    held: Held

    def visit(self, name: str, method: str = "", of: str = "") -> Visit:
        """A visit to a page, about the victim of a letter where one is named."""
        one = of or self.chance.choice(PEOPLE)
        values = {place: self._value(name, place, one, wild=not of) for place in PAGES[name].pattern.converters}
        method = method or self.chance.choice(["GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS"])
        asked = self.chance.choice(ASKED[name]()) if name in ASKED and (not of or name == "data-runs-compared") else {}
        sent = self.chance.choice(SENT[name])(self._letter(one, not of)) if method == "POST" and name in SENT else {}
        return Visit(name, method, values, asked, sent)

    def some_page(self) -> Visit:
        return self.visit(self.chance.choice([*PAGES, *OFTEN, *OFTEN, "case", "case", "case", "case", "queued"]))

    def _letter(self, one: str, wild: bool) -> str:
        return self.chance.choice(PEOPLE) if wild and self.chance.random() < 0.3 else one

    def _value(self, name: str, place: str, one: str, wild: bool) -> Any:
        made = PLACES[name, place] if (name, place) in PLACES else PLACES["", place]
        other = self._letter(one, wild) if place != "investigation" else one
        found = made(other, self.held)
        return self.chance.choice(found) if wild else found[0]


PLACES: dict[tuple[str, str], Callable[[str, Held], list[Any]]] = {
    ("", "investigation"): lambda one, held: [then_of(one).id],
    ("", "victim"): lambda one, held: [mark(f"victim {one}")],
    ("", "key"): lambda one, held: keys_of(then_of(one).letter),
    ("", "written"): lambda one, held: [NOTES[then_of(one).letter]],
    ("", "dispute"): lambda one, held: [DISPUTES[one]],
    ("", "measure"): lambda one, held: ["whole-code", "right-6", "code-2020/R6-1a", "contact-overdue"],
    ("figure-cases", "measure"): lambda one, held: ["whole-code", "right-6", "code-2020/R6-1a"],
    ("", "form"): lambda one, held: ["csv", "xlsx"],
    ("figure-chart", "width"): lambda one, held: ["wide"],
    ("", "number"): lambda one, held: [6],
    ("rights-chart", "name"): lambda one, held: ["rights"],
    ("right-chart", "name"): lambda one, held: ["months"],
    ("", "edition"): lambda one, held: ["code-2020"],
    ("", "duty"): lambda one, held: ["R6-1a"],
    ("language", "wanted"): lambda one, held: ["en"],
    ("person", "pk"): lambda one, held: [held.stranger.pk],
    ("end-given", "pk"): lambda one, held: [held.stranger.pk],
    ("end-given", "kind"): lambda one, held: ["grant"],
    ("end-given", "given"): lambda one, held: [held.grant],
    ("shut-out", "pk"): lambda one, held: [held.stranger.pk],
    ("change-token", "pk"): lambda one, held: [held.token],
    ("view", "pk"): lambda one, held: [held.own_view, held.shared_view],
    ("view-delete", "pk"): lambda one, held: [held.own_view, held.shared_view],
    ("view-open", "pk"): lambda one, held: [held.shared_view, held.shared_view, held.own_view],
    ("data-load", "number"): lambda one, held: [1, 2],
    ("data-job", "number"): lambda one, held: [held.job],
    ("data-again", "number"): lambda one, held: [held.job],
}
"""What stands in a place of an address, by the page (blank: of any) and the place."""


def _days() -> list[dict[str, str]]:
    return [{}, *({"day": f"{timezone.localtime(NOW - timedelta(days=one)):%Y-%m-%d}"} for one in (2, 6, 15, 30))]


def _units() -> list[dict[str, str]]:
    units = [("team", "Red"), ("team", "Blue"), ("area", "North"), ("department", "crime")]
    narrowed = [{"asked": "1", level: mark(name)} for level, name in units]
    named = [{"asked": "1", "unit": f"{level}:{mark(name)}"} for level, name in units]
    then = {"asked": "1", "as_of": f"{timezone.localtime(THEN):%Y-%m-%d}"}
    return [
        {},
        then,
        then,
        {"asked": "1", "by": "team"},
        {"asked": "1", "by": "area", "by_too": "department"},
        *narrowed,
        *named,
    ]


def _parts() -> list[dict[str, str]]:
    return [{}, {"of": "force:"}, {"of": f"team:{mark('Blue')}"}, {"of": f"area:{mark('North')}"}]


def _compared() -> list[dict[str, str]]:
    run = latest()
    return [{"before": run.id, "after": run.id}] if run else [{}]


_FIGURES = ("figure", "figure-cases", "figure-chart", "figure-copy")
_OF_RIGHTS = ("rights", "right", "right-gap", "right-groups", "right-duty", "right-chart", "rights-chart")
ASKED: dict[str, Callable[[], list[dict[str, str]]]] = {
    "case": _days,
    "obligation": _days,
    "team": lambda: [{}, {"band": "29"}, *({"team": mark(name)} for name in ("Red", "Blue", "Green"))],
    "day": lambda: [{}, {"band": "8-14"}, {"band": "15-28"}],
    "open-case": lambda: [{}, {"number": mark("victim A")}, {"number": CASE["F"].id}],
    "access-log": lambda: [{}, {"victim": mark("victim A")}, {"investigation": CASE["F"].id}],
    "people": lambda: [{}, {"q": "a"}],
    "person": lambda: [{}, {"investigation": CASE["E"].id}],
    "data-set-aside-rows": lambda: [{}, {"page": "2"}],
    "data-runs-compared": _compared,
    **dict.fromkeys(_FIGURES, _units),
    **dict.fromkeys(_OF_RIGHTS, _parts),
}
"""What is asked of a page, besides nothing."""

_REVIEW = {
    name: "right"
    for name in ("view", "assessment", "enhanced", "evidence_led", "safeguarding", "special_measures", "contact")
}
SENT: dict[str, list[Callable[[str], dict[str, Any]]]] = {
    "reassign": [
        lambda one: {"to": "", "why": "words", "id": str(uuid4())},
        lambda one: {"to": "", "why": "words", "id": str(NOTES[then_of(one).letter])},
        lambda one: {"to": mark("O9"), "why": ""},
    ],
    "review": [lambda one: {**_REVIEW, "written": "1"}, lambda one: {"written": "0"}],
    "dispute": [
        lambda one: {"reason": "record", "words": "words", "id": str(DISPUTES[one])},
        lambda one: {"reason": "none"},
    ],
    "take-back": [lambda one: {"event": mark(f"entered {one}")}],
    "log-contact": [
        lambda one: {"what": "contact", "channel": "phone", "id": str(uuid4())},
        lambda one: {"what": keys_of(then_of(one).letter)[0], "channel": "none"},
    ],
    "contact": [lambda one: {"written": "1", "channel": "phone"}, lambda one: {"written": "x"}],
    "queued": [lambda one: {"words": "words"}, lambda one: {}],
    "notices": [lambda one: {"upto": "999999"}],
    "person": [
        lambda one: {"role": "analyst", "level": "force", "why": "words"},
        lambda one: {"role": "denied", "level": "investigation", "unit": then_of(one).id},
    ],
    "shut-out": [lambda one: {"what": "leave"}],
    "change-token": [lambda one: {"what": "rotate"}, lambda one: {"what": "revoke"}],
    "service-tokens": [lambda one: {"name": "made", "role": "analyst", "level": "force", "may": "cases:read"}],
    "view": [lambda one: {"name": "renamed", "changes": "0"}],
    "view-save": [lambda one: {"name": "mine", "query": "by=team"}],
    "data-send": [lambda one: {"mapping": "contract"}],
    "data-point": [lambda one: {"mapping": "contract", "folder": "../.."}],
}
"""The forms that are sent to a page; none of its own: an empty one."""
