"""A mapping says everything that is wrong in it at once, each with its line and a way out."""

from collections.abc import Callable

import pytest

from kept.errors import MappingError
from kept.measures.series.mapping import SeriesMapping

Mapped = Callable[[str], SeriesMapping]

RIGHT = """\
mapping: quality
source: Quality assurance team, monthly workbook
period: {quarter: Quarter, year: Year}
where: {Force: [Ours, 7], Final: true}
series:
  - {id: seen, title: Calls listened to, unit: calls, holds: counts, value: Calls}
  - {id: quality, title: Good or better, unit: "%", holds: percentages, value: Good, n: Calls, direction: higher}
  - id: team
    title: Calls of a team
    unit: calls
    holds: counts
    value: Calls
    each: Team
    titles: {1: North, B: South}
    of: seen
"""
WRONG = """\
mapping: quality
source: Quality assurance team, monthly workbook
encoding: utf-nine
period: {month: Month, quarter: Quarter}
series:
  - {id: seen, title: Calls, unit: calls, holds: counts, value: Calls, n: Calls}
  - {id: seen, title: Calls, unit: calls, holds: counts, value: Calls, of: sean}
  - {id: good, title: Good, unit: "%", holds: percentages, value: Good, sum: true, titles: {A: North}}
  - {id: part, title: Part, unit: calls, holds: counts, value: Calls, of: good}
  - {id: self, title: Self, unit: calls, holds: counts, value: Calls, of: self}
"""


def test_a_right_mapping_is_read(mapped: Mapped) -> None:
    found = mapped(RIGHT)
    assert found.period == {"year": "Year", "quarter": "Quarter"}
    assert found.where == {"Force": ("Ours", "7"), "Final": ("true",)}
    seen, quality, team = found.wanted
    assert (seen.adds, quality.adds, team.adds) == (True, False, True)
    assert (quality.n, quality.direction, seen.direction) == ("Calls", "higher", "neither")
    assert team.titles == {"1": "North", "B": "South"}
    assert set(found.columns) == {"Year", "Quarter", "Force", "Final", "Calls", "Good", "Team"}


def test_every_fault_is_told_with_its_line(mapped: Mapped) -> None:
    with pytest.raises(MappingError) as raised:
        mapped(WRONG)
    told = [(fault.where, fault.what) for fault in raised.value.faults]
    assert told == [
        ("mapping.yaml:3", "“utf-nine” is no known encoding."),
        ("mapping.yaml:4", "No period is made of month and quarter."),
        ("mapping.yaml:7", "The series `seen` is there twice."),
        ("mapping.yaml:6", "The series seen has an n."),
        ("mapping.yaml:7", "The series seen is a share of `sean`, which is not known."),
        ("mapping.yaml:8", "The series good is summed."),
        ("mapping.yaml:8", "The series good has titles of nothing."),
        ("mapping.yaml:9", "The series part cannot be a share of good."),
        ("mapping.yaml:10", "The series self cannot be a share of self."),
    ]
    assert all(fault.what_to_do for fault in raised.value.faults)


@pytest.mark.parametrize(
    ("line", "instead", "says"),
    [
        ("source: Quality assurance team, monthly workbook\n", "", "`source` is missing"),
        ("holds: percentages", "holds: rates", "`rates` is not one of counts, percentages, numbers"),
        ("id: team", "id: ../team", "is not written as it should be"),
        ("unit: calls\n", "units: calls\n", "`units` is not known here"),
        ("period: {quarter: Quarter, year: Year}", "period: {}", "it names nothing"),
        ("quarter: Quarter", "semester: Quarter", "`semester` is not known here"),
        ("mapping: quality", "mapping: [", "not valid YAML"),
    ],
)
def test_a_mapping_of_another_shape_is_refused(mapped: Mapped, line: str, instead: str, says: str) -> None:
    with pytest.raises(MappingError) as raised:
        mapped(RIGHT.replace(line, instead, 1))
    assert says in str(raised.value)
    assert all(fault.what_to_do for fault in raised.value.faults)


def test_an_empty_mapping_is_told_what_it_lacks(mapped: Mapped) -> None:
    with pytest.raises(MappingError, match="`mapping` is missing"):
        mapped("")
