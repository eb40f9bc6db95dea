"""The service in a real browser: Debian's chromium, driven by Playwright, on a small invented force."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.web.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps a loop running while other tests ask Django

import django

django.setup()

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kept.web.building import BUILT, HERE
from kept.web.environment import INVENTED_PASSWORD
from tests.browser.hands import Hands, Pointer
from tests.support.demo import force

__all__ = ["force"]

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"wide": (1280, 900), "zoomed": (640, 450), "phone": (390, 844), "narrow": (320, 640)}
"""Widths and heights; zoomed is the widest at 200 %."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="write the pictures of the user guide here")
    parser.addoption("--store", metavar="STORE", help="serve this invented force, and not a small one made for it")


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium")
    if not found or not (BUILT / "static" / "staticfiles.json").exists():
        pytest.skip("needs Debian's chromium, and the pages' styles (make web)")
    return found


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> Path:
    """The store of a small invented force, or the one that was named."""
    named = request.config.getoption("--store")
    return Path(named) if named else request.getfixturevalue("force") / "store"


@pytest.fixture(scope="session")
def address(
    chromium: str, store: Path, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where `kept serve --demo` serves that store; on pictures as it comes, else with a language from right to left."""
    settings = "kept.web.settings" if pytestconfig.getoption("--pictures") else "tests.browser.settings"
    said = _environment() | {"DJANGO_SETTINGS_MODULE": settings}
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shutil.copytree(store, folder / "store")  # into which the service may evaluate
    command = ["serve", "--demo", "--store", str(folder / "store"), "--home", str(folder / "home"), "--port", str(port)]
    run = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())", *command, "--workers", "1"]
    with (folder / "log").open("w") as log, subprocess.Popen(run, stdout=log, stderr=log, env=said) as served:
        _said[:] = [folder / "log"]
        try:
            yield _waited_for(f"http://127.0.0.1:{port}", folder / "log")
        finally:
            served.send_signal(signal.SIGTERM)


_LONGEST = 120
"""Seconds in which the service is to answer for the first time, on a busy machine too."""
_said: list[Path] = []
_CASE = re.compile(r"/cases/(?P<investigation>[^/]+)/victims/(?P<victim>[^/]+)/contact")


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith(("KEPT_", "DJANGO_", "DATABASE"))}


def _waited_for(address: str, log: Path) -> str:
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return address
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-lcd-text"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own: `open_page(size="narrow", script=False)`."""
    contexts: list[BrowserContext] = []

    def open_one(size: str = "wide", script: bool = True, **more: Any) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, java_script_enabled=script, **more
        )
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def states() -> dict[str, Any]:
    """The sessions of those who have signed in, by name."""
    return {}


@pytest.fixture(scope="session")
def case(browser: Browser, address: str, states: dict[str, Any]) -> dict[str, str]:
    """A case that oscar holds, of which the service said so as it began: its `investigation`, a `victim` and a `key`.

    The key is of an obligation on the page of the case.
    """
    found = _CASE.search(_said[0].read_text(encoding="utf-8"))
    assert found
    context = browser.new_context(base_url=address)
    page = sign_in(context.new_page(), "oscar")
    states["oscar"] = context.storage_state()
    page.goto(f"/cases/{found['investigation']}")
    key = page.evaluate("document.querySelector('a[href*=\"/obligations/\"]').href.split('/obligations/')[1]")
    context.close()
    return {**found.groupdict(), "key": key}


@pytest.fixture
def open_as(open_page: Callable[..., Page], states: dict[str, Any]) -> Callable[..., Page]:
    """Open a page as somebody who has signed in: `open_as("oscar", size="narrow")`; "" for nobody."""

    def open_one(name: str, **how: Any) -> Page:
        if name and name not in states:
            states[name] = sign_in(open_page(), name).context.storage_state()
        return open_page(**how, storage_state=states.get(name))

    return open_one


def sign_in(page: Page, name: str, by: Hands | None = None) -> Page:
    """Sign in as one of the invented people, as a person does it.

    A code is good once: whoever comes back soon signs in with one of the recovery codes that they were shown.
    """
    hand = by or Pointer()
    page.goto("/sign-in")
    hand.write(page.locator("#name"), name)
    hand.write(page.locator("#password"), INVENTED_PASSWORD)
    sent(page, "main button", hand)
    shown = "".join(filter(str.isdigit, page.inner_text("main .govuk-inset-text")))
    hand.write(page.locator("#code"), _RECOVERY[name].pop() if _RECOVERY.get(name) else shown)
    sent(page, "main button", hand)
    if "/set-up" in page.url:
        _RECOVERY[name] = page.locator("main .kept-secret li").all_inner_texts()
        sent(page, "main a.govuk-button", hand)
    assert page.url.endswith("/"), page.url
    return page


def sent(page: Page, what: str, by: Hands | None = None) -> None:
    """Press something that leads on, perhaps to the same address, and be there."""
    with page.expect_navigation():
        (by or Pointer()).press(page.locator(what))


_RECOVERY: dict[str, list[str]] = {}
"""The recovery codes that people were shown as they first signed in, by name."""
