"""What is worth looking at: the rights of which the last whole month is a signal, and nothing that is chance."""

from __future__ import annotations

import logging
import threading
from collections.abc import Hashable
from dataclasses import dataclass

from django.http import HttpRequest

from kept.errors import KeptError
from kept.measures.asked import Opened
from kept.measures.changes import of_rulebook
from kept.measures.model import Measure
from kept.measures.names import of_right
from kept.measures.over_time import changed_in, in_a_row, process_of, unit_of
from kept.measures.statistics.process_chart import Meaning
from kept.measures.statistics.process_words import say
from kept.web.figures.reading import measures_of, opened_run, reading, rulebook_of
from kept.web.figures.remembered import Remembered
from kept.web.figures.scoped import only_of
from kept.web.latest import latest
from kept.web.people import policy
from kept.web.people.scoping import scope
from kept.web.rights.asked import Ask, first_asked, parts
from kept.web.rights.seen import rights_seen

WORTH: Remembered[Worth | None] = Remembered(200)
_BUSY = threading.Lock()
"""One is worked out at a time."""
_log = logging.getLogger("kept.rights")


@dataclass(frozen=True, slots=True)
class Signal:
    """A right whose last whole month belongs to a signal, in words, and what that means."""

    right: int
    said: str
    means: Meaning


@dataclass(frozen=True, slots=True)
class Worth:
    """What somebody who sees figures may look at: of which part of the force, and its signals, if there are any."""

    ask: Ask
    signals: tuple[Signal, ...]


def worth(request: HttpRequest) -> Worth | None:
    """Of the widest part of the force that somebody sees figures of; None for who sees none, or before it is known.

    The first page waits for nothing: what is not known yet is worked out beside it, and there the next time.
    """
    held = scope(request)
    key = key_of(held)
    if key is None:
        return None
    found = WORTH.known(key)
    if found is None and _BUSY.acquire(blocking=False):
        threading.Thread(target=_work_out, args=(key, held), daemon=True).start()
    return found


def key_of(held: policy.Scope) -> Hashable | None:
    """What all depends on that is worth looking at in a scope; None where nothing is."""
    try:
        run = latest()
    except KeptError:
        return None
    units = only_of(held)
    return (run.id, units, held.denied()) if run and units else None


def _work_out(key: Hashable, held: policy.Scope) -> None:
    """Work out what is worth looking at, and let go of the turn that whoever started this holds."""
    try:
        WORTH.get(key, lambda: worked_out(held))
    except (KeptError, OSError):
        _log.exception("the signals of the rights cannot be worked out")
    finally:
        _BUSY.release()


def worked_out(held: policy.Scope) -> Worth | None:
    """What is worth looking at in a scope, by the latest run; None where no part of the force is in it."""
    at = opened_run()
    known = parts(held, at)
    if not known:
        return None
    ask = first_asked(at, known[0])
    with reading(at):
        return Worth(ask, signals(at, ask))


def signals(at: Opened, ask: Ask) -> tuple[Signal, ...]:
    """The signals that the last whole month of each right is part of, at most one for a right."""
    measures = measures_of(at.run)
    found = [
        _signal(at, ask, one.number, measures[of_right(one.number)]) for one in rights_seen(at, ask) if one.has_figure
    ]
    return tuple(one for one in found if one is not None)


def _signal(at: Opened, ask: Ask, right: int, measure: Measure) -> Signal | None:
    question = ask.over_time()
    figures = in_a_row(at.figures(measure, question), question)
    process = process_of(
        measure, question, figures, changed_in(figures, question, of_rulebook(rulebook_of(at.run), measure))
    )
    now = process.at(len(process.points) - 1)
    if not now:
        return None
    said = say(now[0], process, unit_of(measure), question.period)
    return Signal(right, said, now[0].means)
