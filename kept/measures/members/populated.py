"""The populations of a bucket: gathered from its entries, completed by what the run found and who holds the case."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kept.contract.vocabulary import Vocabulary
from kept.engine.compiled.columns import microseconds
from kept.engine.states import COUNTED
from kept.measures.members.bucket import HELD_SINCE, HOLDER, Bucket
from kept.measures.members.gathered import GATHERED, TEXT_OF, Gathering
from kept.measures.members.seen import KEYS, Integers, Known, seen_in
from kept.measures.model import Column, Population
from kept.records.timelines import BUCKET

_OF_KIND = {"victim": "victim", "investigation": "investigation", "crime": "investigation", "item": "victim"}
"""On whose timelines the members of a grain are found."""
_READ = {
    "flag": "{} = 'true'",
    "number": "TRY_CAST({} AS DOUBLE)",
    "moment": "TRY_CAST({} AS TIMESTAMPTZ)",
}
_OF_RUN = """
    CREATE TEMP TABLE of_run AS SELECT subject,
        CASE WHEN bool_or(gate = 1) THEN true WHEN bool_or(gate = 0) THEN false END AS gate,
        CASE WHEN bool_or(flag = 1) THEN true WHEN bool_or(flag = 0) THEN false END AS flag
    FROM rows GROUP BY subject"""
_CONTACT_DUE = f"""
    CREATE TEMP TABLE contact_due AS
    WITH windows AS (
        SELECT r.subject, r.rule, r.due, n.text AS settled FROM rows r JOIN settled_states n ON n.number = r.settled
        WHERE r.part < 0 AND r.rule IN (SELECT rule FROM rules WHERE repeats)
            AND n.text IN {COUNTED}),
    kept AS (SELECT subject, rule, max(due) AS last_met FROM windows WHERE settled = 'met' GROUP BY ALL)
    SELECT k.investigation, min(w.due) AS contact_due
    FROM windows w JOIN known k USING (subject) LEFT JOIN kept m USING (subject, rule)
    WHERE w.settled <> 'met' AND w.due > coalesce(m.last_met, '-infinity') GROUP BY k.investigation"""
"""When the next contact with a victim of an investigation is due, or since when one is, after the last one kept."""


def made_populations(bucket: Bucket, wanted: Iterable[Population], into: Path) -> None:
    """Make a table of each population, under its id, and write it into a folder."""
    bucket.connection.execute(_OF_RUN)
    bucket.connection.execute(_CONTACT_DUE)
    wanted = list(wanted)
    for one, members in zip(wanted, _gathered(bucket, wanted), strict=True):
        bucket.connection.register("gathered", members)
        bucket.connection.execute(f"CREATE TEMP TABLE {one.id} AS {_completed(one, bucket.run.version.vocabulary)}")
        bucket.connection.unregister("gathered")
        bucket.write(f"FROM {one.id}", into / f"{one.id}-{bucket.number:05d}.parquet")


def _gathered(bucket: Bucket, wanted: Sequence[Population]) -> Iterator[pa.Table]:
    """What entries say of the members of each population; of subjects that have none, nothing."""
    subjects = bucket.arrow("SELECT kind, subject, made FROM known ORDER BY subject")
    known = Known.of(subjects, bucket.first, BUCKET)
    of_kind = {kind: _of_kind(subjects, kind, bucket.first) for kind in set(_OF_KIND.values())}
    found: list[list[pa.Table]] = [[] for _ in wanted]
    codes = bucket.run.version.codes
    as_of = microseconds(bucket.run.as_of)
    for path in bucket.run.version.files("timelines", bucket.number):
        for seen in seen_in(path, known, as_of, _kinds(wanted, codes), _texts(wanted)):
            for one, tables in zip(wanted, found, strict=True):
                tables.append(Gathering(seen, codes).members(one, of_kind[_OF_KIND[one.grain]], bucket.first))
    for one, tables in zip(wanted, found, strict=True):
        everybody = np.flatnonzero(of_kind[_OF_KIND[one.grain]]) + bucket.first
        yield _with_silent(one, tables, everybody)


def _of_kind(subjects: pa.Table, kind: str, first: int) -> npt.NDArray[np.bool_]:
    """Whether each number of a bucket is a subject of a kind."""
    found = np.zeros(BUCKET, np.bool_)
    wanted = pc.equal(subjects.column("kind"), kind).to_numpy()
    found[subjects.column("subject").to_numpy()[wanted] - first] = True
    return found


def _with_silent(one: Population, tables: Sequence[pa.Table], subjects: Integers) -> pa.Table:
    """Members, with those of whom nothing was seen where every subject is one."""
    names = [column.name for column in one.columns.values() if column.how in GATHERED]
    if one.grain in KEYS and tables:
        return pa.concat_tables(tables)
    heard = np.concatenate([table.column("subject").to_numpy() for table in tables]) if tables else subjects[:0]
    silent = pa.table({"subject": np.setdiff1d(subjects, heard) if one.grain not in KEYS else subjects[:0]})
    empty = pa.table({name: pa.nulls(0) for name in ("key", *names)})
    return pa.concat_tables([empty, *tables, silent], promote_options="default")


def _kinds(wanted: Iterable[Population], codes: dict[str, int]) -> list[int]:
    """The numbers of the kinds that any column looks at."""
    names: set[str] = set()
    for one in wanted:
        names.update(one.kinds)
        for column in one.columns.values():
            names.update([column.text] if column.how in ("fact", "since") else (each.kind for each in column.selectors))
    return [codes[name] for name in names if name in codes]


def _texts(wanted: Iterable[Population]) -> list[str]:
    """The texts of entries that any column looks at."""
    asked = {
        name for one in wanted for column in one.columns.values() for each in column.selectors for name in each.fields()
    }
    taken = {TEXT_OF[column.how] for one in wanted for column in one.columns.values() if column.how in TEXT_OF}
    return sorted({"value", *KEYS, *taken, *asked})


def _completed(one: Population, vocabulary: Vocabulary) -> str:
    """SQL for the members of a population with all columns, and who held the investigation from when on."""
    said = ", ".join(_column(column, vocabulary) for column in one.columns.values() if column.how != "is")
    further = "".join(f", ({column.text}) AS {column.name}" for column in one.columns.values() if column.how == "is")
    crime = "m.key" if one.grain == "crime" else "k.crime"
    holder = ", ".join(f"h.{name}" for name in (HELD_SINCE, *HOLDER))
    return f"""
        SELECT *{further} FROM (
            SELECT m.subject, m.key, k.investigation, {crime} AS crime, {said}, {holder}
            FROM gathered m JOIN known k USING (subject)
            LEFT JOIN of_run r USING (subject)
            LEFT JOIN contact_due d ON d.investigation = k.investigation
            LEFT JOIN held_then h ON h.investigation = k.investigation)"""


def _column(column: Column, vocabulary: Vocabulary) -> str:
    name = column.name
    if column.how == "of_run":
        return f"{'d' if column.text == 'contact_due' else 'r'}.{column.text} AS {name}"
    if column.how == "count":
        return f"coalesce(m.{name}, 0) AS {name}"
    return f"{_fact(column, vocabulary)} AS {name}" if column.how == "fact" else f"m.{name}"


def _fact(column: Column, vocabulary: Vocabulary) -> str:
    attribute = vocabulary.attributes[column.text]
    read = _READ.get(attribute.type, "{}").format(f"nullif(m.{column.name}, '')")
    return read if attribute.absent is None else f"coalesce({read}, {str(attribute.absent).lower()})"
