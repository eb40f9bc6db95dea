"""The ids of the measures that a rulebook makes, by which obligations and their tallies are stored too."""

WHOLE = "whole-code"


def of_duty(edition: str, duty: str, part: str = "") -> str:
    """The measure of a duty, or of a part of one."""
    return f"{edition}/{duty}:{part}" if part else f"{edition}/{duty}"


def of_windows(edition: str, duty: str) -> str:
    """The measure of the investigations in which every window of a duty was kept."""
    return f"{of_duty(edition, duty)}:investigations"


def of_right(right: int) -> str:
    """The measure of the victims for whom everything of a right was kept."""
    return f"right-{right}"
