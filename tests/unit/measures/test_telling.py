"""What entries say of members, by the compiled pass, held against going through them one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.code.model import Selector
from kept.engine.compiled.columns import microseconds
from kept.measures.members.compiled.telling import Whose
from kept.measures.members.gathered import gathered_from
from kept.measures.members.planned import Planned
from kept.measures.model import Column, Population
from kept.records.stored import STORED_ENTRIES

KINDS = {"asked": 0, "told": 1, "place": 2, "unread": 3}
SELECTED = (Selector("asked", value=("x", "y")), Selector("told", result=("r",)))
LISTED = (
    Column("first", "", "first", SELECTED),
    Column("last", "", "last", SELECTED),
    Column("many", "", "count", SELECTED),
    Column("person", "", "who", SELECTED),
    Column("place", "", "fact", text="place"),
    Column("since", "", "since", text="place"),
)
COLUMNS = {one.name: one for one in LISTED}
POPULATIONS = [
    Population("victims", "", "victim", "first", COLUMNS),
    Population("investigations", "", "investigation", "first", COLUMNS),
    Population("crimes", "", "crime", "first", COLUMNS),
    Population("requests", "", "item", "first", COLUMNS, ("asked",)),
]
LEVELS = [0, 1, 0, 1, -1, 0]
"""Of each subject whether it is a victim, an investigation, or not known."""
START = datetime(2025, 1, 1, tzinfo=UTC)
AS_OF = START + timedelta(days=6)


def days(most: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, most).map(lambda number: START + timedelta(days=number))


def texts(*words: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, "", *words])


ENTRY = st.fixed_dictionaries(
    {
        "subject": st.integers(0, 4),
        "at": days(8),
        "kind": st.sampled_from([*KINDS.values()]),
        "planned": st.sampled_from([False, False, False, True]),
        "entered": days(8),
        "withdrawn": st.none() | days(8),
        "since": st.none() | days(8),
        "made": st.sampled_from([7, 7, 7, 6]),
        "crime": texts("c", "d"),
        "item": texts("i", "j"),
        "value": texts("x", "y", "z"),
        "result": texts("r", "s"),
        "by": texts("p", "q"),
    }
)
FILLED: dict[str, Any] = {"is_fact": False, "id": "e", "position": 0}
FILLED |= {field.name: 0 for field in STORED_ENTRIES if field.name.endswith("_no")}


def expected(one: Population, entries: list[dict[str, Any]]) -> dict[tuple[int, str | None], dict[str, Any]]:
    """The members of a population, and what is said of each, by subject and key."""
    level = int(one.grain in ("investigation", "crime"))
    seen = [entry for entry in entries if LEVELS[entry["subject"]] == level and visible(entry)]
    if one.grain in ("victim", "investigation"):
        wanted = {(number, None): said(seen_of(seen, number)) for number, of in enumerate(LEVELS) if of == level}
        return dict(wanted)
    naming = [entry for entry in seen if entry[one.grain] and (not one.kinds or entry["kind"] == KINDS["asked"])]
    return {
        (entry["subject"], entry[one.grain]): joined(one, seen_of(seen, entry["subject"]), entry[one.grain])
        for entry in naming
    }


def visible(entry: dict[str, Any]) -> bool:
    stands, withdrawn = entry["since"] or entry["entered"], entry["withdrawn"]
    counts = entry["made"] == 7 and entry["kind"] != KINDS["unread"] and not entry["planned"]
    return counts and max(entry["at"], stands) <= AS_OF and (withdrawn is None or withdrawn > AS_OF)


def seen_of(seen: list[dict[str, Any]], subject: int) -> list[dict[str, Any]]:
    return [entry for entry in seen if entry["subject"] == subject]


def joined(one: Population, seen: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """What is said of one of several members, with what is said of none of them by name."""
    own = said([entry for entry in seen if entry[one.grain] == key])
    whole = said([entry for entry in seen if not entry[one.grain]])
    facts = {name: whole[name] if own[name] is None else own[name] for name in ("place", "since")}
    if one.grain == "item":
        return own | facts
    firsts, lasts = ([one[name] for one in (own, whole) if one[name]] for name in ("first", "last"))
    times = {"first": min(firsts, default=None), "last": max(lasts, default=None)}
    person = whole["person"] if own["person"] is None else own["person"]
    return {**times, "many": own["many"] + whole["many"], "person": person, **facts}


def said(seen: list[dict[str, Any]]) -> dict[str, Any]:
    told = [
        entry
        for entry in seen
        if (entry["kind"] == KINDS["asked"] and entry["value"] in ("x", "y"))
        or (entry["kind"] == KINDS["told"] and entry["result"] == "r")
    ]
    by = sorted((entry for entry in told if entry["by"] is not None), key=lambda entry: (entry["at"], entry["entered"]))
    facts = sorted(
        (entry for entry in seen if entry["kind"] == KINDS["place"]), key=lambda entry: (entry["at"], entry["entered"])
    )
    return {
        "first": min((entry["at"] for entry in told), default=None),
        "last": max((entry["at"] for entry in told), default=None),
        "many": len(told),
        "person": by[-1]["by"] if by else None,
        "place": facts[-1]["value"] if facts else None,
        "since": facts[-1]["at"] if facts and facts[-1]["value"] else None,
    }


@given(st.lists(ENTRY, max_size=25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_members_are_told_of_as_by_going_through_their_entries(
    tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, Any]]
) -> None:
    path = tmp_path_factory.mktemp("entries") / "one.parquet"
    entries = sorted(entries, key=lambda entry: (entry["subject"], entry["at"], entry["kind"]))
    rows = [dict.fromkeys(STORED_ENTRIES.names) | FILLED | entry for entry in entries]
    pq.write_table(pa.Table.from_pylist(rows, schema=STORED_ENTRIES), path)
    levels = np.array(LEVELS, np.int64)
    whose = Whose(0, np.where(levels < 0, -1, 7), levels)
    planned = Planned.of(POPULATIONS, KINDS)
    for one, found in gathered_from([path], planned, whose, microseconds(AS_OF)):
        words = {name: found.words(name) for name in ("person", "place")}
        told = {name: found.moments(name).to_pylist() for name in ("first", "last", "since")}
        told |= {"many": found.counts("many").to_pylist()}
        told |= {
            name: [None if code < 0 else of[code].as_py() for code in codes] for name, (of, codes) in words.items()
        }
        members = [*zip(found.subjects.tolist(), found.keys.to_pylist(), strict=True)]
        assert found.subjects.tolist() == sorted(found.subjects.tolist())
        assert {who: {name: told[name][place] for name in told} for place, who in enumerate(members)} == expected(
            one, entries
        )
