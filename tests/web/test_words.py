"""Every word that a page shows is there in every language."""

from pathlib import Path

import pytest

from kept.web import words

FILES = sorted((words.HERE / "locale").glob("*/django.po"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_word_is_translated_and_none_is_left_over(path: Path) -> None:
    wanted = {message.id for message in words.words() if message.id}
    known = {message.id: message.string for message in words.translated(path) if message.id}
    assert set(known) == wanted, "run `make words`, and translate what is new"
    assert [one for one, said in known.items() if not said or not all(said)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_a_translation_leaves_the_same_places_open(path: Path) -> None:
    faults = [error for message in words.translated(path) for error in message.check()]
    assert faults == []


def test_welsh_is_one_of_them() -> None:
    assert "cy" in {path.parent.name for path in FILES}
