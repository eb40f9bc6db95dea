"""Bars of progress on the terminal."""

from collections.abc import Callable
from typing import Any

from tqdm import tqdm


def moving(bar: "tqdm[Any]") -> Callable[[int], None]:
    """What moves a bar by so many."""

    def move(count: int) -> None:
        bar.update(count)

    return move
