"""Reading facts and conditions as then known, in three values: holds, does not hold, cannot be told.

A condition is read at one moment, by what was known then; `docs/reference/duty-language.md` says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from kept.code import conditions as c
from kept.code.model import TermDefinition
from kept.contract.vocabulary import Attribute
from kept.engine.entries import Entry, Timeline


class Knowledge(NamedTuple):
    """A moment at which facts are read, and the moment by which they must have been entered to have been known.

    `crime` and `victim` narrow an investigation's timeline to the facts of what the start is about.
    """

    at: datetime
    by: datetime
    start: Entry
    crime: str | None = None
    victim: str | None = None


@dataclass(slots=True)
class Reader:
    """Reads the facts of one timeline in the words of one edition. `missing` collects what could not be told."""

    timeline: Timeline
    attributes: Mapping[str, Attribute]
    terms: Mapping[str, TermDefinition]
    missing: list[str] = field(default_factory=list)

    def value(self, attribute: str, known: Knowledge) -> str | None:
        """The value that held at `known.at`, as then known; None where there is none.

        Of the values entered by `known.by` the latest. Where none was, the one entered first since: learning late
        fills a gap, and never replaces what was known.
        """
        if attribute not in self.timeline.facts:
            return None
        valid = [fact for fact in self._in_scope(attribute, known) if fact.at <= known.at]
        if len(valid) == 1:
            return valid[0].value or None
        then_known = [fact for fact in valid if fact.entered <= known.by]
        if then_known:
            return max(then_known, key=lambda fact: (fact.at, fact.entered, fact.id)).value or None
        if valid:
            return min(valid, key=lambda fact: (fact.entered, fact.at, fact.id)).value or None
        return None

    def holds(self, condition: c.Condition | None, known: Knowledge) -> bool | None:
        """Whether the condition holds; None where the facts cannot tell (Kleene's three-valued logic).

        What is missing without deciding anything is not named in `missing`.
        """
        match condition:
            case c.FactIs() | c.FactBetween() | c.FactKnown():
                return self._fact_holds(condition, known)
            case c.Any():
                return self._settled(condition.of, known, True)
            case c.All():
                return self._settled(condition.of, known, False)
            case c.Term():
                return self._term_holds(condition.name, known)
            case c.Not():
                held = self.holds(condition.of, known)
                return None if held is None else not held
            case c.StartIs():
                return getattr(known.start, condition.field) in condition.values
            case None:
                return True

    def _settled(self, parts: Sequence[c.Condition], known: Knowledge, by: bool) -> bool | None:
        """The first part that holds settles that any does (`by` true), the first that does not that all do."""
        held: bool | None = not by
        named = len(self.missing)
        for part in parts:
            one = self.holds(part, known)
            if one is by:
                del self.missing[named:]
                return by
            if one is None:
                held = None
        return held

    def _term_holds(self, name: str, known: Knowledge) -> bool | None:
        """Many starts ask a term at one moment; it is of facts alone, so the timeline remembers what it then was."""
        asked = (id(self.terms), name, known.at, known.by, known.crime, known.victim)
        if asked not in self.timeline.terms:
            reader = Reader(self.timeline, self.attributes, self.terms)
            self.timeline.terms[asked] = (reader.holds(self.terms[name].when, known), reader.missing)
        held, missing = self.timeline.terms[asked]
        self.missing.extend(missing)
        return held

    def _fact_holds(self, leaf: c.FactIs | c.FactBetween | c.FactKnown, known: Knowledge) -> bool | None:
        value = self.value(leaf.attribute, known)
        if isinstance(leaf, c.FactKnown):
            return value is not None
        if value is None and self.attributes[leaf.attribute].absent is not None:
            value = "true" if self.attributes[leaf.attribute].absent else "false"
        if value is None:
            self.missing.append(leaf.attribute)
            return None
        if isinstance(leaf, c.FactIs):
            return value in leaf.values
        return (leaf.at_least is None or float(value) >= leaf.at_least) and (
            leaf.below is None or float(value) < leaf.below
        )

    def _in_scope(self, attribute: str, known: Knowledge) -> Sequence[Entry]:
        """The values of the attribute that are about the crime and victim of the start.

        Everything on a victim's own timeline is about that victim; a start that names no crime is about all crimes
        of the investigation, and one that names no victim about all victims.
        """
        facts = self.timeline.facts.get(attribute, ())
        if self.timeline.subject.kind == "victim":
            return facts
        return [
            fact
            for fact in facts
            if (known.crime is None or fact.crime in (None, known.crime))
            and (known.victim is None or fact.victim in (None, known.victim))
        ]
