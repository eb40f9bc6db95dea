"""Rows that break the record contract: a few of each fault, for the tests of loading.

| fault | table |
|---|---|
| `unknown_kind`, `unknown_value`, `unknown_result`, `unknown_channel` | events |
| `without_moment`, `two_moments`, `planned_but_not_plannable` | events |
| `occurred_in_the_future`, `entered_in_the_future` | events |
| `unknown_crime`, `unknown_victim` | events |
| `void_that_says_more`, `supersedes_and_voids`, `corrects_unknown`, `cycle` | events |
| `same_id_other_content` | events (both rows) |
| `unknown_attribute`, `wrong_type`, `unknown_code` | facts |
| `victim_without_crime` | victims |
| `ends_before_start` | postings |
"""

from typing import Any

import pyarrow as pa

from kept.demo import columns
from kept.demo.moments import DAY

EACH = 12
Row = dict[str, Any]
EVENT: Row = {"kind": "risk_assessed", "value": "thrive", "result": "medium", "victim": "V00000001"}
FACT: Row = {"subject_kind": "victim", "subject": "V00000001", "attribute": "enhanced", "value": "true"}

EVENT_FAULTS: dict[str, Row] = {
    "unknown_kind": {"kind": "tea_offered"},
    "unknown_value": {"value": "horoscope"},
    "unknown_result": {"result": "splendid"},
    "unknown_channel": {"channel": "pigeon"},
    "without_moment": {"occurred_at": None},
    "two_moments": {"scheduled_for": DAY},
    "planned_but_not_plannable": {"occurred_at": None, "scheduled_for": DAY},
    "occurred_in_the_future": {"occurred_at": DAY},
    "entered_in_the_future": {"entered_at": 400 * DAY},
    "unknown_crime": {"victim": None, "crime": "C99999999", "kind": "crime_cancelled", "value": None, "result": None},
    "unknown_victim": {"victim": "V99999999"},
    "void_that_says_more": {"voids": "E00000001"},
    "supersedes_and_voids": {"supersedes": "E00000001", "voids": "E00000002"},
    "corrects_unknown": {"supersedes": "E99999999"},
}
FACT_FAULTS: dict[str, Row] = {
    "unknown_attribute": {"attribute": "shoe_size"},
    "wrong_type": {"attribute": "contact_interval", "value": "fortnightly"},
    "unknown_code": {"attribute": "preferred_channel", "value": "telepathy"},
}


def broken(as_of: int) -> dict[str, pa.Table]:
    """The broken rows by table; their ids say which fault each has. `as_of` in microseconds."""
    events = [_event(as_of, name, n, fault) for name, fault in EVENT_FAULTS.items() for n in range(EACH)]
    events += [_event(as_of, "same_id_other_content", n // 2, {"result": ("standard", "high")[n % 2]})
               for n in range(2 * EACH)]  # fmt: skip
    events += [_event(as_of, "cycle", n, {"supersedes": f"X-cycle-{n ^ 1}"}) for n in range(EACH)]
    facts = [
        {**FACT, "fact_id": f"X-{name}-{n}", "valid_from": as_of - 9 * DAY, "entered_at": as_of - DAY, **fault}
        for name, fault in FACT_FAULTS.items()
        for n in range(EACH)
    ]
    victims = [{"victim": f"X-victim_without_crime-{n}", "crime": f"C9999999{n % 10}", "kind": "person",
                "entered_at": as_of - DAY} for n in range(EACH)]  # fmt: skip
    postings = [{"investigation": "I00000001", "from": as_of - n * DAY, "to": as_of - (n + 2) * DAY,
                 "team": "X-ends_before_start"} for n in range(1, EACH + 1)]  # fmt: skip
    rows = {"events": events, "facts": facts, "victims": victims, "postings": postings}
    return {name: _table(name, given) for name, given in rows.items()}


def _event(as_of: int, name: str, number: int, fault: Row) -> Row:
    start = {"event_id": f"X-{name}-{number}", "occurred_at": as_of - 2 * DAY, "entered_at": as_of - DAY}
    said = {
        key: as_of + value if key in ("occurred_at", "scheduled_for", "entered_at") and value is not None else value
        for key, value in fault.items()
    }
    return {**EVENT, **start, "source": "crime_system", **said}


def _table(name: str, rows: list[Row]) -> pa.Table:
    schema = columns.schema(name)
    return pa.table([pa.array([row.get(one.name) for row in rows], one.type) for one in schema], schema=schema)
