"""The words in which a first job is written down: what somebody does on the pages, and what they see there.

What stands on a page is named by its words as the code has them, in English; on a Welsh page their translation is
looked for. Of several things with the same words the first is meant, as a person would take it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.utils import translation
from playwright.sync_api import Locator, Page

from tests.browser import looking
from tests.browser.conftest import sign_in
from tests.browser.hands import Hands, hands
from tests.browser.pictures import write
from tests.browser.settings import LANGUAGES
from tests.browser.ways import Way

_PLACE = re.compile(r"%\\\(\w+\\\)[sd]")
"""A place that a text leaves open, once the text is escaped for a pattern."""

_PATIENCE = 15_000  # milliseconds
_BACKGROUND = 120  # seconds for what is made in the background


@dataclass(slots=True)
class Walk:
    """Somebody going through the pages in one way. `wrong` collects what is wrong with a page, by its address.

    `case` is one that oscar holds and has looked at. `pictures` is the folder that pictures of the user guide are
    written to, if any are.
    """

    page: Page
    way: Way
    case: str
    pictures: Path | None = None
    wrong: dict[str, list[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def begins(self, name: str) -> None:
        """Open the service, choose the language, and sign in."""
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.set_default_timeout(_PATIENCE)
        self.page.goto("/")
        if self.way.language != "en":
            self.follows(dict(LANGUAGES)[self.way.language])
        self._arrives()
        sign_in(self.page, name, self._hands())
        self._arrives()

    def follows(self, words: str) -> None:
        """Follow the link of these words."""
        self._leaves_by(self._named("link", words))

    def follows_first(self, part: str) -> None:
        """Follow the first link in a part of the page, by its selector: one out of a list, whichever it is."""
        self._leaves_by(self.page.locator(part).get_by_role("link").first)

    def presses(self, words: str) -> None:
        """Press the button of these words: it sends a form, or leads on."""
        self._leaves_by(self._named("button", words))

    def opens(self, words: str) -> None:
        """Unfold what is folded away under these words."""
        self._hands().press(self.page.locator("summary", has_text=self._pattern(words)).first)

    def fills(self, label: str, text: str) -> None:
        """Write into the field of this label."""
        self._hands().write(self.page.get_by_label(self._pattern(label)).first, text)

    def chooses(self, label: str, option: str = "") -> None:
        """Tick what has this label, or choose an option of the list that has it."""
        self._hands().choose(self.page.get_by_label(self._pattern(label)).first, self._word(option))

    def sees(self, *words: str) -> None:
        """All of these stand on the page, where it can be read without unfolding anything."""
        shown = self.page.inner_text("main")
        missing = [one for one in words if not self._pattern(one).search(shown)]
        assert not missing, f"{self.page.url} does not say {missing}:\n{shown}"

    def waits_for(self, words: str) -> None:
        """What is made in the background stands on the page once it is opened often enough."""
        until = time.monotonic() + _BACKGROUND
        while not self._pattern(words).search(self.page.inner_text("main")) and time.monotonic() < until:
            time.sleep(1)
            self.page.reload()
        self._arrives()

    def knows(self, what: str, words: str) -> None:
        """What the job was done for is known now, since the page says these words."""
        assert self._pattern(words).search(self.page.inner_text("main")), f"{self.page.url} does not say {what}"

    def keeps_picture(self, name: str, top: str = "", whole: bool = False, small: bool = False) -> None:
        """A picture for the user guide, from the top of the page or from the part of this selector on, or of it whole.

        On a telephone it is kept only where the guide has one of it: `small`.
        """
        is_small = bool(self.way.browser.get("is_mobile"))
        if self.pictures and (small or not is_small):
            write(self.page, self.pictures / f"{name}{'-phone' if is_small else ''}.png", top, whole)

    def _leaves_by(self, what: Locator) -> None:
        with self.page.expect_navigation() as answered:
            self._hands().press(what)
        assert answered.value.status == 200, self.page.url
        self._arrives()

    def _arrives(self) -> None:
        found = [fault for look in (looking.nameless, *self.way.looks) for fault in look(self.page)]
        if found or self.said:
            self.wrong.setdefault(self.page.url, []).extend([*found, *self.said])
        self.said.clear()

    def _hands(self) -> Hands:
        return hands(self.way.hands, self.page)

    def _named(self, role: Literal["link", "button"], words: str) -> Locator:
        return self.page.get_by_role(role, name=self._pattern(words, begin=True)).first

    def _word(self, text: str) -> str:
        with translation.override(self.way.language):
            return translation.gettext(text) if text else ""

    def _pattern(self, text: str, begin: bool = False) -> re.Pattern[str]:
        """A text in the language of the walk, with anything at all in the places that it leaves open."""
        escaped = re.escape(self._word(text).replace("%%", "%"))
        return re.compile(("^" if begin else "") + _PLACE.sub(".+?", escaped))
