"""The ids of the measures that a rulebook makes, by which obligations and their tallies stand in ledgers too."""

from collections.abc import Collection

WHOLE = "whole-code"
_INVESTIGATIONS = "investigations"


def of_duty(edition: str, duty: str, part: str = "") -> str:
    """The measure of a duty, or of a part of one."""
    return f"{edition}/{duty}:{part}" if part else f"{edition}/{duty}"


def of_windows(edition: str, duty: str) -> str:
    """The measure of the investigations in which every window of a duty was kept."""
    return f"{of_duty(edition, duty)}:{_INVESTIGATIONS}"


def is_of_windows(measure: str) -> bool:
    """Whether a measure counts the investigations in which every window was kept."""
    return measure.endswith(f":{_INVESTIGATIONS}")


def duties_in(measures: Collection[str]) -> dict[str, bool]:
    """The measures of whole duties among some, and whether each repeats, and so has windows."""
    whole = [name for name in measures if "/" in name and ":" not in name]
    return {name: f"{name}:{_INVESTIGATIONS}" in measures for name in whole}


def of_right(right: int) -> str:
    """The measure of the victims for whom everything of a right was kept."""
    return f"right-{right}"
