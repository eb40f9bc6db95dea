"""What was worked out once for a run and is asked again: kept in memory, the least lately asked for forgotten first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")


class Remembered:
    """At most so many values by key; safe to ask from many threads, of which two may work out the same at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._alone = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made where it is not there. The key must say all that the value is made of."""
        with self._alone:
            if key in self._values:
                self._values.move_to_end(key)
                found: Value = self._values[key]
                return found
        made = make()
        with self._alone:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made
