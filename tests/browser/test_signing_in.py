"""Signing in, and what comes of it, in a real browser: without script, by keyboard, in Welsh, and when it ends."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kept.web.environment import INVENTED_PASSWORD
from tests.browser import looking
from tests.browser.conftest import sent, sign_in

Open = Callable[..., Page]


def test_without_script_one_signs_in_and_writes_down_a_safe_way(open_page: Open, case: dict[str, str]) -> None:
    page = sign_in(open_page(size="narrow", script=False), "una")
    assert page.inner_text("h1") == "All you can do"
    page.goto("/account/scope")
    held = page.inner_text("main")
    assert case["investigation"] not in held.replace(",", " ").split()
    refused = page.goto(f"/cases/{case['investigation']}/victims/{case['victim']}/contact")
    assert refused is not None
    assert refused.status == 404


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
    sent(page, "text=Cymraeg")
    assert (page.inner_text("h1"), page.get_attribute("html", "lang")) == ("Mewngofnodi", "cy")
    sign_in(page, "arthur")
    assert page.inner_text("h1") == "Popeth y gallwch ei wneud"


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_nothing_is_wrong_on_the_way_in_and_what_was_typed_is_held(open_page: Open, size: str) -> None:
    """The pages that only come of others: setting up, recovery codes, the code, a form held for who comes back."""
    name, page, wrong = {"wide": "audrey", "narrow": "charlie"}[size], open_page(size=size), list[str]()

    def look() -> None:
        for found in (*looking.faults(page), *looking.overflowing(page), *looking.unreachable(page)):
            wrong.append(f"{page.url}: {found}")

    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", INVENTED_PASSWORD)
    sent(page, "main button")
    look()
    page.fill("#code", "0")
    sent(page, "main form button")
    look()
    page.fill("#code", "".join(filter(str.isdigit, page.inner_text("main .govuk-inset-text"))))
    sent(page, "main form button")
    look()
    page.goto("/account/password")
    page.fill("input[type=password] >> nth=0", "typed before it ended")
    _end_elsewhere(page)
    sent(page, "main form button")
    assert "/sign-in" in page.url
    look()
    assert wrong == []


def _end_elsewhere(page: Page) -> None:
    """Sign out in another tab of the same browser."""
    other = page.context.new_page()
    other.goto("/")
    sent(other, "header form button")
    other.close()
