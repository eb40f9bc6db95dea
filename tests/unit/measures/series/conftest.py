"""Small invented files, and importing them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.measures.series.importing import Imported, import_file
from kept.measures.series.mapping import SeriesMapping

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
Import = Callable[[str | bytes, str], Imported]
Mapped = Callable[[str], SeriesMapping]


@pytest.fixture
def mapped(tmp_path: Path) -> Mapped:
    """Read the text of a mapping."""

    def read(text: str) -> SeriesMapping:
        file = tmp_path / "mapping.yaml"
        file.write_text(text, encoding="utf-8")
        return SeriesMapping.load(file)

    return read


@pytest.fixture
def bring_in(tmp_path: Path, mapped: Mapped) -> Import:
    """Import the content of a file through the text of a mapping."""

    def bring(content: str | bytes, mapping: str) -> Imported:
        file = tmp_path / "figures.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(file, mapped(mapping), NOW)

    return bring
