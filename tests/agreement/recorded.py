"""A random case as a force's records: loaded into a store, evaluated there, and held against the reference."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kept.code.model import Rulebook
from kept.contract.vocabulary import LEVELS, Kind
from kept.engine.coverage import rules_for
from kept.engine.entries import Entry
from kept.engine.local import Evaluate, evaluate_pieces
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.engine.slices import timelines
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import stage
from kept.records.store import Store
from tests.agreement.cases import SCENES, Case, postings, rulebook_of, vocabulary
from tests.agreement.comparing import Tally, of_reference, require_equal
from tests.agreement.sayings import Setting, entries
from tests.support.runs import obligations_of

Row = dict[str, Any]
Tables = dict[str, list[Row]]
NOW = datetime(2030, 1, 1, tzinfo=UTC)
LOADS = 3
FIELDS = ("value", "result", "channel", "suspect", "hearing", "item", "by", "answers")


def case(seed: str) -> Case:
    """A case of forty investigations."""
    chance = Random(seed)
    duties = tuple(chance.getrandbits(32) for _ in range(chance.randint(2, 10)))
    held = tuple(tuple(chance.getrandbits(32) for _ in range(chance.randint(4, 20))) for _ in range(40))
    return Case(chance.randrange(len(SCENES)), duties, held)


def compare(made: Case, folder: Path, tally: Tally, by: Evaluate = evaluate_pieces) -> None:
    """Load it in parts, evaluate after each on what the run before left, and the last anew; DisagreementError."""
    book, store = rulebook_of(made), Store.create(folder / "store")
    tally.worlds += 1
    chance = Random(str(made))
    as_of = made.begins + timedelta(days=chance.choice((3, 10, 20, 34, 60)))
    for number, part in enumerate(parts(chance, united(made, book))):
        add(store, folder / f"extract-{number}", part)
        for _ in range(2):
            run = evaluate_store(store, store.latest(), book, as_of, by=by)
            _require_reference(store, book, run, tally)
            tally.seen["incremental runs"] += len(run.layers) > 1
            as_of += timedelta(days=chance.choice((0.01, 0.01, 0.25, 1, 9)))
    _require_as_if_anew(store, book, run, tally, by)


def _require_as_if_anew(store: Store, book: Rulebook, run: Run, tally: Tally, by: Evaluate) -> None:
    run.folder.rename(run.folder.with_name(f".aside-{run.id}"))
    anew = evaluate_store(store, store.latest(), book, run.as_of, by=by, anew=True)
    assert (anew.id, len(anew.layers)) == (run.id, 1)
    _require_reference(store, book, anew, tally)


def _require_reference(store: Store, book: Rulebook, run: Run, tally: Tally) -> None:
    version = store.latest()
    numbers = sorted({row["subject"] for bucket in version.buckets() for row in version.subjects(bucket).to_pylist()})
    known = sorted(timelines(version, numbers, run.as_of), key=lambda one: one.subject.number)
    expected = of_reference(known, rules_for(book, version))
    require_equal(expected, of_run(run), run.as_of)
    tally.add(expected, len(known), {duty.id: str(duty.kind) for duty, _ in book.duties()})


def of_run(run: Run) -> Evaluation:
    """What a run says, as an evaluator says it."""
    causes = {(one["duty"], one["cause"]): one["count"] for one in run.manifest["not_arisen"]}
    return Evaluation([Obligation(**row) for row in obligations_of(run)], Counter(causes))


def add(store: Store, folder: Path, tables: Tables) -> None:
    """Load tables as one extract; what the contract refuses is quarantined, and missing for every evaluator."""
    folder.mkdir()
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)), folder / f"{name}.parquet")
    load(store, stage(Mapping.load("contract", vocabulary()), folder, folder / "staged", now=NOW), NOW)
    shutil.rmtree(folder)


# -- rows of the contract ------------------------------------------------------------------------------------------


def united(made: Case, book: Rulebook) -> Tables:
    """Every investigation of a case, in the contract's tables."""
    within = Setting.of(made.begins, [duty for duty, _ in book.duties()])
    whole: Tables = {name: [] for name in ("crimes", "victims", "events", "facts", "postings")}
    for place, numbers in enumerate(made.timelines):
        for name, rows in _investigation(f"{place}", numbers, within).items():
            whole[name] += rows
    return whole


