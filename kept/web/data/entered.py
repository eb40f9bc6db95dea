"""What was entered here on its way into the store: as an extract, and noted once a version has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kept.records.layout import Cannot
from kept.records.mapping import Mapping
from kept.web.data import mappings
from kept.web.entered import loading
from kept.web.entered.models import Entered

_FORMS = Cannot(
    tables=("assessments",),
    kinds=("assessment_made", "assessment_field"),
    because="The forms that were filled in here are those of a few victims: where none is, nothing follows from that.",
)


def mapping() -> Mapping:
    """The mapping that loads it. Of forms it adds what is there, and not that silence means that none was made."""
    contract = mappings.read("contract")
    return replace(contract, cannot_supply=(*contract.cannot_supply, _FORMS))


def waits() -> bool:
    """Whether anything was entered that no version has."""
    return Entered.objects.filter(loaded_in=None).exists()


def write(folder: Path) -> int:
    """Write it as an extract; returns how many rows."""
    return len(loading.extract(folder))


def note_loaded(folder: Path, version: int) -> None:
    """Note that a version has what stands in an extract. What it set aside is noted too: it is not sent again."""
    loading.loaded(loading.ids_in(folder), version)
