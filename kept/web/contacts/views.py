"""How a victim may be reached: shown to who holds the case now, and written by them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.access import HOLDS_THE_CASE, investigation_of, note, seen_by
from kept.web.contacts import book
from kept.web.contacts.safe import CHANNELS, NOT_KNOWN, Contact
from kept.web.forms import Email, Form, Telephone, day, text
from kept.web.people.cases import cases

CHANNEL_TITLES = {
    "phone": gettext_lazy("Telephone"),
    "text": gettext_lazy("Text message"),
    "email": gettext_lazy("Email"),
    "letter": gettext_lazy("Letter"),
    "in_person": gettext_lazy("In person"),
    "through_another": gettext_lazy("Through somebody else"),
}
"""What each way of reaching somebody is called."""
assert set(CHANNEL_TITLES) == set(CHANNELS)


class ContactForm(Form):
    """What is known of how to reach a person."""

    channel = forms.ChoiceField(
        label=gettext_lazy("The safe way"),
        required=False,
        choices=[("", gettext_lazy("Not known")), *CHANNEL_TITLES.items()],
    )
    times = text(gettext_lazy("Safe times"), 200)
    code_word = text(gettext_lazy("Code word"), 100)
    no_message = forms.BooleanField(label=gettext_lazy("Do not leave a message"), required=False)
    no_letter = forms.BooleanField(label=gettext_lazy("Do not send a letter"), required=False)
    note = text(gettext_lazy("What else to know"), 500)
    until = day(gettext_lazy("Holds until"), gettext_lazy("Enter the last day as a date, such as 2026-12-31"))
    phone = Telephone(label=gettext_lazy("Telephone"), required=False, max_length=50)
    email = Email(label=gettext_lazy("Email"), required=False, max_length=200)
    address = text(gettext_lazy("Address"), 500)
    written = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@seen_by(HOLDS_THE_CASE)
def contact(request: HttpRequest, investigation: str, victim: str) -> HttpResponse:
    """How this victim may be reached, and the form that changes it."""
    found = cases().victim(victim)
    person = found.person if found else victim
    known = book.read(person)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=_initial(known))
    if request.method == "POST" and form.is_valid() and _written(request, person, victim, form):
        return redirect("contact", investigation=investigation, victim=victim)
    said = {"form": form, "known": known, "victim": victim, "investigation": investigation, "channels": CHANNEL_TITLES}
    said["safe"], said["not_known"] = known.contact.is_safe(timezone.localdate()), _(NOT_KNOWN)
    return render(request, "contacts/contact.html", said)


def _initial(known: book.Known) -> dict[str, Any]:
    return {**asdict(known.contact), "written": known.written}


def _written(request: HttpRequest, person: str, victim: str, form: ContactForm) -> bool:
    said = dict(form.cleaned_data)
    written = said.pop("written")
    if not book.write(person, Contact(**said), request.user.get_username(), written):
        if book.read(person).contact == Contact(**said):  # sent twice
            return True
        form.add_error(
            None, _("Somebody else has changed this since you opened it. Open it again to see what they wrote.")
        )
        return False
    note(request, "alteration", investigation_of(request).id, victim, "contact details")
    return True
