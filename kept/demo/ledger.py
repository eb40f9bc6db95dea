"""What happened in one chunk and what was written down of it: events and facts, with the truth beside them."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from kept.demo import columns
from kept.demo.columns import Text
from kept.demo.moments import DAY, HOUR, MINUTE, NEVER, Flags, Floats, Ints

LEVELS = ("investigation", "crime", "victim")
TRUTH = pa.schema(
    [
        ("event_id", pa.string()),
        ("kind", pa.string()),
        *((level, pa.string()) for level in LEVELS),
        ("value", pa.string()),
        ("result", pa.string()),
        ("suspect", pa.string()),
        ("hearing", pa.string()),
        ("item", pa.string()),
        ("really_at", columns.TYPES["moment"]),
        ("done", pa.bool_()),
        ("recorded", pa.bool_()),
        ("recorded_at", columns.TYPES["moment"]),
    ]
)


@dataclass(slots=True)
class Ledger:
    """Events and facts of one chunk. `names` holds the ids of its investigations, crimes and victims.

    `silence` is, for each investigation, by how much its team leaves things unwritten.
    """

    rng: np.random.Generator
    as_of: int
    names: dict[str, pa.Array]
    silence: Floats
    of: dict[str, Ints]  # each crime's and each victim's investigation, and each investigation's own number
    next_event: int
    next_fact: int
    events: list[pa.Table] = field(default_factory=list)
    facts: list[pa.Table] = field(default_factory=list)
    truth: list[pa.Table] = field(default_factory=list)

    def gap(self, level: str, rows: Ints, share: float) -> Flags:
        """Mark what will not be written down: about `share`, more in teams that are silent."""
        return self.rng.random(rows.size) < np.minimum(share * self.silence[self.of[level][rows]], 0.9)

    def written(self, at: Ints, slow: float = 1.0) -> Ints:
        """When something done at `at` is entered: mostly within the hour, sometimes days or weeks late."""
        draw = self.rng.random(at.size)
        wait = np.select([draw < 0.70, draw < 0.92, draw < 0.985], [20 * MINUTE, 6 * HOUR, 3 * DAY], 18 * DAY)
        lag = wait * slow * np.exp(0.6 * self.rng.standard_normal(at.size))
        return np.maximum(np.minimum(at + lag.astype(np.int64), self.as_of), at)

    def add(
        self,
        kind: str,
        at: Ints,
        level: str,
        rows: Ints,
        *,
        recorded: Flags | None = None,
        done: bool = True,
        back_dated: float = 0.0,
        planned: Ints | None = None,
        slow: float = 1.0,
        source: Text = "crime_system",
        **others: Text,
    ) -> Ints:
        """Add one event for each of `rows` of a level that came by the as-of moment; NEVER adds none.

        `planned` gives what it is scheduled for, and then `at` is when that was entered. A share `back_dated`
        is written down as if it had been done up to two days sooner. Returns each event's number, -1 where it
        is not written down; `others` are further columns of the events table.
        """
        came = np.flatnonzero(at < self.as_of)
        everywhere = np.full(at.size, -1)
        if came.size == 0:
            return everywhere
        at, rows = at[came], rows[came]
        others = {name: _taken(column, came) for name, column in others.items()}
        kept = np.ones(came.size, np.bool_) if recorded is None else recorded[came]
        number = np.full(came.size, -1)
        number[kept] = self.next_event + np.arange(int(kept.sum()))
        self.next_event += int(kept.sum())
        entered = at if planned is not None else self.written(at, slow)
        occurred = np.full(at.size, NEVER) if planned is not None else self._back_dated(at, back_dated)
        given = {
            "event_id": columns.label("E", number),
            "kind": columns.text(kind, came.size),
            level: self.names[level].take(pa.array(rows)),
            "occurred_at": columns.moments(occurred),
            "scheduled_for": columns.moments(occurred if planned is None else planned[came]),
            "entered_at": columns.moments(entered),
            "source": columns.text(_taken(source, came), came.size),
            **{name: columns.text(column, came.size) for name, column in others.items()},
        }
        if planned is None:
            del given["scheduled_for"]
        self._keep(given, kept, at, entered, done)
        everywhere[came] = number
        return everywhere

    def _keep(self, given: dict[str, pa.Array], kept: Flags, at: Ints, entered: Ints, done: bool) -> None:
        size = kept.size
        rows = columns.table("events", size, given)
        self.events.append(rows.filter(pa.array(kept)))
        shown = {name: rows.column(name) for name in TRUTH.names if name in rows.column_names}
        shown |= {
            "really_at": columns.moments(at),
            "done": pa.repeat(pa.scalar(done), size),
            "recorded": pa.array(kept),
            "recorded_at": columns.moments(np.where(kept, entered, NEVER)),
        }
        self.truth.append(pa.table([shown[name] for name in TRUTH.names], schema=TRUTH))

    def _back_dated(self, at: Ints, share: float) -> Ints:
        if share == 0.0:
            return at
        back = np.where(self.rng.random(at.size) < share, self.rng.integers(HOUR, 2 * DAY, at.size), 0)
        return at - back

    def fact(
        self,
        attribute: str,
        level: str,
        rows: Ints,
        value: Text,
        valid: Ints,
        *,
        source: str = "crime_system",
        entered: Ints | None = None,
        since: Ints | None = None,
    ) -> Ints:
        """Add one fact for each row whose moment came by the as-of; returns their numbers (-1: not yet).

        `valid` is when the force learnt it; it holds from then, or from `since`, where that is sooner.
        """
        came = np.flatnonzero(valid < self.as_of)
        number = np.full(rows.size, -1)
        number[came] = self.next_fact + np.arange(came.size)
        self.next_fact += came.size
        if came.size:
            at = valid[came]
            written = self.written(at, 0.3) if entered is None else entered[came]
            given = {
                "fact_id": columns.label("F", number[came]),
                "subject_kind": columns.text(level, came.size),
                "subject": self.names[level].take(pa.array(rows[came])),
                "attribute": columns.text(attribute, came.size),
                "value": columns.text(_taken(value, came), came.size),
                "valid_from": columns.moments(at if since is None else np.minimum(since[came], at)),
                "entered_at": columns.moments(written),
                "source": columns.text(source, came.size),
            }
            self.facts.append(columns.table("facts", came.size, given))
        return number


def _taken(column: Text, came: Ints) -> Text:
    return column if column is None or isinstance(column, str) else column.take(pa.array(came))


def together(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    """All rows of all tables, in their order; an empty table of the schema where there are none."""
    return pa.concat_tables([schema.empty_table(), *tables]).combine_chunks()
