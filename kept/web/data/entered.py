"""What was entered here on its way into the store: as an extract, and noted once a version has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kept.records.layout import Cannot
from kept.records.mapping import Mapping
from kept.web.data import mappings
from kept.web.entered import loading
from kept.web.entered.models import Entered

_FEW = "What people enter here is of a few victims: where nothing was entered, nothing follows from that."


def mapping(folder: Path) -> Mapping:
    """The mapping that loads an extract that was written here; it says what can be supplied.

    What people enter adds what is there, and never that silence means that nothing was done: a duty that the force's
    extracts cannot show stays not measurable, however many contacts were logged. What another system sends it supplies.
    """
    contract = mappings.read("contract")
    sent = loading.kinds_sent(folder)
    tables = ("assessments",) if sent else ("assessments", "events")
    few = Cannot(_FEW, tables, tuple(sorted({*contract.vocabulary.kinds} - sent)))
    return replace(contract, cannot_supply=(*contract.cannot_supply, few))


def waits() -> bool:
    """Whether anything was entered that no version has."""
    return Entered.objects.filter(loaded_in=None).exists()


def write(folder: Path) -> int:
    """Write it as an extract; returns how many rows."""
    return len(loading.extract(folder))


def note_loaded(folder: Path, version: int) -> None:
    """Note that a version has what stands in an extract. What it set aside is noted too: it is not sent again."""
    loading.loaded(loading.ids_in(folder), version)
