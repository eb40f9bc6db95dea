"""Rows made of what the compiled pass wrote: theirs for good, since the pass writes into the same room again."""

import numpy as np
from numpy.typing import NDArray

from kept.engine.compiled import layout as at
from kept.engine.compiled.obligation import stored
from kept.engine.compiled.room import Room
from kept.engine.rows import STORED


def written() -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    out, moments = np.ones((at.ROW_FIELDS, 3), dtype=np.int32), np.full((at.ROW_MOMENTS, 3), 5, dtype=np.int64)
    out[at.ROW_SUBJECT] = [0, 0, 1]
    return out, moments


def test_rows_stay_as_they_are_when_the_room_is_written_again() -> None:
    out, moments = written()
    rows = stored(np.array([40, 41]), out, moments)
    before = rows.to_pylist()
    out[:], moments[:] = 0, 0
    assert rows.to_pylist() == before


def test_rows_are_numbered_within_their_subject_and_fit_what_is_stored() -> None:
    rows = stored(np.array([40, 41]), *written())
    assert rows.schema == STORED
    assert list(zip(rows.column("subject").to_pylist(), rows.column("row").to_pylist(), strict=True)) == [
        (40, 0),
        (40, 1),
        (41, 0),
    ]


def test_room_is_the_same_until_more_is_asked_for() -> None:
    room = Room()
    first = room.array("rows", 2, 3)
    assert np.shares_memory(first, room.array("rows", 4))
    assert not np.shares_memory(first, room.array("rows", 7))
    assert not np.shares_memory(first, room.array("others", 2))
    assert room.array("flags", 2, of=np.bool_).dtype == np.bool_
