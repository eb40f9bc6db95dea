"""Somebody of each role does their first job in a real browser, in every way in which people get about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kept.web.people.roles import ROLES
from tests.browser.first_jobs import JOBS, Job
from tests.browser.walk import Walk
from tests.browser.ways import WAYS

IN = ("wide", "phone", "narrow", "zoomed", "keyboard", "without script", "in Welsh", "from right to left")
SAMPLE = {("investigator", "narrow"), ("victim_lead", "keyboard")}
"""What `make test` does; `make browser` does all."""
PICTURED = {"wide", "phone"}
"""The ways in which pictures are taken (`--pictures`)."""


def every_way() -> list[Any]:
    return [
        pytest.param(job, way, id=f"{job.role} {way}", marks=[] if (job.role, way) in SAMPLE else pytest.mark.every)
        for way in IN
        for job in JOBS
    ]


@pytest.mark.parametrize(("job", "way"), every_way())
def test_a_first_job_is_done(
    open_page: Callable[..., Page], case: dict[str, str], pytestconfig: pytest.Config, job: Job, way: str
) -> None:
    how, folder = WAYS[way], pytestconfig.getoption("--pictures")
    pictures = Path(folder) if folder and way in PICTURED else None
    walk = Walk(open_page(**how.browser), how, case["investigation"], pictures)
    walk.begins(job.by)
    job.does(walk)
    assert walk.wrong == {}


def test_every_role_has_a_first_job() -> None:
    assert [job.role for job in JOBS] == list(ROLES)
