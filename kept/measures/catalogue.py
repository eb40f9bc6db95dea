"""Reading the catalogue: populations and measures, with everything that is wrong with them said at once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

from kept.code import build
from kept.code.checks_words import of_selector, unknown
from kept.code.file_schema import FileSchema
from kept.code.lined import Lined, Place, as_text, read
from kept.code.near import near_it
from kept.contract.vocabulary import Vocabulary, standard
from kept.errors import Fault, MeasureError, NotFoundError
from kept.measures import schema
from kept.measures.expressions import columns_of
from kept.measures.kinds import NEEDS, OF_ALIKE
from kept.measures.model import ALIKE, IN_PLACE, OBLIGATIONS, SELECTING, Column, How, Measure, Population

_HERE = Path(__file__).parent
_POPULATIONS = _HERE / "populations.yaml"
_READ_IN_PLACE = _HERE / "in_place.yaml"
_CATALOGUE = _HERE / "catalogue"
CLOCK = "clock"
"""The moment at which figures are taken: a column of every population."""
HOLDERS = {name: f"{name} that held the investigation then" for name in ("area", "department", "team")}
"""Breakdowns that every population has, and what each is called. For obligations it is who is credited."""
OFFICER = "officer"
"""A column of every population, by which figures are divided within one team alone (`kept.measures.officers`)."""
HELD_BY = (*HOLDERS, OFFICER)
"""Who holds an investigation, from the widest to the narrowest."""


@cache
def populations() -> Mapping[str, Population]:
    """The populations whose members are made after a run, by id."""
    return _populations(_POPULATIONS)


@cache
def in_place() -> Mapping[str, Population]:
    """The populations that are read where their rows stand, by id: nothing is made of them."""
    return _populations(_READ_IN_PLACE)


def all_populations() -> dict[str, Population]:
    """All populations by id, but for the obligations of a run."""
    return {**populations(), **in_place()}


def _populations(path: Path) -> Mapping[str, Population]:
    lined = _read(path, schema.populations())
    faults: list[Fault] = []
    found = {}
    for index, content in enumerate(lined.data["populations"]):
        one = _population(content)
        faults.extend(_of_population(lined, ("populations", index), one, standard()))
        found[one.id] = one
    _raise(faults)
    return found


@cache
def digest() -> str:
    """A digest of the populations, so that what was made of others is never taken for theirs."""
    return hashlib.sha256(_POPULATIONS.read_bytes()).hexdigest()[:8]


@cache
def digest_in_place() -> str:
    """A digest of the populations that are read in place, for what is made of them."""
    return hashlib.sha256(_READ_IN_PLACE.read_bytes()).hexdigest()[:8]


@cache
def shipped() -> Mapping[str, Measure]:
    """The measures of the catalogue as shipped, by id."""
    return measures(sorted(_CATALOGUE.glob("*.yaml")))


@cache
def topics() -> Mapping[str, str]:
    """The topic of each measure of the catalogue as shipped, by its id: the name of its file."""
    files = sorted(_CATALOGUE.glob("*.yaml"))
    return {one["id"]: file.stem for file in files for one in _read(file, schema.measures()).data["measures"]}


def measures(files: Sequence[Path]) -> dict[str, Measure]:
    """The measures of some files, by id; MeasureError with every fault of all of them."""
    found: dict[str, Measure] = {}
    faults: list[Fault] = []
    for file in files:
        try:
            lined = _read(file, schema.measures())
        except MeasureError as error:
            faults.extend(error.faults)
            continue
        for index, content in enumerate(lined.data["measures"]):
            place: Place = ("measures", index)
            one = _measure(content)
            faults.extend(_of_measure(lined, place, one, all_populations()))
            if one.id in found:
                faults.append(Fault(f"The measure `{one.id}` is there twice.", lined.where(place)))
            found[one.id] = one
    _raise(faults)
    return found


def breakdowns(measure: Measure) -> dict[str, str]:
    """By what a measure may be broken down, and what each is called."""
    if measure.kind == "not_arisen":
        return {}
    of = all_populations().get(measure.of)
    all_of_them = {**(of.breakdowns if of else populations()["victims"].breakdowns), **HOLDERS}
    return {name: all_of_them[name] for name in measure.breakdowns} if measure.breakdowns else all_of_them


def moment_of(measure: Measure) -> str:
    """The column that says when a member is judged; one without it is in no period, and in the figure of them all."""
    return "judged" if measure.of == OBLIGATIONS else measure.at or all_populations()[measure.of].at


def measure(measure_id: str, among: Mapping[str, Measure]) -> Measure:
    """A measure by its id; NotFoundError, with the nearest names, where there is none."""
    if measure_id in among:
        return among[measure_id]
    why = near_it(measure_id, among)
    raise NotFoundError(f"There is no measure {measure_id}.", why=why, what_to_do="See kept measures list.")


# -- reading ---------------------------------------------------------------------------------------------------------


def _read(path: Path, against: Mapping[str, Any]) -> Lined:
    lined = read(path, path.name, MeasureError)
    _raise(FileSchema(against).faults(lined))
    return lined


def _raise(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise MeasureError.of(found)


def _population(content: Mapping[str, Any]) -> Population:
    columns = {name: _column(name, said) for name, said in content["columns"].items()}
    return Population(
        content["population"],
        content["means"],
        content["grain"],
        content["at"],
        columns,
        tuple(content.get("kinds", ())),
    )


def _column(name: str, content: Mapping[str, Any]) -> Column:
    how: How = next(one for one in get_args(How) if one in content)
    said = content[how]
    selectors = build.selectors(said) if how in SELECTING else ()
    return Column(name, content["means"], how, selectors, "" if selectors else said, content.get("breakdown", ""))


def _measure(content: Mapping[str, Any]) -> Measure:
    said = {name: _as_held(value) for name, value in content.items()}
    if "parts" in said:
        said["parts"] = {name: as_text(condition) for name, condition in content["parts"].items()}
    return Measure(**said)


def _as_held(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else as_text(value) if isinstance(value, bool) else value


# -- checking --------------------------------------------------------------------------------------------------------


def _of_population(lined: Lined, place: Place, one: Population, words: Vocabulary) -> Iterator[Fault]:
    whose = f"The population {one.id}"
    for kind in one.kinds:
        if kind not in words.kinds:
            yield unknown(f"{whose} counts the event", kind, lined.where(place), words.kinds)
    if one.at not in one.columns:
        yield unknown(f"{whose} is placed in time by the column", one.at, lined.where((*place, "at")), one.columns)
    before = [*HELD_BY] if one.grain in IN_PLACE else []
    for name, column in one.columns.items():
        where = lined.where((*place, "columns", name))
        for selector in column.selectors:
            yield from of_selector(selector, where, whose, words)
        if column.how in ("fact", "since") and column.text not in words.attributes:
            yield unknown(f"{whose} reads the fact", column.text, where, words.attributes)
        if column.how == "is":
            yield from _of_condition(column.text, before, where, whose)
        before.append(name)


def _of_measure(lined: Lined, place: Place, one: Measure, known: Mapping[str, Population]) -> Iterator[Fault]:
    whose = f"The measure {one.id}"
    if one.of not in known:
        yield unknown(f"{whose} counts in the population", one.of, lined.where((*place, "of")), known)
        return
    yield from _missing(lined, place, one, whose)
    if one.of == ALIKE and one.kind not in OF_ALIKE:
        yield Fault(
            f"{whose} is of the kind {one.kind} and counts in {ALIKE}.",
            lined.where((*place, "kind")),
            "A row of that population stands for several members.",
            f"Choose from the kinds {', '.join(OF_ALIKE)}, or another population.",
        )
    dividing: set[str] = {*known[one.of].breakdowns, *HOLDERS}
    columns: set[str] = {*known[one.of].columns, *HELD_BY, CLOCK}
    yield from _of_conditions(lined, place, one, columns)
    yield from _of_named(lined, place, one, known[one.of], columns)
    if one.audience == "auditors" and one.by == OFFICER:
        yield Fault(
            f"{whose} is for auditors and counts by officer.",
            lined.where((*place, "by")),
            "How records are kept is looked at, and nobody is ranked by it.",
            "Count by team.",
        )
    for name in set(one.breakdowns) - dividing:
        yield unknown(f"{whose} is broken down by", name, lined.where((*place, "breakdowns")), dividing)


def _of_conditions(lined: Lined, place: Place, one: Measure, columns: set[str]) -> Iterator[Fault]:
    conditions: dict[Place, str] = {("where",): one.where, ("counts",): one.counts}
    conditions |= {("parts", name): text for name, text in one.parts.items()}
    for at, text in conditions.items():
        if text:
            yield from _of_condition(text, columns, lined.where((*place, *at)), f"The measure {one.id}")


def _of_named(lined: Lined, place: Place, one: Measure, of: Population, columns: set[str]) -> Iterator[Fault]:
    """What is wrong with the columns that a measure names outside conditions."""
    for field in ("by", "since", "until", "at"):
        name, where = getattr(one, field), lined.where((*place, field))
        if name and name not in columns:
            yield unknown(f"The measure {one.id} reads the column", name, where, columns)
        elif field != "by" and name in of.columns and not _may_be_moment(of.columns[name]):
            yield Fault(
                f"The measure {one.id}: `{field}` is `{name}`, which is no moment.",
                where,
                "Members are placed in time by when something happened.",
                "Name a column that says when.",
            )


def _may_be_moment(column: Column) -> bool:
    """Whether a column may say when; of an expression only the counting tells."""
    if column.how == "fact":
        return standard().attributes[column.text].type == "moment"
    return column.how not in ("count", "who") and column.text not in ("flag", "gate")


def _missing(lined: Lined, place: Place, one: Measure, whose: str) -> Iterator[Fault]:
    for name in NEEDS[one.kind]:
        if not getattr(one, name):
            why = f"A measure of the kind {one.kind} cannot be counted without it."
            yield Fault(f"{whose}: `{name}` is missing.", lined.where(place), why, "Add it.")


def _of_condition(text: str, columns: Iterable[str], where: str, whose: str) -> Iterator[Fault]:
    try:
        named = columns_of(text)
    except MeasureError as error:
        yield from (Fault(f"{whose}: {fault.what}", where, fault.why, fault.what_to_do) for fault in error.faults)
        return
    for name in sorted(named - set(columns)):
        yield unknown(f"{whose} reads the column", name, where, list(columns))
