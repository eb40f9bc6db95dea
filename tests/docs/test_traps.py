"""The traps in board figures that concern records: each is named on its page, and what holds it holds."""

from pathlib import Path

import pytest

from kept.code import loader
from kept.code.model import Duty
from kept.engine.obligation import SCHEMA
from tests.support.engine import duty, event, only, rows

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explanation" / "traps-in-board-figures.md").read_text("utf-8")


def standard(ident: str) -> Duty:
    return loader.edition("force-standards").duties[ident]


@pytest.mark.parametrize("trap", [2, 5, 6, 7, 8, 9, 10, 13, 15])
def test_the_trap_has_a_section(trap: int) -> None:
    assert f"\n## {trap}. " in PAGE


def test_trap_2_each_stage_of_the_personal_statement_is_a_duty_that_says_its_stage() -> None:
    offered = [standard(f"FS-VPS-{stage}").title for stage in ("RECORDING", "BEFORE-CHARGE", "AFTER-CHARGE")]
    assert len(set(offered)) == 3
    assert all(any(word in title.lower() for word in ("record", "charge")) for title in offered)


def test_trap_6_told_of_the_code_has_rows_of_its_own_beside_the_whole() -> None:
    told = loader.edition("code-2020").duties["R3-3"]
    reported = event("crime_reported", 0)
    said = event("information_given", 1, value="rights", result="said")
    of_part = {row.part: row.state for row in rows(told, [reported, said])}
    assert of_part["R3-3a"] == "met"
    assert of_part[""] == "no_record"
    assert len(of_part) > 2


@pytest.mark.parametrize("days", [1, 7, 8, 400])
def test_trap_5_how_late_is_kept_whatever_the_band(days: int) -> None:
    row = only(duty(), [event("suspect_arrested", 0), event("victim_told", 5 + days)])
    assert row.late_by is not None
    assert days - 1 < row.late_by / 86_400 <= days
    assert {"late_by", "due"} <= set(SCHEMA.names)


def test_trap_8_the_kind_of_day_is_said_in_the_note() -> None:
    review = standard("FS-OFFICER-REVIEW")
    assert review.limit
    assert (review.limit.unit, review.limit.amount) == ("days", 7)
    assert "which kind of day" in " ".join(review.note.split())


def test_trap_9_a_text_that_was_only_sent_is_no_evidence() -> None:
    for answer in standard("FS-CONFIRMATION").answers():
        for selector in answer.specific:
            assert selector.result
            assert not {"sent", "failed", "not_sent"} & set(selector.result)


def test_trap_10_no_duty_of_the_code_to_inform_ends_by_an_opt_out() -> None:
    told = [one for one in loader.edition("code-2020").duties.values() if one.right == 6 and one.kind]
    assert len(told) > 5
    assert {one.opt_out for one in told} <= {"survives", "letter", "officer"}
