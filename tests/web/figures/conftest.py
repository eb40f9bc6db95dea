"""An invented force for tests of figures: the service shows its store, and its units are known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live

from kept.measures.asked import Opened
from kept.web.figures.reading import opened_run
from tests.support import demo


@pytest.fixture(scope="session")
def invented(shared: Path) -> Path:
    """The store of a small invented force, evaluated once."""
    return demo.invented(shared) / "store"


@pytest.fixture(autouse=True)
def _shown(settings: Any, invented: Path, _environment: None) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=invented)


@pytest.fixture
def at(_shown: None) -> Opened:
    return opened_run()
