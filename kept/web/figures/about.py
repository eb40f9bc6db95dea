"""What a measure is, as lines of a page: whom it counts, at which stage, by which rule, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.code.model import Duty
from kept.engine.explain import CERTAINTY_IN_WORDS, cited
from kept.engine.results import Run
from kept.measures.catalogue import all_populations
from kept.measures.model import Measure
from kept.web.figures.reading import rulebook_of

Line = tuple[str, str]
_DIRECTIONS = {
    "higher": gettext_lazy("Higher is better"),
    "lower": gettext_lazy("Lower is better"),
    "neither": gettext_lazy("Neither"),
}


def about(measure: Measure, run: Run) -> list[Line]:
    """The lines, each a heading and its text."""
    return [line for line in (*_itself(measure), *_duty(measure, run)) if line[1]]


def _itself(measure: Measure) -> Iterator[Line]:
    of = all_populations().get(measure.of)
    yield _("Over what"), _sentence(of.means) if of else _("What was owed to victims under the Code")
    yield _("At which stage"), _sentence(measure.stage)
    yield _("From what"), _sentence(measure.source)
    yield _("Which way is better"), str(_DIRECTIONS[measure.direction])
    yield _("Owner"), _sentence(measure.owner)
    yield _("Status"), _sentence(measure.status)


def _duty(measure: Measure, run: Run) -> Iterator[Line]:
    found = next((one for one, _in in rulebook_of(run).duties() if _name(one) == measure.id.partition(":")[0]), None)
    if found:
        yield _("Rule"), f"{found.id} ({found.edition})"
        yield _("How sure the rule is"), _sentence(CERTAINTY_IN_WORDS[found.certainty])
        yield _("Where it stands"), cited(found.citation)


def _name(duty: Duty) -> str:
    return f"{duty.edition}/{duty.id}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
