"""What these records can show at all: which duties, and from when on.

A duty that they cannot show is not measurable: never silently zero.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kept.code import conditions as c
from kept.code.model import Duty, Edition, Rulebook, Selector
from kept.code.overlap import can_both_hold
from kept.code.terms import attributes_read
from kept.contract.vocabulary import Vocabulary
from kept.engine.rules import Rules, prepare
from kept.engine.wording import short_moment
from kept.errors import AsOfError
from kept.records.version import StoreVersion

_NEVER = "no police extract is known to hold it"
_NOT_SUPPLIED = "no loaded source supplies it"


@dataclass(frozen=True, slots=True)
class Coverage:
    """One duty, and what the records lack to measure it; nothing lacking = measurable."""

    edition: str
    duty: str
    title: str
    right: int | None
    lacking: tuple[str, ...]
    because: str = ""

    @property
    def measurable(self) -> bool:
        return not self.lacking

    @property
    def name(self) -> str:
        return f"{self.edition}/{self.duty}"


def coverage(rulebook: Rulebook, supplies: Collection[str]) -> list[Coverage]:
    """Every duty of the rulebook against the kinds and attributes that the sources can supply."""
    return [_cover(duty, chosen.edition, rulebook.vocabulary, supplies) for duty, chosen in rulebook.duties()]


def rules_for(rulebook: Rulebook, version: StoreVersion) -> Rules:
    """The rulebook made ready for these records: duties that they cannot show left out."""
    return rules_by(rulebook, supplied(version))


def rules_by(rulebook: Rulebook, supplies: Collection[str]) -> Rules:
    """The rulebook made ready for whatever can supply these kinds and attributes."""
    return prepare(rulebook, [one.name for one in coverage(rulebook, supplies) if not one.measurable])


def supplied(version: StoreVersion) -> frozenset[str]:
    """The kinds and attributes that the sources of a store version can say something of."""
    return version.supplies.kinds | version.supplies.attributes


def require_look_back(version: StoreVersion, as_of: datetime) -> None:
    """Refuse a moment of which these records cannot say what had been entered by then."""
    if version.earliest_entry and as_of < version.earliest_entry:
        raise AsOfError(
            f"The records cannot look back to {short_moment(as_of)}.",
            why=f"The first thing in them was entered at {short_moment(version.earliest_entry)}.",
            what_to_do="Name a later as-of.",
        )
    loaded = datetime.fromisoformat(version.manifest.made_at)
    if not version.looks_back and as_of < loaded:
        raise AsOfError(
            f"The records cannot look back to {short_moment(as_of)}.",
            why=f"A source has no entry times; all that is known is what it held at {short_moment(loaded)}.",
            what_to_do="Leave the as-of out, or load a source that has entry times.",
        )


def _cover(duty: Duty, edition: Edition, vocabulary: Vocabulary, supplies: Collection[str]) -> Coverage:
    lacking = (duty.not_measurable,) if duty.not_measurable else tuple(_lacking(duty, edition, vocabulary, supplies))
    because = _NEVER if duty.not_measurable else _NOT_SUPPLIED
    return Coverage(duty.edition, duty.id, duty.title, duty.right, lacking, because if lacking else "")


def _lacking(duty: Duty, edition: Edition, vocabulary: Vocabulary, supplies: Collection[str]) -> Iterator[str]:
    """What the duty cannot be measured without, and the sources do not supply, each once and in order."""
    wanted = [duty.owed_when or duty.before, duty.clock_from, *(answer.specific for answer in duty.answers())]
    for alternatives in filter(None, wanted):
        if not any(selector.kind in supplies for selector in alternatives):
            yield _alternatives(alternatives)
    for attribute in sorted(_attributes_needed(duty, edition)):
        if attribute not in supplies and vocabulary.attributes[attribute].absent is None:
            yield attribute
    yield from _flags_never_set(duty, edition, vocabulary, supplies)


def _flags_never_set(duty: Duty, edition: Edition, vocabulary: Vocabulary, supplies: Collection[str]) -> list[str]:
    """The flags that no source can set and without which the duty never applies: none owed would look like none due."""
    if duty.applies is None:
        return []
    asked = sorted(attributes_read(duty.applies, edition.terms))
    flags = [one for one in asked if one not in supplies and vocabulary.attributes[one].absent is False]
    unset = c.All(tuple(c.Not(c.FactIs(flag, ("true",))) for flag in flags))
    return flags if flags and not can_both_hold(duty.applies, unset, edition.terms) else []


def _alternatives(selectors: Iterable[Selector]) -> str:
    return " or ".join(dict.fromkeys(selector.kind for selector in selectors))


def _attributes_needed(duty: Duty, edition: Edition) -> set[str]:
    """The attributes without which it cannot be told whether, or until when, the duty is owed."""
    conditions = [duty.applies, *(part.applies for part in duty.parts)]
    asked = {name for one in conditions if one for name in attributes_read(one, edition.terms)}
    limits = (duty.limit, duty.enhanced_limit)
    return asked | {limit.attribute for limit in limits if limit and limit.attribute}
