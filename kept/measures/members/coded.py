"""Codes for the texts that obligations are divided by: a small number for each, the same in all files of one folder.

A folder that carries over the files of an earlier one carries over its codes, and adds to them.
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.records.reading import readable

NAMES = "names.json"
MEASURE = "measure"
"""The column of the measure that a row is of."""
UNKNOWN = 0
"""The code of what is not known."""
CODE = np.uint32
"""Wide enough for whatever a column may hold: a country has more teams than 16 bits can number."""
Coded: TypeAlias = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Codes:
    """The names of each column in the order of their codes, which begin with 1. Several threads may add names."""

    names: dict[str, dict[str, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, folder: Path) -> "Codes":
        """Those of a folder of members; StoreError where they cannot be read."""
        with readable([folder / NAMES], ValueError):
            listed: Mapping[str, list[str]] = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        return cls({column: _numbered(names) for column, names in listed.items()})

    def write(self, folder: Path) -> None:
        content = {column: [*names] for column, names in self.names.items()}
        (folder / NAMES).write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")

    def of(self, column: str, names: Iterable[str | None]) -> Coded:
        """The code of each name, given where it has none yet; UNKNOWN of None and of a blank."""
        with self._lock:
            known = self.names.setdefault(column, {})
            return np.array([known.setdefault(one, len(known) + 1) if one else UNKNOWN for one in names], CODE)

    def coded(self, column: str, texts: pa.Array | pa.ChunkedArray) -> Coded:
        """The code of each text of a column."""
        words = texts.cast(pa.string()).combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts.cast("string")
        found = words.dictionary_encode()
        table = np.append(self.of(column, found.dictionary.to_pylist()), CODE(UNKNOWN))
        places = found.indices.fill_null(len(table) - 1).to_numpy(zero_copy_only=False)
        coded: Coded = table[places]
        return coded


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names, start=1)}
