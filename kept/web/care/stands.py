"""How far a victim's statement and their special measures are, as the records show it. Pure functions of a timeline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import Selector
from kept.engine.entries import Entry, Timeline, in_order


@dataclass(frozen=True, slots=True)
class Stage:
    """One way in which it may stand: the events that say so, its words, and the colour of its tag."""

    says: str | Promise
    colour: str
    wants: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class Stands:
    """A stage, and since when; None where the records say nothing, or cannot."""

    stage: Stage
    since: datetime | None = None


def _statement(says: str | Promise, colour: str, *values: str, result: str = "done") -> Stage:
    return Stage(says, colour, (Selector("personal_statement", value=values, result=(result,)),))


STATEMENT = (
    _statement(gettext_lazy("Statement offered"), "blue", "offered"),
    _statement(gettext_lazy("Statement offered again"), "blue", "further_offered"),
    _statement(gettext_lazy("Statement declined for now"), "grey", "declined"),
    _statement(gettext_lazy("Statement made"), "green", "made"),
    _statement(gettext_lazy("Statement used in court"), "green", "used"),
    _statement(gettext_lazy("Statement not offered"), "red", "offered", "further_offered", result="not_done"),
)
"""How far a Victim Personal Statement may be; the last that happened is shown."""
NO_STATEMENT = Stage(gettext_lazy("No offer of a statement on record"), "red")


def _decided(says: str | Promise, colour: str, result: str) -> Stage:
    return Stage(says, colour, (Selector("special_measures_decided", result=(result,)),))


MEASURES = (
    Stage(
        gettext_lazy("Special measures needed, and the CPS not told (MG2)"),
        "red",
        (
            Selector("need_found", value=("special_measures", "intermediary")),
            Selector("assessment_field", item=("needs_assessment.special_measures",), value=("yes",)),
        ),
    ),
    Stage(
        gettext_lazy("Special measures asked for (MG2)"),
        "blue",
        (Selector("special_measures_requested"),),
    ),
    _decided(gettext_lazy("Special measures granted"), "green", "granted"),
    _decided(gettext_lazy("Special measures granted in part"), "orange", "part_granted"),
    _decided(gettext_lazy("Special measures refused"), "orange", "refused"),
)
"""How far special measures may be; one that comes later in this order outweighs those before it."""
NO_MEASURES = Stage(gettext_lazy("No need of special measures on record"), "grey")
NOT_SUPPLIED = Stage(gettext_lazy("The records loaded here cannot show it"), "yellow")


def statement(timeline: Timeline, supplied: Collection[str]) -> Stands:
    """How far the Victim Personal Statement is. `supplied`: the kinds that the records can say something of."""
    found = [(entry, stage) for stage in STATEMENT if (entry := _last(timeline, stage.wants))]
    if not found:
        return Stands(NO_STATEMENT if "personal_statement" in supplied else NOT_SUPPLIED)
    entry, stage = max(found, key=lambda one: in_order(one[0]))
    return Stands(stage, entry.at)


def measures(timeline: Timeline, supplied: Collection[str]) -> Stands:
    """How far special measures are."""
    found = [(entry, stage) for stage in MEASURES if (entry := _last(timeline, stage.wants))]
    if not found:
        return Stands(NO_MEASURES if "special_measures_requested" in supplied else NOT_SUPPLIED)
    entry, stage = found[-1]
    return Stands(stage, entry.at)


def _last(timeline: Timeline, wants: Sequence[Selector]) -> Entry | None:
    happened = [one for one in timeline.select(wants) if one.at <= timeline.as_of]
    return happened[-1] if happened else None
