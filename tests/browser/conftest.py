"""The service in a real browser: Debian's chromium, driven by Playwright, on a small invented force."""

import os
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

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kept.web.building import BUILT, HERE
from kept.web.environment import INVENTED_PASSWORD
from tests.support.forces import GrowingForce, day

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"wide": (1280, 900), "narrow": (320, 640)}


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium")
    if not found or not (BUILT / "static" / "staticfiles.json").exists():
        pytest.skip("needs Debian's chromium, and the pages' styles (make web)")
    return found


@pytest.fixture(scope="session")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `kept serve --demo` serves a force of two cases, one each of two officers in two areas."""
    folder = tmp_path_factory.mktemp("served")
    grown, entered = GrowingForce(folder / "force"), {"entered_at": day(1)}
    held = {"from": day(1), "department": "response"}
    grown.load(
        crimes=[{"crime": f"C{n}", "investigation": f"I{n}", "reported_at": day(0), **entered} for n in (1, 2, 3)],
        victims=[{"victim": f"V{n}", "crime": f"C{n}", "person": f"P{n}", **entered} for n in (1, 2, 3)],
        postings=[
            {"investigation": "I1", "officer": "O1", "team": "Red", "area": "North", **held},
            {"investigation": "I2", "officer": "O1", "team": "Red", "area": "North", **held},
            {"investigation": "I3", "officer": "O9", "team": "Blue", "area": "South", **held},
        ],
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["serve", "--demo", "--store", str(grown.store.path), "--home", str(folder / "home"), "--port", str(port)]
    run = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())", *command, "--workers", "1"]
    with (folder / "log").open("w") as log, subprocess.Popen(run, stdout=log, stderr=log, env=_environment()) as served:
        yield _waited_for(f"http://127.0.0.1:{port}", folder / "log")
        served.send_signal(signal.SIGTERM)
        served.wait(20)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("KEPT_", "DJANGO_", "DATABASE"))}


def _waited_for(address: str, log: Path) -> str:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return address
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
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


def sign_in(page: Page, name: str) -> Page:
    """Sign in as one of the invented people, as a person does it. A code is good once, so each test has its own."""
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", INVENTED_PASSWORD)
    page.click("main button")
    page.fill("#code", "".join(filter(str.isdigit, page.inner_text("main .govuk-inset-text"))))
    page.click("main button")
    if "/set-up" in page.url:
        page.click("main a.govuk-button")
    return page


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]
