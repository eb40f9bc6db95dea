"""Which members of the run before are still as they were, so that a night costs what has changed."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

from kept.engine.results import MANIFEST, REPLACED, Run
from kept.measures.catalogue import digest
from kept.records.reading import MEMBERS, readable
from kept.records.timelines import BUCKET

FORMAT = 7
"""The format of members: of what is written beside what `populations.yaml` declares."""


def folder_of(run: Run, name: str = "") -> Path:
    """Where the members of a run stand, or of another of the same store; other columns, another folder."""
    return run.folder.parent.parent / MEMBERS / f"{name or run.id}-{digest()}-{FORMAT}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The members of the run that another stands on: their folder, its as-of, and the buckets with changed subjects."""

    folder: Path
    as_of: datetime
    changed: frozenset[int]

    def still_holds(self, run: Run, bucket: int) -> bool:
        """Whether nothing of a bucket has changed for the later run: neither by a load nor by the clock.

        What a run evaluates anew goes by what its rules read; members hold more, so the clock is asked here.
        """
        return bucket not in self.changed and (self.as_of == run.as_of or not _turned(run, bucket, self.as_of))


def earlier_members(run: Run) -> Earlier | None:
    """The members of the run that this one stands on; None where it stands on none, or they were never made."""
    layers = run.manifest["layers"]
    if len(layers) < 2 or not (folder := folder_of(run, layers[-2])).exists():
        return None
    manifest = json.loads((run.layers[-2] / MANIFEST).read_text(encoding="utf-8"))
    subjects = pq.read_table(run.layers[-1] / REPLACED).column("subject").to_numpy()
    as_of = datetime.fromisoformat(manifest["as_of"])
    return Earlier(folder, as_of, frozenset(np.unique(subjects // BUCKET).tolist()))


def _turned(run: Run, bucket: int, since: datetime) -> bool:
    """Whether any moment of a bucket's records lies between two as-ofs, so that something else is seen."""
    version = run.version
    with duckdb.connect() as connection, readable(version.files("timelines", bucket)):
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET VARIABLE first = $1::TIMESTAMPTZ", [since.isoformat()])
        connection.execute("SET VARIABLE last = $1::TIMESTAMPTZ", [run.as_of.isoformat()])
        subjects = version.relation("subjects", bucket)
        connection.register("postings", version.postings())
        looked_at = (
            (version.relation("timelines", bucket), ("at", "entered", "since", "withdrawn")),
            (subjects, ("entered", "withdrawn")),
            (f"SELECT * FROM postings SEMI JOIN ({subjects}) USING (investigation)", ("from",)),
        )
        return any(_any_between(connection, rows, moments) for rows, moments in looked_at)


def _any_between(connection: duckdb.DuckDBPyConnection, rows: str, moments: tuple[str, ...]) -> bool:
    between = " OR ".join(
        f"(\"{name}\" > getvariable('first') AND \"{name}\" <= getvariable('last'))" for name in moments
    )
    return bool(connection.execute(f"SELECT bool_or(coalesce({between}, false)) FROM ({rows})").fetchall()[0][0])
