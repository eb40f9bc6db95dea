"""Measures and their figures: the same questions as `kept measure --json`, about the unit of the token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from kept.errors import MeasureError, NotFoundError
from kept.measures import catalogue
from kept.measures.answers import answer
from kept.measures.asked import Opened, run_to_read
from kept.measures.model import Measure
from kept.measures.officers import refuse_to_leave
from kept.measures.question import Question
from kept.records.store import Store
from kept.web.api.operations import operation
from kept.web.api.said import Day, Moment, Text, plain
from kept.web.figures.reading import measures_of, opened_of, opened_run, reading
from kept.web.figures.scoped import asked_within, only_of, places_of
from kept.web.people import policy
from kept.web.people.scoping import scope


class MeasureOut(Schema):
    """A measure of the catalogue. `breakdowns`: by what its figures may be divided or narrowed."""

    id: str
    title: str
    means: str
    stage: str
    source: str
    unit: str
    right: int | None
    status: str
    breakdowns: list[str]


class FiguresOut(Schema):
    """What a measure came to: of which unit, by which run, as at which moment. `changes`: what changed in between."""

    measure: MeasureOut
    of: str
    run: str
    clock: datetime
    figures: list[dict[str, Any]]
    changes: list[dict[str, Any]]


class Asked(Schema):
    """What is asked: divided by at most two breakdowns, by period, of days from `since` to `until`, of these only."""

    by: list[Text] = Field([], max_length=2)
    period: Text = ""
    since: Day | None = None
    until: Day | None = None
    only: list[Text] = Field([], max_length=20, description="breakdown=value")
    as_of: Moment | None = None
    of: Text = Field("", description="a unit of the token's, as team=Red; blank for the widest")


@operation("GET", "/measures", "measures:read", list[MeasureOut], "Every measure")
def measures(request: HttpRequest) -> list[MeasureOut]:
    """The measures of the catalogue and of the rulebook."""
    return [_measure(one) for one in _open_to(request, opened_run()).values()]


@operation("GET", "/measures/{path:measure}", "measures:read", FiguresOut, "What a measure came to")
def measure(request: HttpRequest, measure: Text, asked: Query[Asked]) -> FiguresOut:
    """The figures of a measure, each with its interval and its range, of a unit that the token was given."""
    at = _opened(asked.as_of)
    one = catalogue.measure(measure, _open_to(request, at))
    unit, only = _within(request, at, asked)
    question = Question(tuple(asked.by), asked.period, asked.since, asked.until, only)
    refuse_to_leave(one, question)
    with reading(at):
        found = answer(one, question, at.figures(one, question))
    return FiguresOut(
        measure=_measure(one),
        of=f"{unit.level}={unit.name}" if unit.name else unit.level,
        run=at.run.id,
        clock=at.clock,
        figures=plain(found.data["figures"]),
        changes=plain(found.data["changes"]),
    )


def _open_to(request: HttpRequest, at: Opened) -> dict[str, Measure]:
    """The measures that this caller may ask for: those that look at how records are kept are for auditors."""
    is_auditor = any(role.id == "auditor" for role in scope(request).roles())
    found = measures_of(at.run)
    return {name: one for name, one in found.items() if is_auditor or one.audience == "everyone"}


def _opened(as_of: datetime | None) -> Opened:
    if as_of is None:
        return opened_run()
    run, clock = run_to_read(Store.open(settings.ENVIRONMENT.store), as_of)
    return opened_of(run, clock)


def _within(request: HttpRequest, at: Opened, asked: Asked) -> tuple[policy.Unit, dict[str, str]]:
    """The unit that is asked about, and what keeps the question within it; NotFoundError for what is not in scope."""
    units = only_of(scope(request))
    level, _, name = asked.of.partition("=")
    unit = policy.Unit(level, name) if asked.of else next(iter(units), None)
    only = asked_within(scope(request), unit, _only(asked.only), places_of(at)) if unit else None
    if unit is None or only is None:
        raise NotFoundError("No unit by this name is open to this token.", what_to_do="Leave `of` and `only` out.")
    return unit, only


def _only(given: list[str]) -> dict[str, str]:
    if wrong := [one for one in given if "=" not in one]:
        raise MeasureError(f"only={wrong[0]} names no value.", what_to_do="Write it as only=sex=female.")
    return dict(one.split("=", 1) for one in given)


def _measure(one: Measure) -> MeasureOut:
    said = {name: getattr(one, name) for name in MeasureOut.model_fields if name != "breakdowns"}
    return MeasureOut(**said, breakdowns=[*catalogue.breakdowns(one)])
