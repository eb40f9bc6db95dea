"""A case, and one obligation of it explained: as they are known now, or were on an earlier day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kept.code.plain_words import counts_as_done
from kept.engine.alone import CaseFile
from kept.errors import AsOfError, NotFoundError
from kept.web import law
from kept.web.access import OF_THE_CASE, investigation_of, seen_by
from kept.web.case import disputes
from kept.web.case.asking import AsOf, Wrong
from kept.web.case.entering import doer
from kept.web.case.folding import folded
from kept.web.case.keys import find
from kept.web.case.reading import shut_now
from kept.web.case.states import TAGS
from kept.web.case.told import sentence, title_of, told
from kept.web.clock import now
from kept.web.day import notes
from kept.web.day.words import by_when
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.entered.events import OWN
from kept.web.people.names import names
from kept.web.people.policy import Investigation, holds_now, may_in
from kept.web.people.scoping import scope


@dataclass(frozen=True, slots=True)
class Asked:
    """A case as somebody asked for it: the form of the as-of, its moment where there is one, and what was found.

    `file` is None where nothing can be shown, and `says` why not.
    """

    form: AsOf
    as_of: datetime | None
    file: CaseFile | None
    says: str = ""

    @property
    def query(self) -> str:
        """What an address carries so that the page it leads to looks at the same moment."""
        return f"?{urlencode({name: self.form.data.get(name, '') for name in ('day', 'hour')})}" if self.as_of else ""

    @property
    def more(self) -> str:
        """The same, behind something else that the address carries."""
        return self.query.replace("?", "&")


@seen_by(OF_THE_CASE)
def case(request: HttpRequest, investigation: str) -> HttpResponse:
    """Victim by victim: what is owed now, what happened, every obligation."""
    asked = ask(request, investigation)
    of, number = request.GET.get("of", ""), request.GET.get("page")
    found = told(asked.file, law.duties()) if asked.file else []
    shown = folded(found, of, number)
    said = {**_about(request, asked), "titles": law.titles(), "shown": shown, "entered": [], "disputes": []}
    said["paged"] = urlencode({"of": of} if shown.alone else {}) + asked.more
    if asked.file:
        vocabulary = asked.file.rules.vocabulary
        said["entered"] = _entered(investigation)
        said["logged_words"] = lambda one: sentence(one.event.entry(one.entered_at), vocabulary)
        said["disputes"] = disputes.of(investigation, asked.file.obligations()) if asked.as_of is None else []
    return render(request, "case/case.html", said)


@seen_by(OF_THE_CASE)
def obligation(request: HttpRequest, investigation: str, key: str) -> HttpResponse:
    """Why an obligation is in its state, and what would count as done."""
    return render(request, "case/obligation.html", about_obligation(request, investigation, key))


def about_obligation(request: HttpRequest, investigation: str, key: str) -> dict[str, Any]:
    """What its page shows; Http404 where the case has none of that name now."""
    asked = ask(request, investigation)
    row = find(asked.file.obligations(), key) if asked.file else None
    if row is None and asked.as_of is None and asked.file:
        raise Http404
    said = {**_about(request, asked), "row": row, "key": key, "wrong": Wrong(initial={"id": uuid4()})}
    if asked.file and row:
        duty = law.duties().get((row.edition, row.duty))
        said |= {"duty": duty, "title": title_of(row, duty), "why": asked.file.why(row)}
        said["ways"] = counts_as_done(duty, row.part) if duty else []
        said["disputes"] = [one for one in disputes.of(investigation, [row]) if one.key == key]
    return said


def ask(request: HttpRequest, investigation: str) -> Asked:
    """The case now, or where the address names a day, as it was known then; in words where it was not known yet."""
    form = AsOf(request.GET if request.GET.get("day") or request.GET.get("hour") else None)
    as_of = form.moment(form.cleaned_data) if form.is_bound and form.is_valid() else None
    try:
        file = case_file(investigation, as_of)
    except (AsOfError, NotFoundError) as error:
        return Asked(form, as_of, None, _not_known(error, as_of))
    if as_of and shut_now(file, scope(request)):
        return Asked(form, as_of, None, _("Part of what this case then held is now in a case that you may not open."))
    return Asked(form, as_of, file)


def _not_known(error: AsOfError | NotFoundError, as_of: datetime | None) -> str:
    if as_of is None:
        return _("The records hold nothing of this case.")
    if isinstance(error, AsOfError):
        return _("The records do not reach back to that moment.")
    return _("At that moment nothing was known of this case yet.")


def _about(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    found = investigation_of(request)
    holder = _holder(found)
    holds = holds_now(scope(request), found)
    enters = settings.ENVIRONMENT.entry and asked.as_of is None and doer(scope(request), found) is not None
    who = request.user.get_username()
    return {
        "case": found,
        "asked": asked,
        "form": asked.form,
        "at": asked.as_of or now(),
        "holds": holds,
        "enters": enters,
        "takes_back": lambda one: enters and one.event.source == OWN and (holds or one.entered_by == who),
        "notes": notes.of(found.id),
        "supervises": may_in(scope(request), "supervise", found),
        "officer": names([holder]).get(holder, "") if holder else "",
        "by_when": by_when,
        "tags": TAGS,
        "reasons": disputes.REASONS,
    }


def _holder(found: Investigation) -> str:
    """The officer who holds the case now."""
    held = [one.officer for one in found.postings if one.end is None]
    return (held[-1] or "") if held else ""


def _entered(investigation: str) -> list[rows.Known]:
    """What was entered here and still stands, the last first."""
    return [one for one in reversed(rows.of(investigation)) if one.taken_back is None]
