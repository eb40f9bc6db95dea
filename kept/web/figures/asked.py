"""From a request to what may be answered: the run, the measure, whose figures, and the question; all within scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from django.http import Http404, HttpRequest

from kept.calendar import local_day
from kept.errors import MeasureError, NotFoundError
from kept.measures.asked import Opened
from kept.measures.catalogue import breakdowns
from kept.measures.model import Measure
from kept.measures.officers import is_by_officer, may_be_divided
from kept.measures.question import Question
from kept.web.access import note
from kept.web.figures import topics
from kept.web.figures.asking import ASKED, UNITS, Filters, Reach, at_first, code_of, narrower, question_of, values_of
from kept.web.figures.reading import first_day, measures_of, opened_at, opened_run
from kept.web.figures.scoped import asked_within, narrowed, of_unit, only_of, places_of, supervised
from kept.web.figures.shown import Shown, show
from kept.web.latest import latest
from kept.web.people import policy
from kept.web.people.policy import Unit
from kept.web.people.scoping import scope


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked of a measure.

    question  None where the fields cannot be answered, which the form says, or where `denied`
    denied    part of what was asked for is not open to this person: they can ask for less
    """

    at: Opened
    measure: Measure
    form: Filters
    question: Question | None
    denied: bool = False

    @property
    def unit(self) -> Unit:
        return self.form.reach.unit

    @property
    def by_officer(self) -> bool:
        """Whether it is divided by officer, so that nothing of it is passed on."""
        return self.question is not None and is_by_officer(self.question)

    def shown(self) -> Shown | None:
        """The answer; None where there is none, and then the form says why."""
        if self.question is None:
            return None
        try:
            return show(self.at, self.measure, self.question)
        except MeasureError as error:
            self.form.add_error(None, error.what)
            return None


def refuse(request: HttpRequest) -> NoReturn:
    """404 for what is out of scope, with a line in the access log."""
    note(request, "refusal")
    raise Http404


def measure_for(request: HttpRequest, name: str) -> Measure:
    """A measure by its id. 404 where there is none, or no run yet; refused where it is not for this person."""
    run = latest()
    found = measures_of(run).get(name) if run else None
    if found is None:
        raise Http404
    if not topics.may_see(scope(request), found):
        refuse(request)
    return found


def asked(request: HttpRequest, name: str) -> Asked:
    """What a page about a measure asks. Whoever names a unit that is not theirs is refused."""
    measure = measure_for(request, name)
    given = {name: str(value) for name, value in request.GET.items()}
    if not any(name in given for name in (ASKED, *Filters.base_fields, *UNITS)):
        given |= at_first(measure, local_day(opened_run().clock))
    return asked_of(request, measure, given)


def asked_of(request: HttpRequest, measure: Measure, given: Mapping[str, str]) -> Asked:
    """What some fields ask of a measure that this person may see."""
    return _checked(request, opened_as_of(given.get("as_of", "")), measure, given)


def opened_as_of(day: str) -> Opened:
    """The run for the day that was typed; the latest where that is no day, or one before all runs."""
    try:
        return opened_at(date.fromisoformat(day)) if day else opened_run()
    except (ValueError, NotFoundError):
        return opened_run()


def _checked(request: HttpRequest, at: Opened, measure: Measure, given: Mapping[str, str]) -> Asked:
    held, ability = scope(request), topics.ability_for(measure)
    units = [one for one in only_of(held, ability) if topics.knows(measure, one)]
    allowed = breakdowns(measure)
    unit = next((one for one in units if code_of(one) == given.get("unit", code_of(units[0]))), None)
    if unit is None:
        refuse(request)
    open_units = narrowed(held, unit, places_of(at), ability)
    within = {level: names if level in allowed else [] for level, names in open_units.items()}
    if any(given.get(level) and given[level] not in within[level] for level in UNITS):
        refuse(request)
    values = values_of(at.members, measure)
    only = {level: given[level] for level in UNITS if given.get(level)} | of_unit(unit)
    by_officer = may_be_divided(measure) and supervised(held, only, places_of(at))
    form = Filters(given, Reach(measure, units, unit, within, values, first_day(), by_officer))
    if not form.is_valid():
        return Asked(at, measure, form, None)
    return _within(held, at, measure, form)


def _within(held: policy.Scope, at: Opened, measure: Measure, form: Filters) -> Asked:
    said = form.cleaned_data
    ability = topics.ability_for(measure)
    only = asked_within(held, form.reach.unit, narrower(said, form.reach), places_of(at), ability)
    if only is None:
        return Asked(at, measure, form, None, denied=True)
    return Asked(at, measure, form, question_of(said, only))
