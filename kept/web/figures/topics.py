"""The catalogue as people look through it: by right, by topic, by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.code.rights import RIGHTS
from kept.measures.catalogue import breakdowns, topics
from kept.measures.model import Measure
from kept.web.figures.scoped import FORCE, only_of
from kept.web.people.policy import Scope, Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

TOPICS: dict[str, _StrOrPromise] = {
    "code": gettext_lazy("The whole Code"),
    "time": gettext_lazy("How long it took"),
    "information": gettext_lazy("Information and contact"),
    "needs": gettext_lazy("Needs and Enhanced Rights"),
    "statement": gettext_lazy("Victim personal statements"),
    "support": gettext_lazy("Support, reviews and caseloads"),
    "outcomes": gettext_lazy("Outcomes and withdrawal"),
    "characteristics": gettext_lazy("Whether characteristics are recorded"),
    "standards": gettext_lazy("Other standards"),
    "record_keeping": gettext_lazy("How records are kept"),
}
"""What measures of no right are about: the catalogue's own topics, and what the rulebook makes."""
_OF_THE_CODE = ("whole-code", "audit-2021", "did-not-arise")
BEGIN_WITH = ("whole-code", "needs-assessed", "force-standards/FS-CONTACT-PLAN:investigations", "contact-overdue",
              "statement-offered-at-recording", "report-to-record")  # fmt: skip
"""The measures that the catalogue's first page leads to."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some measures under one heading: its key in an address, its title, and how many there are."""

    key: str
    title: _StrOrPromise
    count: int


def ability_for(measure: Measure) -> str:
    """The ability that a measure asks for: how records are kept is seen by auditors alone."""
    return "audit" if measure.audience == "auditors" else "figures"


def may_see(scope: Scope, measure: Measure) -> bool:
    """Whether a person may see any figure of a measure: one that knows no units is there for the whole force only."""
    return any(knows(measure, unit) for unit in only_of(scope, ability_for(measure)))


def knows(measure: Measure, unit: Unit) -> bool:
    """Whether a measure can be asked of a unit alone."""
    return unit == FORCE or unit.level in breakdowns(measure)


def seen(scope: Scope, measures: Iterable[Measure]) -> list[Measure]:
    """The measures that a person may see, in the order of the catalogue."""
    return [one for one in measures if may_see(scope, one)]


def topic_of(measure: Measure) -> str:
    """The group that a measure is in: its right, or its topic."""
    if measure.right:
        return f"right-{measure.right}"
    if measure.id in _OF_THE_CODE:
        return "code"
    return topics().get(measure.id, "standards")


def groups(measures: Sequence[Measure]) -> tuple[list[Group], list[Group]]:
    """The rights and the topics that have any measures, with how many."""
    of = [topic_of(one) for one in measures]
    rights = [Group(f"right-{n}", f"{n}. {_(title)}", of.count(f"right-{n}")) for n, title in RIGHTS.items()]
    topics = [Group(key, title, of.count(key)) for key, title in TOPICS.items()]
    return [one for one in rights if one.count], [one for one in topics if one.count]


def found(measures: Iterable[Measure], topic: str, words: str) -> list[Measure]:
    """The measures of a group, of all groups where it is blank, that hold every one of some words."""
    wanted = words.casefold().split()
    return [
        one for one in measures if (not topic or topic_of(one) == topic) and all(word in _text(one) for word in wanted)
    ]


def _text(one: Measure) -> str:
    return f"{one.title} {one.means} {one.id} {one.stage} {one.unit}".casefold().replace("_", " ")
