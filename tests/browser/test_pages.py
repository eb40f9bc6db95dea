"""Every page in a real browser: nothing that axe finds, nothing wider than a telephone, and no need of script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import faults, sign_in

Open = Callable[..., Page]
ENOUGH = 200_000  # bytes of a first page, without images
CONTACT = "/cases/I1/victims/V1/contact"
PAGES = {
    "": ["/sign-in", "/accessibility", "/nonesuch"],
    "adam": ["/", "/account", "/account/password", "/account/second-factor", "/status", "/people", "/people/3"],
    "grace": ["/access-log", "/access-log?since=soon"],
    "oscar": ["/account/scope", CONTACT],
}
"""The pages by who looks at them."""


@pytest.fixture
def look(open_page: Open) -> Callable[..., tuple[Page, list[str]]]:
    """A page as somebody sees it, and what the browser complains of."""

    def begin(name: str, **how: object) -> tuple[Page, list[str]]:
        page, said = open_page(**how), []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        if name:
            sign_in(page, name)
        said.clear()
        return page, said

    return begin


@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "anybody")
def test_nothing_is_wrong_with_any_page(look: Callable[..., tuple[Page, list[str]]], name: str) -> None:
    page, said = look(name)
    for address in PAGES[name]:
        page.goto(address)
        assert faults(page) == [], address
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert faults(page) == [], address
        page.set_viewport_size({"width": 1280, "height": 900})
        assert [text for text in said if "404 (Not Found)" not in text] == [], address
    assert page.locator("h1").count() == 1


def test_without_script_one_signs_in_and_writes_down_a_safe_way(open_page: Open) -> None:
    page = sign_in(open_page(size="narrow", script=False), "una")
    assert page.inner_text("h1") == "All you can do"
    page.goto("/cases/I3/victims/V3/contact")
    assert "Not known to be safe: ask first" in page.inner_text("main")
    page.click("summary")
    page.select_option("#channel", "phone")
    page.fill("#times", "after six")
    page.check("#no_message")
    page.click("main form button")
    assert "Safe: Telephone, after six" in page.inner_text("main")
    assert page.goto(CONTACT).status == 404  # type: ignore[union-attr]


def test_by_keyboard_alone_one_signs_in(open_page: Open) -> None:
    page = open_page()
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")


def test_in_welsh_the_pages_are_welsh(open_page: Open) -> None:
    page = open_page()
    page.goto("/sign-in")
    page.click("text=Cymraeg")
    assert (page.inner_text("h1"), page.get_attribute("html", "lang")) == ("Mewngofnodi", "cy")
    sign_in(page, "vera")
    assert page.inner_text("h1") == "Popeth y gallwch ei wneud"
    assert faults(page) == []


def test_a_first_page_is_small_and_ours_alone(open_page: Open, address: str) -> None:
    page, sizes = open_page(), {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto("/sign-in", wait_until="networkidle")
    assert len(sizes) >= 4
    assert all(url.startswith(address) for url in sizes)
    assert sum(sizes.values()) <= ENOUGH
    assert "GDS Transport" not in page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
