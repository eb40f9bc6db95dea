"""`python -m kept.measures.members.compiled`: compile what making members needs, so that the first run need not."""

import sys
import time

import numpy as np

from kept.contract.vocabulary import standard
from kept.measures.catalogue import populations
from kept.measures.members.compiled.telling import NONE, Whose
from kept.measures.members.gathered import Texts, said_in
from kept.measures.members.planned import Planned
from kept.records.stored import STORED_ENTRIES
from kept.records.timelines import number_words


def compile_now() -> None:
    """Compile the pass over entries, unless it was before on this machine."""
    planned = Planned.of(populations().values(), number_words(standard(), {}))
    nobody = Whose(0, np.full(1, NONE, np.int64), np.full(1, NONE, np.int64))
    [*said_in(STORED_ENTRIES.empty_table(), planned, planned.tables(), nobody, 0, Texts())]


if __name__ == "__main__":
    started = time.monotonic()
    compile_now()
    sys.stdout.write(f"The making of members is compiled ({time.monotonic() - started:.0f} s).\n")
