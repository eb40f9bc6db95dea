"""Hold the evaluators against each other at length: `make agree`.

Cases with fresh seeds, one after another, until the time is up; the first one on which two evaluators differ ends it
with exit code 1 and the command that runs exactly that case again.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

from tests.agreement import cases, comparing, recorded, sparks
from tests.agreement.comparing import DisagreementError, Tally

SECONDS_BETWEEN = 20.0


@dataclass(slots=True)
class Ways:
    """The ways to compare, by the name with which a seed begins, each with what it has compared."""

    by_name: dict[str, Callable[[str, Tally], None]]
    tallies: dict[str, Tally] = field(init=False)

    def __post_init__(self) -> None:
        self.tallies = {name: Tally() for name in self.by_name}

    def run(self, seed: str) -> None:
        name = seed.partition("-")[0]
        if name not in self.by_name:
            raise SystemExit(f"There is no way `{name}` here; a seed begins with one of: {', '.join(self.by_name)}.")
        self.by_name[name](seed, self.tallies[name])


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    asked.add_argument("--minutes", type=float, default=5, help="for how long (default: %(default)s)")
    asked.add_argument("--seed", help="run only the case of this seed, as a failure printed it")
    arguments = asked.parse_args()
    with ExitStack() as stack:
        ways = Ways({"memory": in_memory, "store": in_store, **sparks.ways(stack, say)})
        try:
            seed, seconds = arguments.seed, 60 * arguments.minutes
            return int(not (_agrees(ways, seed) if seed else _at_length(ways, seconds)))
        finally:
            _summarise(ways)


def in_memory(seed: str, tally: Tally) -> None:
    comparing.compare(cases.case(seed), tally)


def in_store(seed: str, tally: Tally) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recorded.compare(recorded.case(seed), Path(folder), tally)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# -- the run -------------------------------------------------------------------------------------------------------


def _at_length(ways: Ways, seconds: float) -> bool:
    """Whether all agreed until the time was up. Each way gets its share of the time."""
    started = said = time.monotonic()
    spent = dict.fromkeys(ways.by_name, 0.0)
    for number in _fresh():
        name = min(spent, key=lambda one: spent[one])
        begun = time.monotonic()
        if not _agrees(ways, f"{name}-{number}"):
            return False
        now = time.monotonic()
        spent[name] += now - begun
        if now - said > SECONDS_BETWEEN:
            said = now
            say(
                f"{(now - started) / 60:5.1f} min: "
                + ", ".join(map(_progress, *zip(*ways.tallies.items(), strict=True)))
            )
        if now - started > seconds:
            break
    return True


def _fresh() -> Iterator[int]:
    chance = SystemRandom()
    while True:
        yield chance.getrandbits(48)


def _progress(name: str, tally: Tally) -> str:
    return f"{tally.worlds} {name}"


def _agrees(ways: Ways, seed: str) -> bool:
    try:
        ways.run(seed)
    except DisagreementError as found:
        say(f"{found}\n\nTwo evaluators differ. Run this case again:\n  make agree SEED={seed}")
        _explain(seed)
        return False
    except Exception:
        say(f"An evaluation failed. Run this case again:\n  make agree SEED={seed}")
        raise
    return True


def _explain(seed: str) -> None:
    """Of a case in memory, print the smallest one that still differs."""
    if not seed.startswith("memory-"):
        return
    made = cases.smallest(cases.case(seed), _differs)
    book = cases.rulebook_of(made)
    say("\nThe smallest case that differs:")
    for duty, chosen in book.duties():
        say(f"  {chosen.starts_on} to {chosen.ends_on}: {duty}")
    for one in cases.subjects_of(made, book):
        timeline = one(made.begins.replace(year=made.begins.year + 1))
        say(f"  {timeline.subject}\n  {timeline.postings}")
        for entry in (*timeline.events.values(), *timeline.facts.values()):
            say(f"    {entry}")


def _differs(made: cases.Case) -> bool:
    try:
        comparing.compare(made, Tally())
    except DisagreementError:
        return True
    return False


def _summarise(ways: Ways) -> None:
    for name, tally in ways.tallies.items():
        if tally.worlds:
            states = ", ".join(f"{state} {count}" for state, count in tally.rows.most_common())
            say(
                f"{name}: {tally.worlds} worlds, {tally.timelines} timelines evaluated, "
                f"{tally.rows.total()} rows: {states}"
            )


if __name__ == "__main__":
    sys.exit(main())
