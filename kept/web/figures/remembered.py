"""What was worked out for somebody and is the same for whoever may see it: kept for the next who asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Remembered(Generic[_T]):
    """The things that were asked for last, at most so many, by a key that says all that they depend on.

    Safe from many threads: two who ask at once for what is not there may both work it out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, _T] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, key: Hashable) -> _T | None:
        """What stands under a key; None where nothing does."""
        with self._lock:
            return self._known.get(key)

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What stands under a key, made where it does not yet."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made
