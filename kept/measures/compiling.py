"""`python -m kept.measures.compiling`: compile the steps of figures now, so that the first question need not wait.

It makes an invented force of a few victims in a temporary folder, and asks of it whatever is worked out by such a step.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from kept.code import loader
from kept.contract.vocabulary import standard
from kept.demo import AS_OF, make
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.measures.asked import opened
from kept.measures.cases import cases
from kept.measures.counts import count
from kept.measures.made import all_measures
from kept.measures.question import Question
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.staging import stage
from kept.records.store import Store

_VICTIMS = 40


def _evaluated(folder: Path) -> Run:
    force = make(folder / "force", victims=_VICTIMS)
    staged = stage(Mapping.load("contract", standard()), force.extract, folder / "staged", now=AS_OF)
    store = Store.create(folder / "store")
    load(store, staged, AS_OF)
    return evaluate_store(store, store.latest(), loader.rulebook(loader.DEFAULT_RULEBOOK), AS_OF)


def _ask(run: Run) -> None:
    owed = [one for one in all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK)).values() if one.kind != "not_arisen"]
    with opened(run, run.as_of) as at:
        for one in owed:
            count(at.members, one, Question())
            if one.kind in ("duty", "all_kept"):
                cases(at, one, Question(), most=1)


if __name__ == "__main__":
    started = time.monotonic()
    with TemporaryDirectory() as made:
        _ask(_evaluated(Path(made)))
    sys.stdout.write(f"The steps of figures are compiled ({time.monotonic() - started:.0f} s).\n")
