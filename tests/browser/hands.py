"""How somebody gets about on a page: by a pointer or a finger, or by the keyboard alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

_MOST = 600
"""Stops on one page, after which what is looked for is not to be reached."""
_IS_FOCUSED = "wanted => wanted === document.activeElement"
_KIND = "one => one.type || one.localName"
_FIRST_OF_GROUP = "one => [...document.getElementsByName(one.name)].indexOf(one)"


class Hands(Protocol):
    """What hands do with something on a page."""

    def press(self, what: Locator) -> None:
        """Press a link, a button or what folds a part away."""

    def write(self, what: Locator, text: str) -> None:
        """Write into a field, in place of what stands there."""

    def choose(self, what: Locator, option: str = "") -> None:
        """Tick a box, choose a round button, or an option of a list."""


class Pointer:
    """A mouse or a finger."""

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, what: Locator, text: str) -> None:
        what.fill(text)

    def choose(self, what: Locator, option: str = "") -> None:
        if option:
            what.select_option(label=option)
        else:
            what.check()


class Keyboard:
    """Tab, Enter, Space, arrows and letters."""

    def __init__(self, page: Page) -> None:
        self._keys, self._page = page.keyboard, page

    def press(self, what: Locator) -> None:
        self._reach(what)
        self._keys.press("Enter")

    def write(self, what: Locator, text: str) -> None:
        self._reach(what)
        self._keys.press("ControlOrMeta+a")
        self._keys.type(text)

    def choose(self, what: Locator, option: str = "") -> None:
        kind = what.evaluate(_KIND)
        if option:
            self._reach(what)
            self._keys.type(option)
        elif kind == "radio":
            self._among_radios(what)
        else:
            self._reach(what)
            self._keys.press("Space")

    def _among_radios(self, what: Locator) -> None:
        """A group of round buttons is one stop, at its first while none is chosen; arrows lead on from there."""
        name, place = what.get_attribute("name"), what.evaluate(_FIRST_OF_GROUP)
        self._reach(self._page.locator(f"input[name='{name}']").first)
        self._keys.press("Space")
        for _ in range(place):
            self._keys.press("ArrowDown")

    def _reach(self, what: Locator) -> None:
        wanted = what.element_handle()
        for _ in range(_MOST):
            if self._page.evaluate(_IS_FOCUSED, wanted):
                return
            self._keys.press("Tab")
        raise AssertionError(f"Tab does not reach {what}")


def hands(kind: str, page: Page) -> Hands:
    """The hands of a way of looking at pages: `pointer` or `keyboard`."""
    return Keyboard(page) if kind == "keyboard" else Pointer()
