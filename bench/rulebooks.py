"""The rulebooks that the benchmark evaluates, cut from the default one: the police's duties, or so many duties."""

import hashlib
from collections.abc import Collection
from dataclasses import replace

from kept.code import loader
from kept.code.model import Chosen, Duty, Edition, Rulebook
from kept.engine.coverage import coverage, supplied
from kept.records.version import StoreVersion

_NAMED = tuple[str, str]


def police(version: StoreVersion) -> Rulebook:
    """The default rulebook's duties that the police owe and these records can show."""
    named = [_name(duty) for duty in _measurable(version) if duty.holder == "police"]
    return _only(loader.rulebook(), named, "police")


def of_size(version: StoreVersion, count: int) -> Rulebook:
    """A rulebook of so many duties: the police's first, then others'; beyond all of them, editions twice.

    Of fewer duties than the police have, every so manieth is taken.
    """
    duties = sorted(_measurable(version), key=lambda duty: duty.holder != "police")
    times = -(-count // len(duties))
    each = count // times
    polices = sum(duty.holder == "police" for duty in duties)
    chosen = duties[:each] if each > polices else [duties[place * polices // each] for place in range(each)]
    return _times(_only(loader.rulebook(), [_name(duty) for duty in chosen], f"{count} duties"), times)


def count(rulebook: Rulebook) -> int:
    """How many duties a rulebook holds."""
    return len(rulebook.duties())


def _measurable(version: StoreVersion) -> list[Duty]:
    rulebook = loader.rulebook()
    shown = {one.name for one in coverage(rulebook, supplied(version)) if one.measurable}
    return [duty for duty, _ in rulebook.duties() if "/".join(_name(duty)) in shown]


def _name(duty: Duty) -> _NAMED:
    return duty.edition, duty.id


def _only(rulebook: Rulebook, named: Collection[_NAMED], title: str) -> Rulebook:
    chosen = [replace(one, edition=_kept(one.edition, named)) for one in rulebook.chosen]
    return _digested(replace(rulebook, id=f"{rulebook.id}, {title}", chosen=tuple(chosen)))


def _kept(edition: Edition, named: Collection[_NAMED]) -> Edition:
    return replace(edition, duties={name: duty for name, duty in edition.duties.items() if _name(duty) in named})


def _times(rulebook: Rulebook, times: int) -> Rulebook:
    """The rulebook with its editions in force so many times at once, under other ids."""
    chosen = [_again(one, time) for time in range(times) for one in rulebook.chosen]
    return _digested(replace(rulebook, chosen=tuple(chosen)))


def _again(chosen: Chosen, time: int) -> Chosen:
    if not time:
        return chosen
    name = f"{chosen.edition.id}-again-{time}"
    duties = {ident: replace(duty, edition=name) for ident, duty in chosen.edition.duties.items()}
    return replace(chosen, edition=replace(chosen.edition, id=name, duties=duties))


def _digested(rulebook: Rulebook) -> Rulebook:
    named = [_name(duty) for duty, _ in rulebook.duties()]
    return replace(rulebook, digest=hashlib.sha256(f"{rulebook.digest}{named}".encode()).hexdigest())
