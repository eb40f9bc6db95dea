"""The worked examples of the shipped duties, planted in the invented force: every state occurs for every duty."""

from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from kept.code import loader
from kept.code.model import Duty, Rulebook
from kept.code.reachable import reachable
from kept.demo.columns import schema
from kept.demo.force import AS_OF
from kept.demo.needs import FIELDS, FORM
from kept.engine.examples import Planted, moment, plant

_MARK = "example."
_HOUR, _WEEK = timedelta(hours=1), timedelta(weeks=1)
_OCCURRED = ("committed_at", "reported_at", "recorded_at")


def planted(as_of: datetime = AS_OF, rulebook: str = loader.DEFAULT_RULEBOOK) -> dict[str, pa.Table]:
    """The contract's tables with every worked example, each moved in time so that it is as the example says.

    An example that waits for something is moved so that its last line has just been entered; any other by whole
    weeks, which keeps its working days. One of an edition that is no longer in force stays where it is. What an
    example does not turn on is as elsewhere in the force: a crime is entered once it is recorded, and its victims'
    needs are assessed.
    """
    book = loader.rulebook(rulebook)
    ended = {one.edition.id for one in book.chosen if one.ends_on}
    duties = [duty for duty, _ in book.duties()]
    tables = plant(duties, book.vocabulary, mark=_MARK, moved=lambda one: _shift(one, as_of, ended))[1]
    for name, rows in _without_kind(book, as_of, ended).items():
        tables[name] = pa.concat_tables([tables[name], rows])
    tables["crimes"] = _entered(tables["crimes"])
    turning = [f"{_MARK}{duty.edition}.{duty.id}." for duty in duties if _turns_on_assessment(duty)]
    tables["assessments"] = pa.concat_tables([tables["assessments"], _assessed(tables, turning, as_of)])
    return tables


def _without_kind(book: Rulebook, as_of: datetime, ended: set[str]) -> dict[str, pa.Table]:
    """One example more of each duty that no example shows as not measurable: the victim's kind is not recorded."""
    editions = {one.edition.id: one.edition for one in book.chosen}
    duties = [
        replace(duty, examples=duty.examples[:1])
        for duty, _ in book.duties()
        if "not_measurable" in reachable(duty, editions[duty.edition], book.vocabulary)
        and not any(line["state"] == "not_measurable" for one in duty.examples for line in one.then)
    ]
    tables = plant(duties, book.vocabulary, mark=f"{_MARK}without-kind.", moved=lambda one: _shift(one, as_of, ended))[
        1
    ]
    victims = tables["victims"]
    place = victims.schema.get_field_index("kind")
    tables["victims"] = victims.set_column(place, victims.schema.field(place), pa.nulls(victims.num_rows, pa.string()))
    return tables


def _shift(one: Planted, as_of: datetime, ended: set[str]) -> timedelta:
    if one.duty.edition in ended:
        return timedelta()
    if any(line["state"] == "pending" for line in one.example.then):
        return as_of - _last_entered(one) - _HOUR
    return (as_of - moment(one.example.as_of)) // _WEEK * _WEEK


def _last_entered(one: Planted) -> datetime:
    """When the last line that the example sees was entered."""
    seen = moment(one.example.as_of)
    entered = (moment(line.get("entered", line["at"])) for line in one.example.given if "at" in line)
    return max((at for at in entered if at <= seen), default=seen)


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
    """A needs assessment, with every field, for each victim of the other examples whose crime was reported."""
    reported = {crime["crime"]: crime["reported_at"] for crime in tables["crimes"].to_pylist()}
    rows = [
        {"form": FORM, "version": "1", "victim": victim["victim"], "field": name, "value": next(iter(choices)),
         "made_at": at, "entered_at": at, "source": "example"}
        for victim in tables["victims"].to_pylist()
        if reported[victim["crime"]] and not victim["victim"].startswith(tuple(turning))
        if (at := max(victim["entered_at"], reported[victim["crime"]])) < as_of
        for name, choices in FIELDS.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema("assessments"))
