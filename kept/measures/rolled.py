"""Small groups rolled up: a team too small to be shown alone stands with other small ones of its department, or above.

Nobody is lost by it: everybody is in one of the groups shown, and each of them says what was put into it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kept.errors import MeasureError
from kept.measures import counts
from kept.measures.answers import Answer, answer
from kept.measures.asked import Opened
from kept.measures.figures import Figure
from kept.measures.groups import Counted
from kept.measures.model import Measure
from kept.measures.question import UNKNOWN, Merged, Question
from kept.measures.statistics.rollup import Group, Path, Shown, roll_up

LEVELS = ("team", "department", "area")
"""What may be rolled up, each into the next; the last of them into the whole force."""
FORCE = "the force"
LEAST = 10
"""How many a group must have to be shown alone, where neither the question nor the measure says."""


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The figures of what is shown, in the order of `shown`, and how many each small group had by its path."""

    figures: tuple[Figure, ...]
    shown: tuple[Shown, ...]
    sizes: Mapping[Path, int]
    minimum: int


def rolled_answer(at: Opened, measure: Measure, question: Question, minimum: int) -> Answer:
    """The rolled-up figures as an answer that says what was put into what; MeasureError as `rolled_up`."""
    found = rolled_up(at, measure, question, minimum)
    plain = answer(measure, question, found.figures)
    return replace(plain, words=(*plain.words, *_words(found)), data={**plain.data, "rolled_up": _as_data(found)})


def rolled_up(at: Opened, measure: Measure, question: Question, minimum: int = 0) -> RolledUp:
    """The figures of a measure by team, department or area, none of fewer than the minimum.

    A minimum of 0 is the measure's own least, or ten. MeasureError where the question is by anything else, or by
    period: what is small would differ from month to month.
    """
    _check(measure, question, minimum)
    levels = LEVELS[LEVELS.index(question.by[0]) :]
    sizes: dict[Path, int] = {}
    for one in counts.counted(at.members, measure, replace(question, by=levels)):
        path = _path(one.values[: len(levels)])
        sizes[path] = sizes.get(path, 0) + _size(one)
    least = minimum or measure.least or LEAST
    shown = tuple(roll_up([Group(path, n) for path, n in sizes.items()], least))
    names = _names(shown)
    merged = Merged(levels, {path[:-1]: names[one.path] for one in shown for path in _leaves(one, sizes)})
    found = at.figures(measure, replace(question, merged={question.by[0]: merged}))
    ordered = sorted(found, key=lambda figure: [*names.values()].index(str(figure.values[0])))
    return RolledUp(tuple(_large_enough(_unnamed(one), least) for one in ordered), shown, sizes, least)


def _path(values: Sequence[str | None]) -> Path:
    return (*(UNKNOWN if value is None else value for value in values), FORCE)


def _leaves(one: Shown, sizes: Mapping[Path, int]) -> Sequence[Path]:
    """The groups that are in what is shown."""
    return [path for path in (*one.rolled_up, one.path) if path in sizes]


def _check(measure: Measure, question: Question, minimum: int) -> None:
    counts.check(measure, question)
    if len(question.by) != 1 or question.by[0] not in LEVELS or question.period:
        raise MeasureError(
            f"{measure.id} cannot be rolled up like this.",
            why="Small groups go to what they belong to, over one period; by month they would not be the same ones.",
            what_to_do=f"Name one --by of {', '.join(LEVELS)}, and no --period.",
        )
    if minimum < 0:
        raise MeasureError(f"A group cannot have fewer than {minimum}.", what_to_do="Give 1 or more; 10 is usual.")


def _size(one: Counted) -> int:
    """Over how many a figure of this would be."""
    return int(one.counts["judged"] if "judged" in one.counts else one.counts["n"])


def _names(shown: Sequence[Shown]) -> dict[Path, str]:
    """What each is called; with all that it belongs to where two have one name."""
    words = [one.words for one in shown]
    return {
        one.path: f"{one.words} of {', '.join(one.path[1:])}" if words.count(one.words) > 1 else one.words
        for one in shown
    }


def _unnamed(one: Figure) -> Figure:
    """The figure; of nobody knows which group without a name, since it is none to be compared."""
    return replace(one, values=(None,)) if one.values[0] == UNKNOWN else one


def _large_enough(one: Figure, least: int) -> Figure:
    """The figure; of too few only what was counted, so that nobody is lost."""
    if one.n >= least:
        return one
    only_counts = {name: value for name, value in one.more.items() if isinstance(value, int)}
    return Figure(
        one.values, None, one.n, None, more=only_counts, words=f"Fewer than {least} even together: no figure."
    )


def _words(found: RolledUp) -> list[str]:
    said = [
        f"{name}: {', '.join(f'{_called(path, found.sizes)} ({found.sizes[path]:,})' for path in one.rolled_up)}."
        for name, one in _put_together(found)
    ]
    if not said:
        return [f"No group has fewer than {found.minimum}: nothing was rolled up."]
    return [f"Groups of fewer than {found.minimum} are shown together:", *said]


def _put_together(found: RolledUp) -> list[tuple[str, Shown]]:
    """What was made of several groups, by its name."""
    names = _names(found.shown)
    return [(names[one.path], one) for one in found.shown if one.rolled_up]


def _called(path: Path, among: Mapping[Path, int]) -> str:
    """The group's name; with the area, or what else is highest, where two have one name."""
    twice = sum(other[0] == path[0] for other in among) > 1
    return f"{path[0]} of {path[-2]}" if twice and len(path) > 1 else path[0]


def _as_data(found: RolledUp) -> list[dict[str, Any]]:
    return [
        {"shown": name, "n": one.n, "groups": [{"path": path, "n": found.sizes[path]} for path in one.rolled_up]}
        for name, one in _put_together(found)
    ]
