"""What every test stands on: no network, and the same random examples in every run."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")

os.environ.pop("COLUMNS", None)  # what is printed is as wide as it is, however wide this window

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


class NetworkUsedError(AssertionError):
    """A test, or what it tests, tried to leave this machine."""


def _host(address: Any) -> str | None:
    return address[0] if isinstance(address, tuple) else None  # a path is a socket of this machine


def _require_loopback(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOOPBACK:
        raise NetworkUsedError(f"Tests use no network, and this one asked for {name}.")


_TOGETHER = ("tests/browser/", "tests/web/figures/", "tests/web/rights/")
"""Folders whose tests share what takes long to be made."""


def _together(nodeid: str) -> str:
    """What one process runs: a test, all of Spark, whose servers fill the machine, or what shares a long beginning.

    What holds the most tests is handed out first, and then the rest in their order, so that the last are short.
    """
    if "/test_spark" in nodeid:
        return "spark"
    if nodeid.startswith("tests/integration/"):
        return nodeid.partition("::")[0]
    return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand a test to whoever has room."""
    from xdist.scheduler import LoadScopeScheduling

    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _together
    return scheduler


@pytest.fixture(autouse=True)
def _no_service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not test the service has none: its tests leave its home in the environment of their process."""
    if "/tests/web/" not in str(request.path):
        monkeypatch.delenv("KEPT_HOME", raising=False)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Let sockets reach this machine only; names of other machines are not even looked up."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def local_connect(self: socket.socket, address: Any) -> None:
        _require_loopback(_host(address))
        connect(self, address)

    def local_connect_ex(self: socket.socket, address: Any) -> int:
        _require_loopback(_host(address))
        return connect_ex(self, address)

    def local_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        _require_loopback(host)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_connect)
        patch.setattr(socket.socket, "connect_ex", local_connect_ex)
        patch.setattr(socket, "getaddrinfo", local_look_up)
        yield


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, the same for all of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data(repository: Path) -> Path:
    """Real open data (KEPT_REAL_DATA, or beside the repository); the test is skipped where it is absent."""
    folder = Path(os.environ.get("KEPT_REAL_DATA", repository.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("real data is absent: set KEPT_REAL_DATA to its folder")
    return folder
