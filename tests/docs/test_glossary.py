"""The glossary says where each word lives in the code, and it does; no word stands twice."""

import importlib
import os
import re
from pathlib import Path

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.web.settings")
django.setup()  # words of the service live in its models

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| \*\*(?P<word>[^*]+)\*\* \| (?P<means>[^|]+) \| (?P<where>[^|]+) \|$", re.MULTILINE)
WORDS = [
    (found["word"], place) for found in _ROW.finditer(GLOSSARY) for place in re.findall("`([^`]+)`", found["where"])
]
PARTS = sorted(
    path.name for path in (ROOT / "kept").iterdir() if (path / "__init__.py").exists() and path.name != "cli"
)


def find(place: str) -> object:
    """The module, or what stands in one, under a dotted name; AttributeError if there is none."""
    parts = place.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for name in parts[count:]:
            found = _inside(found, name)
        return found
    raise AttributeError(place)


def _inside(found: object, name: str) -> object:
    """An attribute, or the annotation of a field that has no default."""
    return getattr(found, name) if hasattr(found, name) else found.__annotations__[name]


@pytest.mark.parametrize(("word", "place"), WORDS)
def test_the_word_lives_there(word: str, place: str) -> None:
    if "/" in place:
        assert (ROOT / place).exists()
    else:
        assert find(place) is not None


def test_no_word_stands_twice() -> None:
    words = re.findall(r"\*\*([^*]+)\*\*", GLOSSARY)
    assert len(words) > 70
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_part_of_the_package_has_a_word_that_lives_in_it() -> None:
    assert PARTS
    for part in PARTS:
        assert any(place.startswith((f"kept.{part}.", f"kept/{part}/")) for _, place in WORDS), part


def test_what_is_not_there_is_noticed() -> None:
    with pytest.raises((AttributeError, KeyError)):
        find("kept.code.model.Duty.nonesuch")
    with pytest.raises(AttributeError):
        find("nonesuch.at.all")
