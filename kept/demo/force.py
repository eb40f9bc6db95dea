"""Makes an invented force and writes it to a folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from kept.calendar import LONDON
from kept.demo import chunk, faults, moments, workforce
from kept.demo.calibration import Share, calibration, of_tables
from kept.demo.crimes import OLD_FROM
from kept.demo.output import Output
from kept.demo.quota import TARGETS, Quota
from kept.errors import UsageError

AS_OF = datetime(2026, 6, 30, 12, tzinfo=LONDON)
CHUNK = 25_000
ROOM = 5


@dataclass(frozen=True, slots=True)
class Force:
    """An invented force as it stands on disk: its folder, how it was made, what it holds, how it is calibrated."""

    folder: Path
    victims: int
    seed: int
    as_of: datetime
    rows: Mapping[str, int]
    shares: tuple[Share, ...]

    @property
    def extract(self) -> Path:
        """The extract in the contract's own layout."""
        return self.folder / "extract"

    @property
    def witness_care(self) -> Path:
        """The second source and its mapping."""
        return self.folder / "witness-care"

    @property
    def truth(self) -> Path:
        """What was really done, and what was written down of it."""
        return self.folder / "truth"


def make(
    folder: Path,
    *,
    victims: int,
    seed: int = 1,
    as_of: datetime | None = None,
    broken: bool = False,
    planted: Mapping[str, pa.Table] | None = None,
) -> Force:
    """Write a force of so many victims to `folder`; the same arguments give the same bytes.

    `as_of` is the moment of the extract, by default 30 June 2026 at noon in London. `broken` adds a few rows of
    every fault that `kept.demo.faults` lists; `planted` are further contract tables, whose rows count in the
    calibrated shares; a force less than ROOM times their size, which could not make up for them, goes without.
    UsageError for a size below one or a moment without a time zone.
    """
    planted = planted if planted and _victims_of(planted) * ROOM <= victims else {}
    now = _checked(victims, as_of or AS_OF).astimezone(UTC)
    quotas = {name: Quota(share) for name, share in TARGETS.items()}
    for share in of_tables(planted, now) if planted else ():
        quotas[share.name].put(share.n, share.count)
    rng, at = np.random.default_rng(seed), moments.of(now)
    officers = workforce.workforce(rng, victims, OLD_FROM, at)
    numbers = chunk.Numbers()
    with Output(folder) as output:
        output.extract("staff", workforce.staff(rng, officers))
        for table, rows in planted.items():
            output.extract(table, rows)
        for place, begun in enumerate(range(0, victims, CHUNK)):
            size = min(CHUNK, victims - begun)
            own = np.random.default_rng([seed, place])
            output.chunk(chunk.write(own, size, at, officers, quotas, numbers))
        for table, rows in (faults.broken(at) if broken else {}).items():
            output.extract(table, rows)
    made = {"victims": victims, "seed": seed, "as_of": now.isoformat(), "rows": output.rows}
    (folder / "force.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    shares = calibration(folder)
    listed = json.dumps([asdict(share) for share in shares], indent=2) + "\n"
    (folder / "calibration.json").write_text(listed, encoding="utf-8")
    return Force(folder, victims, seed, now, output.rows, tuple(shares))


def _victims_of(planted: Mapping[str, pa.Table]) -> int:
    return planted["victims"].num_rows if "victims" in planted else 0


def _checked(victims: int, as_of: datetime) -> datetime:
    if victims < 1:
        raise UsageError(f"A force of {victims} victims cannot be made.", what_to_do="Ask for one or more.")
    if as_of.tzinfo is None:
        raise UsageError(f"The moment {as_of} has no time zone.", what_to_do="Say it in UTC or London time.")
    return as_of
