"""What measurements are taken on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.force import FIRST
from kept.records.store import Store
from kept.records.version import StoreVersion

Found = dict[str, Any]
"""What a measurement found, for a JSON file."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A store and how often each thing is timed on it; `spill` is a folder for what does not fit into memory."""

    store: Store
    times: int
    spill: Path

    @property
    def first(self) -> StoreVersion:
        """The version that full evaluations and floors read."""
        return self.store.version(FIRST)
