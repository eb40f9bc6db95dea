"""What is in a table of figures, in the words of who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_CALLED = {
    "area": gettext_lazy("Area"),
    "department": gettext_lazy("Department"),
    "team": gettext_lazy("Team"),
    "officer": gettext_lazy("Officer"),
    "opted_out": gettext_lazy("Opted out of contact"),
    "evidence_led": gettext_lazy("Evidence-led prosecution"),
    "enhanced": gettext_lazy("Marked for Enhanced Rights"),
    "enhanced_gate": gettext_lazy("Enhanced Rights by the facts"),
    "touchpoint": gettext_lazy("First handled by"),
    "offence": gettext_lazy("Type of crime"),
    "age_band": gettext_lazy("Age"),
    "repeat_victim": gettext_lazy("Victim before"),
    "victim_kind": gettext_lazy("Kind of victim"),
    "digital": gettext_lazy("Phone or email known"),
    "kind": gettext_lazy("Kind of entry"),
    "outcome": gettext_lazy("Outcome code"),
    "n": gettext_lazy("Out of"),
    "figure": gettext_lazy("Figure"),
    "evidenced": gettext_lazy("Kept, by the records"),
    "interval": gettext_lazy("Interval of 95 %"),
    "at best": gettext_lazy("At best"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
    "without_reasoned": gettext_lazy("Without those with a good reason"),
    "entered_in_time": gettext_lazy("Of these written down in time"),
    "kept_or_reasoned": gettext_lazy("Kept, or a good reason recorded"),
    "counted": gettext_lazy("Counted"),
    "unknown": gettext_lazy("Not known"),
    "declined": gettext_lazy("Declined by the victim"),
    "lapsed": gettext_lazy("No longer needed"),
    "pending": gettext_lazy("Not yet due"),
    "waiting": gettext_lazy("Still waiting"),
    "before": gettext_lazy("Done before"),
    "within": gettext_lazy("Within the limit"),
    "p10": gettext_lazy("10 % within"),
    "p25": gettext_lazy("25 % within"),
    "p75": gettext_lazy("75 % within"),
    "p90": gettext_lazy("90 % within"),
}
_VALUES = {
    "true": gettext_lazy("Yes"),
    "false": gettext_lazy("No"),
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "unknown": gettext_lazy("Not known"),
}


def called(name: str) -> _StrOrPromise:
    """What a column or a breakdown is called."""
    return _CALLED.get(name) or name.replace("_", " ").capitalize()


def named_value(value: str) -> str:
    """What a value of a breakdown is called."""
    found = _VALUES.get(value)
    return _(str(found)) if found else value.replace("_", " ")
