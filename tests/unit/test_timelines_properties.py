"""Timelines against a plain oracle that knows no intervals: it looks only at what had been entered by T."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, zip_longest
from typing import Any

import pyarrow as pa
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from kept.calendar import local_day
from kept.contract.vocabulary import standard
from kept.records.timelines import STATED, Prepared, prepare_tables

Row = dict[str, Any]
World = dict[str, list[Row]]
Seen = tuple[Any, ...]

DAWN = datetime(2024, 1, 1, 9, tzinfo=UTC)
VOCABULARY = standard()
LAST = 40
KEYS = {"crimes": "crime", "victims": "victim", "events": "event_id", "facts": "fact_id"}
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)


def hour(number: int) -> datetime:
    return DAWN + timedelta(hours=6 * number)


# -- a world: a few crimes and victims, and much that is corrected, merged, linked and said twice
# -------------


def world_of(seed: int) -> World:
    chance = random.Random(seed)
    name = f"w{seed}-"
    crimes = [name + crime for crime in ("c1", "c2", "c3")]
    victims = {name + "v1": crimes[0], name + "v2": crimes[1], name + "v3": crimes[2], name + "v4": crimes[0]}
    world: World = {table: [] for table in KEYS}
    for crime in crimes:
        add_versions(chance, world["crimes"], lambda c=crime: crime_row(chance, name, c))
    for victim, crime in victims.items():
        add_versions(chance, world["victims"], lambda v=victim, c=crime: victim_row(chance, name, v, c))
    for number in range(chance.randint(1, 9)):
        row = event_row(chance, name, f"{name}e{number}", crimes, list(victims))
        add_versions(chance, world["events"], lambda r=row: vary(chance, r))
    correct(chance, world["events"], "event_id", name)
    for number in range(chance.randint(0, 4)):
        add_versions(chance, world["facts"], lambda n=number: fact_row(chance, name, f"{name}f{n}", crimes))
    correct(chance, world["facts"], "fact_id", name)
    return world


def add_versions(chance: random.Random, rows: list[Row], make: Any) -> None:
    """One version mostly, and up to three, never two of them entered at one moment."""
    many = chance.choice((1, 1, 1, 2, 3))
    rows.extend({**make(), "entered_at": hour(entered)} for entered in chance.sample(range(LAST), many))


def crime_row(chance: random.Random, name: str, crime: str) -> Row:
    investigation = chance.choice((f"{name}i1", f"{name}i1", None))
    return {"crime": crime, "investigation": investigation, "reported_at": hour(chance.choice((0, 4, 2000)))}


def victim_row(chance: random.Random, name: str, victim: str, crime: str) -> Row:
    person = chance.choice((f"{name}p1", f"{name}p1", f"{name}p2", None))
    return {"victim": victim, "crime": crime, "person": person, "age": float(chance.choice((17, 18)))}


def event_row(chance: random.Random, name: str, ident: str, crimes: list[str], victims: list[str]) -> Row:
    scope: Row = {
        "victim": {"victim": chance.choice(victims)},
        "crime": {"crime": chance.choice(crimes)},
        "investigation": {"investigation": f"{name}i1"},
    }[chance.choice(("victim", "victim", "crime", "investigation"))]
    kind = chance.choice(("victim_contacted", "victim_contacted", "hearing", "statement_taken"))
    answers = {"answers": f"{name}e{chance.randrange(9)}"} if kind == "victim_contacted" else {}
    return {"event_id": ident, "kind": kind, "source": chance.choice("ab"), **scope, **answers}


def vary(chance: random.Random, row: Row) -> Row:
    at = hour(chance.choice((1, 2, 5)))
    planned = row["kind"] == "hearing" and chance.random() < 0.5
    moment = {"scheduled_for": at} if planned else {"occurred_at": at}
    hearing = {"hearing": chance.choice(("h1", None))} if row["kind"] == "hearing" else {}
    return {**row, **moment, **hearing, "channel": "phone", "value": chance.choice(("x", "y"))}


def fact_row(chance: random.Random, name: str, ident: str, crimes: list[str]) -> Row:
    subject_kind, subject, attribute, value = chance.choice(
        (
            ("crime", crimes[0], "linked_to", crimes[1]),
            ("crime", crimes[1], "linked_to", crimes[2]),
            ("crime", crimes[0], "linked_to", None),
            ("person", f"{name}p1", "merged_into", f"{name}p2"),
            ("victim", f"{name}v1", "enhanced", "true"),
            ("investigation", f"{name}i1", "open", "false"),
        )
    )
    return {
        "fact_id": ident,
        "subject_kind": subject_kind,
        "subject": subject,
        "attribute": attribute,
        "value": value,
        "valid_from": hour(chance.choice((1, 2))),
    }


def correct(chance: random.Random, rows: list[Row], key: str, name: str) -> None:
    for number, row in enumerate(list(rows)):
        if chance.random() < 0.25 and (key == "event_id" or row["value"]):
            how = chance.choice(("voids", "supersedes"))
            corrected = {
                **row,
                key: f"{row[key]}-{number}",
                how: row[key],
                "entered_at": hour(chance.randrange(LAST)),
            }
            rows.append(corrected if how == "supersedes" else {**corrected, "value": None})


# -- the oracle
# -----------------------------------------------------------------------------------------------


def content(row: Row, key: str) -> list[tuple[str, Any]]:
    return sorted((k, v) for k, v in row.items() if v is not None and k not in (key, "entered_at"))


def latest(rows: list[Row], key: str, *columns: str) -> dict[str, Row]:
    """The last version of each id, with the first entry of what it says in `columns` (all, if none)."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["entered_at"]):
        before = found.get(row[key])
        same = before is not None and (
            all(before.get(c) == row.get(c) for c in columns) if columns else content(before, key) == content(row, key)
        )
        again = before is not None and voided_between(rows, key, before, row)
        found[row[key]] = {**row, "entered_at": before["entered_at"]} if before and same and not again else row
    return found


