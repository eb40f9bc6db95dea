"""Characters that nobody sees: refused to the letter, left out of words, and those that writing needs kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.web import unseen

REACHING = [*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))]
NOT_SEEN = [*REACHING, *"\u200b\u2060\ufeff\u00ad\u2028\x00\x1b\x7f\u3164\ufff9\U000e0041\ud800"]
NEEDED = [*"\u200c\u200d\u200e\u200f\u061c\ufe0f"]


def _named(text: str) -> str:
    return "-".join(f"U+{ord(one):04X}" for one in text)


@pytest.mark.parametrize("one", [*NOT_SEEN, *NEEDED], ids=_named)
def test_to_the_letter_none_of_them_may_stand_anywhere(one: str) -> None:
    assert all(unseen.has_unseen(text) for text in (one, f"{one}07700", f"07700{one}900123", f"07700{one}"))


@pytest.mark.parametrize("one", NOT_SEEN, ids=_named)
def test_words_are_kept_without_them(one: str) -> None:
    assert unseen.words(f"af{one}ter six") == "after six"
    assert unseen.words(one * 3) == ""


@pytest.mark.parametrize("one", NEEDED, ids=_named)
def test_what_writing_needs_is_kept_and_is_no_word_by_itself(one: str) -> None:
    assert unseen.words(f"می{one}خواهم") == f"می{one}خواهم"
    assert unseen.words(f" {one} ") == ""


@pytest.mark.parametrize("text", ["Siân Ŵyn", "محمد", "می‌خواهم", "नमस्ते", "李小龍", "👩‍👧", "a\r\nb", "\u0600\u06dd"])
def test_names_and_words_of_any_script_stay_as_they_are(text: str) -> None:
    assert unseen.words(text) == text


@pytest.mark.parametrize("text", ["07700 900123", "+44 (0)7700 900123", "a.b@c.example", "I1", "Siân"])
def test_what_is_right_to_the_letter_is_not_refused(text: str) -> None:
    assert not unseen.has_unseen(text)


def test_a_line_is_one_line_and_a_number_has_plain_spaces() -> None:
    assert unseen.line("after\r\nsix\u2029") == "after six"
    assert unseen.plain_spaces("07700\u00a0900\u202f123\u3000") == "07700 900 123 "
    assert unseen.plain_spaces("a\r\nb") == "a\r\nb"


@given(st.text())
def test_words_hold_nothing_that_turns_a_line_round_or_forges_one(text: str) -> None:
    found = unseen.words(text)
    assert not {*found} & {*NOT_SEEN}
    assert all(unicodedata.category(one) != "Cc" or one in "\t\r\n" for one in found)
    assert unseen.words(found) == found
