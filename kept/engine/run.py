"""A run: one evaluation of one rulebook on what had been entered by one moment. Never changed afterwards.

Its id is a hash of everything that decides its rows, so the same question gives the same run.
"""

import hashlib
import json
import resource
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from kept import __version__
from kept.calendar import Calendar
from kept.code.model import Rulebook
from kept.contract.tables import BY_NAME
from kept.engine.coverage import Coverage, coverage
from kept.engine.local import Done, Progress, evaluate_version
from kept.engine.rules import Rules, prepare
from kept.engine.wording import short_moment
from kept.errors import AsOfError
from kept.records.scratch import scratch
from kept.records.store import Store, StoreVersion
from kept.records.timelines import STATED

_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder of `obligations-NNNNN.parquet`, and what `run.json` there says of it."""

    id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.manifest["as_of"])


def evaluate_store(
    store: Store, version: StoreVersion, rulebook: Rulebook, as_of: datetime, *, progress: Progress | None = None
) -> Run:
    """Evaluate every subject of a store version as of a moment; an equal run that is there already is returned.

    Raises AsOfError where the records cannot look back to the moment. Killed at any point, it leaves no run; what it
    had written is cleared by the next.
    """
    require_look_back(version, as_of)
    identity = _identity(version, rulebook, as_of)
    run_id = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
    folder = store.run_folder(run_id)
    if (folder / "run.json").exists():
        return opened(folder)
    covered = coverage(rulebook, supplied(version))
    with scratch(folder.parent, _UNFINISHED) as unfinished:
        into = unfinished / run_id
        into.mkdir()
        started = time.monotonic()
        rules = _rules(rulebook, covered)
        done = evaluate_version(version, rules, as_of, into, progress or (lambda count: None))
        manifest = {**identity, "id": run_id, "store_version": version.number, **_said(done)}
        manifest["seconds"] = round(time.monotonic() - started, 2)
        manifest |= {"made_at": datetime.now(UTC).isoformat(), "peak_memory_mb": _peak_memory()}
        manifest["not_measurable"] = [asdict(one) for one in covered if not one.measurable]
        (into / "run.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        _put_in_place(into, folder)
    return opened(folder)


def _put_in_place(made: Path, folder: Path) -> None:
    """Put a finished run where it belongs, unless another evaluation of the same was first."""
    try:
        made.replace(folder)
    except OSError:
        if not (folder / "run.json").exists():
            raise


def opened(folder: Path) -> Run:
    """The run in a folder."""
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return Run(manifest["id"], folder, manifest)


def rules_for(rulebook: Rulebook, version: StoreVersion) -> Rules:
    """The rulebook made ready for these records: duties that they cannot show left out."""
    return _rules(rulebook, coverage(rulebook, supplied(version)))


def supplied(version: StoreVersion) -> frozenset[str]:
    """The kinds and attributes that the sources of a store version can say something of."""
    return version.supplies.kinds | version.supplies.attributes


def require_look_back(version: StoreVersion, as_of: datetime) -> None:
    """Refuse a moment of which these records cannot say what had been entered by then."""
    if version.earliest_entry and as_of < version.earliest_entry:
        raise AsOfError(
            f"The records cannot look back to {short_moment(as_of)}.",
            why=f"The first thing in them was entered at {short_moment(version.earliest_entry)}.",
            what_to_do="Name a later as-of.",
        )
    loaded = datetime.fromisoformat(version.manifest.made_at)
    if not version.looks_back and as_of < loaded:
        raise AsOfError(
            f"The records cannot look back to {short_moment(as_of)}.",
            why=f"A source has no entry times; all that is known is what it held at {short_moment(loaded)}.",
            what_to_do="Leave the as-of out, or load a source that has entry times.",
        )


def _identity(version: StoreVersion, rulebook: Rulebook, as_of: datetime) -> dict[str, Any]:
    return {
        "rulebook": rulebook.id,
        "rulebook_digest": rulebook.digest,
        "calendar": Calendar.of(rulebook.nation).fingerprint,
        "software": __version__,
        "as_of": as_of.isoformat(),
        "records": _records_digest(version, as_of),
        "supplies": hashlib.sha256(json.dumps(sorted(supplied(version))).encode()).hexdigest()[:16],
    }


def _records_digest(version: StoreVersion, as_of: datetime) -> str:
    """A digest of what was visible by a moment: equal however and in whatever order it was loaded."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE words AS SELECT unnest($1) AS kind, unnest($2) AS word", _codes(version))
        seen = connection.execute(_seen(version), [as_of]).fetchall()
        connection.register("postings", version.postings())
        columns = ", ".join(f'"{column.name}"' for column in BY_NAME["postings"].columns)
        held = connection.execute(
            f'SELECT count(*), sum(hash({columns})) FROM postings WHERE "from" <= $1', [as_of]
        ).fetchall()
    return hashlib.sha256(json.dumps([seen, held], default=str).encode()).hexdigest()[:16]


def _seen(version: StoreVersion) -> str:
    """SQL for a digest of the entries seen by a moment, each with whose it is: not by number, which loads decide."""
    said = ", ".join(f'e."{name}"' for name in STATED.names if name not in ("subject", "withdrawn", "kind"))
    known = ", ".join(f"s.{name}" for name in ("kind", "id", "investigation", "crime", "victim", "person"))
    return f"""
    WITH subjects AS (
        SELECT *, min(entered) OVER (PARTITION BY subject) AS first FROM ({version.relation("subjects")}))
    SELECT count(*), sum(hash(word, {said}, {known}, s.first))
    FROM ({version.relation("timelines")}) e JOIN words USING (kind) JOIN subjects s USING (subject)
    WHERE coalesce(e.since, e.entered) <= $1 AND (e.withdrawn IS NULL OR e.withdrawn > $1)
        AND s.entered <= $1 AND (s.withdrawn IS NULL OR s.withdrawn > $1)"""


def _codes(version: StoreVersion) -> list[list[Any]]:
    return [list(version.codes.values()), list(version.codes)]


def _said(done: Done) -> dict[str, Any]:
    causes = [
        {"duty": duty, "cause": cause, "count": count} for (duty, cause), count in sorted(done.not_arisen.items())
    ]
    return {"subjects": done.subjects, "obligations": done.rows, "not_arisen": causes}


def _rules(rulebook: Rulebook, covered: list[Coverage]) -> Rules:
    return prepare(rulebook, [one.name for one in covered if not one.measurable])


def _peak_memory() -> int:
    """The most memory that this process held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
