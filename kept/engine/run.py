"""A run: one evaluation of one rulebook on what had been entered by one moment. Never changed afterwards.

Its id is a hash of everything that decides its rows, so the same question gives the same run.
"""

import gc
import hashlib
import json
import os
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from kept import __version__
from kept.calendar import Calendar
from kept.code.model import Rulebook
from kept.contract.tables import BY_NAME
from kept.engine.coverage import Coverage, coverage
from kept.engine.entries import Posting, Timeline
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.engine.obligation import Evaluation, Obligation, to_table
from kept.engine.reads import words_read
from kept.engine.reference import evaluate
from kept.engine.rules import Rules, prepare
from kept.engine.wording import short_moment
from kept.errors import AsOfError
from kept.records.scratch import scratch
from kept.records.store import Store, StoreVersion
from kept.records.timelines import ENTRIES, SUBJECTS

SLICE = 4_000  # subjects of one piece of work: small enough to spread over the cores, large enough to write well
_UNFINISHED = ".unfinished-"
_ALONE = 2  # pieces of work for which starting processes does not pay

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder of `obligations-NNNNN.parquet`, and what `run.json` there says of it."""

    id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.manifest["as_of"])


@dataclass(frozen=True, slots=True)
class _Slice:
    """One piece of work: the subjects from `first` up to, not including, `last`."""

    number: int
    first: int
    last: int


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
        done = _evaluate_slices(store, version, rulebook, covered, as_of, into, progress or (lambda count: None))
        manifest = {**identity, "id": run_id, **done, "seconds": round(time.monotonic() - started, 2)}
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


Held = Mapping[str, list[Posting]]


def timelines(
    version: StoreVersion, held: Held, first: int, last: int, as_of: datetime, read_by: Rules | None = None
) -> Iterator[Timeline]:
    """The timelines of the subjects from `first` up to, not including, `last` that were known by a moment.

    `held` is who held each investigation (`postings`). With `read_by`, only what those rules read is on them.
    """
    words = {code: name for name, code in version.codes.items()}
    within = (ds.field("subject") >= first) & (ds.field("subject") < last)
    subjects = version.scan("subjects").to_table(filter=within)
    entries = version.scan("timelines").to_table(filter=within).sort_by("subject")
    if read_by is not None:
        entries = entries.filter(_read(subjects, entries, version.codes, read_by))
    for subject, found in subjects_with_entries(subjects, entries, words, as_of):
        yield Timeline(subject, found, _as_then(held.get(subject.investigation, []), as_of), as_of)


def _read(subjects: pa.Table, entries: pa.Table, codes: Mapping[str, int], rules: Rules) -> pa.Array:
    """Which entries the rules for their subject's kind read."""
    numbers = subjects.filter(pc.field("kind") == "investigation").column("subject")
    read = {
        kind: pc.is_in(
            entries.column("kind"),
            pa.array([codes[word] for word in words_read(rules, kind) if word in codes], pa.int16()),
        )
        for kind in rules.by_start
    }
    of_investigations = pc.is_in(entries.column("subject"), numbers.combine_chunks())
    return pc.if_else(of_investigations, read["investigation"], read["victim"])


def postings(version: StoreVersion) -> Held:
    """Who held each investigation, in order of time."""
    return postings_by_investigation(version.postings())


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
    said = ", ".join(f'e."{name}"' for name in ENTRIES.names if name not in ("subject", "withdrawn", "kind"))
    known = ", ".join(f"s.{name}" for name in SUBJECTS.names if name not in ("subject", "entered", "withdrawn"))
    return f"""
    WITH subjects AS (
        SELECT *, min(entered) OVER (PARTITION BY subject) AS first FROM ({version.relation("subjects")}))
    SELECT count(*), sum(hash(word, {said}, {known}, s.first))
    FROM ({version.relation("timelines")}) e JOIN words USING (kind) JOIN subjects s USING (subject)
    WHERE coalesce(e.since, e.entered) <= $1 AND (e.withdrawn IS NULL OR e.withdrawn > $1)
        AND s.entered <= $1 AND (s.withdrawn IS NULL OR s.withdrawn > $1)"""


