"""What was later loaded changes no run of an earlier moment, and how rows were loaded changes no run at all."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.code.loader import rulebook
from kept.contract.vocabulary import standard
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import stage
from kept.records.store import Store
from tests.support.runs import obligations_of

Row = dict[str, Any]
Tables = dict[str, list[Row]]
DAWN = datetime(2025, 3, 3, 9, tzinfo=UTC)
NOW = datetime(2025, 12, 1, tzinfo=UTC)
CRIMES = 12
LATER = 40  # the day from which everything of the second extract was entered


def day(number: float) -> datetime:
    return DAWN + timedelta(days=number)


THEN, LAST = day(LATER) - timedelta(seconds=1), day(200)


def event(ident: str, kind: str, at: float, entered: float | None = None, **said: Any) -> Row:
    moments = {"occurred_at": day(at), "entered_at": day(at if entered is None else entered)}
    return {"event_id": ident, "kind": kind, "source": "custody", **moments, **said}


def fact(ident: str, subject: tuple[str, str], attribute: str, value: str, entered: float, **said: Any) -> Row:
    of = {"subject_kind": subject[0], "subject": subject[1], "attribute": attribute, "value": value}
    return {"fact_id": ident, **of, "valid_from": day(0), "entered_at": day(entered), "source": "rms", **said}


def crime(n: int, investigation: str, entered: float, **said: Any) -> Row:
    moments = {"reported_at": day(0), "recorded_at": day(1), "entered_at": day(entered)}
    return {"crime": f"C{n:02}", "investigation": investigation, **(moments | said)}


def first_of(n: int) -> Tables:
    """A crime with two victims, the second of them also a victim of the next crime; an arrest, and who was told."""
    c, v, w = f"C{n:02}", f"V{n:02}", f"W{n:02}"
    people = {v: f"P{n:02}", w: f"P{(n + 1) % CRIMES:02}"}
    return {
        "crimes": [crime(n, f"I{n // 2:02}", 1)],
        "victims": [
            {"victim": name, "crime": c, "person": person, "entered_at": day(1)} for name, person in people.items()
        ],
        "events": [
            event(f"{c}-arrest", "suspect_arrested", 5, crime=c, suspect="S1"),
            event(f"{c}-contact", "victim_contacted", 5.1, 6, victim=v, channel="phone"),
            event(
                f"{c}-told",
                "victim_told",
                5.5,
                7,
                victim=v,
                value="arrest",
                result="told",
                suspect="S1",
                answers=f"{c}-arrest",
            ),
            event(f"{c}-second", "suspect_arrested", 20, crime=c, suspect="S2"),
            event(f"{c}-charge", "suspect_charged", 30, crime=c, suspect="S2"),
        ],
        "facts": [
            fact(f"{c}-da", ("crime", c), "domestic_abuse", "false", 2),
            fact(f"{c}-offence", ("crime", c), "offence_subgroup", "stalking_and_harassment", 2),
        ],
        "postings": [{"investigation": f"I{n // 2:02}", "from": day(1), "team": f"team {n // 2}", "officer": "O"}],
    }


def later_of(n: int) -> Tables:
    """Every way in which what was known of a crime can change, one for each crime in turn."""
    c, v, w = f"C{n:02}", f"V{n:02}", f"W{n:02}"
    arrest = {"crime": c, "suspect": "S1"}
    changes: list[Tables] = [
        {
            "events": [
                event(f"{c}-late", "victim_told", 20.5, 41, victim=v, value="arrest", result="told", suspect="S2")
            ]
        },
        {"events": [event(f"{c}-arrest-2", "suspect_arrested", 4, 42, supersedes=f"{c}-arrest", **arrest)]},
        {"events": [{"event_id": f"{c}-void", "voids": f"{c}-second", "entered_at": day(43), "source": "custody"}]},
        {"events": [event(f"{c}-arrest", "suspect_arrested", 3, 44, **arrest)]},
        {
            "crimes": [crime(n, f"I{n // 2:02}", 45, reported_at=day(0.5))],
            "facts": [fact(f"{c}-offence", ("crime", c), "offence_subgroup", "homicide", 45)],
        },
        {"facts": [fact(f"{c}-da-2", ("crime", c), "domestic_abuse", "true", 46, supersedes=f"{c}-da")]},
        {"crimes": [crime(n, "I99", 47)]},
        {"victims": [{"victim": v, "crime": "C00", "person": f"P{n:02}", "entered_at": day(48)}]},
        {"facts": [fact(f"{c}-same", ("person", f"P{n:02}"), "merged_into", "P00", 49)]},
        {"victims": [{"victim": w, "crime": c, "person": "P00", "entered_at": day(50)}]},
        {"events": [event(f"{c}-other", "suspect_arrested", 5.2, 51, **(arrest | {"source": "crime system"}))]},
        {
            "crimes": [crime(n + 50, f"I{n // 2:02}", 52)],
            "victims": [{"victim": f"A{n:02}", "crime": f"C{n + 50}", "person": f"P{n:02}", "entered_at": day(52)}],
        },
    ]
    return changes[n]


def united(parts: Iterable[Tables]) -> Tables:
    whole: Tables = {}
    for part in parts:
        for name, rows in part.items():
            whole.setdefault(name, []).extend(row for row in rows if row not in whole.get(name, []))
    return whole


FIRST = united(map(first_of, range(CRIMES)))
SECOND = united(map(later_of, range(CRIMES)))


def store_of(folder: Path, *extracts: Tables) -> Store:
    store = Store.create(folder / "store")
    for number, tables in enumerate(extracts):
        add(store, folder / f"extract-{number}", tables)
    return store


def add(store: Store, folder: Path, tables: Tables) -> None:
    folder.mkdir()
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)), folder / f"{name}.parquet")
    report = load(store, stage(Mapping.load("contract", standard()), folder, folder / "staged", now=NOW), NOW)
    assert (report.changed, report.total("quarantined"), dict(report.reasons)) == (True, 0, {})


def run(store: Store, as_of: datetime) -> Run:
    return evaluate_store(store, store.latest(), rulebook(), as_of)


def unnumbered(rows: list[Row]) -> list[str]:
    """Rows without the number of their subject, which the order of loads decides."""
    return sorted(str({name: value for name, value in row.items() if name != "subject"}) for row in rows)


def test_a_later_load_changes_no_run_of_an_earlier_moment(tmp_path: Path) -> None:
    store = store_of(tmp_path, FIRST)
    before = run(store, THEN)
    rows = obligations_of(before)
    assert {row["state"] for row in rows} >= {"met", "no_record"}
    add(store, tmp_path / "later", SECOND)
    before.folder.rename(tmp_path / "kept")  # so that it must be evaluated anew
    after = run(store, THEN)
    assert (after.id, obligations_of(after)) == (before.id, rows)
    assert after.manifest["store_version"] == 2


MERGED = 10  # of this crime a second source says what the first had said: no row changes


def test_a_run_as_of_later_says_what_was_entered_by_then(tmp_path: Path) -> None:
    store = store_of(tmp_path, FIRST)
    before = obligations_of(run(store, LAST))
    add(store, tmp_path / "later", SECOND)
    found = obligations_of(run(store, LAST))
    was, now = ({n: unnumbered(own(rows, n)) for n in range(CRIMES)} for rows in (before, found))
    assert [n for n in range(CRIMES) if was[n] == now[n]] == [MERGED]
    at = {row["subject_id"]: (row["investigation"], row["crime"], row["person"]) for row in found if row["victim"]}
    assert at["V06"][0] == "I99"  # its crime was moved
    assert at["V07"][:2] == ("I00", "C00")  # it was moved to another crime
    assert at["V08"][2] == at["W09"][2] == "P00"  # persons were merged; another was mistaken


def own(rows: list[Row], n: int) -> list[Row]:
    """The rows of a crime's victims, and of whom a later extract added to it."""
    return [row for row in rows if row["victim"] in (f"V{n:02}", f"W{n:02}", f"A{n:02}")]


