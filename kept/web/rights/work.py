"""The work of the rights: the tables that the commissioner's office reads, quarter by quarter."""

from __future__ import annotations

from kept.web.jobs.task import Task
from kept.web.jobs.works import does
from kept.web.latest import latest
from kept.web.rights.made import offered
from kept.web.rights.making import RELEASED, make
from kept.web.rights.publishing import rule_if_any


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
