"""Every picture that a page of figures names is there, whatever the measure."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kept.measures.asked import Opened
from kept.measures.model import Measure
from kept.web.figures import shown
from kept.web.figures.reading import measures_of
from kept.web.figures.remembered import Remembered
from kept.web.people.models import User
from tests.web.conftest import signed_in

Person = Callable[..., User]
_NAMED = re.compile(r'(?:src|srcset)="(/[^"]+)"')


@pytest.fixture
def auditor(person: Person) -> Client:
    return signed_in(person("auditor"))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there is a picture is asked, and none is drawn, which takes long."""
    monkeypatch.setattr(shown, "_PICTURES", Remembered(1))
    monkeypatch.setattr("kept.web.figures.shown.drawings.svg", lambda *_, **__: "<svg />")


def looked_at(at: Opened) -> list[Measure]:
    """All measures; of the duties, which are drawn alike, one in forty."""
    every = [*measures_of(at.run).values()]
    return [one for one in every if one.kind != "duty"] + [one for one in every if one.kind == "duty"][::40]


@pytest.mark.usefixtures("undrawn")
def test_each_picture_that_the_page_of_a_measure_names_is_there(auditor: Client, at: Opened) -> None:
    followed = 0
    for place, one in enumerate(looked_at(at)):
        page = f"/figures/{one.id}" if place % 4 else f"/figures/{one.id}?asked=1&by=area&by_too=team"
        answer = auditor.get(page)
        assert answer.status_code == 200, page
        for address in _pictures(answer.text)[:1]:
            assert auditor.get(address).status_code == 200, (page, address)
            followed += 1
    assert followed > 0.8 * len(looked_at(at))  # where there is nothing to draw, no page names a picture


@pytest.mark.parametrize("page", ["/figures/board", "/rights", "/rights/6"])
def test_each_picture_of_other_pages_is_there(auditor: Client, at: Opened, page: str) -> None:
    named = _pictures(auditor.get(page).text)
    assert named
    for address in named:
        assert auditor.get(address).status_code == 200, address


def _pictures(page: str) -> list[str]:
    """The addresses of the pictures on a page, styles and icons left out."""
    return [one.replace("&amp;", "&") for one in _NAMED.findall(page) if not one.startswith("/static/")]
