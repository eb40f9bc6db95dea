"""“This is wrong”: said by whoever has the case in scope, answered by an analyst in whose scope it is too."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kept.engine.obligation import Obligation
from kept.errors import AsOfError, NotFoundError
from kept.web import law
from kept.web.access import OF_THE_CASE, able, note, note_looks, seen_by
from kept.web.case import disputes
from kept.web.case.asking import Answer, Wrong
from kept.web.case.keys import find
from kept.web.case.states import TAGS
from kept.web.case.views import about_obligation
from kept.web.entered.cases import case_file
from kept.web.paging import paged
from kept.web.people.cases import cases
from kept.web.people.scoping import scope

_PAGE = 20


@seen_by(OF_THE_CASE)
def dispute(request: HttpRequest, investigation: str, key: str) -> HttpResponse:
    """Say that an obligation is shown wrongly."""
    there = reverse("obligation", kwargs={"investigation": investigation, "key": key})
    if request.method != "POST":
        return HttpResponseRedirect(there)
    row = find(case_file(investigation).obligations(), key)
    if row is None:
        raise Http404
    form = Wrong({**request.POST.dict(), "id": request.POST.get("id") or uuid4()})
    if form.is_valid() and _raised(request, row, form):
        return HttpResponseRedirect(there)
    said = about_obligation(request, investigation, key)
    return render(request, "case/obligation.html", {**said, "wrong": form, "form": form})


def _raised(request: HttpRequest, row: Obligation, form: Wrong) -> bool:
    """Say it, unless the same person says of it already that it is wrong; what is sent twice is said once."""
    said, who = form.cleaned_data, request.user.get_username()
    if disputes.raise_one(said["id"], row, said["reason"], said["words"], who):
        note(request, "alteration", row.investigation, row.victim or "", f"said to be wrong: {row.duty}")
        return True
    there = disputes.one(said["id"])
    if there is not None and there.by == who:
        return True
    form.add_error("words", _("You have said that this is wrong, and the analyst has not answered yet"))
    return False


@seen_by(able("answer"))
def queue(request: HttpRequest) -> HttpResponse:
    """What was said to be wrong of the cases in scope and waits for an answer, the oldest first."""
    unanswered = disputes.unanswered()
    opened = cases().among(scope(request), sorted(set(unanswered.values())))
    ours = [dispute for dispute, investigation in unanswered.items() if investigation in opened]
    page = paged(request, disputes.some(ours), _PAGE)
    if page.object_list:
        note_looks(request, [(one.investigation, one.victim) for one in page])
    said = {"page": page, "titles": law.titles(), "reasons": disputes.REASONS, "tags": TAGS}
    return render(request, "case/queue.html", said)


@seen_by(able("answer"))
def queued(request: HttpRequest, dispute: UUID) -> HttpResponse:
    """One of them, with what its obligation is now, and the form that answers it."""
    found = _in_scope(request, dispute)
    note(request, "consultation", found.investigation, found.victim)
    form = Answer(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, found, form):
        return redirect("queue")
    titles = law.titles()
    said = {"one": found, "title": titles.get((found.edition, found.duty), found.duty), "form": form}
    return render(request, "case/queued.html", {**said, "reasons": disputes.REASONS, "tags": TAGS})


def _answered(request: HttpRequest, found: disputes.Dispute, form: Answer) -> bool:
    """Answer it, unless somebody else was quicker; what is sent twice is answered once."""
    words, who = form.cleaned_data["words"], request.user.get_username()
    if disputes.answer(found.id, words, who):
        note(request, "alteration", found.investigation, found.victim, f"answered: {found.duty}")
        return True
    there = disputes.one(found.id)
    if there is not None and (there.answer, there.answered_by) == (words, who):
        return True
    form.add_error(
        None, _("Somebody else has answered this since you opened it. Open it again to see what they wrote.")
    )
    return False


def _in_scope(request: HttpRequest, dispute: UUID) -> disputes.Dispute:
    """The dispute beside the state of its obligation now; Http404 where its case is not in scope."""
    found = disputes.one(dispute)
    if found is None or not cases().among(scope(request), [found.investigation]):
        note(request, "refusal", found.investigation if found else "")
        raise Http404
    try:
        rows = [*case_file(found.investigation).obligations()]
    except (AsOfError, NotFoundError):
        rows = []
    return next(one for one in disputes.of(found.investigation, rows) if one.id == dispute)
