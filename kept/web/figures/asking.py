"""What somebody asks of a measure: the fields of its page, checked, as a question within their scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.calendar import local_day
from kept.errors import MeasureError
from kept.measures.catalogue import HOLDERS, OFFICER, breakdowns
from kept.measures.counts import check, require_months
from kept.measures.members.reading import Members
from kept.measures.model import Kind, Measure
from kept.measures.question import Question
from kept.web.clock import now
from kept.web.figures.naming import called, named_value
from kept.web.figures.scoped import of_unit
from kept.web.forms import Form
from kept.web.people.policy import Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MONTHS = 24
"""How many months a page goes back at first."""
OF_ONE_MOMENT: tuple[Kind, ...] = ("bands", "soon", "steps", "load", "matrix", "not_arisen")
"""Kinds that are of one moment, and are not asked for by period."""
FILTERS = ("opted_out", "evidence_led", "enhanced", "touchpoint", "offence")
"""The breakdowns by which a page can be narrowed, besides the units."""
UNITS = tuple(HOLDERS)
ASKED = "asked"
"""The field that says that the others were filled in, if only with nothing."""
_PERIODS = {
    "": gettext_lazy("All together"),
    "month": gettext_lazy("By month"),
    "quarter": gettext_lazy("By quarter"),
    "year": gettext_lazy("By year"),
}
_BETWEEN = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
_EVERYTHING = ("", gettext_lazy("All"))


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody can ask of a measure.

    unit    of whom they ask, one of `units`
    within  the areas, departments and teams by which they may narrow it, by level
    values  of each other filter the values that occur
    first   the first day as of which anything is known
    officers  whether they may divide it by officer too
    """

    measure: Measure
    units: Sequence[Unit]
    unit: Unit
    within: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]]
    first: date
    officers: bool = False

    @property
    def divided(self) -> list[str]:
        """By what they may divide it."""
        allowed = [] if self.measure.kind == "not_arisen" else [*breakdowns(self.measure)]
        return [*allowed, OFFICER] if self.officers else allowed

    @property
    def filters(self) -> list[str]:
        """The filters that this measure has, units first."""
        least = 1 if self.unit.level == "force" else 2
        return [*(one for one in UNITS if len(self.within[one]) >= least), *self.values]


def values_of(members: Members, measure: Measure) -> dict[str, list[str]]:
    """Of each filter that a measure allows the values that occur in a run, in order."""
    allowed, known = breakdowns(measure), members.owed.codes.names
    return {name: sorted(known.get(name, ())) for name in FILTERS if name in allowed}


