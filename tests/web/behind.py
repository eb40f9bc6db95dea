"""A service whose worklist is behind its records: a load has just come in, and the worker has not come to it yet."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live

from kept.web.jobs import asking, background
from kept.web.worklist import current
from tests.support.forces import GrowingForce


def load_behind(
    settings: Any, monkeypatch: pytest.MonkeyPatch, store: Path, beside: Path, now: datetime, **tables: Any
) -> None:
    """Show a copy of a store with a worklist, into which rows were loaded since."""
    grown = GrowingForce.like(store.parent, beside / "force", now)
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=grown.store.path, home=beside)
    old = current.make_now()
    monkeypatch.setattr(asking, "_asked", {})
    monkeypatch.setattr(background, "alive", lambda: True)
    grown.load(**tables)
    assert current.current().path == old