def voided_between(rows: list[Row], key: str, before: Row, row: Row) -> bool:
    """Whether a row was voided before it was said again."""
    voids = [one["entered_at"] for one in rows if one.get("voids") == row[key]]
    first = min(one["entered_at"] for one in rows if one[key] == row[key])
    return any(before["entered_at"] <= max(ended, first) < row["entered_at"] for ended in voids)


def standing(rows: list[Row], key: str) -> dict[str, Row]:
    """What had been said and not been corrected."""
    first = {r[key]: r["entered_at"] for r in sorted(rows, key=lambda r: r["entered_at"], reverse=True)}
    left = {ident: row for ident, row in latest(rows, key).items() if not row.get("voids")}
    for row in rows:
        target = row.get("supersedes") or row.get("voids")
        if target in left:
            ended = max(row["entered_at"], first[target])
            if row.get("supersedes") or ended >= left[target]["entered_at"]:
                del left[target]
    return left


class Oracle:
    """One world as it was known at T."""

    def __init__(self, world: World, at: datetime) -> None:
        rows = {table: [r for r in rows if r["entered_at"] <= at] for table, rows in world.items()}
        self.homes = {ident: row["crime"] for ident, row in latest(rows["victims"], "victim", "crime").items()}
        self.people = {ident: row["person"] for ident, row in latest(rows["victims"], "victim", "person").items()}
        self.ages = {ident: row["age"] for ident, row in latest(rows["victims"], "victim", "age").items()}
        self.crimes = latest(rows["crimes"], "crime")
        self.known = {row["investigation"] or row["crime"] for row in rows["crimes"]}
        self.facts = standing(rows["facts"], "fact_id")
        self.events = standing(rows["events"], "event_id")

    def investigation(self, crime: str | None) -> str | None:
        row = self.crimes.get(crime or "")
        return None if row is None else row["investigation"] or crime

    def key(self, row: Row) -> tuple[Any, ...]:
        scope = row.get("victim") or row.get("crime") or row.get("investigation")
        home = self.homes.get(row.get("victim", "")) or row.get("crime") or row.get("investigation") or scope
        what: dict[str, tuple[Any, ...]] = {
            "hearing": (home, row.get("hearing") or row["event_id"]),
            "victim_contacted": (scope, local_day(moment(row))),
            "statement_taken": (scope, local_day(moment(row))),
        }
        return (row["kind"], "scheduled_for" in row, *what[row["kind"]])

    def joined(self, attribute: str, one: str | None, other: str | None) -> bool:
        """Whether facts of this attribute join the two, directly or through others."""
        facts = [f for f in self.facts.values() if f["attribute"] == attribute]
        edges = [
            {f["subject"], f["value"]}
            for f in facts
            if f["value"]
            and not any(
                b["value"] is None and b["subject"] == f["subject"] and b["valid_from"] >= f["valid_from"]
                for b in facts
            )
        ]
        reached = {one}
        for _ in edges:
            reached |= {end for edge in edges if edge & reached for end in edge}
        return other in reached

    def same_person(self, one: str, other: str) -> bool:
        people = self.people[one], self.people[other]
        return None not in people and (people[0] == people[1] or self.joined("merged_into", *people))

    def counts_for(self, said_to: str, victim: str) -> bool:
        """Whether what one is told counts for the other, in one investigation or linked crimes."""
        crimes = self.homes[said_to], self.homes[victim]
        places = [self.investigation(crime) for crime in crimes]
        together = None not in places and (places[0] == places[1] or self.joined("linked_to", *crimes))
        return said_to != victim and together and self.same_person(said_to, victim)

    def reaches_victim(self, row: Row, victim: str, spreads: bool = False) -> bool:
        home = self.homes[victim]
        if row.get("victim"):
            told = [row["victim"]] if row["victim"] in self.homes else []
            return row["victim"] == victim or (spreads and any(self.counts_for(v, victim) for v in told))
        if row.get("crime"):
            told = [v for v, crime in self.homes.items() if crime == row["crime"] != home]
            return row["crime"] == home or (spreads and any(self.counts_for(v, victim) for v in told))
        return self.investigation(home) is not None and row["investigation"] == self.investigation(home)

    def reaches_investigation(self, row: Row, investigation: str) -> bool:
        if row.get("investigation"):
            return bool(row["investigation"] == investigation)
        crime = self.homes.get(row["victim"]) if row.get("victim") else row["crime"]
        return self.investigation(crime) == investigation

    def repeats(self, victim: str) -> bool:
        report = self.crimes.get(self.homes[victim])
        return report is not None and any(
            self.homes[other] != self.homes[victim]
            and self.homes[other] in self.crimes
            and self.same_person(other, victim)
            and timedelta() < report["reported_at"] - self.crimes[self.homes[other]]["reported_at"] < timedelta(365)
            for other in self.homes
        )

    def statements(self) -> Iterator[tuple[str, str, str | None, Row]]:
        """What the records say: word, id, value, and a row that names its scope."""
        for ident, row in self.events.items():
            yield row["kind"], ident, row["value"], row
        for ident, row in self.facts.items():
            if row["subject_kind"] != "person":
                yield row["attribute"], ident, row["value"], {row["subject_kind"]: row["subject"]}
        for crime in self.crimes:
            yield "crime_reported", f"{crime}.crime_reported", None, {"crime": crime}
        for victim, age in self.ages.items():
            yield "age", f"{victim}.age", str(int(age)), {"victim": victim}
            if self.repeats(victim):
                yield "repeat_victim", f"{victim}.repeat_victim", "true", {"victim": victim}

    def seen(self) -> set[Seen]:
        return {
            (subject, word, ident, value)
            for word, ident, value, row in self.statements()
            for subject in self.subjects(row, word == "victim_contacted")
        }

    def subjects(self, row: Row, spreads: bool) -> Iterator[str]:
        yield from (v for v in self.homes if self.reaches_victim(row, v, spreads))
        yield from (i for i in self.known if self.reaches_investigation(row, i))


