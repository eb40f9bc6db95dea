"""What is left to the worker: asked for once, again where it came to nothing, and never where no worker lives."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kept.web.jobs import asking, background
from kept.web.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    monkeypatch.setattr(asking, "_asked", {})
    return tmp_path / background.HEARTBEAT


def given_up() -> None:
    Job.objects.update(ended=timezone.now(), given_up=True)


def test_without_a_worker_whoever_asks_sees_to_it(beat: Path) -> None:
    assert not asking.left_to_worker("worklist", "a")
    assert not Job.objects.exists()


def test_a_worker_is_asked_once_for_the_same_and_again_for_another(beat: Path) -> None:
    beat.touch()
    for key in ("a", "a", "b"):
        assert asking.left_to_worker("worklist", key)
        given_up()
    assert [*Job.objects.order_by("pk").values_list("key", flat=True)] == ["a", "b"]


def test_what_was_given_up_is_asked_for_again_after_a_while(beat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beat.touch()
    asking.left_to_worker("worklist", "a")
    given_up()
    monkeypatch.setattr(asking, "_AGAIN", 0.0)
    asking.left_to_worker("worklist", "a")
    assert Job.objects.filter(ended=None).count() == 1
