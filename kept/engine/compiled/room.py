"""Room to write in, used again from one piece of work to the next."""

from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Room:
    """Arrays by name. To be given new memory costs a thread about as much as to fill it."""

    _kept: dict[str, Any] = field(default_factory=dict)

    def array(self, name: str, *shape: int, of: Any = np.int64) -> Any:
        """An array of a shape and a type, until the same name is asked for again; what stands in it is left over."""
        size = prod(shape)
        if name not in self._kept or len(self._kept[name]) < size:
            self._kept[name] = np.empty(size, dtype=of)
        return self._kept[name][:size].reshape(shape)
