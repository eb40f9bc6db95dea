"""People who click, for locust: each signs in once and then goes through their day, a click in about five seconds.

Locust runs this in an environment of its own, so that nothing of Kept is read in. The plan is `bench.load.plan`'s, in
the file that KEPT_LOAD_PLAN names.
"""

import itertools
import json
import os
import random
import re
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

PLAN: dict[str, Any] = json.loads(Path(os.environ["KEPT_LOAD_PLAN"]).read_text(encoding="utf-8"))
_PEOPLE = itertools.cycle(PLAN["people"])
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CODE = re.compile(r'govuk-inset-text">[^<]*?(\d{6})')
_LINK = re.compile(r'href="(/[^"]*)"')
_PICTURE = re.compile(r'<img[^>]* src="(/[^"]*)"')
_TRIES = 3
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]*)"')


class Person(HttpUser):  # type: ignore[misc]
    """One person with a browser of their own."""

    wait_time = between(4, 6)

    def on_start(self) -> None:
        self.plan = next(_PEOPLE)
        self.clicks = itertools.cycle(self.plan["clicks"])
        self.number, self.chance = 0, random.Random(self.plan["name"])
        self.page = next((page for _ in range(_TRIES) if (page := self._sign_in())), "")

    @task
    def click(self) -> None:
        """The next page of the day; every so often the crime system asks its question instead."""
        self.number += 1
        charge = PLAN.get("charge")
        if charge and self.number % charge["every"] == 0:
            self._ask(charge)
            return
        one = next(self.clicks)
        address = self._where(one)
        if address:
            self.page = self._open(address, one["page"])

    def _where(self, one: dict[str, Any]) -> str:
        """A link of the page before that leads there, else one of the addresses; blank where there is neither."""
        fits = re.compile(one["fits"])
        links = [link for link in _LINK.findall(self.page) if fits.match(link.partition("?")[0])]
        return str(self.chance.choice(links or one["addresses"] or [""])).replace("&amp;", "&")

    def _open(self, address: str, page: str) -> str:
        with self.client.get(address, name=page, catch_response=True) as answer:
            if answer.status_code != 200 or "/sign-in" in answer.url:
                answer.failure(f"{answer.status_code} {answer.url.partition('?')[0][-30:]}")
            text = str(answer.text)
        for picture in _PICTURE.findall(text):
            if not picture.startswith("/static/"):
                self.client.get(picture.replace("&amp;", "&"), name=f"{page}, a picture")
        return text

    def _ask(self, charge: dict[str, Any]) -> None:
        asked = self.chance.choice(charge["asked"])
        self.client.post(charge["address"], json=asked, headers=charge["headers"], name=charge["page"])

    def _sign_in(self) -> str:
        """The first page; blank where a code was too old by the time that it was sent."""
        page = self.client.get("/sign-in", name="sign-in").text
        for address in sorted(set(_STATIC.findall(page))):
            self.client.get(address, name="styles and scripts")
        page = self._send(page, "/sign-in", {"name": self.plan["name"], "password": PLAN["password"]})
        where = "/sign-in/set-up" if 'action="/sign-in/set-up"' in page else "/sign-in/code"
        found = _CODE.search(page)
        self._send(page, where, {"code": found[1] if found else ""})
        answer = self.client.get("/", name="home")
        return "" if "/sign-in" in answer.url else str(answer.text)

    def _send(self, page: str, address: str, said: dict[str, str]) -> str:
        found = _TOKEN.search(page)
        said = {**said, "csrfmiddlewaretoken": found[1] if found else ""}
        return str(self.client.post(address, said, name="sign-in").text)