def batches(seed: int) -> list[Tables]:
    """All rows, in three loads and in another order: each crime's rows by the moments at which they were entered."""
    chance = random.Random(seed)
    everything = united([FIRST, SECOND])
    parts: list[Tables] = [{} for _ in range(3)]
    for name, rows in everything.items():
        for row in chance.sample(rows, len(rows)):
            parent = name in ("crimes", "victims") and row["entered_at"] < day(LATER)
            parts[0 if parent else chance.randrange(1, 3)].setdefault(name, []).append(row)
    return [part for part in parts if part]


def corrections_last(parts: list[Tables]) -> list[Tables]:
    """Rows that correct others moved to the last load: what is corrected must be there."""
    late = [
        row for part in parts for rows in part.values() for row in rows if row.get("supersedes") or row.get("voids")
    ]
    names = {id(row): name for part in parts for name, rows in part.items() for row in rows}
    kept = [{name: [row for row in rows if row not in late] for name, rows in part.items()} for part in parts]
    return [*kept, united({names[id(row)]: [row]} for row in late)]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_and_the_batches_of_loads_change_no_run(tmp_path: Path, seed: int) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = store_of(tmp_path / "one", united([FIRST, SECOND]))
    other = store_of(tmp_path / "other", *corrections_last(batches(seed)))
    for as_of in (THEN, LAST):
        first, second = run(one, as_of), run(other, as_of)
        assert first.manifest["records"] == second.manifest["records"]
        assert unnumbered(obligations_of(first)) == unnumbered(obligations_of(second))
