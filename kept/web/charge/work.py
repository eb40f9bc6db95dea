"""The work of charges: after each load, those that came without what they should have become tasks."""

from typing import Any

from kept.web.charge.tasks import read_charges
from kept.web.jobs.task import Task
from kept.web.jobs.works import does


@does("charges")
def charges(task: Task) -> dict[str, Any]:
    """Every charge that is new since this was last done."""
    return {"tasks": read_charges()}
