"""Each night the charts are drawn with which the pages of the rights begin."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kept.web import drawings
from kept.web.jobs import queue
from kept.web.jobs.models import Job
from kept.web.jobs.worker import Worker
from kept.web.people.models import User
from kept.web.rights import drawn
from tests.support.runs import last_run
from tests.web.conftest import signed_in

PAGES = ("/rights", "/rights/6", "/rights/6/gap", "/rights/2")


class _Nobody:
    """A drawer that counts how often it is asked, and draws nothing."""

    asked = 0

    def draw(self, spec: str, version: str) -> None:
        self.asked += 1


def test_who_opens_the_rights_in_the_morning_waits_for_no_drawing(
    person: Callable[..., User], invented: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    lead = signed_in(person("victim_lead"))
    drawn._DRAWN._known.clear()  # what another test drew lies in another home
    queue.ask("drawings", {"run": last_run(invented).id})
    Worker().run_once()
    assert Job.objects.get(kind="drawings").came_to["charts"] > 20
    monkeypatch.setattr(drawings, "_DRAWER", nobody := _Nobody())
    drawn._DRAWN._known.clear()
    pictures = [
        one for page in PAGES for one in re.findall(r'<img class="kept-picture" src="([^"]+)"', lead.get(page).text)
    ]
    assert len(pictures) >= 7
    for one in pictures:
        assert lead.get(one.replace("&amp;", "&")).text.startswith("<svg")
    assert nobody.asked == 0
