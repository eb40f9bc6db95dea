"""The worked examples of the shipped duties, planted in the invented force: every state occurs for every duty."""

from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from kept.code import loader
from kept.code.model import Duty
from kept.demo.columns import schema
from kept.demo.force import AS_OF
from kept.demo.needs import FIELDS, FORM
from kept.engine.examples import Planted, moment, plant

_MARK = "example."
_WEEK = timedelta(weeks=1)
_OCCURRED = ("committed_at", "reported_at", "recorded_at")


def planted(as_of: datetime = AS_OF, rulebook: str = loader.DEFAULT_RULEBOOK) -> dict[str, pa.Table]:
    """The contract's tables with every worked example, each moved in time so that it is as the example says.

    An example that waits for something is moved so that its as-of is the force's; any other by whole weeks, which
    keeps its working days. One of an edition that is no longer in force stays where it is. What an example does not
    turn on is as elsewhere in the force: a crime is entered once it is recorded, and its victims' needs are assessed.
    """
    book = loader.rulebook(rulebook)
    ended = {one.edition.id for one in book.chosen if one.ends_on}
    duties = [duty for duty, _ in book.duties()]
    tables = plant(duties, book.vocabulary, mark=_MARK, moved=lambda one: _shift(one, as_of, ended))[1]
    tables["crimes"] = _entered(tables["crimes"])
    turning = [f"{_MARK}{duty.edition}.{duty.id}." for duty in duties if _turns_on_assessment(duty)]
    tables["assessments"] = pa.concat_tables([tables["assessments"], _assessed(tables, turning, as_of)])
    return tables


def _shift(one: Planted, as_of: datetime, ended: set[str]) -> timedelta:
    if one.duty.edition in ended:
        return timedelta()
    gap = as_of - moment(one.example.as_of)
    waits = any(line["state"] == "pending" for line in one.example.then)
    return gap if waits else gap // _WEEK * _WEEK


def _entered(crimes: pa.Table) -> pa.Table:
    """The crimes, none entered before what it says happened."""
    entered = crimes.schema.field("entered_at")
    latest = pc.max_element_wise(*(crimes[name].cast(pa.int64()) for name in ("entered_at", *_OCCURRED)))
    return crimes.set_column(crimes.schema.get_field_index(entered.name), entered, latest.cast(entered.type))


def _turns_on_assessment(duty: Duty) -> bool:
    """Whether the duty asks for a needs assessment, or begins with one."""
    answers = {one.kind for answer in duty.answers() for one in answer.specific}
    starts = {one.kind for one in duty.owed_when}
    return any(kind.startswith("assessment_") for kind in answers | starts)


def _assessed(tables: dict[str, pa.Table], turning: list[str], as_of: datetime) -> pa.Table:
    """A needs assessment, with every field, for each victim of the other examples."""
    rows = [
        {"form": FORM, "version": "1", "victim": victim["victim"], "field": name, "value": next(iter(choices)),
         "made_at": at, "entered_at": at, "source": "example"}
        for victim in tables["victims"].to_pylist()
        if not victim["victim"].startswith(tuple(turning)) and (at := victim["entered_at"]) < as_of
        for name, choices in FIELDS.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema("assessments"))
