"""`python -m kept.engine.compiled`: compile the evaluator now, so that the first evaluation need not."""

import sys
import time
from datetime import UTC, datetime

from kept.code import loader
from kept.engine.compiled.entries import Held
from kept.engine.compiled.evaluator import Evaluator
from kept.engine.rules import prepare
from kept.records.timelines import ENTRIES, SUBJECTS, number_words

started = time.monotonic()
rules = prepare(loader.rulebook(loader.DEFAULT_RULEBOOK))
names = {code: word for word, code in number_words(rules.vocabulary, {}).items()}
now = datetime.now(UTC)
Evaluator(rules, names).evaluate(SUBJECTS.empty_table(), ENTRIES.empty_table(), Held.of({}, now), now)
sys.stdout.write(f"The evaluator is compiled ({time.monotonic() - started:.0f} s).\n")
