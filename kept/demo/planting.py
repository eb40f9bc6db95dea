"""The worked examples of the shipped duties, planted in the invented force: every state occurs for every duty."""

from datetime import datetime, timedelta

import pyarrow as pa

from kept.code import loader
from kept.demo.force import AS_OF
from kept.engine.examples import Planted, moment, plant

_WEEK = timedelta(weeks=1)


def planted(as_of: datetime = AS_OF, rulebook: str = loader.DEFAULT_RULEBOOK) -> dict[str, pa.Table]:
    """The contract's tables with every worked example, each moved in time so that it is as the example says.

    An example that waits for something is moved so that its as-of is the force's; any other by whole weeks, which
    keeps its working days. One of an edition that is no longer in force stays where it is.
    """
    book = loader.rulebook(rulebook)
    ended = {one.edition.id for one in book.chosen if one.ends_on}
    duties = [duty for duty, _ in book.duties()]
    return plant(duties, book.vocabulary, mark="example.", moved=lambda one: _shift(one, as_of, ended))[1]


def _shift(one: Planted, as_of: datetime, ended: set[str]) -> timedelta:
    if one.duty.edition in ended:
        return timedelta()
    gap = as_of - moment(one.example.as_of)
    waits = any(line["state"] == "pending" for line in one.example.then)
    return gap if waits else gap // _WEEK * _WEEK
