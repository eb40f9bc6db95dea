"""The papers' shares hold in the invented force, and are worked out rightly."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from kept.demo import Share, calibration, make
from kept.demo.calibration import of_tables
from kept.demo.columns import schema
from kept.demo.quota import TARGETS, Quota, in_groups, lowest

START = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday in winter time
NOW = START + timedelta(days=60)


@pytest.mark.parametrize("size", [2_000, 20_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_each_share_is_right_to_within_one(tmp_path: Path, size: int, seed: int) -> None:
    shares = make(tmp_path, victims=size, seed=seed).shares
    assert [share.name for share in shares] == list(TARGETS)
    for share in shares:
        assert share.n > 0
        assert abs(share.count - share.target * share.n) <= 1, share


def test_calibration_is_kept_beside_the_force_and_can_be_worked_out_again(tmp_path: Path) -> None:
    force = make(tmp_path, victims=500)
    kept = [Share(**one) for one in json.loads((tmp_path / "calibration.json").read_text())]
    assert kept == list(force.shares) == calibration(tmp_path)


def test_quotas_carry_over_from_chunk_to_chunk() -> None:
    quota = Quota(0.3)
    assert sum(quota.take(size) for size in (1, 1, 1, 7, 90)) == 30
    assert quota.take(0) == 0


def test_lowest_takes_only_members() -> None:
    chosen = lowest(np.array([0.1, 0.2, 0.3]), np.array([False, True, True]), 1)
    assert chosen.tolist() == [False, True, False]


def test_groups_are_marked_whole_and_the_number_is_exact() -> None:
    group = np.array([0, 0, 2, 3, 3, 5, 6, 7, 8, 9])
    chosen = in_groups(np.linspace(0, 1, 10), group, 4)
    assert chosen.sum() == 4
    assert chosen[0] == chosen[1]
    assert chosen[3] == chosen[4]


def rows(table: str, *given: dict[str, object]) -> pa.Table:
    of = schema(table)
    return pa.table({one.name: pa.array([row.get(one.name) for row in given], one.type) for one in of}, schema=of)


def informed(*contacts: float, interval: int = 10, closed: float | None = None) -> tuple[Share, Share]:
    """The shares kept informed and overdue of one case, with contacts so many days after the agreement."""
    at = [START + timedelta(days=days) for days in contacts]
    events: list[dict[str, object]] = [
        {"event_id": "a", "kind": "contact_agreed", "victim": "V", "occurred_at": START, "entered_at": START},
        *(
            {"event_id": f"c{n}", "kind": "victim_contacted", "result": "reached", "victim": "V",
             "occurred_at": moment, "entered_at": moment}
            for n, moment in enumerate(at)
        ),
    ]  # fmt: skip
    facts: list[dict[str, object]] = [
        {"fact_id": "i", "subject_kind": "victim", "subject": "V", "attribute": "contact_interval",
         "value": str(interval), "valid_from": START, "entered_at": START}
    ]  # fmt: skip
    if closed is not None:
        end = START + timedelta(days=closed)
        events.append({"event_id": "z", "kind": "investigation_closed", "investigation": "I", "occurred_at": end})
        facts.append({"fact_id": "o", "subject_kind": "investigation", "subject": "I", "attribute": "open",
                      "value": "false", "valid_from": end, "entered_at": end})  # fmt: skip
    tables = {
        "crimes": rows("crimes", {"crime": "C", "investigation": "I", "recorded_at": START}),
        "victims": rows("victims", {"victim": "V", "crime": "C", "person": "P"}),
        "events": rows("events", *events),
        "facts": rows("facts", *facts),
    }
    shares = {share.name: share for share in of_tables(tables, NOW)}
    return shares["kept_informed"], shares["contact_overdue_1_to_7_days"]


def test_contacts_within_each_window_keep_informed() -> None:
    kept, overdue = informed(9, 19, 29, 39, 49, 59)
    assert (kept.n, kept.count, overdue.n, overdue.count) == (1, 1, 1, 0)


def test_the_next_window_runs_from_the_last_contact_inside() -> None:
    assert informed(2, 9, 18, 28, 38, 48, 58)[0].count == 1  # from day 9, not day 2
    assert informed(2, 13, 23, 33, 43, 53)[0].count == 0  # day 13 comes too late after day 2


def test_a_window_lasts_to_the_end_of_the_london_day() -> None:
    assert informed(10.5, closed=15)[0].count == 1
    assert informed(10.6, closed=15)[0].count == 0


def test_closure_ends_the_window() -> None:
    kept, overdue = informed(closed=9)
    assert (kept.n, overdue.n) == (0, 0)
    kept, _ = informed(closed=12)
    assert (kept.n, kept.count) == (1, 0)


@pytest.mark.parametrize(("last", "count"), [(50, 0), (49, 1), (43, 1), (42, 0)])
def test_overdue_counts_one_to_seven_days(last: int, count: int) -> None:
    assert informed(*range(9, last, 9), last)[1].count == count
