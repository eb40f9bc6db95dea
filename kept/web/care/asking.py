"""Which part of witness care's list is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.care.courts import WINDOWS, Listed, window_of
from kept.web.forms import Form


class Narrowed(Form):
    """Which cases are looked for; what is left empty does not narrow the list."""

    court = forms.ChoiceField(label=gettext_lazy("Next in court"), required=False)
    carer = forms.ChoiceField(label=gettext_lazy("Who sees to it"), required=False)
    owes = forms.BooleanField(label=gettext_lazy("Only where something is owed"), required=False)

    def __init__(self, given: object, carers: Mapping[str, str]) -> None:
        super().__init__(given)  # type: ignore[arg-type]
        self._offer("court", [("", _("Any day")), *((one.id, str(one.title)) for one in WINDOWS)])
        self._offer("carer", [("", _("Everybody")), *sorted(carers.items(), key=lambda one: one[1].casefold())])

    def kept(self, found: Sequence[Listed], owing: set[str], at: datetime) -> list[Listed]:
        """The cases that are looked for; all of them until something valid is."""
        wanted = self.cleaned_data if self.is_valid() else {}
        return [
            one
            for one in found
            if wanted.get("court", "") in ("", window_of(one, at).id)
            and wanted.get("carer", "") in ("", one.carer)
            and (not wanted.get("owes") or one.investigation in owing)
        ]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
