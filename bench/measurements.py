"""Everything that is measured, each by a function of its own, run in a process of its own (`bench.child`)."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import floors, further, queries, rulebooks
from bench.benched import Bench, Found
from bench.explaining import explain, explain_fresh
from bench.figures import asked_of
from bench.profiled import on_one_thread, processor_profile, shares
from bench.timing import timed
from kept.code.model import Rulebook
from kept.demo import AS_OF
from kept.engine.coverage import rules_for
from kept.engine.identity import identity, run_id
from kept.engine.local import Evaluate, evaluate_pieces
from kept.engine.reference import evaluate
from kept.engine.results import open_run
from kept.engine.run import evaluate_store
from kept.engine.slices import timelines
from kept.engine.spark import on_session
from kept.engine.spark_session import opened
from kept.errors import SparkError
from kept.measures.members.earlier import folder_of
from kept.measures.members.making import members_of
from kept.measures.written.made import written_of
from kept.records.store import Store
from kept.records.version import StoreVersion

_SAMPLE = 1_000  # subjects that the reference evaluator is timed on


def store(bench: Bench) -> Found:
    """How large the store is. Nothing is timed."""
    with floors.connected(bench.spill) as connection:
        entries = connection.sql(f"SELECT count(*) FROM ({floors.version_entries(bench.first)})").fetchall()[0][0]
    size = sum(path.stat().st_size for path in bench.first.files("timelines"))
    manifest = bench.first.manifest
    return {
        "victims": manifest.counts["victims"],
        "subjects": manifest.counts["subjects"],
        "entries": int(entries),
        "timelines_mb": size // 2**20,
        "police_duties": rulebooks.count(rulebooks.police(bench.first)),
    }


# -- floors ----------------------------------------------------------------------------------------------------------


def scan_floor(bench: Bench) -> Found:
    return {**_queried(bench, floors.scan(bench.first)), "columns": len(floors.READ)}


def group_floor(bench: Bench) -> Found:
    return _queried(bench, floors.group(bench.first, same_columns=False)) | {"kinds": floors.kinds(bench.first)}


def group_floor_same_columns(bench: Bench) -> Found:
    return _queried(bench, floors.group(bench.first, same_columns=True)) | {"kinds": floors.kinds(bench.first)}


def _queried(bench: Bench, sql: str) -> Found:
    with floors.connected(bench.spill) as connection:
        taken = timed(
            lambda: connection.execute(sql),
            bench.times,
            before=lambda: connection.execute("DROP TABLE IF EXISTS found"),
        )
    return taken.as_data()


# -- this engine -----------------------------------------------------------------------------------------------------


def police(bench: Bench) -> Found:
    return _evaluated(bench, rulebooks.police(bench.first))


def duties(bench: Bench, count: int) -> Found:
    return _evaluated(bench, rulebooks.of_size(bench.first, count))


def cold(bench: Bench) -> Found:
    return _evaluated(bench, rulebooks.police(bench.first), warm=False)


def profile(bench: Bench) -> Found:
    """Where the time of a full run goes, as shares of one."""
    evaluation = _Evaluation(bench.store, bench.first, rulebooks.police(bench.first), on_one_thread)
    profiler = processor_profile()

    def before() -> None:
        profiler.clear()
        evaluation.forget()

    taken = timed(partial(profiler.runcall, evaluation.anew), 1, before=before)
    evaluation.forget()
    return {**taken.as_data(), "shares": shares(profiler, taken.processor[0])}


def spark(bench: Bench) -> Found:
    """The same on Spark with two workers on this machine, the start of its session excluded."""
    try:
        with opened("local[2]") as session:
            return _evaluated(bench, rulebooks.police(bench.first), by=on_session(session))
    except SparkError as error:
        return {"skipped": str(error)}


def _evaluated(bench: Bench, rulebook: Rulebook, *, warm: bool = True, by: Evaluate = evaluate_pieces) -> Found:
    """A full run, with everything that `kept evaluate` does but reading the rulebook and printing."""
    evaluation = _Evaluation(bench.store, bench.first, rulebook, by)
    taken = timed(evaluation.anew, bench.times if warm else 1, before=evaluation.forget, warm=warm)
    found = {**taken.as_data(), **evaluation.came_to(), "duties": rulebooks.count(rulebook)}
    evaluation.forget()
    return found


@dataclass(frozen=True, slots=True)
class _Evaluation:
    store: Store
    version: StoreVersion
    rulebook: Rulebook
    by: Evaluate = evaluate_pieces

    def anew(self) -> None:
        self._evaluate(anew=True)

    def on_what_is_there(self) -> None:
        self._evaluate(anew=False)

    def forget(self) -> None:
        """Delete the run, so that it has to be made."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def came_to(self) -> Found:
        made = open_run(self.store, self.folder.name).manifest
        return {name: made[name] for name in ("subjects", "evaluated", "obligations", "written")}

    @property
    def folder(self) -> Path:
        return self.store.run_folder(run_id(identity(self.version, self.rulebook, AS_OF)))

    def _evaluate(self, *, anew: bool) -> None:
        evaluate_store(self.store, self.version, self.rulebook, AS_OF, by=self.by, anew=anew)