class Filters(Form):
    """The fields of a measure's page; what is left empty does not narrow it."""

    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    unit = forms.ChoiceField(label=gettext_lazy("Whose figures"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Over time"), required=False, choices=[*_PERIODS.items()])
    since = forms.DateField(label=gettext_lazy("From"), required=False, validators=_BETWEEN)
    until = forms.DateField(label=gettext_lazy("To"), required=False, validators=_BETWEEN)
    as_of = forms.DateField(label=gettext_lazy("As it was known on"), required=False, validators=_BETWEEN)
    by = forms.ChoiceField(label=gettext_lazy("Divided by"), required=False)
    by_too = forms.ChoiceField(label=gettext_lazy("And by"), required=False)

    def __init__(self, data: Mapping[str, Any], reach: Reach) -> None:
        super().__init__(data)
        self.reach = reach
        self._offer("unit", [(code_of(one), called_unit(one)) for one in reach.units])
        divided = [("", gettext_lazy("Not divided")), *((name, called(name)) for name in reach.divided)]
        self._offer("by", divided)
        self._offer("by_too", divided)
        for name in reach.filters:
            values = reach.within.get(name) or reach.values.get(name) or ()
            offered = [_EVERYTHING, *((one, named_value(one)) for one in values)]
            self.fields[name] = forms.ChoiceField(label=called(name), required=False, choices=offered)
        if reach.measure.kind in OF_ONE_MOMENT:
            self._offer("period", [("", _PERIODS[""])])
        for name in ("since", "until", "as_of"):
            self.fields[name].error_messages["invalid"] = _("Enter a date, such as 2026-12-31")

    def _offer(self, name: str, choices: Sequence[tuple[str, _StrOrPromise]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name, words in self._wrong(said):
            self.add_error(name, words)
        return said

    def _wrong(self, said: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
        since, until, as_of = said.get("since"), said.get("until"), said.get("as_of")
        if since and until and until < since:
            yield "until", _("The last day comes before the first. Exchange the two")
            return
        if as_of and as_of > local_day(now()):
            yield "as_of", _("Nothing is known of that day yet. Choose today or an earlier day")
        if as_of and as_of < self.reach.first:
            first = date_format(self.reach.first, "j F Y")
            yield "as_of", _("Nothing is known as it was before %(day)s. Choose a later day") % {"day": first}
        if said.get("by") and said.get("by") == said.get("by_too"):
            yield "by_too", _("Choose two different ways to divide it, or leave one out")
            return
        yield from self._refused(question_of(said, {**narrower(said, self.reach), **of_unit(self.reach.unit)}))

    def _refused(self, question: Question) -> Iterator[tuple[str | None, str]]:
        """What the measure itself cannot be asked."""
        try:
            require_months(self.reach.measure, question)
        except MeasureError:
            yield (
                "since" if question.since and question.since.day > 1 else "until",
                _("This is counted month by month. Begin on the first day of a month and end on the last day of one"),
            )
        try:
            check(self.reach.measure, question)
        except MeasureError as error:
            yield None, error.what


def question_of(said: Mapping[str, Any], only: Mapping[str, str]) -> Question:
    """The question that checked fields ask, of the members that `only` keeps."""
    by = tuple(dict.fromkeys(one for one in (said.get("by"), said.get("by_too")) if one))
    return Question(by, said.get("period") or "", said.get("since"), said.get("until"), only)


def narrower(said: Mapping[str, Any], reach: Reach) -> dict[str, str]:
    """What of the fields narrows a unit."""
    return {name: said[name] for name in reach.filters if said.get(name)}


def at_first(measure: Measure, day: date) -> dict[str, str]:
    """What a page asks before anybody has asked for anything: the last months one by one, where there are any."""
    if measure.kind in OF_ONE_MOMENT:
        return {}
    month = day.replace(day=1)
    for _month in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
    return {"period": "month", "since": month.isoformat()}


@dataclass(frozen=True, slots=True)
class Tag:
    """Something that was asked for, in words, and the query without it."""

    field: str
    words: str
    without: str


def tags(form: Filters) -> list[Tag]:
    """All that was asked for, each with the way to leave it out."""
    found = said(form)
    return [Tag(name, _in_words(form, name), query({**found, name: ""})) for name in found if name != "unit"]


def said(form: Filters) -> dict[str, str]:
    """The fields that hold something, as they stand in an address."""
    held = {name: form.typed(name) for name in form.fields if name != ASKED}
    return {name: str(value) for name, value in held.items() if value}


def query(fields: Mapping[str, str]) -> str:
    """The address' part behind the question mark."""
    return urlencode({**{name: value for name, value in fields.items() if value}, ASKED: "1"})


def _in_words(form: Filters, name: str) -> str:
    field = form.fields[name]
    label, value = field.label or name, form.cleaned_data.get(name) or form.typed(name)
    if isinstance(field, forms.ChoiceField):
        chosen = dict(field.choices).get(value, value)  # type: ignore[arg-type]
        return str(chosen) if name == "period" else f"{label}: {chosen}"
    return f"{label}: {date_format(value, 'j F Y')}" if isinstance(value, date) else f"{label}: {value}"


def code_of(unit: Unit) -> str:
    """A unit as it stands in an address: `force`, `team:Red`."""
    return f"{unit.level}:{unit.name}" if unit.name else unit.level


def called_unit(unit: Unit) -> _StrOrPromise:
    """A unit as people call it."""
    return unit.name if unit.name else gettext_lazy("The whole force")