def parts(chance: Random, whole: Tables) -> Iterator[Tables]:
    """The rows in several extracts: nearly all in the first."""
    which: list[Tables] = [{} for _ in range(LOADS)]
    for name, rows in whole.items():
        for row in chance.sample(rows, len(rows)):
            late = name not in ("crimes", "victims") and chance.random() < 0.01
            which[chance.randrange(1, LOADS) if late else 0].setdefault(name, []).append(row)
    return (part for part in which if part)


def _investigation(name: str, numbers: Sequence[int], within: Setting) -> Tables:
    chance = Random(f"{name} {numbers[0]}")
    crimes = [_crime(chance, name, number, within) for number in range(chance.choice((1, 1, 2)))]
    victims = [_victim(chance, name, number, crimes, within) for number in range(chance.choice((1, 1, 2, 3)))]
    said = [one._replace(id=f"{name}-{one.id}") for one in entries(numbers, within)]
    said = [one._replace(answers=one.answers and f"{name}-{one.answers}") for one in said]
    events = [row for one in said if not one.is_fact for row in _events(chance, one, crimes, victims)]
    facts = [row for one in said if one.is_fact for row in _facts(chance, one, name, crimes, victims)]
    return {"crimes": crimes, "victims": victims, "events": events, "facts": facts, "postings": [
        {"investigation": f"I{name}", "from": one.start, "to": one.end, "officer": one.officer, "team": one.team}
        for one in postings(chance, within)
    ]}  # fmt: skip


def _crime(chance: Random, name: str, number: int, within: Setting) -> Row:
    reported, recorded = (chance.choice((None, within.moment(chance))) for _ in range(2))
    return {
        "crime": f"C{name}-{number}",
        "investigation": f"I{name}",
        "reported_at": reported,
        "recorded_at": recorded,
        "touchpoint": chance.choice((None, "response", "crime_desk")),
        "entered_at": within.begins - timedelta(days=9),
        "source": "crime system",
    }


def _victim(chance: Random, name: str, number: int, crimes: Sequence[Row], within: Setting) -> Row:
    return {
        "victim": f"V{name}-{number}",
        "crime": chance.choice(crimes)["crime"],
        "person": f"P{name}-{number % 2}",
        "kind": "person",
        "age": chance.choice((None, 12.0, 17.0, 40.0)),
        "entered_at": within.begins + timedelta(days=chance.choice((-9, -9, 0, 6))),
        "source": "crime system",
    }


def _events(chance: Random, one: Entry, crimes: Sequence[Row], victims: Sequence[Row]) -> Iterator[Row]:
    kind = vocabulary().kinds[one.kind]
    if kind.made_from:
        return
    row = {
        "event_id": one.id,
        "kind": one.kind,
        "scheduled_for" if one.planned else "occurred_at": one.at,
        "entered_at": one.entered,
        "source": one.source or "crime system",
        **{name: getattr(one, name) for name in FIELDS},
        **_about(chance, kind, crimes, victims),
    }
    yield from _rows(one, row, "event_id")


def _facts(chance: Random, one: Entry, name: str, crimes: Sequence[Row], victims: Sequence[Row]) -> Iterator[Row]:
    attribute = vocabulary().attributes[one.kind]
    if attribute.made_from:
        return
    crime, victim = chance.choice(crimes)["crime"], chance.choice(victims)["victim"]
    of = {"victim": victim, "crime": crime, "investigation": f"I{name}"}
    row = {
        "fact_id": one.id,
        "subject_kind": attribute.of,
        "subject": of[attribute.of],
        "attribute": one.kind,
        "value": one.value,
        "valid_from": one.at,
        "entered_at": one.entered,
        "source": "crime system",
    }
    yield from _rows(one, row, "fact_id")


def _rows(one: Entry, row: Row, key: str) -> Iterator[Row]:
    """The row of an entry, and where it was withdrawn, the row that voids it; a second one of its id is new."""
    yield row
    if one.withdrawn:
        yield {**row, key: f"{one.id}-void", "voids": one.id, "entered_at": one.withdrawn}


def _about(chance: Random, kind: Kind, crimes: Sequence[Row], victims: Sequence[Row]) -> Row:
    """Whom it names: as fine as its kind allows, or coarser."""
    levels = LEVELS[LEVELS.index(kind.concerns) :]
    level = chance.choice((levels[0], levels[0], *levels))
    crime, victim = chance.choice(crimes), chance.choice(victims)
    return {level: {"victim": victim["victim"], "crime": crime["crime"]}.get(level, crime["investigation"])}
