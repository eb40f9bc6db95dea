"""Every page in a real browser, in every way in which people look at pages; nothing is wrong with any in any way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from kept.web.building import HERE
from tests.browser import looking
from tests.browser.pages import NO_PAGES, PAGES, PUBLIC
from tests.browser.ways import WAYS
from tests.web.test_routes import ALL, BY_TOKEN

Open = Callable[..., Page]
ENOUGH = 200_000
"""Bytes of a page at a first visit, without pictures."""
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)|left|right|float)\s*:|text-align:\s*(left|right)"
)


SAMPLE = {(PUBLIC, "wide"), (PUBLIC, "in Welsh"), ("oscar", "narrow"), ("oscar", "keyboard"), ("vera", "wide")}
"""What `make test` looks at; `make browser` looks at all."""
PEOPLE = sorted({page.by for page in PAGES})


def every_way() -> list[Any]:
    return [
        pytest.param(by, way, id=f"{by or 'anybody'} {way}", marks=[] if (by, way) in SAMPLE else pytest.mark.every)
        for by in PEOPLE
        for way in WAYS
    ]


def test_every_address_is_looked_at_or_is_no_page() -> None:
    known, here = {str(one.name) for one in ALL}, {page.view for page in PAGES}
    assert known - {one.name for one in BY_TOKEN} == here | set(NO_PAGES)
    assert not here & set(NO_PAGES)


@pytest.mark.parametrize(("by", "way"), every_way())
def test_nothing_is_wrong_with_any_page(open_as: Open, address: str, case: dict[str, str], by: str, way: str) -> None:
    how, said, wrong = WAYS[way], list[str](), dict[str, list[str]]()
    page = open_as(by, **how.browser)
    page.context.add_cookies([{"name": "kept_language", "value": how.language, "url": address}])
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for one in (one for one in PAGES if one.by == by):
        answer = page.goto(one.address(case))
        assert answer, one
        assert answer.status == 200, one
        found = [fault for look in (looking.nameless, *how.looks) for fault in look(page)]
        if found or said:
            wrong[one.address(case)] = [*found, *said]
        said.clear()
    assert wrong == {}


def everybody() -> list[Any]:
    return [pytest.param(by, marks=[] if by in (PUBLIC, "oscar") else pytest.mark.every) for by in PEOPLE]


@pytest.mark.parametrize("by", everybody())
def test_a_first_visit_is_small_and_asks_us_alone(open_as: Open, address: str, case: Any, by: str) -> None:
    for one in (one for one in PAGES if one.by == by):
        page = open_as(by)
        asked, sizes = _asked(page), _sizes(page)
        page.goto(one.address(case), wait_until="load")
        assert all(url.startswith((address, "data:")) for url in asked), one
        assert 0 < sum(sizes) <= ENOUGH, one
        page.close()


def _asked(page: Page) -> list[str]:
    """Grows by the address of whatever a page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def _sizes(page: Page) -> list[int]:
    """Grows by the bytes of each answer as they come over the wire; pictures are left out."""
    sizes: list[int] = []
    pictures: set[str] = set()
    session = page.context.new_cdp_session(page)
    session.on("Network.responseReceived", lambda e: pictures.add(e["requestId"]) if e["type"] == "Image" else None)
    session.on(
        "Network.loadingFinished",
        lambda e: None if e["requestId"] in pictures else sizes.append(int(e["encodedDataLength"])),
    )
    session.send("Network.enable")
    return sizes


def test_our_styles_know_no_left_and_no_right() -> None:
    styles = [path.read_text(encoding="utf-8") for path in (HERE / "styles").glob("*.scss")]
    assert [line for text in styles for line in text.splitlines() if PHYSICAL.search(line.partition("//")[0])] == []
    assert PHYSICAL.search("  margin-left: 1px")
