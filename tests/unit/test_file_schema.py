"""Whether a file fits its schema is told quickly, and never otherwise than jsonschema tells it."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

import kept
from kept.code import schema
from kept.code.file_schema import FileSchema
from kept.code.lined import read
from kept.measures import changes
from kept.measures import schema as of_measures
from kept.measures.series import mapping as of_series

HOME = Path(kept.__file__).parent
DUTIES = HOME / "code" / "editions" / "code-2020" / "right-06-arrest.yaml"
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, 1.5, -1, 13, "", "x", "2024-02-29", "2023-02-29", "20240229", "٢٠٢٤-٠٢-٢٩",
    "Ünder score", [], ["x"], [1, True], [[]], {}, {"kind": "crime_recorded"}, {"odd": 1}, {"days": 1}, {1: "x"},
)  # fmt: skip


def _duty() -> tuple[Mapping[str, Any], list[Any]]:
    return schema.duty(), _content(DUTIES)["duties"]


def _changes() -> tuple[Mapping[str, Any], list[Any]]:
    return changes.schema(), [{"changes": [{"day": "2024-02-29", "kind": "edition", "text": "x", "rebase": True}]}]


def _series() -> tuple[Mapping[str, Any], list[Any]]:
    wanted = {"id": "x", "title": "x", "unit": "x", "holds": "counts", "value": "x", "titles": {"a": "b"}}
    one = {"mapping": "x", "source": "x", "period": {"month": "x"}, "where": {"x": "y"}, "series": [wanted]}
    return of_series.schema(), [one]


def _of(made: Callable[[], Mapping[str, Any]], *places: str) -> Callable[[], tuple[Mapping[str, Any], list[Any]]]:
    return lambda: (made(), [_content(path) for place in places for path in sorted(HOME.glob(place))])


KINDS: Mapping[str, Callable[[], tuple[Mapping[str, Any], list[Any]]]] = {
    "duty": _duty,
    "duties": _of(schema.duties, "code/editions/*/right-0[1-3].yaml"),
    "duty file": _of(schema.duty_file, "code/editions/*/right-01.yaml"),
    "edition": _of(schema.edition, "code/editions/*/edition.yaml"),
    "rulebook": _of(schema.rulebook, "code/rulebooks/*.yaml"),
    "vocabulary": _of(schema.vocabulary, "../tests/real/editions/*/vocabulary.yaml"),
    "populations": _of(of_measures.populations, "measures/populations.yaml", "measures/in_place.yaml"),
    "measures": _of(of_measures.measures, "measures/catalogue/*.yaml"),
    "changes": _changes,
    "series": _series,
}


def _content(path: Path) -> Any:
    return read(path, aliases=True).data


@cache
def _kind(name: str) -> tuple[Callable[[Any], bool], Callable[[Any], bool], list[Any]]:
    """The two tests of a kind of file, and contents that are right."""
    against, contents = KINDS[name]()
    validator = Draft202012Validator(dict(against), format_checker=FormatChecker(formats=("date",)))
    return FileSchema(against).fits, validator.is_valid, contents


@pytest.mark.parametrize("name", KINDS)
def test_files_that_are_right_fit(name: str) -> None:
    fits, is_valid, contents = _kind(name)
    assert contents
    assert [one for one in contents if not (fits(one) and is_valid(one))] == []


@pytest.mark.parametrize("name", KINDS)
@given(random=st.randoms(use_true_random=False))
def test_what_is_wrong_fits_where_jsonschema_says_so(name: str, random: Random) -> None:
    fits, is_valid, contents = _kind(name)
    content = _broken(deepcopy(random.choice(contents)), random)
    assert not fits(content) or is_valid(content), content
    assert fits(content) == is_valid(content) or not _is_json(content), content


def _is_json(content: Any) -> bool:
    return all(isinstance(key, str) for holder, key in _places(content) if isinstance(holder, dict))


def _broken(content: Any, random: Random) -> Any:
    """The content with one thing in it put otherwise, left out or added."""
    holder, key = random.choice([*_places(content)])
    if random.random() < 0.2:
        del holder[key]
    elif random.random() < 0.2 and isinstance(holder, dict):
        holder["odd"] = random.choice(ODD)
    else:
        holder[key] = deepcopy(random.choice(ODD))
    return content


def _places(content: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in the content, as what holds it and its key."""
    if isinstance(content, dict | list):
        for key, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield content, key
            yield from _places(value)
