"""The ways that obligations go, in the words of a page: what each is called, and what it tells whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.measures.lost import SIDES, WAYS, Side


@dataclass(frozen=True, slots=True)
class Words:
    """What something is called, and what it means."""

    title: str | Promise
    means: str | Promise


SIDE_WORDS: Mapping[Side, Words] = {
    "kept": Words(gettext_lazy("Kept"), gettext_lazy("The record shows that it was done in time.")),
    "recording": Words(
        gettext_lazy("The record cannot tell"),
        gettext_lazy("It may have been done. Better recording would show it, or show that it was not."),
    ),
    "delivery": Words(
        gettext_lazy("Late or not done"),
        gettext_lazy("The record shows that the victim did not get it in time. Only doing it changes this."),
    ),
    "reason": Words(
        gettext_lazy("Good reason recorded"),
        gettext_lazy("It was not kept, and the force wrote down its own good reason."),
    ),
}
assert tuple(SIDE_WORDS) == SIDES

WAY_WORDS: Mapping[str, Words] = {
    "kept": Words(
        gettext_lazy("Done in time, and written down in time"),
        gettext_lazy("Where nothing says by when it must be done: done at all."),
    ),
    "written_late": Words(
        gettext_lazy("Done in time, and written down only after it was due"),
        gettext_lazy("It counts as kept. On the day it was due nobody could see that it was."),
    ),
    "silent": Words(
        gettext_lazy("No record either way"),
        gettext_lazy("Nothing says that it was done, and nothing that it was not."),
    ),
    "late_perhaps": Words(
        gettext_lazy("Late, but a general contact in time may have included it"),
        gettext_lazy("Somebody spoke with the victim in time. What was said was not written down."),
    ),
    "reasoned_perhaps": Words(
        gettext_lazy("Good reason recorded, but a general contact may have included it"),
        gettext_lazy("Somebody spoke with the victim in time. What was said was not written down."),
    ),
    "late": Words(gettext_lazy("Done late"), gettext_lazy("It was done after the last moment at which it is in time.")),
    "part_lost": Words(
        gettext_lazy("One part late, and no record of another"), gettext_lazy("It has several parts, and all are owed.")
    ),
    "not_done": Words(gettext_lazy("Not done"), gettext_lazy("The record says in so many words that it was not done.")),
    "reasoned": Words(
        gettext_lazy("Not kept, with a good reason recorded"),
        gettext_lazy("The victim did not get it, and somebody wrote down why."),
    ),
}
assert tuple(WAY_WORDS) == tuple(way.id for way in WAYS)

ASIDE_WORDS: Mapping[str, str | Promise] = {
    "declined": gettext_lazy("The victim did not want it"),
    "lapsed": gettext_lazy("What it was for ended before it was due"),
    "pending": gettext_lazy("Not yet due, or not yet judged"),
    "not_measurable": gettext_lazy("A fact is missing that it turns on"),
}
HOLDER_WORDS: Mapping[str, str | Promise] = {
    "police": gettext_lazy("Police"),
    "witness_care": gettext_lazy("Witness care unit"),
    "cps": gettext_lazy("Crown Prosecution Service"),
    "court": gettext_lazy("Courts"),
    "probation": gettext_lazy("Probation"),
    "youth_offending": gettext_lazy("Youth offending team"),
    "compensation_authority": gettext_lazy("Criminal Injuries Compensation Authority"),
    "every_provider": gettext_lazy("Every service that works with victims"),
}
"""Who owes a duty."""
GROUP_WORDS: Mapping[str, str | Promise] = {
    "sex": gettext_lazy("Sex"),
    "age_band": gettext_lazy("Age"),
    "ethnicity": gettext_lazy("Ethnic group"),
    "disability": gettext_lazy("Disability"),
    "language": gettext_lazy("Language"),
}
