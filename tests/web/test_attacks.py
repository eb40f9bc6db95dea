"""What attackers try, tried on every address there is: forged forms, frames, redirects, paths, floods and formulas."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from kept.web.headers import ALWAYS
from kept.web.people.models import User
from kept.web.people.roles import ABILITIES, ROLES
from tests.web.conftest import signed_in
from tests.web.test_routes import ALL, BY_TOKEN, VALUES, address

FORGED = "https://elsewhere.example"
TOKENS = {one.name for one in BY_TOKEN}
"""The pages that take a form without its token, since a token of their own is asked for and no cookie helps."""
NOT_YET = 503
"""How pages of figures answer as long as nothing was evaluated: they say so, and that is no fault."""
ELSEWHERE = (FORGED, "//elsewhere.example", "/\\elsewhere.example", "http:///elsewhere.example", "javascript:alert(1)")
PATHS = ("../../../../etc/passwd", "..\\..\\secret-key", "%2e%2e%2fsecret-key", "/etc/passwd", "a\x00b", "i" * 3000)
TYPED = (
    "",
    "<script>alert(1)</script>",
    "a\x00b",
    "=1+1",
    "x" * 20_000,
    "\udcff",
    "-1",
    "9" * 40,
    "2026-13-45",
    "\u202e",
)
"""What is typed into each field of each form."""
ABLE = ("investigator", "supervisor", "analyst", "auditor", "witness_care", "governance", "administrator")
"""The roles that between them may do everything."""
FORMULA = re.compile(r"^[=+\-@\t\r]")
named = pytest.mark.parametrize("pattern", ALL, ids=lambda one: one.name)


@dataclass
class Fields(HTMLParser):
    """The names of the fields of a page's forms, by the way in which the form is sent; and where links lead."""

    text: str
    found: dict[str, set[str]] = field(default_factory=lambda: {"get": set(), "post": set()})
    links: set[str] = field(default_factory=set)
    method: str = "get"

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.method = (said.get("method") or "get").lower()
        if tag in ("input", "select", "textarea", "button") and said.get("name"):
            self.found[self.method].add(str(said["name"]))
        if tag == "a" and said.get("href"):
            self.links.add(str(said["href"]))


@pytest.fixture
def able(person: Callable[..., User]) -> list[User]:
    """People who between them may see every page."""
    return [person(role, officer="O1" if role == "investigator" else "") for role in ABLE]


def test_they_may_do_everything_between_them() -> None:
    assert frozenset[str]().union(*(ROLES[role].abilities for role in ABLE)) == set(ABILITIES)


@pytest.fixture
def anybody_s(able: list[User]) -> list[Client]:
    """A browser of each of them, and one of nobody's."""
    found = [*map(signed_in, able), Client()]
    for client in found:
        client.raise_request_exception = False
    return found


def opened(pattern: URLPattern, clients: list[Client]) -> Iterator[tuple[Client, str]]:
    """Who sees a page, and what it says; of who see the same, the first."""
    said = set()
    for client in clients:
        answer = client.get(address(pattern))
        shape = frozenset(Fields(answer.text).found["post"]) if "html" in answer.headers["Content-Type"] else None
        if answer.status_code == 200 and shape is not None and shape not in said:
            said.add(shape)
            yield client, answer.text


@named
def test_a_form_of_another_site_is_refused(pattern: URLPattern, able: list[User]) -> None:
    """Without the token, and with it from elsewhere, whoever's browser is made to send it."""
    if pattern.name in TOKENS:
        assert Client().post(address(pattern)).status_code == 401
        return
    assert not getattr(pattern.callback, "csrf_exempt", False)
    for user in able:
        client = signed_in(user)
        client.handler.enforce_csrf_checks = True
        assert client.post(address(pattern), {"name": "x"}).status_code == 403
        client.get(reverse("sign-in"))
        token = {"csrfmiddlewaretoken": client.cookies["kept_form"].value}
        assert client.post(address(pattern), token, headers={"Origin": FORGED}).status_code == 403


