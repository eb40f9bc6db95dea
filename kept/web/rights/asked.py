"""What a page of the rights is of: which run, which part of the force, which months; and what may be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kept.measures.asked import Opened
from kept.measures.question import Question
from kept.web.access import note
from kept.web.figures.remembered import Remembered
from kept.web.figures.scoped import FORCE, WIDEST, asked_within, narrowed, of_unit, only_of, places_of
from kept.web.people.policy import Scope, Unit
from kept.web.people.scoping import scope

MONTHS = (3, 12, 24)
"""Over how many months figures may be asked for, the present one among them."""
USUAL = 12
OVER_TIME = 24
"""How many months a process chart goes back."""
_BELOW = {"force": "area", "area": "team", "department": "team"}
"""Into which parts a unit is divided to be compared."""


_PARTS: Remembered[list[Part]] = Remembered(100)
"""By run, and by all of a scope that decides: a force has hundreds of teams."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the force that somebody may ask about: its value in an address, and the `only` of a question."""

    unit: Unit
    only: tuple[tuple[str, str], ...]

    @property
    def value(self) -> str:
        return f"{self.unit.level}:{self.unit.name}"

    @property
    def shown(self) -> str:
        """Its name, with what it is a part of."""
        wider = [name for level, name in self.only if (level, name) != (self.unit.level, self.unit.name)]
        return ", ".join([self.unit.name, *wider]) if self.unit.name else _("The whole force")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: a run by its id, a part of the force, and so many months up to the run's as-of, `last` in London.

    Two that are equal have equal figures.
    """

    run: str
    part: Part
    months: int
    last: date

    @property
    def since(self) -> date:
        """The first day that counts."""
        return months_back(self.last, self.months)

    @property
    def below(self) -> str:
        """The breakdown into the parts of this one; blank where it has none."""
        return _BELOW.get(self.part.unit.level, "")

    def question(self, *by: str) -> Question:
        """The question about its members and months, by some breakdowns."""
        return Question(by, since=self.since, only=dict(self.part.only))

    def over_time(self) -> Question:
        """The question about its members by month, as far back as process charts go."""
        return Question((), "month", since=months_back(self.last, OVER_TIME), only=dict(self.part.only))

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode({"of": self.part.value, "months": str(self.months)})


def months_back(day: date, months: int) -> date:
    """The first day of the month from which on there are so many months, that of the day among them."""
    place = day.year * 12 + day.month - months
    return date(place // 12, place % 12 + 1, 1)


def parts(held: Scope, at: Opened) -> list[Part]:
    """The parts of the force that somebody may see figures of, each once, the widest first."""
    key = (at.run.id, only_of(held), held.denied())
    return _PARTS.get(key, lambda: [*dict.fromkeys(_parts(held, at))])


def _parts(held: Scope, at: Opened) -> Iterator[Part]:
    places = places_of(at)
    for unit in only_of(held):
        own = of_unit(unit)
        if asked_within(held, unit, {}, places) is not None:
            yield Part(unit, tuple(own.items()))
        inside = narrowed(held, unit, places)
        for level in WIDEST[WIDEST.index(unit.level) + 1 :]:
            for name in inside[level]:
                yield Part(Unit(level, name), tuple({**own, level: name}.items()))


def ask_of(request: HttpRequest, at: Opened) -> tuple[Ask, list[Part]]:
    """What is asked, and all parts that could be; Http404, logged, for a part that is not in scope."""
    known = parts(scope(request), at)
    wanted = request.GET.get("of", "")
    part = next((one for one in known if wanted in ("", one.value)), None)
    if part is None:
        note(request, "refusal", why="figures of another part of the force")
        raise Http404
    months = next((one for one in MONTHS if str(one) == request.GET.get("months")), USUAL)
    return first_asked(at, part, months), known


def of_the_force(at: Opened) -> Ask:
    """What whoever sees the whole force is shown first."""
    return first_asked(at, Part(FORCE, ()))


def first_asked(at: Opened, part: Part, months: int = USUAL) -> Ask:
    """What is asked of a part of the force where nothing else is chosen."""
    return Ask(at.run.id, part, months, timezone.localtime(at.clock).date())
