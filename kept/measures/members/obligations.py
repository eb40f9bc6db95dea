"""The obligations of a bucket, coded, with what they may be divided by; and the tallies that they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.compiled.columns import microseconds
from kept.measures.catalogue import populations
from kept.measures.members.bucket import HOLDER, Bucket
from kept.measures.members.coded import CODE, MEASURE, TALLIED, UNKNOWN, Codes
from kept.measures.members.days import days_of, months_of
from kept.measures.members.owed import (
    NEVER,
    NO_DAY,
    Integers,
    Rows,
    Truths,
    alone,
    by_measure_and_month,
    counts_of,
    day_column,
    moment_column,
    tallied,
)
from kept.measures.names import WHOLE, of_duty, of_right, of_windows
from kept.records.timelines import BUCKET

NOBODY = -1
_SHARED = [name for name in populations()["investigations"].breakdowns if name in populations()["victims"].breakdowns]
"""What also a whole investigation is divided by, whose obligations are owed to no single victim."""


@dataclass(frozen=True, slots=True)
class _Measures:
    """The codes of the measures that a row is counted in, by its rule and, from 0 for the whole, its part.

    Of rules: `repeats`, and the codes of the `right` and of the `windows` that a row of the whole adds to; 0 is none.
    """

    of_part: npt.NDArray[np.uint16]
    repeats: npt.NDArray[np.bool_]
    right: npt.NDArray[np.uint16]
    windows: npt.NDArray[np.uint16]
    whole: int

    @classmethod
    def of(cls, rules: list[dict[str, Any]], codes: Codes) -> _Measures:
        """Of the rules as a run's manifest names them."""
        parts = max((len(rule["parts"]) for rule in rules), default=0) + 1
        of_part = np.zeros((len(rules), parts), CODE)
        for number, rule in enumerate(rules):
            names = [of_duty(rule["edition"], rule["duty"], part) for part in ("", *rule["parts"])]
            of_part[number, : len(names)] = codes.of(MEASURE, names)
        repeats = [(rule["edition"], rule["duty"]) if rule["repeats"] else None for rule in rules]
        rights = [of_right(rule["right"]) if rule["right"] and rule["holder"] == "police" else None for rule in rules]
        windows = [of_windows(*duty) if duty else None for duty in repeats]
        codes.of(TALLIED, [WHOLE, *rights, *windows, *(of_duty(*duty) for duty in repeats if duty)])
        return cls(
            of_part,
            np.array([rule["repeats"] for rule in rules], np.bool_),
            codes.of(MEASURE, rights),
            codes.of(MEASURE, windows),
            int(codes.of(MEASURE, [WHOLE])[0]),
        )

    def added_up(self, rows: Rows, rules: Integers, whole: Truths, of_crime: Truths, within: Integers) -> Rows:
        """The rows that tallies are made of, once for each measure that they add to.

        `whole` says of a row whether it is no part of another, `of_crime` whether it is owed to the victim of a
        recorded crime; `within` is the investigation of each.
        """
        windows = rows.take(chosen := whole & self.repeats[rules])
        every = [
            replace(windows, measure=self.of_part[rules[chosen], 0]),
            replace(windows, measure=self.windows[rules[chosen]], unit=within[chosen]),
        ]
        of_right = rows.take(chosen := whole & of_crime & (self.right[rules] != UNKNOWN))
        by_right = tallied(replace(of_right, measure=self.right[rules[chosen]]))
        code = np.full(len(by_right), self.whole, CODE)
        return (
            tallied(every[0])
            .joined(tallied(every[1]))
            .joined(by_right)
            .joined(tallied(replace(by_right, measure=code)))
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in a bucket: a row for each obligation with `more` of it, and the tallies.

    divided   of each subject of the bucket the code of each breakdown
    holders   of each posting of the bucket the code of each level, and last of nobody
    """

    bucket: Bucket
    rows: Rows
    more: pa.Table
    tallies: Rows
    divided: Mapping[str, npt.NDArray[np.uint16]]
    holders: Mapping[str, npt.NDArray[np.uint16]]

    @classmethod
    def of(cls, bucket: Bucket, codes: Codes) -> Owed:
        found = bucket.stored
        subjects = bucket.arrow("SELECT subject, within, crime IS NOT NULL AS of_crime FROM known")
        measures = _Measures.of(bucket.run.manifest["names"]["rules"], codes)
        rules, parts = (_integers(found, name) for name in ("rule", "part"))
        subject = _integers(found, "subject") - bucket.first
        judged_on = _days(found)
        rows = _rows(bucket, found, subject, measures.of_part[rules, parts + 1], judged_on)
        within = _of_subjects(bucket, subjects, "within", NOBODY)[subject]
        of_crime = _of_subjects(bucket, subjects, "of_crime", 0)[subject] == 1
        tallies = measures.added_up(rows, rules, parts < 0, of_crime, within)
        more = found.select(["subject", "row", "settled"]).append_column("judged_on", day_column(judged_on))
        return cls(bucket, rows, more, tallies, _divided(bucket, codes), _holders(bucket, codes))

    def write(self, into: Path) -> None:
        """Write `obligations` and `tallies`."""
        order = by_measure_and_month(self.rows)
        single = alone(self.rows.measure, self.rows.unit)[order]
        given = {name: self.more.column(name).take(pa.array(order)) for name in self.more.column_names}
        self._write("obligations", self.rows.take(order), {**given, "single": single}, into)
        tallies = self.tallies.take(by_measure_and_month(self.tallies))
        more = {
            "subject": tallies.subject + self.bucket.first,
            "unit": tallies.unit,
            "single_in_month": alone(tallies.measure, tallies.unit, tallies.month),
            "single": alone(tallies.measure, tallies.unit),
        }
        self._write("tallies", tallies, more, into)

    def _write(self, name: str, rows: Rows, more: Mapping[str, Any], into: Path) -> None:
        columns = {
            **more,
            MEASURE: rows.measure,
            "month": day_column(rows.month),
            "ripe": moment_column(rows.ripe),
            "rated": rows.rated,
            "aside": rows.aside,
            **{name: codes[rows.subject] for name, codes in self.divided.items()},
            **{name: codes[rows.holder] for name, codes in self.holders.items()},
        }
        self.bucket.connection.register("written", pa.table(columns))
        self.bucket.write("FROM written", into / f"{name}-{self.bucket.number:05d}.parquet")
        self.bucket.connection.unregister("written")


def _days(found: pa.Table) -> Integers:
    """The day on which each row is judged."""
    days = np.full(len(found), NO_DAY)
    known = found.column("judged").is_valid().to_numpy()
    days[known] = days_of(_integers(found, "judged")[known])
    return days


def _rows(
    bucket: Bucket, found: pa.Table, subject: Integers, measure: npt.NDArray[np.uint16], judged_on: Integers
) -> Rows:
    known = judged_on != NO_DAY
    month = np.full(len(found), NO_DAY)
    month[known] = months_of(judged_on[known])
    at_best, entered = found.column("at_best").to_numpy(), found.column("entered_by_due").to_numpy() == 1
    rated, aside = counts_of(found.column("settled").to_numpy(), at_best, entered, known)
    judged = _integers(found, "judged", NEVER)
    ripe = np.where(judged > microseconds(bucket.run.as_of), judged, NEVER)
    return Rows(measure, month, subject, subject + bucket.first, _posting(bucket, found, subject), ripe, rated, aside)


def _posting(bucket: Bucket, found: pa.Table, subject: Integers) -> Integers:
    """The number of the posting to which each row is credited; NOBODY where it is to none."""
    begins = bucket.arrow("""
        SELECT k.subject, min(h.number) AS first, count(*) AS postings
        FROM known k JOIN held h USING (investigation) GROUP BY k.subject""")
    first = _of_subjects(bucket, begins, "first", NOBODY)[subject]
    place = _integers(found, "posting")
    there = (first != NOBODY) & (place >= 0) & (place < _of_subjects(bucket, begins, "postings", 0)[subject])
    return np.where(there, first + place, NOBODY)


def _of_subjects(bucket: Bucket, table: pa.Table, name: str, absent: int) -> Integers:
    """A column of a table of subjects, by the place of the subject in the bucket."""
    found = np.full(BUCKET, absent, np.int64)
    found[_integers(table, "subject") - bucket.first] = _integers(table, name, absent)
    return found


def _divided(bucket: Bucket, codes: Codes) -> dict[str, npt.NDArray[np.uint16]]:
    """Of each subject the code of what its obligations may be divided by."""
    names = [*populations()["victims"].breakdowns]
    shared = [name for name in names if name in _SHARED]
    found = {name: np.zeros(BUCKET, CODE) for name in names}
    for population, columns in (("victims", names), ("investigations", shared)):
        table = bucket.arrow(f"SELECT subject, {', '.join(columns)} FROM {population}")
        places = _integers(table, "subject") - bucket.first
        for name in columns:
            found[name][places] = codes.coded(name, table.column(name))
    return found


def _holders(bucket: Bucket, codes: Codes) -> dict[str, npt.NDArray[np.uint16]]:
    """Of each posting the code of each level; the last place, which NOBODY points at, is unknown."""
    table = bucket.arrow(f"SELECT {', '.join(HOLDER)} FROM held ORDER BY number")
    return {name: np.append(codes.coded(name, table.column(name)), CODE(UNKNOWN)) for name in HOLDER}


def _integers(table: pa.Table, name: str, absent: int = NOBODY) -> Integers:
    return np.asarray(table.column(name).cast(pa.int64()).fill_null(absent).to_numpy(), np.int64)
