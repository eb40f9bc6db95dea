"""The tables of a quarter that the commissioner's office reads: which there are to be, where they lie, what they say.

Each is a release: a folder that was protected by the rule in force, set against the register and noted in it, and put
in place whole. What is shown is read from the files that are downloaded. It lies beside the service, and is of one
quarter, one run and one rule. Where it could not be made, the reason lies there instead, until there is another run.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kept.calendar import start_of_day
from kept.code.rights import RIGHTS
from kept.engine.results import Run, runs
from kept.measures.model import Measure
from kept.measures.names import of_right
from kept.measures.periods import beginning, called, following
from kept.records.store import Store
from kept.release.policy import Policy
from kept.web.figures.reading import measures_of
from kept.web.latest import latest

QUARTER = "quarter"
QUARTERS = 4
"""How many whole quarters there are to choose from."""
FORCE = "Total"
"""What the tables call all areas together."""


@dataclass(frozen=True, slots=True)
class Row:
    """A right as printed: counts of victims, and shares in per cent, each a number or a marker as text."""

    number: int
    kept: str
    at_best: str
    judged: str
    share: str
    share_at_best: str


@dataclass(frozen=True, slots=True)
class Quarter:
    """The tables of the quarter that begins on a day, as they were counted in a run and protected by a rule."""

    first: date
    run: Run
    rule: Policy

    @property
    def last(self) -> date:
        return following(self.first, QUARTER) - timedelta(days=1)

    @property
    def name(self) -> str:
        return called(self.first, QUARTER)

    @property
    def folder(self) -> Path:
        """Where its files lie once they are made."""
        said = json.dumps([self.run.id, self.rule.as_data()], sort_keys=True)
        return _home() / f"rights-{self.first.isoformat()}-{sha256(said.encode()).hexdigest()[:12]}"

    def rights(self) -> dict[int, Measure]:
        """The measure of each right that the rulebook has."""
        known = measures_of(self.run)
        return {number: known[of_right(number)] for number in RIGHTS if of_right(number) in known}

    @property
    def is_made(self) -> bool:
        return self.folder.is_dir()

    @property
    def why_not(self) -> str:
        """Why it could not be made of the records as they are now; blank where nothing stood in the way."""
        return _said_in(self._said())

    @property
    def why_whole(self) -> str:
        """Why its tables are of the whole force alone; blank where they are divided by area."""
        return _said_in(self._whole)

    @property
    def waits(self) -> bool:
        """Whether it is still to be made."""
        return not self.is_made and not self.why_not

    def put_why_not(self, why: str) -> None:
        """Say why it cannot be made; it is tried again once there is another run."""
        path = self._said()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for earlier in path.parent.glob(f"{self.folder.name}.*.why"):
            earlier.unlink(missing_ok=True)
        path.write_text(why, encoding="utf-8")

    def put_why_whole(self, why: str) -> None:
        """Say why its tables are not divided by area; it holds as long as they do."""
        self._whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._whole.write_text(why, encoding="utf-8")

    def printed(self) -> dict[str, list[Row]]:
        """What is printed of each area, and of all together as `FORCE`: the rights of which anything was judged."""
        numbers = {measure.label: number for number, measure in self.rights().items()}
        tables = json.loads((self.folder / "release.json").read_text(encoding="utf-8"))["tables"]
        found: dict[str, list[Row]] = {}
        for table in sorted(tables, key=lambda one: numbers[one["title"]]):
            for area, row in _rows(self.folder / table["csv"], numbers[table["title"]]):
                found.setdefault(area, []).append(row)
        return found

    def packed(self) -> bytes:
        """Its files as one zip file."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
            for path in sorted(self.folder.iterdir()):
                into.write(path, f"rights-{self.first.isoformat()}/{path.name}")
        return file.getvalue()

    @property
    def _whole(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.whole")

    def _said(self) -> Path:
        last = latest()
        return _home() / f"{self.folder.name}.{last.id if last else ''}.why"


def register() -> Path:
    """The file of all that has left (`kept.release.register`)."""
    return settings.ENVIRONMENT.register or Path(settings.ENVIRONMENT.home) / "releases.json"


def offered(rule: Policy, clock: datetime) -> list[Quarter]:
    """The quarters that may be read at a moment, the latest first.

    Each is counted in the first run after its end, so that no figure of yesterday can be taken from it.
    """
    known = runs(Store.open(settings.ENVIRONMENT.store))
    return [Quarter(first, _first_after(known, first), rule) for first in quarters(timezone.localtime(clock).date())]


def quarters(day: date) -> list[date]:
    """The first days of the last quarters that ended before a day, the latest first."""
    found = [last_whole_quarter(day)]
    while len(found) < QUARTERS:
        found.append(last_whole_quarter(found[-1]))
    return found


def last_whole_quarter(day: date) -> date:
    """The first day of the last quarter that ended before a day."""
    return beginning(beginning(day, QUARTER) - timedelta(days=1), QUARTER)


def _first_after(known: Sequence[Run], first: date) -> Run:
    """The run with the earliest as-of among those that look at the whole quarter; of several the one made first."""
    over = [run for run in known if run.as_of >= start_of_day(following(first, QUARTER))]
    return min(over or known, key=lambda run: (run.as_of, run.manifest["made_at"]))


def _home() -> Path:
    """Where the service keeps the releases of its store; those of another store lie elsewhere."""
    store = sha256(str(settings.ENVIRONMENT.store).encode()).hexdigest()[:8]
    return Path(settings.ENVIRONMENT.home) / "released" / store


def _said_in(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _rows(path: Path, number: int) -> Iterator[tuple[str, Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file)
    for row in rows:
        area, figures = (row[0], row[1:]) if headings[0] == "area" else (FORCE, row)
        yield area, Row(number, *map(_shown, figures))


def _shown(text: str) -> str:
    """A count in full, a share with its one decimal, a marker as it is."""
    return f"{int(text):,}" if text.isdigit() else text
