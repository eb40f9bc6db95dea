"""The team: what is owed in its cases, who holds how much, what nobody holds, and what its supervisor is to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web import freshness
from kept.web.access import able, note_looks, seen_by
from kept.web.clock import now
from kept.web.consulted.lists import Seen
from kept.web.day import notes, reviews
from kept.web.day.bands import BANDS, counted
from kept.web.day.holding import Held, held_by, teams_of
from kept.web.day.load import loads
from kept.web.day.tasks import Task, tasks
from kept.web.day.words import by_when, heading
from kept.web.forms import Form
from kept.web.law import duties
from kept.web.paging import asked, paged
from kept.web.people import policy
from kept.web.people.cases import cases
from kept.web.people.names import names
from kept.web.people.policy import Scope
from kept.web.people.scoping import scope
from kept.web.worklist import reading

_PAGE = 25
_FEW = 10
"""How many cases without a review, or without an officer, are listed before the rest is only counted."""


class Narrowed(Form):
    """Which part of what the team owes is looked for; what is left empty does not narrow it."""

    officer = forms.ChoiceField(label=gettext_lazy("Officer"), required=False)
    right = forms.ChoiceField(label=gettext_lazy("Right"), required=False)
    band = forms.ChoiceField(label=gettext_lazy("Due"), required=False)
    shift = forms.BooleanField(label=gettext_lazy("Only what must be done this shift"), required=False)

    def __init__(self, given: object, officers: Mapping[str, str], rights: Sequence[int]) -> None:
        super().__init__(given)  # type: ignore[arg-type]
        by_name = sorted(officers.items(), key=lambda one: one[1].casefold())
        self._offer("officer", [("", _("Everybody")), *by_name])
        self._offer("right", [("", _("Any")), *((str(one), _("Right %(number)s") % {"number": one}) for one in rights)])
        self._offer("band", [("", _("Today, and overdue")), *((band.id, heading(band)) for band in BANDS)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def keeps(self, task: Task) -> bool:
        """Whether a task is among what is looked for. Until something valid is, that is what is due by today."""
        wanted = self.cleaned_data if self.is_valid() else {}
        in_band = task.band.id == wanted["band"] if wanted.get("band") else task.days <= 0
        return (
            in_band
            and (not wanted.get("shift") or task.days == 0)
            and wanted.get("officer", "") in ("", task.first.officer)
            and wanted.get("right", "") in ("", str(task.first.right))
        )


@dataclass(frozen=True, slots=True)
class _Shown:
    """The lists of a team's page that name cases and victims."""

    page: Page[Task]
    unallocated: list[Held]
    unreviewed: list[Held]
    asking: list[notes.Note]

    def named(self) -> Iterator[Seen]:
        """Whom the page names."""
        yield from ((task.first.investigation, task.first.victim) for task in self.page)
        yield from ((held.investigation, "") for held in (*self.unallocated[:_FEW], *self.unreviewed[:_FEW]))
        yield from ((note.investigation, "") for note in self.asking)


@seen_by(able("team"))
def team(request: HttpRequest) -> HttpResponse:
    """What a team owes, and what its supervisor is to do."""
    seen = scope(request)
    offered = teams(seen)
    chosen = next((one for one in offered if one == request.GET.get("team")), offered[0] if offered else "")
    held, owed = _in_sight(seen, chosen)
    called = names({one.officer for one in held} | {one.first.officer for one in owed})
    rights = sorted({one.first.right for one in owed if one.first.right})
    form = Narrowed(request.GET or None, {who: name for who, name in called.items() if who}, rights)
    found = sorted(filter(form.keeps, owed), key=_today_first)
    shown = _Shown(
        paged(request, found, _PAGE),
        [one for one in held if not one.officer],
        _unreviewed(held),
        notes.of_any({one.investigation for one in held}),
    )
    said = {
        "fresh": freshness.of_worklist(),
        "by_when": by_when,
        "team": chosen,
        "teams": offered,
        "form": form,
        "page": shown.page,
        "asked": asked(request),
        "bands": BANDS,
        "counts": counted(one.days for one in owed),
        "names": called,
        "loads": loads(held, owed, called),
        "unallocated": shown.unallocated,
        "unreviewed": shown.unreviewed,
        "few": _FEW,
        "notes": shown.asking,
        "supervises": policy.may(seen, "supervise"),
    }
    note_looks(request, shown.named(), f"team {chosen}")
    return render(request, "day/team.html", said)


def teams(seen: Scope) -> list[str]:
    """The teams of which somebody sees what they owe, by name."""
    return sorted({name for unit in policy.units_opened(seen, "team") for name in teams_of(unit)})


def _in_sight(seen: Scope, chosen: str) -> tuple[list[Held], list[Task]]:
    """The team's open cases that this person may open, and what the police owe in them."""
    held, owed = held_by(chosen), reading.of_units("team", chosen)
    opened = cases().among(seen, sorted({one.investigation for one in held} | {one.investigation for one in owed}))
    ours = tasks([one for one in owed if one.investigation in opened], duties(), now())
    return [one for one in held if one.investigation in opened], [one for one in ours if one.of_police]


def _today_first(task: Task) -> tuple[bool, object]:
    """What can still be kept, the first one first; then what is overdue, the oldest first."""
    return (task.band.overdue, task.due)


def _unreviewed(held: Sequence[Held]) -> list[Held]:
    """The cases that should have had a first review by now and had none, in the records or here; the oldest first."""
    before = now() - settings.ENVIRONMENT.first_review
    due = [one for one in held if one.officer and one.opened and one.opened < before and one.reviewed is None]
    done = reviews.done({one.investigation for one in due})
    return sorted(
        (one for one in due if one.investigation not in done), key=lambda one: (str(one.opened), one.investigation)
    )