def uniform(bench: Bench) -> Found:
    return _incremental(bench, further.UNIFORM)


def recent(bench: Bench) -> Found:
    return _incremental(bench, further.RECENT)


def _incremental(bench: Bench, number: int) -> Found:
    """The evaluation of a version after that of the version before, which is made anew and so has one layer."""
    rulebook = rulebooks.police(bench.first)
    before, after = (_Evaluation(bench.store, bench.store.version(one), rulebook) for one in (number - 1, number))
    for one in (before, after):
        one.forget()
    before.anew()
    taken = timed(after.on_what_is_there, bench.times, before=after.forget)
    found = {**taken.as_data(), **after.came_to()}
    for one in (before, after):
        one.forget()
    return found


# -- the other ways --------------------------------------------------------------------------------------------------


def queries_per_duty(bench: Bench) -> Found:
    """One query for each of ten duties; `scaled` is their sum, as if there were one for each duty of the police."""
    version, chosen = bench.first, queries.chosen(bench.first)
    with floors.connected(bench.spill) as connection:
        connection.register("days", queries.due_days(chosen))
        connection.execute("CREATE TEMP TABLE due_days AS SELECT * FROM days")
        connection.execute(f"CREATE TEMP VIEW subjects AS {version.relation('subjects')}")
        all_of_them = [queries.query(version, duty, AS_OF) for duty in chosen]
        taken = timed(lambda: [connection.execute(one) for one in all_of_them], bench.times).as_data()
    scale = rulebooks.count(rulebooks.police(version)) / len(chosen)
    return {**taken, "duties": [f"{duty.edition}/{duty.id}" for duty in chosen], "scale": scale}


def reference(bench: Bench) -> Found:
    """The reference evaluator on a sample of subjects, their timelines read beforehand."""
    version = bench.first
    rules, subjects = rules_for(rulebooks.police(version), version), version.manifest.counts["subjects"]
    known = range(0, min(subjects, 38 * _SAMPLE), 38)
    read = list(timelines(version, known, AS_OF))
    taken = timed(lambda: [evaluate(one, rules) for one in read], 1, warm=False)  # a timeline remembers what was asked
    return {**taken.as_data(), "sample": len(known), "scale": subjects / len(known)}


# -- figures ---------------------------------------------------------------------------------------------------------


def members(bench: Bench) -> Found:
    """After a full run, what figures are made of: populations and ledgers."""
    run = open_run(bench.store, _evaluated_before(bench).name)
    taken = timed(
        lambda: members_of(run), bench.times, before=lambda: shutil.rmtree(folder_of(run), ignore_errors=True)
    )
    return {**taken.as_data(), "mb": _megabytes(folder_of(run))}


def written(bench: Bench) -> Found:
    """What measures of entries and forms are counted from, made of a run that has its members."""
    run = open_run(bench.store, _evaluated_before(bench).name)
    at = members_of(run)
    taken = timed(
        lambda: written_of(run, at), bench.times, before=lambda: shutil.rmtree(written_of(run, at).folder), warm=False
    )
    return {**taken.as_data(), "mb": _megabytes(written_of(run, at).folder)}


def _megabytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir()) // 2**20


def _evaluated_before(bench: Bench) -> Path:
    """The folder of the run of the first version, made if it is not there."""
    evaluation = _Evaluation(bench.store, bench.first, rulebooks.police(bench.first))
    if not evaluation.folder.exists():
        evaluation.anew()
    return evaluation.folder


def figures(bench: Bench) -> Found:
    """How long questions take of a run that is opened; the run and its members are made first if they are not there."""
    run = open_run(bench.store, _evaluated_before(bench).name)
    return {"questions": asked_of(run, bench.times), "obligations": run.manifest["obligations"]}


MEASUREMENTS: Mapping[str, Callable[[Bench], Found]] = {
    "store": store,
    "scan floor": scan_floor,
    "group floor": group_floor,
    "group floor, same columns": group_floor_same_columns,
    "police": police,
    "cold": cold,
    "40 duties": partial(duties, count=40),
    "80 duties": partial(duties, count=80),
    "160 duties": partial(duties, count=160),
    "uniform": uniform,
    "recent": recent,
    "one query a duty": queries_per_duty,
    "reference": reference,
    "explain": explain,
    "explain, fresh": explain_fresh,
    "spark": spark,
    "profile": profile,
    "members": members,
    "written": written,
    "figures": figures,
}
