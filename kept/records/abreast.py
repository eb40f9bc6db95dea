"""Doing one thing with many items on several threads."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def abreast(action: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """What comes of each item, in their order; where one fails, what has not begun is not begun any more."""
    with ThreadPoolExecutor(threads) as pool:
        found = [pool.submit(action, item) for item in items]
        try:
            for one in found:
                yield one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # nobody wants what is still to come
            raise