@named
def test_no_page_may_be_framed_or_taken_for_another_type(pattern: URLPattern, anybody_s: list[Client]) -> None:
    assert "frame-ancestors 'none'" in ALWAYS["Content-Security-Policy"]
    for client in anybody_s:
        headers = client.get(address(pattern)).headers
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
        assert headers["Content-Security-Policy"] == ALWAYS["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]


def refused(*answers: Any) -> bool:
    """Whether a page is not there for somebody, which does not hang on what else they send."""
    return all(answer.status_code == 404 for answer in answers)


@named
def test_nobody_is_led_elsewhere(pattern: URLPattern, anybody_s: list[Client]) -> None:
    for client in anybody_s:
        for wanted in ELSEWHERE:
            asked = dict.fromkeys(("next", "to", "url", "return", "back"), wanted)
            answers = client.get(address(pattern), asked), client.post(address(pattern), asked)
            for answer in answers:
                assert_ours(answer.headers.get("Location", "/"))
            if refused(*answers):
                break


def assert_ours(location: str) -> None:
    parts = urlsplit(location)
    assert (parts.scheme, parts.netloc) == ("", ""), location
    assert re.match(r"/(?![/\\])", location), location


def with_text() -> Iterator[tuple[URLPattern, str]]:
    """The addresses that take a text, each with the name of its place."""
    for pattern in ALL:
        for name, converter in pattern.pattern.converters.items():
            if type(converter).__name__ in ("StringConverter", "PathConverter"):
                yield pattern, name


@pytest.mark.parametrize(("pattern", "name"), list(with_text()), ids=lambda one: getattr(one, "name", one))
def test_an_address_leads_to_no_file(pattern: URLPattern, name: str, anybody_s: list[Client]) -> None:
    values = {one: VALUES[one] for one in pattern.pattern.converters}
    known = reverse(str(pattern.name), kwargs=values | {name: "PLACE"})
    for client in anybody_s:
        for wanted in PATHS:
            answer = client.get(known.replace("PLACE", quote(wanted, safe="")))
            assert answer.status_code in (302, 400, 401, 404, NOT_YET), wanted
            assert "root:" not in answer.text


@named
def test_whatever_is_typed_no_page_fails(pattern: URLPattern, anybody_s: list[Client]) -> None:
    """Every field that a page shows, with everything that nobody should type; nothing of it comes back as markup."""
    for client, text in list(opened(pattern, anybody_s)):
        for method, names in Fields(text).found.items():
            for typed in TYPED if names - {"csrfmiddlewaretoken"} else ():
                sent = urlencode(dict.fromkeys(names, typed), errors="surrogateescape")
                answer = asked(client, method, address(pattern), sent)
                assert answer.status_code < 500, (method, typed[:20])
                assert "<script>alert" not in answer.text


def asked(client: Client, method: str, page: str, sent: str) -> Any:
    """What a form with some fields comes to, sent as a browser sends it."""
    if method == "get":
        return client.get(f"{page}?{sent}")
    return client.post(page, sent, content_type="application/x-www-form-urlencoded")


PARTS = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--b--\r\n'


@pytest.mark.parametrize("charset", ["hex", "idna", "undefined", "utf-16", "garbage"])
@pytest.mark.parametrize("page", ["/sign-in", "/people/1", "/api/v1/events", "/nonesuch"])
def test_another_encoding_is_refused_in_words(charset: str, page: str, anybody_s: list[Client]) -> None:
    for client in anybody_s:
        for kind, body in (("multipart/form-data; boundary=b", PARTS), ("text/html", b"x")):
            answer = client.generic("POST", page, body, content_type=f"{kind}; charset={charset}")
            said = "The request cannot be read" if page.startswith("/api/") else "This cannot be done"
            assert (answer.status_code, said in answer.text) == (400, True)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "us-ascii"])
def test_ours_is_not(charset: str, client: Client, db: None) -> None:
    answer = client.generic(
        "POST", "/sign-in", PARTS, content_type=f"multipart/form-data; boundary=b; charset={charset}"
    )
    assert (answer.status_code, "Enter your password" in answer.text) == (200, True)


@named
def test_a_broken_address_is_no_fault_of_ours(pattern: URLPattern, anybody_s: list[Client]) -> None:
    for client in anybody_s:
        for asked in ("%ff=%fe&page=%00", "page=-1&page=x", "&&==&[]=1", f"q={'x' * 5000}", "page=9" + "9" * 40):
            answer = client.get(f"{address(pattern)}?{asked}")
            assert answer.status_code < 500 or answer.status_code == NOT_YET, asked[:20]
            if refused(answer):
                break


@named
def test_no_cell_of_a_file_is_a_formula(pattern: URLPattern, anybody_s: list[Client]) -> None:
    for client in anybody_s:
        page = client.get(address(pattern))
        if page.status_code != 200:
            continue
        if page.streaming:
            assert_harmless(page)
            continue
        ours = [link for link in Fields(page.text).links if link.startswith(("/", "?")) and "csv" in link]
        for answer in (page, *(client.get(_beside(address(pattern), link)) for link in ours)):
            assert_harmless(answer)


def _beside(page: str, link: str) -> str:
    return page + link if link.startswith("?") else link


def assert_harmless(answer: Any) -> None:
    if not answer.headers["Content-Type"].startswith("text/csv"):
        return
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if FORMULA.match(cell) and not _is_number(cell)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