def moment(row: Row) -> datetime:
    found: datetime = row.get("occurred_at") or row["scheduled_for"]
    return found


# -- the properties
# -------------------------------------------------------------------------------------------


def prepared(worlds: list[World], keep: Any = lambda row: True) -> Prepared:
    tables = {table: [row for world in worlds for row in world[table] if keep(row)] for table in KEYS}
    return prepare_tables({name: table_of(rows) for name, rows in tables.items()}, VOCABULARY)


def table_of(rows: list[Row]) -> pa.Table:
    columns = sorted({column for row in rows for column in row})
    return pa.table({column: [row.get(column) for row in rows] for column in columns})


def entries_at(result: Prepared, at: datetime) -> list[Row]:
    """The entries as of T, with words for numbers and without what T cannot know: the interval's end and the place
    among entries still to come."""
    words = {number: word for word, number in result.codes.items()}
    names = {row["subject"]: row["id"] for row in result.subjects.to_pylist()}
    return [
        {**row, "subject": names[row["subject"]], "kind": words[row["kind"]], "withdrawn": None}
        for row in result.entries.select(STATED.names).to_pylist()
        if (row["since"] or row["entered"]) <= at and (row["withdrawn"] is None or at < row["withdrawn"])
    ]


SEEDS = st.lists(st.integers(0, 10_000), min_size=40, max_size=60, unique=True)
TIMES = st.integers(0, LAST)
# One example is some fifty worlds in one preparation; shrinking would prepare them hundreds of times.
FEW = settings(max_examples=3, phases=[Phase.explicit, Phase.generate])


