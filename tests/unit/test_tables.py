"""Tables fit the window of who reads them, and nothing that they say is lost or broken."""

from typing import Any

import pytest

from kept.cli.tables import fitted

NUMBERS = ("right", "owed", "no record", "at best")
RIGHTS: list[list[Any]] = [["–", 274_433, 62_190, "92.2 %"], ["1", 2_493, 645, "95.0 %"]]
TEXT = ("duty", "certainty", "title")
DUTIES: list[list[Any]] = [
    ["E15-PROSECUTION-STOPPED", "sourced", "Told that a charge was dropped or altered"],
    ["R2-1", None, "–"],
]


def lines(text: str) -> list[str]:
    return text.split("\n")


def test_where_there_is_room_every_row_is_a_line() -> None:
    assert lines(fitted(NUMBERS, RIGHTS, 80)) == [
        "right     owed  no record  at best",
        "-----  -------  ---------  -------",
        "–      274,433     62,190  92.2 %",
        "1        2,493        645  95.0 %",
    ]


def test_words_are_wrapped_in_their_columns() -> None:
    assert lines(fitted(TEXT, DUTIES, 54)) == [
        "duty                     certainty  title",
        "-----------------------  ---------  ------------------",
        "E15-PROSECUTION-STOPPED  sourced    Told that a charge",
        "                                    was dropped or",
        "                                    altered",
        "R2-1                                –",
    ]


def test_headings_are_wrapped_before_figures_are_parted() -> None:
    assert lines(fitted(NUMBERS, RIGHTS, 31)) == [
        "right     owed      no  at best",
        "                record",
        "-----  -------  ------  -------",
        "–      274,433  62,190  92.2 %",
        "1        2,493     645  95.0 %",
    ]


def test_figures_go_on_in_another_table_with_the_first_column() -> None:
    assert lines(fitted(NUMBERS, RIGHTS, 15)) == [
        "right     owed",
        "-----  -------",
        "–      274,433",
        "1        2,493",
        "",
        "right        no",
        "         record",
        "-----  --------",
        "–        62,190",
        "1           645",
        "",
        "right  at best",
        "-----  -------",
        "–      92.2 %",
        "1      95.0 %",
    ]


def test_other_rows_become_paragraphs() -> None:
    assert lines(fitted(TEXT, DUTIES, 36)) == [
        "E15-PROSECUTION-STOPPED",
        "    certainty: sourced; title: Told",
        "    that a charge was dropped or",
        "    altered",
        "R2-1",
        "    title: –",
    ]


@pytest.mark.parametrize("width", range(1, 60))
def test_no_width_loses_a_word(width: int) -> None:
    for headings, rows in ((NUMBERS, RIGHTS), (TEXT, DUTIES)):
        found = fitted(headings, rows, width).replace(";", " ").split()
        for row in rows:
            said = [f"{one:,}" if isinstance(one, int) else str(one) for one in row if one is not None]
            assert {word for cell in said for word in cell.split()} <= set(found)


def test_a_table_without_rows_has_its_headings() -> None:
    assert lines(fitted(("a", "b"), [], 10)) == ["a  b", "-  -"]
