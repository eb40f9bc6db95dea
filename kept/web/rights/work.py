"""The work of the rights: each night their charts are drawn, so that who opens them in the morning waits for none; and
the tables that the commissioner's office reads, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from kept.engine.results import open_run
from kept.measures.asked import Opened, opened
from kept.measures.charts.render import WIDE
from kept.records.store import Store
from kept.web.figures.reading import reading
from kept.web.jobs.task import Task
from kept.web.jobs.works import does
from kept.web.latest import latest
from kept.web.rights import drawn
from kept.web.rights.asked import Ask, of_the_force
from kept.web.rights.made import offered
from kept.web.rights.making import RELEASED, make
from kept.web.rights.publishing import rule_if_any
from kept.web.rights.seen import rights_seen

OF_EACH = ("obligations", "months", "places", "silent")
"""The charts of a right that its first pages show."""


@does("drawings")
def draw(task: Task) -> dict[str, int]:
    """The charts of a run that pages of the rights begin with, of the whole force; how many they are."""
    run = open_run(Store.open(settings.ENVIRONMENT.store), task.payload["run"])
    with opened(run, run.as_of) as at, reading(at):
        ask = of_the_force(at)
        wanted = [*_wanted(at, ask)]
        task.step("drawing", len(wanted))
        for name, right in wanted:
            drawn.svg(at, ask, name, right, WIDE)
            task.moved(1)
    return {"charts": len(wanted)}


def _wanted(at: Opened, ask: Ask) -> Iterator[tuple[str, int]]:
    seen = [one for one in rights_seen(at, ask) if one.has_figure]
    if seen:
        yield from ((name, 0) for name in drawn.OF_ALL)
    yield from ((name, one.number) for one in seen for name in OF_EACH)


@does(RELEASED)
def release_quarter(task: Task) -> None:
    """The latest quarter that is not there yet; then the next, as work of its own, so that loads come between.

    Where the publishing body has set no rule there is nothing to make.
    """
    run, rule = latest(), rule_if_any()
    waiting = [one for one in offered(rule, run.as_of) if one.waits] if run and rule else []
    if waiting:
        task.step("protecting", len(waiting))
        make(waiting[0])
    if waiting[1:]:
        task.then(RELEASED, key=RELEASED)
