"""Why a run has no figure of a measure: what its records cannot show, what did not arise, whose duty it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from kept.measures.figures import Figure
from kept.measures.model import OBLIGATIONS, Measure
from kept.measures.names import of_duty, of_right
from kept.measures.units import count

ASIDE = ("pending", "lapsed", "declined", "not_measurable")
"""What becomes of an obligation that arose and was not judged."""


def why_none(measure: Measure, figures: Sequence[Figure], manifest: Mapping[str, Any]) -> str:
    """Why nothing of a measure of obligations was judged in a run, in a sentence; blank for any other measure.

    figures   what the measure came to, of all together
    manifest  what the run notes of itself
    """
    if measure.of != OBLIGATIONS:
        return ""
    if measure.right is not None and measure.id == of_right(measure.right):
        return _of_right(measure.right, manifest)
    duty, _, part = measure.id.partition(":")
    ways = (_not_shown(duty, manifest), _set_aside(figures), _not_arisen(duty, part, manifest))
    return next(filter(None, ways), "Nothing in these records has it arise.")


def _set_aside(figures: Sequence[Figure]) -> str:
    numbers = {name: sum(int(one.more.get(name) or 0) for one in figures) for name in ASIDE}
    found = [f"{count(number)} {name.replace('_', ' ')}" for name, number in numbers.items() if number]
    return f"It arose, and is {' and '.join(found)}." if found else ""


def _of_right(right: int, manifest: Mapping[str, Any]) -> str:
    rules = manifest["names"]["rules"]
    if any(rule["right"] == right and rule["holder"] == "police" for rule in rules):
        return "None of its duties that the police owe arose and could be judged."
    return "None of its duties is owed by the police; those of others have measures of their own."


def _not_shown(duty: str, manifest: Mapping[str, Any]) -> str:
    lacking = [
        text.strip().rstrip(".")
        for one in manifest["not_measurable"]
        if of_duty(one["edition"], one["duty"]) == duty
        for text in one["lacking"]
    ]
    return f"These records cannot show it. What is lacking: {'; '.join(lacking)}." if lacking else ""


def _not_arisen(duty: str, part: str, manifest: Mapping[str, Any]) -> str:
    """By the causes of the duty; of a part by its own and by those of the whole, which begin with no part's name."""
    causes = [
        f"{count(one['count'])} times, {one['cause'].removeprefix(part).strip()}"
        for one in manifest["not_arisen"]
        if one["duty"] == duty.rpartition("/")[2]
        and (not part or one["cause"].startswith("not so") or one["cause"].split(" ")[0] == part)
    ]
    return f"It did not arise: {'; '.join(causes)}." if causes else ""
