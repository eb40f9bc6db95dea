"""Random cases: a rulebook, some subjects' timelines, and the moments as of which they are evaluated.

A case is a few numbers, each of which makes one duty or one entry: leaving one out leaves the others nearly as they
are, so that a case that fails can be made small, by Hypothesis or by `smallest`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from kept.calendar import local_day
from kept.code.model import Chosen, Duty, Rulebook
from kept.contract.vocabulary import Vocabulary, standard
from kept.engine.entries import Posting, Subject, Timeline
from tests.agreement.duties import OWN_DEADLINE, any_duty
from tests.agreement.sayings import Setting, entries
from tests.support.engine import ALWAYS, T, edition

SCENES = (T(0), T(0), T(223), T(-80), T(-36))
"""Days 26 to 28 hold a change of the clocks in the first; days 14 to 15 in the second; then Christmas; then the end of
January in a leap year."""
CROWD = 100
"""From how many entries on a timeline is crowded."""


@dataclass(frozen=True, slots=True)
class Case:
    """Numbers from which everything random of one comparison is made."""

    scene: int
    duties: tuple[int, ...]
    timelines: tuple[tuple[int, ...], ...]

    @property
    def begins(self) -> datetime:
        return SCENES[self.scene]


def case(seed: str) -> Case:
    """The case of a seed. One in forty has a timeline of hundreds of entries."""
    chance = Random(seed)
    crowded = chance.random() < 0.025
    lengths = [chance.randint(2 * CROWD, 4 * CROWD)] if crowded else [chance.randint(2, 24) for _ in range(8)]
    duties = _numbers(chance, 2 if crowded else chance.choice((1, 2, 2, 3, 4, 6)))
    return Case(chance.randrange(len(SCENES)), duties, tuple(_numbers(chance, many) for many in lengths))


def _numbers(chance: Random, many: int) -> tuple[int, ...]:
    return tuple(chance.getrandbits(32) for _ in range(many))


# -- the rulebook --------------------------------------------------------------------------------------------------


@cache
def vocabulary() -> Vocabulary:
    """The standard words, and the moment that a case itself is due."""
    deadline = {"attribute": OWN_DEADLINE.partition(".")[2], "means": "By when.", "of": "victim", "type": "moment"}
    return standard().extended("test", {"attributes": [deadline]})


def rulebook_of(made: Case) -> Rulebook:
    """One edition, or two where there are duties enough: the one takes over from the other, or they stand together."""
    chance = Random(str(made.duties))
    half = len(made.duties) // 2
    how = chance.choice(("one", "takes over", "takes over", "together")) if half else "one"
    if how == "one":
        return _rulebook(made, (made.duties, ALWAYS, None))
    change = _a_day(chance, made)
    if how == "together":
        return _rulebook(made, (made.duties[:half], ALWAYS, None), (made.duties[half:], change, None))
    end = change + timedelta(days=chance.choice((5, 20, 60)))
    return _rulebook(made, (made.duties, ALWAYS, change), ((*made.duties[half:], made.duties[0]), change, end))


def _a_day(chance: Random, made: Case) -> date:
    return local_day(made.begins + timedelta(days=chance.choice((1, 5, 14, 27))))


def _rulebook(made: Case, *spans: tuple[Sequence[int], date, date | None]) -> Rulebook:
    chosen = []
    for place, (numbers, since, until) in enumerate(spans):
        name = f"edition-{place}"
        duties = [_dated(any_duty(Random(number), f"D{number:x}"), number, made, name) for number in numbers]
        chosen.append(Chosen(edition(*duties, name=name), since, until))
    return Rulebook("test", "test", "england-and-wales", tuple(chosen), vocabulary(), str(made.duties))


def _dated(duty: Duty, number: int, made: Case, name: str) -> Duty:
    """The duty in its edition; now and then it begins or ends on a day of its own."""
    chance = Random(number)
    since = _a_day(chance, made) if chance.random() < 0.1 else None
    until = _a_day(chance, made) + timedelta(days=5) if chance.random() < 0.1 and since is None else None
    return replace(duty, edition=name, right=number % 12 + 1, starts_on=since, ends_on=until)


# -- timelines -----------------------------------------------------------------------------------------------------

Known = Callable[[datetime], Timeline]


def subjects_of(made: Case, book: Rulebook) -> list[Known]:
    """The timeline of each subject as of a moment: victims and investigations, each of its own investigation."""
    within = Setting.of(made.begins, [duty for duty, _ in book.duties()], max(map(len, made.timelines)) > CROWD)
    return [_subject(place, numbers, within) for place, numbers in enumerate(made.timelines)]


def _subject(place: int, numbers: Sequence[int], within: Setting) -> Known:
    chance = Random(f"{place} {numbers[0]}")
    entered = within.begins + timedelta(days=chance.choice((-60, -60, -60, 0, 6)))
    kind = chance.choice(("victim", "victim", "investigation"))
    inside: tuple[str | None, ...] = ("C1", f"V{place}", f"P{place}") if kind == "victim" else (None, None, None)
    ident = f"{'V' if kind == 'victim' else 'I'}{place}"
    subject = Subject(place, kind, ident, f"I{place}", entered, *inside)
    said, held = entries(numbers, within), postings(chance, within)
    return lambda as_of: Timeline(subject, said, [one for one in held if one.start <= as_of], as_of)


def postings(chance: Random, within: Setting) -> list[Posting]:
    """Who held an investigation, one after another, with gaps and handovers that overlap; nobody in particular too."""
    found = []
    for start in sorted({within.moment(chance) for _ in range(chance.randint(0, 4))}):
        end = start + timedelta(days=chance.choice((1, 6, 12))) if chance.random() < 0.6 else None
        officer = chance.choice(("O1", "O2", None))
        found.append(Posting(start, end, officer, chance.choice(("team 1", "team 2", None)) if officer else None))
    return found


def as_ofs(made: Case, known: Sequence[Known], dues: Sequence[datetime]) -> Iterator[datetime]:
    """Moments at, and just beside, what was entered, withdrawn, or due; and long after everything."""
    chance = Random(f"{made.timelines} {made.scene}")
    late = made.begins + timedelta(days=120)
    yield late
    moments = [at for timeline in known for at in _moments(timeline(late))] + list(dues)
    for at in chance.sample(moments, min(2, len(moments))):
        yield at + timedelta(microseconds=chance.choice((-1, 0, 0, 1)))


def _moments(timeline: Timeline) -> Iterator[datetime]:
    for kept in (timeline.events, timeline.facts):
        for found in kept.values():
            for one in found:
                yield from (one.at, one.entered)


# -- making it small -----------------------------------------------------------------------------------------------


def smallest(made: Case, fails: Callable[[Case], bool]) -> Case:
    """The case with everything left out without which it still fails."""
    while True:
        fewer = next((one for one in _with_one_less(made) if fails(one)), None)
        if fewer is None:
            return made
        made = fewer


def _with_one_less(made: Case) -> Iterator[Case]:
    for without in _less(made.timelines):
        yield replace(made, timelines=without)
    for fewer in _less(made.duties):
        yield replace(made, duties=fewer)
    for place, numbers in enumerate(made.timelines):
        for left in _less(numbers):
            yield replace(made, timelines=(*made.timelines[:place], left, *made.timelines[place + 1 :]))


def _less(several: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if len(several) > 1:
        yield from (several[:place] + several[place + 1 :] for place in range(len(several)))
