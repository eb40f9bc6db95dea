"""Every page of the service, and who opens it in a browser. A new address is put here, or said to be no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

PUBLIC = ""
"""Whoever has not signed in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page by the name of its view, who opens it, the values of its address that are no case's, and its query."""

    view: str
    by: str = "oscar"
    values: Mapping[str, object] = field(default_factory=dict)
    query: str = ""

    def address(self, case: Mapping[str, str]) -> str:
        """Its address, where it is about a case about this one: `investigation` and `victim`."""
        return reverse(self.view, kwargs=_Values({**case, **self.values}, self.view)) + self.query


class _Values(dict[str, object]):
    """The values that an address names, out of more."""

    def __init__(self, known: Mapping[str, object], view: str) -> None:
        from tests.web.test_routes import ALL

        wanted = next(one.pattern.converters for one in ALL if one.name == view)
        super().__init__({name: known[name] for name in wanted})


_DUTY = {"number": 6, "edition": "code-2020", "duty": "R6-1a"}
PAGES = (
    Shown("sign-in", PUBLIC),
    Shown("accessibility", PUBLIC),
    Shown("home"),
    Shown("day"),
    Shown("open-case"),
    Shown("open-case", query="?number=nobody's"),
    Shown("case"),
    Shown("case", query="?day=2026-06-01"),
    Shown("case", query="?day=soon"),
    Shown("obligation"),
    Shown("dispute"),
    Shown("log-contact"),
    Shown("needs"),
    Shown("statement"),
    Shown("charge-check"),
    Shown("contact"),
    Shown("account"),
    Shown("password"),
    Shown("second-factor"),
    Shown("own-scope"),
    Shown("status"),
    Shown("team", "sam"),
    Shown("review", "sam"),
    Shown("reassign", "sam"),
    Shown("figures", "vera"),
    Shown("board", "vera"),
    Shown("views", "vera"),
    Shown("figure", "vera", {"measure": "whole-code"}),
    Shown("figure", "vera", {"measure": "contact-overdue"}),
    Shown("figure", "vera", {"measure": "needs-assessed"}, "?asked=1&by=area&by_too=sex"),
    Shown("figure", "sam", {"measure": "whole-code"}, "?asked=1&by=officer"),
    Shown("figure-cases", "vera", {"measure": "whole-code"}),
    Shown("view-save", "vera", {"measure": "whole-code"}),
    Shown("rights", "vera"),
    Shown("right", "vera", {"number": 6}),
    Shown("right-gap", "vera", {"number": 6}),
    Shown("right-groups", "vera", {"number": 6}),
    Shown("right-duty", "vera", _DUTY),
    Shown("rights", "colin"),
    Shown("figures", "charlie"),
    Shown("home", "wendy"),
    Shown("witness-care", "wendy"),
    Shown("witness-care", "wendy", query="?court=week&owes=on"),
    Shown("team", "audrey"),
    Shown("data", "anna"),
    Shown("data-load", "anna", {"number": 1}),
    Shown("data-send", "anna"),
    Shown("data-point", "anna"),
    Shown("data-set-aside", "anna"),
    Shown("data-set-aside-rows", "anna"),
    Shown("data-coverage", "anna"),
    Shown("data-runs", "anna"),
    Shown("data-runs-compared", "anna"),
    Shown("data-editions", "anna"),
    Shown("queue", "anna"),
    Shown("access-log", "grace"),
    Shown("access-log", "grace", query="?since=soon"),
    Shown("people", "adam"),
    Shown("person", "adam", {"pk": 3}),
    Shown("service-tokens", "adam"),
    Shown("api-docs", "adam"),
)
NO_PAGES = {
    "notices": "takes a form and leads on",
    "sign-in-code": "comes after the password (test_signing_in)",
    "sign-in-set-up": "comes after the first password (test_signing_in)",
    "provider": "leads to a provider of sign-in",
    "provider-back": "leads on from it",
    "sign-out": "takes a form and leads on",
    "language": "leads back",
    "held": "comes after a session has ended (test_signing_in)",
    "end-given": "takes a form and leads back",
    "shut-out": "takes a form and leads back",
    "take-back": "takes a form and leads back",
    "charges-seen": "takes a form and leads back",
    "note-back": "takes a form and leads back",
    "queued": "of something that was said to be wrong (tests/web/case)",
    "notes-file": "a file",
    "view": "of a saved view",
    "view-open": "leads to a figure",
    "view-delete": "takes a form and leads back",
    "figure-chart": "a picture",
    "figure-copy": "a file",
    "rights-released": "a file",
    "rights-chart": "a picture",
    "right-chart": "a picture",
    "data-progress": "a part of a page",
    "data-job": "of work that was asked for",
    "data-again": "takes a form and leads on",
    "data-evaluate": "takes a form and leads on",
    "data-set-aside-csv": "a file",
    "change-token": "takes a form and leads back",
    "openapi": "for other systems",
    "health": "for a load balancer",
    "metrics": "for Prometheus",
}
"""The addresses that nobody looks at in a browser, or that only come of something else, each with why."""
