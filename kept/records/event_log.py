"""A generic event log as blocks of rows: each case becomes a crime and its victim, each activity an event."""

from collections.abc import Mapping
from typing import Any


def blocks(log: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The `rows` that an `event_log` section stands for, in the words of a mapping.

    One row a case for the crime and for the victim, entered at the case's first moment; one event a row whose
    activity has a kind, and the rest counted by reason.
    """
    case = log["case"]
    once = {"from": log["from"], "first_by": "entered_at"}
    first = {"entered_at": log["time"]}
    kind = {"column": log["activity"], "values": log.get("activities", {})}
    event = {
        "kind": {**kind, "otherwise": log.get("otherwise", "quarantine")},
        "crime": case,
        "victim": case,
        "occurred_at": log["time"],
        "entered_at": log.get("entered", log["time"]),
    }
    return {
        "crimes": [{**once, "one_per": "crime", "columns": {"crime": case, **first}}],
        "victims": [{**once, "one_per": "victim", "columns": {"victim": case, "crime": case, **first}}],
        "events": [{"from": log["from"], "columns": event}] if log.get("activities") else [],
    }
