"""The twelve rights as figures: of each for how many victims it was kept, and at which of its duties it is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kept.code.model import Duty
from kept.code.rights import RIGHTS
from kept.measures.asked import Opened
from kept.measures.figures import Figure
from kept.measures.lost import NOTHING, Ways, together, ways_of
from kept.measures.model import Measure
from kept.measures.names import WHOLE, of_duty, of_right
from kept.measures.reasons import why_none
from kept.web.figures.reading import measures_of, rulebook_of
from kept.web.figures.remembered import Remembered
from kept.web.rights.asked import Ask

_SEEN: Remembered[list[RightSeen]] = Remembered(100)
_WHOLE: Remembered[Figure] = Remembered(100)
_OF_DUTIES: Remembered[Mapping[str, Figure]] = Remembered(300)


@dataclass(frozen=True, slots=True)
class DutySeen:
    """One duty of a right, and which ways its obligations went; `lacking` is what these records cannot show of it."""

    duty: Duty
    ways: Ways
    lacking: str = ""

    @property
    def measure(self) -> str:
        return of_duty(self.duty.edition, self.duty.id)

    @property
    def of_police(self) -> bool:
        return self.duty.holder == "police"


@dataclass(frozen=True, slots=True)
class RightSeen:
    """A right: the share of victims for whom all was kept that was judged, its duties, and why there is no figure.

    `figure` is None where the rulebook has no duty of it.
    """

    number: int
    figure: Figure | None
    duties: tuple[DutySeen, ...]
    why: str = ""

    @property
    def title(self) -> str:
        return RIGHTS[self.number]

    @property
    def has_figure(self) -> bool:
        return self.figure is not None and self.figure.value is not None

    @property
    def victims(self) -> dict[str, int]:
        """How many victims had it kept by the record, had it kept if silence is, and had something lost for certain."""
        if self.figure is None or self.figure.value is None:
            return {}
        kept = round(self.figure.value * self.figure.n)
        best = round(float(self.figure.at_best or 0) * self.figure.n)
        return {"kept": kept, "recording": best - kept, "delivery": self.figure.n - best}

    @property
    def of_police(self) -> list[DutySeen]:
        """Its duties that the police owe and these records can show."""
        return [one for one in self.duties if one.of_police and not one.lacking]

    @property
    def ways(self) -> Ways:
        """The ways of all that the police owed of it."""
        return together(one.ways for one in self.of_police)

    @property
    def worst(self) -> DutySeen | None:
        """The duty of the police at which most is lost; None where nothing is."""
        return max((one for one in self.of_police if one.ways.lost), key=lambda one: one.ways.lost, default=None)

    @property
    def papers(self) -> list[int]:
        """The rows of the board papers that its duties serve."""
        return sorted({row for one in self.duties for row in one.duty.papers})


def rights_seen(at: Opened, ask: Ask) -> list[RightSeen]:
    """All twelve, in the order of the Code, which is nearly that of a victim's journey."""
    return _SEEN.get(ask, lambda: _rights(at, ask))


def whole_code(at: Opened, ask: Ask) -> Figure:
    """The share of victims for whom everything was kept that was judged of any right."""
    return _WHOLE.get(ask, lambda: at.figures(measures_of(at.run)[WHOLE], ask.question())[0])


def duty_figures(at: Opened, ask: Ask, right: RightSeen) -> Mapping[str, Figure]:
    """The figure of each duty of a right that these records can show, by the id of its measure."""
    return _OF_DUTIES.get((ask, right.number), lambda: _duty_figures(at, ask, right.duties))


def why_no_figure(at: Opened, one: DutySeen, figure: Figure) -> str:
    """Why nothing of a duty was judged, in words."""
    return why_none(measures_of(at.run)[one.measure], [figure], at.run.manifest)


def _duty_figures(at: Opened, ask: Ask, duties: Iterable[DutySeen]) -> dict[str, Figure]:
    measures = measures_of(at.run)
    return {
        one.measure: at.figures(measures[one.measure], ask.question())[0] for one in duties if one.measure in measures
    }


def _rights(at: Opened, ask: Ask) -> list[RightSeen]:
    measures, manifest = measures_of(at.run), at.run.manifest
    duties = sorted((duty for duty, _ in rulebook_of(at.run).duties() if duty.right), key=_in_order)
    ways = ways_of(duties, at, ask.question())
    lacking = {of_duty(one["edition"], one["duty"]): _said(one["lacking"]) for one in manifest["not_measurable"]}
    seen = [_seen(duty, ways, lacking) for duty in duties]
    return [
        _right(at, ask, number, measures.get(of_right(number)), [one for one in seen if one.duty.right == number])
        for number in RIGHTS
    ]


def _seen(duty: Duty, ways: Mapping[str, Ways], lacking: Mapping[str, str]) -> DutySeen:
    name = of_duty(duty.edition, duty.id)
    return DutySeen(duty, ways.get(name, NOTHING), lacking.get(name, ""))


def _right(at: Opened, ask: Ask, number: int, measure: Measure | None, duties: Sequence[DutySeen]) -> RightSeen:
    if measure is None:
        return RightSeen(number, None, tuple(duties), "The rules in force have no duty of it.")
    (figure,) = at.figures(measure, ask.question())
    why = "" if figure.value is not None else _why(duties) or why_none(measure, [figure], at.run.manifest)
    return RightSeen(number, figure, tuple(duties), why)


def _why(duties: Sequence[DutySeen]) -> str:
    """Why nothing of a right was judged, where it is that the records cannot show any duty of the police."""
    of_police = [one for one in duties if one.of_police]
    if of_police and all(one.lacking for one in of_police):
        return f"These records cannot show any of what the police owe of it. What is lacking: {of_police[0].lacking}"
    return ""


def _said(lacking: Sequence[str]) -> str:
    return "; ".join(" ".join(text.split()) for text in lacking)


def _in_order(duty: Duty) -> list[tuple[int, str]]:
    """Ids as people count them: R2-2 before R2-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", duty.id)]
