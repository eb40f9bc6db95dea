"""Taking series from a file: every row is accepted, refused with its reason, or not among the rows asked for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from kept.errors import Fault, MappingError, MeasureError
from kept.measures.series.gathering import Gathered
from kept.measures.series.mapping import SEE, SeriesMapping, Wanted
from kept.measures.series.rows import Row, Rows, read_rows
from kept.measures.series.values import Series

EXAMPLES = 5
"""How many rows are named of each thing that is said of several."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why rows were refused, how many, and the first of them, numbered from 1 without the line of names."""

    why: str
    rows: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows for one figure of a mapping: `rows` = `accepted` + `refused` + `outside`.

    `outside` rows are not those that `where` asks for. `below_nought` of the accepted are counts below zero: revisions
    by their keeper, summed with the rest; `examples` are the first of them.
    """

    figure: str
    rows: int
    accepted: int
    refused: int
    outside: int
    below_nought: int
    examples: tuple[int, ...]
    reasons: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """The series that a file holds, and what became of its rows, figure by figure."""

    series: tuple[Series, ...]
    taken: tuple[Taken, ...]


def import_file(path: Path, mapping: SeriesMapping, now: datetime) -> Imported:
    """Take every series of a mapping from a CSV file, gzipped or not.

    Raises RecordsError where the file cannot be read at all, MappingError where it has not the columns or the values
    that the mapping names, MeasureError where a figure has not one row that can be taken.
    """
    found = read_rows(path, mapping.delimiter, mapping.encoding)
    _require(MappingError, _unreadable_columns(path, found, mapping))
    asked = [row for row in found.rows if _is_asked(row, mapping)]
    if found.rows and not asked:
        raise MappingError.of(_unmatched(path, found, mapping))
    gathered = [_gathered(wanted, mapping, found, asked) for wanted in mapping.wanted]
    taken = tuple(_taken(one, found, asked) for one in gathered)
    _require(MeasureError, [_nothing(path, one) for one in taken if not one.accepted])
    series = tuple(one for of_wanted in gathered for one in of_wanted.series(now))
    _require(MappingError, _same_id(path, series))
    return Imported(series, taken)


def _require(error: type[MappingError] | type[MeasureError], faults: Sequence[Fault]) -> None:
    if faults:
        raise error.of(faults)


def _is_asked(row: Row, mapping: SeriesMapping) -> bool:
    return all(row.cells[column].strip() in wanted for column, wanted in mapping.where.items())


def _gathered(wanted: Wanted, mapping: SeriesMapping, found: Rows, asked: Sequence[Row]) -> Gathered:
    gathered = Gathered(wanted, mapping)
    for line in found.broken:
        gathered.refuse(line.number, line.why)
    for row in asked:
        gathered.take(row)
    gathered.settle()
    return gathered


def _taken(gathered: Gathered, found: Rows, asked: Sequence[Row]) -> Taken:
    accepted = gathered.accepted()
    below = [one.row for one in accepted if one.value < 0 and gathered.wanted.holds == "counts"]
    reasons = [Refused(why, len(rows), tuple(rows[:EXAMPLES])) for why, rows in gathered.refused.items()]
    return Taken(
        figure=gathered.wanted.id,
        rows=len(found.rows) + len(found.broken),
        accepted=len(accepted),
        refused=sum(one.rows for one in reasons),
        outside=len(found.rows) - len(asked),
        below_nought=len(below),
        examples=tuple(below[:EXAMPLES]),
        reasons=tuple(sorted(reasons, key=lambda one: (-one.rows, one.why))),
    )


# -- what is wrong with a file ---------------------------------------------------------------------------------------


def _unreadable_columns(path: Path, found: Rows, mapping: SeriesMapping) -> list[Fault]:
    named = mapping.columns
    return [
        *(_no_column(path, name, found.columns) for name in named if name not in found.columns),
        *(_two_columns(path, name) for name in named if name in found.twice),
    ]


def _two_columns(path: Path, name: str) -> Fault:
    why = "The mapping reads it, and a reader could not tell which is meant."
    return Fault(f"The file has several columns “{name}”.", str(path), why, "Rename all but one of them in the file.")


def _no_column(path: Path, name: str, columns: Sequence[str]) -> Fault:
    near = get_close_matches(name.lower(), [column.lower() for column in columns], 1)
    meant = [column for column in columns if column.lower() in near]
    do = f"Did you mean “{meant[0]}”?" if meant else f"It has: {', '.join(columns)}. Correct the mapping."
    if len(columns) == 1:
        do = f"It has “{columns[0]}” as its only one: say in the mapping by which `delimiter` its columns are parted."
    return Fault(f"The file has no column “{name}”.", str(path), "The mapping reads it.", do)


def _unmatched(path: Path, found: Rows, mapping: SeriesMapping) -> list[Fault]:
    faults = list(_strangers(path, found, mapping))
    what = f"No row has all that `where` asks of {' and '.join(mapping.where)}."
    return faults or [Fault(what, str(path), "", "Loosen `where`, or check that this is the right file.")]


def _strangers(path: Path, found: Rows, mapping: SeriesMapping) -> Iterator[Fault]:
    """The columns of `where` that never say what is asked of them."""
    for column, wanted in mapping.where.items():
        said = sorted({row.cells[column].strip() for row in found.rows})
        if not set(said) & set(wanted):
            near = [text for one in wanted for text in get_close_matches(one, said, 3)] or said[:EXAMPLES]
            what = f"No row has “{'” or “'.join(wanted)}” as its {column}."
            yield Fault(what, str(path), "", f"It has for example: {', '.join(near)}. Correct `where`.")


def _nothing(path: Path, taken: Taken) -> Fault:
    worst = next(iter(taken.reasons), None)
    why = f"{worst.rows:,} × {worst.why}" if worst else "The file has no rows under its names of columns."
    do = f"Correct the file or the mapping; what is stored stands as it was. {SEE}"
    return Fault(f"Not one row can be taken for the series {taken.figure}.", str(path), why, do)


def _same_id(path: Path, series: Sequence[Series]) -> list[Fault]:
    often = Counter(one.id for one in series)
    do = "Give the figures of the mapping other ids."
    return [
        Fault(f"Two series would be called {name}.", str(path), "", do) for name, count in often.items() if count > 1
    ]
