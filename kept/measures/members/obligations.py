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
from kept.measures.members.coded import CODE, MEASURE, SEVERAL, TALLIED, UNKNOWN, Codes
from kept.measures.members.days import days_of, months_of
from kept.measures.members.owed import (
    NEVER,
    NO_DAY,
    PATTERNS,
    Days,
    Integers,
    Numbers,
    Places,
    Rows,
    Single,
    Truths,
    alone,
    by_measure_and_month,
    day_column,
    joined,
    moment_column,
    patterns_of,
    summarised,
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

    def added_up(self, single: Single, rules: Integers, whole: Truths, of_crime: Truths, within: Numbers) -> Rows:
        """The tallies of a bucket's obligations, for each measure that they add to.

        `whole` says of a row whether it is no part of another; of each subject of the bucket `of_crime` says whether it
        is the victim of a recorded crime, and `within` which investigation it belongs to.
        """
        windows = np.flatnonzero(whole & self.repeats[rules])
        subject = single.subject[windows]
        of_duty = single.rows(windows, self.of_part[rules[windows], 0], subject)
        by_case = replace(of_duty, measure=self.windows[rules[windows]], unit=within[subject])
        rights = np.flatnonzero(whole & (self.right[rules] != UNKNOWN) & of_crime[single.subject])
        by_right = tallied(single.rows(rights, self.right[rules[rights]], single.subject[rights]))
        of_all = tallied(replace(by_right, measure=np.full(len(by_right), self.whole, CODE)))
        return joined(tallied(of_duty), tallied(by_case), by_right, of_all)


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in a bucket: each obligation and the day on which it is judged, and the tallies.

    divided   of each subject of the bucket the code of each breakdown
    holders   of each posting of the bucket the code of each level, and last of nobody
    """

    bucket: Bucket
    codes: Codes
    single: Single
    judged_on: Days
    tallies: Rows
    divided: Mapping[str, npt.NDArray[np.uint16]]
    holders: Mapping[str, npt.NDArray[np.uint16]]

    @classmethod
    def of(cls, bucket: Bucket, codes: Codes) -> Owed:
        """Of a bucket whose populations have been made."""
        found = bucket.stored
        measures = _Measures.of(bucket.run.manifest["names"]["rules"], codes)
        rules, parts = (found.column(name).to_numpy() for name in ("rule", "part"))
        judged_on = _days(found)
        single = _single(bucket, measures.of_part[rules, parts + 1], judged_on)
        subjects = bucket.arrow("SELECT subject, within, crime IS NOT NULL AS of_crime FROM known")
        within = _of_subjects(bucket, subjects, "within", NOBODY).astype(np.int32)
        of_crime = _of_subjects(bucket, subjects, "of_crime", 0) == 1
        holders = _holders(bucket, codes)
        added_up = measures.added_up(single, rules, parts < 0, of_crime, within)
        tallies = summarised(added_up, [*holders.values()])
        return cls(bucket, codes, single, judged_on, tallies, _divided(bucket, codes), holders)

    def write(self, into: Path) -> None:
        """Write `obligations` and `tallies`."""
        self._write("obligations", self._obligations(self.single.in_order()), into)
        self._write("tallies", self._tallies(), into)

    def _obligations(self, order: Places) -> dict[str, Any]:
        single, stored = self.single, self.bucket.stored
        pattern, only = single.pattern[order], single.only_ones()
        names = self.codes.listed(MEASURE)
        self.codes.of(SEVERAL, [names[code - 1] for code in np.unique(single.measure[~only])])
        return {
            **{name: stored.column(name).to_numpy()[order] for name in ("subject", "row", "settled")},
            "judged_on": day_column(self.judged_on[order]),
            "single": only[order],
            MEASURE: single.measure[order],
            "month": day_column(single.month[order]),
            "ripe": moment_column(single.ripe[order]),
            **{name: counts[pattern] for name, counts in PATTERNS.items()},
            **self._divided_by(single.subject[order], single.holder[order]),
        }

    def _tallies(self) -> dict[str, Any]:
        rows = self.tallies.take(by_measure_and_month(self.tallies.measure, self.tallies.month))
        return {
            "subject": rows.subject + self.bucket.first,
            "unit": rows.unit,
            "level": rows.level,
            "split": rows.split,
            **alone(rows),
            MEASURE: rows.measure,
            "month": day_column(rows.month),
            "ripe": moment_column(rows.ripe),
            "rated": rows.rated,
            "aside": rows.aside,
            **self._divided_by(rows.subject, rows.holder),
        }

    def _divided_by(self, subject: Numbers, holder: Numbers) -> dict[str, Any]:
        """What rows are divided by; by places of 64 bits it is looked up three times as fast."""
        subjects, holders = subject.astype(np.intp), holder.astype(np.intp)
        found = {name: codes[subjects] for name, codes in self.divided.items()}
        return found | {name: codes[holders] for name, codes in self.holders.items()}

    def _write(self, name: str, columns: Mapping[str, Any], into: Path) -> None:
        self.bucket.connection.register("written", pa.table(columns))
        self.bucket.write("FROM written", into / f"{name}-{self.bucket.number:05d}.parquet")
        self.bucket.connection.unregister("written")


def _days(found: pa.Table) -> Days:
    """The day on which each row is judged."""
    judged = _integers(found, "judged", NEVER)
    days = np.full(len(found), NO_DAY, np.int32)
    known = judged != NEVER
    days[known] = days_of(judged[known])
    return days


def _single(bucket: Bucket, measure: npt.NDArray[np.uint16], judged_on: Days) -> Single:
    found = bucket.stored
    known = judged_on != NO_DAY
    month = np.full(len(found), NO_DAY, np.int32)
    month[known] = months_of(judged_on[known])
    at_best, entered = found.column("at_best").to_numpy(), found.column("entered_by_due").to_numpy() == 1
    pattern = patterns_of(found.column("settled").to_numpy(), at_best, entered, known)
    judged = _integers(found, "judged", NEVER)
    ripe = np.where(judged > microseconds(bucket.run.as_of), judged, NEVER)
    subject = (found.column("subject").to_numpy() - bucket.first).astype(np.int32)
    return Single(measure, month, subject, _posting(bucket, subject), ripe, pattern)


def _posting(bucket: Bucket, subject: Numbers) -> Numbers:
    """The number of the posting to which each row is credited; NOBODY where it is to none."""
    begins = bucket.arrow("""
        SELECT k.subject, min(h.number) AS first, count(*) AS postings
        FROM known k JOIN held h USING (investigation) GROUP BY k.subject""")
    first, postings = (_of_subjects(bucket, begins, name, 0).astype(np.int32) for name in ("first", "postings"))
    place = bucket.stored.column("posting").to_numpy()
    there = (place >= 0) & (place < postings[subject])
    return np.where(there, first[subject] + place, NOBODY).astype(np.int32)


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
