"""The mappings that people may choose: those that come with Kept, and those of the force's own folder."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from kept.contract.vocabulary import standard
from kept.errors import MappingError
from kept.records.mapping import Mapping
from kept.records.shipped import shipped


def names() -> list[str]:
    """Their names; one of the force's own stands before a shipped one of that name."""
    return [*_own(), *(name for name in shipped() if name not in _own())]


def read(name: str) -> Mapping:
    """A mapping by its name. MappingError where there is none of that name, or it is wrong."""
    if name not in names():
        raise MappingError(
            "There is no such mapping.", name, what_to_do=f"There are {', '.join(names())}: choose one of these."
        )
    return Mapping.load(_own().get(name, name), standard())


def _own() -> dict[str, Path]:
    folder: Path | None = settings.ENVIRONMENT.mappings
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))} if folder else {}
