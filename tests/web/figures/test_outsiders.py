"""For people, measures and filters at random: no cell of a unit outside somebody's scope ever appears."""

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.test import Client

from kept.measures.asked import Opened
from kept.measures.catalogue import breakdowns
from kept.web.figures.reading import measures_of
from kept.web.figures.scoped import Place, of_unit, places_of
from kept.web.people.models import Denial, User
from kept.web.people.policy import Unit
from tests.web.conftest import ago, give, signed_in

ROLES = ("supervisor", "victim_lead", "auditor", "champion", "analyst", "commissioner", "investigator")
PAGES = ("", "", "/copy/csv", "/chart/wide", "/cases")
LEVELS = ("area", "department", "team")


@dataclass(frozen=True)
class Somebody:
    """A person at random: their browser, the units given and those denied."""

    client: Client
    given: tuple[Unit, ...]
    denied: tuple[Unit, ...]

    def may_see(self, place: Place) -> bool:
        inside = any(place.lies_in(of_unit(one)) for one in self.given)
        return inside and not any(place.lies_in(of_unit(one)) for one in self.denied)


def _units(at: Opened) -> list[Unit]:
    found = {Unit(level, getattr(one, level)) for one in places_of(at) for level in LEVELS if getattr(one, level)}
    return [Unit("force"), *sorted(found, key=lambda one: (one.level, one.name))]


def _somebody(person: Callable[..., User], chance: random.Random, units: list[Unit], number: int) -> Somebody:
    role, given = chance.choice(ROLES), tuple(chance.sample(units, chance.choice([1, 1, 2])))
    denied = tuple(chance.sample(units[1:], 1)) if chance.random() < 0.4 else ()
    user = person(name=f"p{number}")
    for one in given:
        give(user, role, one)
    for one in denied:
        Denial.objects.create(user=user, level=one.level, unit=one.name, since=ago(1), given_by="test")
    return Somebody(signed_in(user), given, denied)


def _asked(chance: random.Random, at: Opened, measure: str, units: list[Unit]) -> str:
    allowed = [*breakdowns(measures_of(at.run)[measure]), ""]
    asked = {"asked": "1", "by": chance.choice(allowed), "by_too": chance.choice([*allowed, "", ""])}
    for unit in chance.sample(units[1:], chance.choice([0, 0, 1, 2])):
        asked[unit.level] = unit.name
    if chance.random() < 0.3:
        one = chance.choice(units)
        asked["unit"] = f"{one.level}:{one.name}" if one.name else one.level
    if chance.random() < 0.3:
        asked["period"] = "quarter"
    return urlencode({name: value for name, value in asked.items() if value})


def _teams_in(answer_text: str, kind: str, teams: set[str]) -> set[str]:
    """The teams that a page or a file names, other than as choices of its form."""
    if kind.startswith("text/csv"):
        cells = {cell for row in csv.reader(io.StringIO(answer_text.removeprefix("\ufeff"))) for cell in row}
        return cells & teams
    cells = {found.strip() for found in re.findall(r"<(?:td|th)[^>]*>([^<]*)<", answer_text)}
    return (cells & teams) | {one for one in re.findall(r'<option value="([^"]*)"', answer_text) if one in teams}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_another_unit_appears(person: Callable[..., User], at: Opened, seed: int) -> None:
    chance, units = random.Random(seed), _units(at)
    measures, places = [*measures_of(at.run)], places_of(at)
    teams = {one.team for one in places} - {""}
    shown = 0
    for number in range(8):
        one = _somebody(person, chance, units, number)
        open_to = {place.team for place in places if one.may_see(place)}
        for _ in range(6):
            measure = chance.choice(["whole-code", "needs-assessed", "right-6", chance.choice(measures)])
            page = f"/figures/{measure}{chance.choice(PAGES)}?{_asked(chance, at, measure, units)}"
            answer = one.client.get(page)
            assert answer.status_code in (200, 404), page
            if answer.status_code == 200:
                shown += 1
                seen = _teams_in(answer.content.decode(), answer.headers["Content-Type"], teams)
                assert seen <= open_to, (one.given, one.denied, page)
    assert shown


def test_the_totals_of_a_team_are_those_that_the_force_s_table_has_for_it(
    person: Callable[..., User], at: Opened
) -> None:
    """What a supervisor is shown is their team's own figure, and not one of more."""
    lead = signed_in(person("victim_lead"))
    text = lead.get("/figures/whole-code/copy/csv?asked=1&by=team").content.decode("utf-8-sig")
    whole = {row["team"]: row["n"] for row in csv.DictReader(io.StringIO(text))}
    for team in [name for name in whole if name not in ("unknown", "unallocated")][:4]:
        client = signed_in(person("supervisor", "team", team))
        own = client.get("/figures/whole-code/copy/csv?asked=1").content.decode("utf-8-sig")
        assert [row["n"] for row in csv.DictReader(io.StringIO(own))] == [whole[team]]
