"""One investigation on its own: its timelines as they were known at a moment, evaluated by the reference evaluator.

What a run says of a whole force, this says of one case in a moment, with two liberties that a run has not: any as-of,
and fresh entries that no load has brought yet. Without those its obligations are the run's rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kept.engine.coverage import require_look_back
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.explain import Reason, explain
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.engine.obligation import Obligation
from kept.engine.reference import evaluate
from kept.engine.rules import Rules
from kept.engine.wording import short_moment
from kept.errors import NotFoundError
from kept.records.version import StoreVersion

Fresh = tuple[str, Entry]
"""An entry that the store does not hold yet, and the victim, crime or investigation that it is about, by id."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One timeline, and what is owed upon it, in the order of a run's rows."""

    timeline: Timeline
    obligations: tuple[Obligation, ...]

    @property
    def subject(self) -> Subject:
        return self.timeline.subject


@dataclass(frozen=True, slots=True)
class CaseFile:
    """An investigation as known at a moment: its victims by id, then the investigation itself."""

    investigation: str
    as_of: datetime
    rules: Rules
    subjects: tuple[Evaluated, ...]

    @property
    def victims(self) -> tuple[Evaluated, ...]:
        return tuple(one for one in self.subjects if one.subject.kind == "victim")

    @property
    def open(self) -> bool:
        """Whether it was not closed by then, or was opened again: as the population of investigations has it."""
        events = self.subjects[-1].timeline.events
        closed, reopened = (
            max((one.at for one in events.get(kind, []) if not one.planned), default=None)
            for kind in ("investigation_closed", "investigation_reopened")
        )
        return closed is None or (reopened is not None and reopened > closed)

    def obligations(self) -> Iterator[Obligation]:
        """Every obligation of the case, subject by subject."""
        for one in self.subjects:
            yield from one.obligations

    def why(self, row: Obligation) -> Reason:
        """The reasoning behind one of its obligations."""
        timeline = next(one.timeline for one in self.subjects if one.subject.number == row.subject)
        return explain(row, timeline, self.rules)


def read_case(
    version: StoreVersion, rules: Rules, investigation: str, as_of: datetime, fresh: Sequence[Fresh] = ()
) -> CaseFile:
    """Evaluate one investigation as of a moment, with fresh entries as if they had been loaded.

    AsOfError where the records cannot look back to the moment; NotFoundError where they did not know it by then.
    """
    require_look_back(version, as_of)
    rows = version.lookup.subjects(investigation)
    words = {code: name for name, code in version.codes.items()}
    found = [
        (subject, entries)
        for subject, entries in subjects_with_entries(rows, version.lookup.entries(rows), words, as_of)
        if subject.investigation == investigation
    ]
    if not found:
        raise NotFoundError(
            f"There is no investigation {investigation}.",
            why=f"Nothing under that id had been entered by {short_moment(as_of)}.",
            what_to_do="Check the id as the force's system writes it, or name a later as-of.",
        )
    held = postings_by_investigation(version.lookup.postings(investigation)).get(investigation, [])
    postings = [one for one in held if one.start <= as_of]
    subjects = [subject for subject, _ in found]
    timelines = [
        Timeline(
            subject, [*_taken_back(entries, fresh), *_placed(subject, subjects, fresh, entries, rules)], postings, as_of
        )
        for subject, entries in found
    ]
    return CaseFile(investigation, as_of, rules, tuple(_evaluated(one, rules) for one in sorted(timelines, key=_order)))


def _taken_back(stored: Iterable[Entry], fresh: Iterable[Fresh]) -> list[Entry]:
    """The stored entries, withdrawn where one that was taken back since is among the fresh ones."""
    ended = {entry.id: entry.withdrawn for _, entry in fresh if entry.withdrawn}
    return [one._replace(withdrawn=ended.get(one.id, one.withdrawn)) for one in stored] if ended else [*stored]


def _evaluated(timeline: Timeline, rules: Rules) -> Evaluated:
    return Evaluated(timeline, tuple(evaluate(timeline, rules).obligations))


def _order(timeline: Timeline) -> tuple[bool, str]:
    return (timeline.subject.kind == "investigation", timeline.subject.id)


def _placed(
    subject: Subject, subjects: Sequence[Subject], fresh: Sequence[Fresh], stored: Iterable[Entry], rules: Rules
) -> Iterator[Entry]:
    """The fresh entries that stand on a subject's timeline, by the rules of `kept.records.reach`."""
    there = {entry.id for entry in stored} if fresh else set()
    for about, entry in fresh:
        if entry.id not in there and _concerns(subject, about, entry, subjects, rules):
            crime, victim = _place(about, subjects)
            yield entry._replace(crime=crime, victim=victim)


def _place(about: str, subjects: Sequence[Subject]) -> tuple[str | None, str | None]:
    """The crime and victim that an entry about something carries."""
    for one in subjects:
        if about in (one.victim, one.crime):
            return one.crime, about if about == one.victim else None
    return None, None


def _concerns(subject: Subject, about: str, entry: Entry, subjects: Sequence[Subject], rules: Rules) -> bool:
    """Whether an entry about something stands on a subject's timeline.

    All that concerns a case stands on the investigation's own. What spreads counts for a person in every crime of the
    investigation of which they are a victim.
    """
    if subject.kind == "investigation":
        return about in {one for each in subjects for one in (each.id, each.crime)}
    if about in (subject.victim, subject.crime, subject.investigation):
        return True
    told = {one.person for one in subjects if about in (one.victim, one.crime)} - {None}
    return not entry.is_fact and rules.vocabulary.kinds[entry.kind].spreads and subject.person in told
