"""`python -m kept.engine.compiled`: compile the evaluator now, so that the first evaluation need not."""

import sys
import time

from kept.code import loader
from kept.engine.compiled.evaluator import Evaluator
from kept.engine.compiled.subjects import POSTINGS, Held, Known
from kept.engine.rules import prepare
from kept.records.timelines import ENTRIES, SUBJECTS, number_words

started = time.monotonic()
rules = prepare(loader.rulebook(loader.DEFAULT_RULEBOOK))
names = {code: word for word, code in number_words(rules.vocabulary, {}).items()}
known = Known.of(SUBJECTS.empty_table(), Held.of(POSTINGS.empty_table(), 0), 0)
Evaluator(rules, names).evaluate(known, ENTRIES.empty_table(), 0)
sys.stdout.write(f"The evaluator is compiled ({time.monotonic() - started:.0f} s).\n")
