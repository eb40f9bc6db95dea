"""What has changed since a run: the subjects that must be evaluated anew, so that all others stand as they are.

An obligation depends on one subject's timeline, on who held its investigation, and on the clock. So these change
since a run: subjects whose timelines a later load prepared, subjects of investigations whose postings it brought,
those of which a moment has come that the run noted (an entry that is seen only from then, a fact that holds from
then, a posting that ends), and those that a further window of contact has opened for.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np

from kept.engine.compiled.layout import Integers
from kept.engine.results import Run, runs
from kept.engine.states import STATE_NAMES, TURNING
from kept.records.store import Store
from kept.records.version import StoreVersion

MOST_LAYERS = 30
"""How many layers a run may have: each costs its readers a little."""
_SAME = ("rulebook_digest", "calendar", "software", "supplies")


@dataclass(frozen=True, slots=True)
class Since:
    """An earlier run, the subjects that must be evaluated anew, and what the run says of all the others."""

    run: Run
    subjects: Integers
    rows: int
    omitted: Counter[int]


def since_last(store: Store, version: StoreVersion, identity: dict[str, Any], as_of: datetime) -> Since | None:
    """What has changed since the last run to stand on; None if there is none, or it has too many layers."""
    for run in runs(store):
        same = all(run.manifest[name] == identity[name] for name in _SAME)
        if same and "erased" not in run.manifest and run.as_of <= as_of and run.version.number <= version.number:
            return _since(run, version, as_of) if len(run.layers) < MOST_LAYERS else None
    return None


def _since(run: Run, version: StoreVersion, as_of: datetime) -> Since:
    prepared = version.changed_since(run.version.number)
    with run.reading() as connection:
        turned, held = _turned(connection, run, as_of), _newly_held(connection, version, run.version.number)
        subjects = np.unique(np.concatenate([np.asarray(one, dtype=np.int64) for one in (prepared, turned, held)]))
        return Since(run, subjects, *_rest(connection, run, subjects))


def _turned(connection: duckdb.DuckDBPyConnection, run: Run, as_of: datetime) -> Any:
    """The subjects of which the clock has changed what is seen, or for which it has opened a window of contact."""
    if as_of == run.as_of:
        return []
    repeating = ", ".join(str(rule) for rule, said in enumerate(run.manifest["names"]["rules"]) if said["repeats"])
    turning = ", ".join(str(STATE_NAMES.index(state)) for state in TURNING)
    return connection.execute(
        f"""
        SELECT subject FROM ({run.relation("turns")}) WHERE moment <= $1
        UNION
        SELECT subject FROM stored
        WHERE rule IN ({repeating or -1}) AND settled IN ({turning}) AND due > getvariable('as_of') AND due <= $1
        """,
        [as_of],
    ).fetchnumpy()["subject"]


def _newly_held(connection: duckdb.DuckDBPyConnection, version: StoreVersion, number: int) -> Any:
    """The subjects of investigations of which a later load brought a posting."""
    found = connection.sql(f"""
        SELECT DISTINCT subject FROM ({version.relation("subjects")}) WHERE investigation IN (
            SELECT investigation FROM ({version.relation("postings")}) WHERE _load > {number})""")
    return found.fetchnumpy()["subject"]


def _rest(connection: duckdb.DuckDBPyConnection, run: Run, subjects: Integers) -> tuple[int, Counter[int]]:
    """How many rows of a run stand beside those of some subjects, and by cause how many did not arise."""
    connection.execute("CREATE OR REPLACE TEMP TABLE anew AS SELECT unnest($1) AS subject", [subjects])
    gone = connection.sql("SELECT count(*) FROM stored WHERE subject IN (SELECT subject FROM anew)").fetchall()[0][0]
    causes = connection.sql(f"""
        SELECT cause, count(*) FROM ({run.relation("omitted")}) WHERE subject IN (SELECT subject FROM anew)
        GROUP BY cause""").fetchall()
    omitted = Counter({int(cause): int(count) for cause, count in run.manifest["omitted"]})
    omitted.subtract({int(cause): int(count) for cause, count in causes})
    return run.manifest["obligations"] - int(gone), omitted