def _codes(version: StoreVersion) -> list[list[Any]]:
    return [list(version.codes.values()), list(version.codes)]


def _evaluate_slices(
    store: Store,
    version: StoreVersion,
    rulebook: Rulebook,
    covered: list[Coverage],
    as_of: datetime,
    into: Path,
    progress: Progress,
) -> dict[str, Any]:
    slices = _slices(version)
    setting = (store.path, version.number, rulebook, covered, as_of, into)
    rows, subjects, not_arisen = 0, 0, Counter[tuple[str, str]]()
    for done in _worked(slices, setting):
        rows += done[0]
        not_arisen.update(done[1])
        progress(done[2])
        subjects += done[2]
    return {
        "store_version": version.number,
        "subjects": subjects,
        "obligations": rows,
        "not_arisen": [
            {"duty": duty, "cause": cause, "count": count} for (duty, cause), count in sorted(not_arisen.items())
        ],
    }


Done = tuple[int, Counter[tuple[str, str]], int]


def _slices(version: StoreVersion) -> list[_Slice]:
    numbers = sorted(version.scan("subjects").to_table(columns=["subject"]).column("subject").unique().to_pylist())
    firsts = numbers[::SLICE]
    ends = [*firsts[1:], numbers[-1] + 1] if numbers else []
    return [_Slice(number, first, last) for number, (first, last) in enumerate(zip(firsts, ends, strict=True))]


def _worked(slices: list[_Slice], setting: tuple[Any, ...]) -> Iterator[Done]:
    """The slices, worked on all cores; alone where there are few."""
    if len(slices) <= _ALONE:
        _begin(*setting)
        yield from map(_evaluate_slice, slices)
        return
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _begin_as_worker, setting) as workers:
        try:
            with _interrupts_held_back():
                # Not `map`, which cancels what is left when it is interrupted: the pool trips over that as it breaks.
                found = [workers.submit(_evaluate_slice, one) for one in slices]
            for one in found:
                yield one.result()
        except (KeyboardInterrupt, GeneratorExit):
            for worker in active_children():
                worker.terminate()  # nobody wants what they would still finish
            raise


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, which a terminal sends to all; this one hears it afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_as_worker(*setting: Any) -> None:
    gc.disable()  # an evaluation makes no cycles, and looking for them takes a tenth of its time
    Finalize(None, os._exit, args=(0,), exitpriority=-1)  # its work is handed over; DuckDB would complain of leaks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _begin(*setting)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


@dataclass(slots=True)
class _Worker:
    """What one process needs for every slice it is given."""

    version: StoreVersion
    held: Held
    rules: Rules
    as_of: datetime
    into: Path


_worker: _Worker


def _begin(store: Path, version: int, rulebook: Rulebook, covered: list[Coverage], as_of: datetime, into: Path) -> None:
    global _worker
    opened_version = Store.open(store).version(version)
    _worker = _Worker(opened_version, postings(opened_version), _rules(rulebook, covered), as_of, into)


def _evaluate_slice(part: _Slice) -> Done:
    found, subjects = Evaluation(), 0
    for timeline in timelines(_worker.version, _worker.held, part.first, part.last, _worker.as_of, _worker.rules):
        found.add(evaluate(timeline, _worker.rules))
        subjects += 1
    _write(found.obligations, _worker.into / f"obligations-{part.number:05d}.parquet")
    return len(found.obligations), found.not_arisen, subjects


def _write(rows: list[Obligation], path: Path) -> None:
    pq.write_table(to_table(rows), path, compression="zstd")


def _rules(rulebook: Rulebook, covered: list[Coverage]) -> Rules:
    return prepare(rulebook, [one.name for one in covered if not one.measurable])


def _as_then(held: list[Posting], as_of: datetime) -> list[Posting]:
    return [one for one in held if one.start <= as_of]


def _peak_memory() -> int:
    """The most memory that this process or one of its workers held, in megabytes."""
    held = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(held) // 1024
