"""The range of a rate, held against what was really done.

The invented force keeps its hidden truth. The same records are loaded twice: as they were written down, and with what
was really done and never written down added, each thing at its real moment. Over the obligations that both know, the
share that was really kept must lie between evidenced and at best.

It says nothing of obligations whose start was never written down: no rate from records can count those.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from kept.code import loader
from kept.contract.vocabulary import standard
from kept.demo import Force, make
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.engine.states import COUNTED
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.staging import stage
from kept.records.store import Store
from tests.support.runs import table_of

FEWEST = 40
"""A duty judged less often than this says nothing of a share."""

UNWRITTEN_EVENTS = """
SELECT 'T' || row_number() OVER () AS event_id, kind,
    CASE WHEN crime IS NULL AND victim IS NULL THEN investigation END AS investigation,
    CASE WHEN victim IS NULL THEN crime END AS crime, victim, value, result, suspect, hearing, item,
    really_at AS occurred_at, really_at AS entered_at, 'crime_system' AS source
FROM read_parquet($truth) WHERE done AND NOT recorded
"""
REAL_EVENTS = f"""
SELECT e.* REPLACE (CASE WHEN e.scheduled_for IS NULL THEN t.really_at ELSE e.occurred_at END AS occurred_at)
FROM read_parquet($extract) e JOIN read_parquet($truth) t USING (event_id)
UNION ALL BY NAME ({UNWRITTEN_EVENTS})
"""
REAL_ASSESSMENTS = """
FROM read_parquet($extract) UNION ALL BY NAME (
SELECT t.victim, t.form, '1' AS version, 'enhanced_rights' AS field,
    CASE WHEN v.flagged THEN 'yes' ELSE 'no' END AS "value",
    t.really_made_at AS made_at, t.really_made_at AS entered_at, 'crime_system' AS source
FROM read_parquet($truth) t JOIN read_parquet($victims) v USING (victim) WHERE t.done AND NOT t.recorded)
"""
SHARES = f"""
SELECT edition || '/' || duty, count(*),
    avg((r.state = 'met')::INT), avg((t.state = 'met')::INT), avg(r.at_best::INT)
FROM records r JOIN real t USING (edition, duty, part, subject_kind, subject_id, start_id)
WHERE part = '' AND r.judged <= $as_of AND t.judged <= $as_of AND r.state IN {COUNTED} AND t.state IN {COUNTED}
GROUP BY ALL ORDER BY ALL
"""


class Shares(NamedTuple):
    """One duty: how many obligations, and which share of them is evidenced, really kept, and kept at best."""

    duty: str
    judged: int
    evidenced: float
    really: float
    at_best: float


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> list[Shares]:
    folder = tmp_path_factory.mktemp("truth")
    force = make(folder / "force", victims=800, seed=11)
    records = evaluated(force, force.extract, folder / "records")
    real = evaluated(force, what_really_happened(force, folder / "real"), folder / "real-store")
    with duckdb.connect() as connection:
        connection.register("records", table_of(records))
        connection.register("real", table_of(real))
        found = connection.execute(SHARES, {"as_of": force.as_of}).fetchall()
    return [Shares(*row) for row in found if row[1] >= FEWEST]


def what_really_happened(force: Force, into: Path) -> Path:
    """An extract in which everything that was done stands, at its real moment, and no correction is needed."""
    shutil.copytree(force.extract, into)
    victims = str(force.truth / "victims.parquet")
    for table, query, others in (("events", REAL_EVENTS, {}), ("assessments", REAL_ASSESSMENTS, {"victims": victims})):
        given = {"extract": str(force.extract / f"{table}.parquet"), "truth": str(force.truth / f"{table}.parquet")}
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.sql(query, params=given | others).write_parquet(str(into / f"{table}.parquet"))
    return into


def evaluated(force: Force, extract: Path, folder: Path) -> Run:
    store = Store.create(folder)
    for mapping, source in (("contract", extract), (force.witness_care / "mapping.yaml", force.witness_care)):
        staged = stage(Mapping.load(mapping, standard()), source, folder.with_name(f"{folder.name}-{source.name}"),
                       now=datetime.now(force.as_of.tzinfo))  # fmt: skip
        load(store, staged, force.as_of)
    return evaluate_store(store, store.latest(), loader.rulebook(loader.DEFAULT_RULEBOOK), force.as_of)


def outside(shares: list[Shares]) -> Iterator[str]:
    for one in shares:
        if not one.evidenced <= one.really <= one.at_best:
            yield f"{one.duty}: {one.evidenced:.1%} to {one.at_best:.1%}, really {one.really:.1%} of {one.judged}"


def test_what_was_really_kept_lies_in_the_range_of_every_duty(shares: list[Shares]) -> None:
    assert list(outside(shares)) == []


def test_the_records_fall_short_of_the_truth_so_that_the_range_is_put_to_the_test(shares: list[Shares]) -> None:
    short = [one.duty for one in shares if one.evidenced < one.really < one.at_best]
    assert len(short) > len(shares) / 2 > 10
