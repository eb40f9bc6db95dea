"""Asking for work on the records: send an extract, point to one, evaluate, try again."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kept.web.access import able, note, seen_by
from kept.web.data import extracts, mappings
from kept.web.data.loads import KINDS
from kept.web.data.upload import TOO_LARGE
from kept.web.data.work import LATEST
from kept.web.forms import Form
from kept.web.jobs import queue
from kept.web.jobs.models import Job

_log = logging.getLogger("kept.data")
_FAULTS_OF_A_ZIP = {
    "large": gettext_lazy("The archive holds more than may be sent"),
    "unsafe": gettext_lazy("The archive holds a link, a path that leads out of its folder, or too many files"),
    "broken": gettext_lazy("The archive cannot be read: make it again, without a password"),
}


class _Files(forms.FileInput):
    allow_multiple_selected = True


class _ManyFiles(forms.FileField):
    """One or more files; each must be of a kind that extracts are made of."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [super(_ManyFiles, self).clean(one, initial) for one in data or [None]]
        names = [str(one.name).lower() for one in files]
        if wrong := [name for name in names if not name.endswith(extracts.ACCEPTED)]:
            raise forms.ValidationError(_("“%(name)s” is no CSV, Parquet, Excel, XES or zip file") % {"name": wrong[0]})
        if not all(extracts.is_short(str(one.name)) for one in files):
            raise forms.ValidationError(_("The name of a file is longer than 200 characters"))
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("Two of the files have the same name"))
        return files


class _ThroughMapping(Form):
    """What both ways of bringing an extract ask."""

    mapping = forms.ChoiceField(
        label=gettext_lazy("Mapping"), error_messages={"required": gettext_lazy("Choose a mapping")}
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.choices_of("mapping", mappings.names())

    def choices_of(self, name: str, values: list[str]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose")), *((value, value) for value in values)]


class Sent(_ThroughMapping):
    """An extract that a browser sends."""

    extract = _ManyFiles(
        label=gettext_lazy("Files"),
        error_messages={
            "required": gettext_lazy("Choose the files of the extract"),
            "empty": gettext_lazy("One of the files is empty"),
        },
    )

    def clean_extract(self) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = self.cleaned_data["extract"]
        for one in files:
            if str(one.name).lower().endswith(".zip") and one.file:
                if fault := extracts.fault_of_zip(one.file, settings.ENVIRONMENT.upload):
                    raise forms.ValidationError(str(_FAULTS_OF_A_ZIP[fault]))
                one.seek(0)
        return files


class Pointed(_ThroughMapping):
    """An extract that lies in a folder already."""

    folder = forms.ChoiceField(
        label=gettext_lazy("Folder"), error_messages={"required": gettext_lazy("Choose a folder")}
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.choices_of("folder", extracts.offered())


@seen_by(able("records"))
def send(request: HttpRequest) -> HttpResponse:
    """Send an extract by browser; the worker unpacks and loads it."""
    form = Sent(request.POST, request.FILES) if request.method == "POST" else Sent()
    if getattr(request, TOO_LARGE, False):
        form.errors.clear()
        form.add_error("extract", _("This is more than may be sent: send it in parts, or leave it in a folder"))
    elif request.method == "POST" and form.is_valid() and (folder := _kept(form)):
        name = str(form.cleaned_data["extract"][0].name)
        return _asked(request, str(folder), form.cleaned_data["mapping"], name)
    return render(request, "data/send.html", {"form": form, "most": settings.ENVIRONMENT.upload // 1_000_000})


def _kept(form: Sent) -> Path | None:
    """The folder in which the files now lie; None where they could not be kept, and the form says so."""
    try:
        return extracts.receive(form.cleaned_data["extract"])
    except OSError:
        form.add_error("extract", _("The service cannot keep it: its disk is full or fails. Tell who runs Kept"))
        _log.exception("an extract could not be kept")
        return None


@seen_by(able("records"))
def point(request: HttpRequest) -> HttpResponse:
    """Point to a folder with an extract; only those that are offered."""
    form = Pointed(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        folder = extracts.pointed_to(form.cleaned_data["folder"])
        if folder is None:
            raise Http404
        return _asked(request, str(folder), form.cleaned_data["mapping"], folder.name)
    return render(request, "data/point.html", {"form": form, "offered": extracts.offered()})


def _asked(request: HttpRequest, folder: str, mapping: str, name: str) -> HttpResponse:
    note(request, "alteration", why=f"asked for the load of an extract through {mapping}")
    payload = {"folder": folder, "mapping": mapping, "origin": "sent", "name": name[:200]}
    return redirect("data-job", number=queue.ask("load", payload, key=folder, by=request.user.get_username()).pk)


@seen_by(able("records"))
@require_POST
def evaluate(request: HttpRequest) -> HttpResponse:
    """Ask for an evaluation of what is latest; where one waits already, that is the one."""
    note(request, "combination", why="asked for an evaluation")
    return redirect("data-job", number=queue.ask("evaluate", key=LATEST, by=request.user.get_username()).pk)


@seen_by(able("records"))
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more for what was given up, after whatever was wrong has been put right."""
    job = get_object_or_404(Job, pk=number, kind__in=KINDS, given_up=True)
    note(request, "alteration", why="asked again for a job that was given up")
    key = job.key or f"again-{job.pk}"
    return redirect("data-job", number=queue.ask(job.kind, job.payload, key=key, by=request.user.get_username()).pk)
