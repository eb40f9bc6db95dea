"""What decides a run's rows, and so its id: the law, the calendar, the software, the as-of, what was visible by it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow.parquet as pq

from kept import __version__
from kept.calendar import Calendar
from kept.code.model import Rulebook
from kept.contract.tables import BY_NAME
from kept.engine.coverage import supplied
from kept.records.reading import frugal, readable
from kept.records.timelines import CONTENT, digest
from kept.records.version import StoreVersion

_WHEN = ("entered", "withdrawn", "since")


def identity(version: StoreVersion, rulebook: Rulebook, as_of: datetime) -> dict[str, Any]:
    """Everything that decides the rows of a run, for its manifest."""
    return {
        "rulebook": rulebook.id,
        "rulebook_digest": rulebook.digest,
        "calendar": Calendar.of(rulebook.nation).fingerprint,
        "software": __version__,
        "as_of": as_of.isoformat(),
        "records": _records_digest(version, as_of),
        "supplies": hashlib.sha256(json.dumps(sorted(supplied(version))).encode()).hexdigest()[:16],
    }


def run_id(said: dict[str, Any]) -> str:
    """The id of a run with an identity."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _records_digest(version: StoreVersion, as_of: datetime) -> str:
    """A digest of what was visible by a moment: equal however and in whatever order it was loaded.

    By the last moment at which anything was entered all that stands is visible, and loading has added that up.
    """
    with frugal() as connection:
        connection.execute("CREATE TABLE words AS SELECT unnest($1) AS kind, unnest($2) AS name", _codes(version))
        query = _LAST if as_of >= _last_entry(version) else _EARLIER
        relations = {name: version.relation(name) for name in ("subjects", "timelines")}
        seen = connection.execute(query.format(**relations), [as_of]).fetchall()
        columns = ", ".join(f'"{column.name}"' for column in BY_NAME["postings"].columns)
        postings = version.latest_postings()
        held = connection.execute(
            f'SELECT count(*), sum(hash({columns})) FROM ({postings}) WHERE "from" <= $1', [as_of]
        ).fetchall()
    return hashlib.sha256(json.dumps([seen, held], default=str).encode()).hexdigest()[:16]


def _codes(version: StoreVersion) -> list[list[Any]]:
    return [list(version.codes.values()), list(version.codes)]


def _last_entry(version: StoreVersion) -> datetime:
    """The last moment at which an entry was entered, linked or withdrawn, as the files' own statistics say."""
    last = datetime.min.replace(tzinfo=UTC)
    for path in version.files("timelines"):
        with readable([path]):
            metadata = pq.read_metadata(path)
        places = [metadata.schema.names.index(name) for name in _WHEN]
        for group in range(metadata.num_row_groups):
            for place in places:
                said = metadata.row_group(group).column(place).statistics
                if said is None:
                    return datetime.max.replace(tzinfo=UTC)
                last = max(last, said.max) if said.has_min_max else last
    return last


_SUBJECTS = """
    SELECT count(*), sum(hash(s.kind, s.id, s.investigation, s.crime, s.victim, s.person, s.entered,
        CASE WHEN s.withdrawn <= $1 THEN s.withdrawn END, {standing}))
    FROM ({subjects}) s {joined} WHERE s.entered <= $1"""
_LAST = _SUBJECTS.replace("{standing}", "s.standing").replace("{joined}", "")
_EARLIER = _SUBJECTS.replace("{standing}", "coalesce(e.standing, 0)").replace(
    "{joined}",
    f"""
    LEFT JOIN (
        SELECT e.subject, {digest(f"hash(w.name, {CONTENT})")} AS standing
        FROM ({{timelines}}) e JOIN words w USING (kind)
        WHERE coalesce(e.since, e.entered) <= $1 AND (e.withdrawn IS NULL OR e.withdrawn > $1)
        GROUP BY e.subject) e USING (subject)""",
)
