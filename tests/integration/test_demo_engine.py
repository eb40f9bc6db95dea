"""The engine's own figures from a run over the invented force are the shares that the board papers give."""

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import duckdb
import pytest

from kept.demo.quota import INFORMATION, KEPT_INFORMED, NEEDS_ASSESSED, STATEMENT_OFFERED, TARGETS
from kept.engine.states import COUNTED
from tests.support.demo import LARGE, invented
from tests.support.runs import last_run

JUDGED = f"part = '' AND judged <= TIMESTAMPTZ '2026-06-30 12:00:00+01' AND state IN {COUNTED}"
DUE_WHILE_OPEN = """
    (investigation NOT IN (SELECT investigation FROM closed) OR duty <> 'FS-CONTACT-PLAN'
     OR due <= (SELECT min(closed_at) FROM closed WHERE closed.investigation = one.investigation))
"""
"""A contact that would have fallen due after its investigation closed was not due, though it may have been made."""
OF_INVESTIGATIONS = {NEEDS_ASSESSED: "FS-NEEDS-ASSESSED", KEPT_INFORMED: "FS-CONTACT-PLAN"}
OF_VICTIMS = {STATEMENT_OFFERED: "FS-VPS-RECORDING", INFORMATION: "FS-INFORMATION"}


@pytest.fixture(scope="module")
def run(shared: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A run's `obligations`, and when investigations `closed`."""
    force = invented(shared, LARGE)
    events = force / "extract" / "events.parquet"
    with last_run(force / "store").obligations() as connection:
        closed = (
            "SELECT investigation, occurred_at AS closed_at FROM read_parquet(?) WHERE kind = 'investigation_closed'"
        )
        connection.execute(f"CREATE TABLE closed AS {closed}", [str(events)])
        yield connection


def counted(run: duckdb.DuckDBPyConnection, duty: str, unit: str) -> tuple[int, int]:
    """Of how many units with something judged, and in how many all of it was met."""
    query = f"""
        SELECT count(*), count(*) FILTER (kept) FROM (
            SELECT bool_and(state = 'met') AS kept FROM obligations AS one
            WHERE duty = ? AND {JUDGED} AND {DUE_WHILE_OPEN} GROUP BY {unit})
    """
    n, kept = run.execute(query, [duty]).fetchall()[0]
    return n, kept


@pytest.mark.parametrize("share", [*OF_INVESTIGATIONS, *OF_VICTIMS])
def test_the_engine_finds_the_calibrated_share(run: duckdb.DuckDBPyConnection, share: str) -> None:
    duty, unit = (
        (OF_INVESTIGATIONS[share], "investigation") if share in OF_INVESTIGATIONS else (OF_VICTIMS[share], "victim")
    )
    n, kept = counted(run, duty, unit)
    target = TARGETS[share]
    assert n > LARGE / 4
    assert abs(kept / n - target) <= 2.58 * sqrt(target * (1 - target) / n), f"{duty}: {kept} of {n}"