@FEW
@example(list(range(60, 120)), 15)  # two sources tell of one hearing before its victim was entered
@given(SEEDS, TIMES)
def test_a_later_entry_never_changes_what_an_earlier_as_of_sees(seeds: list[int], number: int) -> None:
    worlds, at = [world_of(seed) for seed in seeds], hour(number)
    then = prepared(worlds, lambda row: row["entered_at"] <= at)
    both = zip_longest(entries_at(prepared(worlds), at), entries_at(then, at))
    assert [(now, before) for now, before in both if now != before][:3] == []


@FEW
@given(SEEDS, st.integers())
def test_the_order_of_rows_changes_nothing(seeds: list[int], order: int) -> None:
    worlds = [world_of(seed) for seed in seeds]
    chance = random.Random(order)
    shuffled = [{table: chance.sample(rows, len(rows)) for table, rows in w.items()} for w in worlds]
    assert prepared(worlds) == prepared(chance.sample(shuffled, len(shuffled)))


@FEW
@given(SEEDS, TIMES)
def test_timelines_say_what_was_known(seeds: list[int], number: int) -> None:
    worlds, at = [world_of(seed) for seed in seeds], hour(number)
    entries = entries_at(prepared(worlds), at)
    seen = {(row["subject"], row["kind"], row["id"], row["value"]) for row in entries}
    assert len({(row["victim"], row["subject"], row["id"]) for row in entries}) == len(entries)
    shown = {row["id"] for row in entries}
    for world in worlds:
        oracle = Oracle(world, at)
        for _, group in groupby(sorted(oracle.events.values(), key=by_key(oracle)), by_key(oracle)):
            check_merged(list(group), shown, oracle)
        oracle.events = {ident: row for ident, row in oracle.events.items() if ident in shown}
        expected = oracle.seen()
        name = world["crimes"][0]["crime"].partition("-")[0] + "-"
        found = {entry for entry in seen if entry[2].startswith(name) and entry[1] != "merged_into"}
        assert found == expected


def by_key(oracle: Oracle) -> Any:
    return lambda row: tuple(map(str, oracle.key(row)))


def check_merged(rows: list[Row], shown: set[str], oracle: Oracle) -> None:
    """As many of one merge key are shown as the source with the most has."""
    if not any(True for row in rows for _ in oracle.subjects(row, False)):
        return
    sources = [row["source"] for row in rows]
    assert len({row["event_id"] for row in rows} & shown) == max(map(sources.count, sources))
