"""A run: one evaluation of one rulebook on what had been entered by one moment. Never changed afterwards.

Its id is a hash of everything that decides its rows, so the same question gives the same run. Where an earlier run
can be stood on, only what has changed since is evaluated, and the rows are the same.
"""

import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kept.code.model import Rulebook
from kept.engine import rows
from kept.engine.changes import Since, since_last
from kept.engine.compiled.rulebook import compiled
from kept.engine.coverage import coverage, require_look_back, rules_for, supplied
from kept.engine.identity import identity, run_id
from kept.engine.local import Done, Evaluate, Progress, Task, evaluate_pieces
from kept.engine.results import FORMAT, LAYER, MANIFEST, REPLACED, Run, alone, open_run, silently
from kept.engine.slices import CONCERNED, pieces
from kept.records.scratch import scratch
from kept.records.store import Store
from kept.records.version import StoreVersion

_UNFINISHED = ".unfinished-"
_MOST = 0.3
"""The share of all subjects above which everything is evaluated: then it is quicker, and leaves one layer."""


def evaluate_store(
    store: Store,
    version: StoreVersion,
    rulebook: Rulebook,
    as_of: datetime,
    *,
    progress: Progress | None = None,
    by: Evaluate | None = None,
    anew: bool = False,
    waiting: Callable[[], None] = silently,
) -> Run:
    """Evaluate a store version as of a moment; an equal run that is there already is returned.

    `by` is where it runs, this machine unless it says otherwise, and changes no row; `anew` evaluates every subject,
    whatever earlier runs there are. Where somebody else evaluates this store, `waiting` is called, and they come first.
    Raises AsOfError where the records cannot look back to the moment. Killed at any point, it leaves no run; what it
    had written is cleared by the next.
    """
    require_look_back(version, as_of)
    started = time.monotonic()
    said = identity(version, rulebook, as_of)
    folder = store.run_folder(run_id(said))
    if (folder / MANIFEST).exists():
        return open_run(store, folder.name)
    with alone(store, waiting), scratch(folder.parent, _UNFINISHED) as unfinished:
        if (folder / MANIFEST).exists():
            return open_run(store, folder.name)
        into = unfinished / folder.name
        into.mkdir()
        since = None if anew else _stand_on(store, version, said, as_of)
        only = None if since is None else version.subjects_of(since.subjects, CONCERNED)
        task = Task(version, rules_for(rulebook, version), as_of, only)
        if since and progress:
            progress(version.manifest.counts["subjects"] - len(since.subjects))  # about these nothing is to be done
        done = (by or evaluate_pieces)(task, pieces(version, only), into, progress or _unheard)
        _complete_layer(into, since)
        manifest = {
            "format": FORMAT,
            **said,
            "id": folder.name,
            "store_version": version.number,
            **_came_to(task, done, since),
        }
        manifest["layers"] = [*(since.run.manifest["layers"] if since else ()), folder.name]
        manifest["files"] = {name: len(list(into.glob(f"{name}-*.parquet"))) for name in LAYER}
        manifest["not_measurable"] = _not_measurable(rulebook, version)
        manifest["seconds"] = round(time.monotonic() - started, 2)
        manifest |= {"made_at": datetime.now(UTC).isoformat(), "peak_memory_mb": _peak_memory()}
        (into / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        into.replace(folder)
    return open_run(store, folder.name)


def _stand_on(store: Store, version: StoreVersion, said: dict[str, Any], as_of: datetime) -> Since | None:
    """What has changed since an earlier run, unless everything had better be evaluated."""
    since = since_last(store, version, said, as_of)
    return since if since and len(since.subjects) <= _MOST * version.manifest.counts["subjects"] else None


def _unheard(count: int) -> None:
    """Progress that nobody follows."""


def _complete_layer(into: Path, since: Since | None) -> None:
    """Write what makes a folder of row files a layer: which subjects it replaces, and no kind of file without one."""
    if since is not None:
        pq.write_table(pa.table({"subject": since.subjects}), into / REPLACED)
    for name, schema in LAYER.items():
        if not any(into.glob(f"{name}-*.parquet")):
            pq.write_table(schema.empty_table(), into / f"{name}-none.parquet")


def _came_to(task: Task, done: Done, since: Since | None) -> dict[str, Any]:
    """What a run came to, with what its numbers stand for."""
    book = compiled(task.rules)
    omitted = Counter(done.omitted)
    if since is not None:
        omitted.update(since.omitted)
    return {
        "subjects": task.version.manifest.counts["subjects"],
        "evaluated": done.subjects,
        "obligations": done.rows + (since.rows if since else 0),
        "written": done.rows,
        "not_arisen": _not_arisen(book.causes, omitted),
        "omitted": sorted((cause, count) for cause, count in omitted.items() if count),
        "names": rows.names(book.rules, book.limits, book.missing),
    }


def _not_arisen(causes: Sequence[tuple[str, str]], omitted: Counter[int]) -> list[dict[str, Any]]:
    """By duty and cause how many obligations did not arise; the same cause may have several numbers."""
    found = Counter[tuple[str, str]]()
    for cause, count in omitted.items():
        if count:
            found[causes[cause]] += count
    return [{"duty": duty, "cause": cause, "count": count} for (duty, cause), count in sorted(found.items())]


def _not_measurable(rulebook: Rulebook, version: StoreVersion) -> list[dict[str, Any]]:
    return [asdict(one) for one in coverage(rulebook, supplied(version)) if not one.measurable]


def _peak_memory() -> int:
    """The most memory that this process held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
