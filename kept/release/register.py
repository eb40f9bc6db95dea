"""What has been released: every printed figure with its exact definition, and nothing that was not printed.

The register holds no secret: a suppressed figure stands in it as null. It is read by whoever releases next, for two
releases can give away together what neither does alone.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kept.errors import MeasureError
from kept.records.manifest import put_json
from kept.release.basis import basis_of
from kept.release.cells import Breakdown, Layout, Period, Place, Scope
from kept.release.markers import Figure, Suppressed
from kept.release.policy import Policy, policy_of

FORMAT = 2
"""How the register's file is laid out; another layout is another number."""


@dataclass(frozen=True, slots=True)
class Released:
    """One table as it left: its layout, what was printed at each place, under which policy, in which release."""

    release: str
    layout: Layout
    figures: Mapping[Place, Figure]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Register:
    """The tables that have left, first to last."""

    tables: tuple[Released, ...] = ()

    def with_tables(self, tables: Iterable[Released]) -> "Register":
        """The register with further tables; MeasureError if their release is in it already."""
        added = tuple(tables)
        known = {table.release for table in self.tables}
        if doubled := sorted({table.release for table in added} & known):
            raise MeasureError(
                f'The release "{doubled[0]}" is in the register already.', what_to_do="Give each release its own name."
            )
        return Register((*self.tables, *added))

    @classmethod
    def load(cls, path: Path) -> "Register":
        """Read a register; an absent file is an empty one. MeasureError if it is damaged or of another format."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["format"] != FORMAT:
                raise ValueError(f"it is of format {said['format']}, and this software knows format {FORMAT}")
            return cls(tuple(_released(table) for table in said["tables"]))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, AttributeError, KeyError, MeasureError) as error:
            raise MeasureError(
                "The register of releases cannot be read.",
                str(path),
                str(error),
                "Restore it from a copy: without it nobody can tell what figures give away together.",
            ) from None

    @classmethod
    @contextmanager
    def held(cls, path: Path) -> Iterator["Register"]:
        """Read a register and keep every other release waiting until what follows is done."""
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield cls.load(path)
        finally:
            os.close(folder)

    def save(self, path: Path) -> None:
        """Put the register in place whole."""
        put_json(path, {"format": FORMAT, "tables": [_as_data(table) for table in self.tables]})


def _as_data(table: Released) -> dict[str, Any]:
    scope = table.layout.scope
    printed = ((place, figure) for place, figure in table.figures.items())
    return {
        "release": table.release,
        "measure": scope.measure,
        "basis": table.layout.basis.as_data() if table.layout.basis else None,
        "first": scope.period.first.isoformat(),
        "last": scope.period.last.isoformat(),
        "as_of": scope.as_of,
        "population": [list(pair) for pair in scope.population],
        "breakdowns": [_breakdown_data(breakdown) for breakdown in table.layout.breakdowns],
        "policy": {name: value for name, value in table.policy.as_data().items() if name != "width"},
        "figures": [[list(place), None if isinstance(figure, Suppressed) else figure] for place, figure in printed],
    }


def _breakdown_data(breakdown: Breakdown) -> dict[str, Any]:
    return {
        "name": breakdown.name,
        "values": list(breakdown.values),
        "groups": {name: list(parts) for name, parts in breakdown.groups.items()},
        "unprinted": sorted(breakdown.unprinted),
    }


def _released(said: Mapping[str, Any]) -> Released:
    period = Period(date.fromisoformat(said["first"]), date.fromisoformat(said["last"]))
    population = tuple((name, value) for name, value in said["population"])
    scope = Scope(said["measure"], period, said["as_of"], population)
    basis = basis_of(said["basis"]) if said["basis"] else None
    layout = Layout(scope, tuple(_breakdown(breakdown) for breakdown in said["breakdowns"]), basis)
    figures = {tuple(place): Suppressed() if figure is None else int(figure) for place, figure in said["figures"]}
    if strange := [place for place in layout.places() if layout.is_printed(place) != (place in figures)]:
        raise ValueError(f"what was printed at {' × '.join(strange[0])} is missing, or was never printed")
    return Released(said["release"], layout, figures, policy_of(said["policy"]))


def _breakdown(said: Mapping[str, Any]) -> Breakdown:
    groups = {name: tuple(parts) for name, parts in said["groups"].items()}
    return Breakdown(said["name"], tuple(said["values"]), groups, frozenset(said["unprinted"]))
