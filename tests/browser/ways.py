"""The ways in which people look at pages: a browser's, a language, and what is looked for on each page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser import looking

Look = Callable[[Page], list[str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of looking at pages: the browser's, a language, and what is looked for beside the name of the page.

    `hands` is how somebody gets about: by a pointer, or by the keyboard alone.
    """

    looks: tuple[Look, ...]
    browser: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"
    hands: str = "pointer"


BOTH = (looking.faults, looking.overflowing)
WAYS = {
    "wide": Way(BOTH),
    "narrow": Way(BOTH, {"size": "narrow"}),
    "phone": Way(BOTH, {"size": "phone", "has_touch": True, "is_mobile": True}),
    "zoomed": Way(BOTH, {"size": "zoomed", "device_scale_factor": 2}),
    "keyboard": Way((looking.unreachable,), hands="keyboard"),
    "without script": Way(BOTH, {"script": False}),
    "in Welsh": Way((*BOTH, looking.english), {"size": "narrow"}, "cy"),
    "from right to left": Way((*BOTH, looking.mirrored), {"size": "phone"}, "ar"),
    "in colours of one's own": Way((*BOTH, looking.unreachable), {"forced_colors": "active"}),
    "without motion": Way((looking.moving,), {"reduced_motion": "reduce"}),
}
