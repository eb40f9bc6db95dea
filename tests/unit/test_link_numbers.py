"""Positions and link numbers against a slow, obvious count."""

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kept.records.link_numbers import LINKED, NUMBERED, numbered

TEXTS = st.sampled_from([None, "a", "b", "c", "", "ab"])
ENTRY = st.fixed_dictionaries({name: TEXTS for name in LINKED})
TIMELINES = st.lists(st.tuples(st.integers(0, 5), st.lists(ENTRY, max_size=6)), max_size=5)
SCHEMA = pa.schema([("subject", pa.int64()), *((name, pa.string()) for name in LINKED)])


def counted(rows: list[dict[str, Any]]) -> list[dict[str, int]]:
    """Each row's position and numbers, one text after another."""
    found: list[dict[str, int]] = []
    positions: dict[int, int] = {}
    given_to: dict[int, dict[str, int]] = {}
    for row in rows:
        position = positions[row["subject"]] = positions.get(row["subject"], -1) + 1
        texts = given_to.setdefault(row["subject"], {})
        said = {f"{name}_no": row[name] for name in LINKED}
        numbers = {n: 0 if text is None else texts.setdefault(text, len(texts) + 1) for n, text in said.items()}
        found.append({"position": position, **numbers})
    return found


@given(TIMELINES, st.integers(1, 4))
def test_numbers_follow_the_first_appearance(timelines: list[tuple[int, list[Any]]], chunks: int) -> None:
    numbers = [1000 * place + gap for place, (gap, _) in enumerate(timelines)]
    rows = [{"subject": number, **one} for number, (_, said) in zip(numbers, timelines, strict=True) for one in said]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    size = max(1, len(table) // chunks)
    parts = [table.slice(at, size) for at in range(0, len(table), size)]
    result = numbered(pa.concat_tables([SCHEMA.empty_table(), *parts]))
    assert result.select(["position", *NUMBERED]).to_pylist() == counted(rows)
    assert result.select(table.column_names) == table


def test_the_same_text_of_two_subjects_is_numbered_apart() -> None:
    rows = [{"subject": 1, "crime": "c", "id": "x"}, {"subject": 2, "victim": "x", "crime": "d", "id": "c"}]
    found = numbered(pa.Table.from_pylist(rows, schema=SCHEMA)).to_pylist()
    assert [(row["crime_no"], row["victim_no"], row["id_no"]) for row in found] == [(1, 0, 2), (1, 2, 3)]
