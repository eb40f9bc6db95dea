"""Plain HTTP and invented people stay on this machine."""

import os
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kept.errors import UsageError
from kept.web import environment, serving
from kept.web.environment import COUNTS_FOLDER
from kept.web.serving import check

BEHIND_HTTPS = environment.read({})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_this_machine_may_be_served_in_any_way(host: str) -> None:
    check(replace(BEHIND_HTTPS, https=False, demo=True), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "kept.example", "::"])
def test_others_are_served_by_https_alone_and_never_by_invented_people(host: str) -> None:
    check(BEHIND_HTTPS, host)
    for plain in (replace(BEHIND_HTTPS, https=False), replace(BEHIND_HTTPS, demo=True)):
        with pytest.raises(UsageError, match="by HTTPS only"):
            check(plain, host)


def _left_by_a_fork(leave: ExitStack) -> None:
    """Let a forked process leave what it was begun in, as one of gunicorn's does that is replaced."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            leave.close()
        os._exit(0)
    os.waitpid(child, 0)


def test_what_is_beside_the_service_ends_with_it_and_not_with_a_process_that_it_forked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Started:
        def __init__(self, command: list[str], stdout: int) -> None: ...

        def terminate(self) -> None:
            (tmp_path / "ended").touch()

        def wait(self) -> None: ...

    monkeypatch.setattr("kept.web.serving.subprocess.Popen", Started)
    monkeypatch.setenv(COUNTS_FOLDER, "")
    with ExitStack() as leave:
        leave.enter_context(serving._beside(with_worker=True))
        counts = Path(os.environ[COUNTS_FOLDER])
        _left_by_a_fork(leave)
        assert counts.is_dir()
        assert not (tmp_path / "ended").exists()
    assert not counts.exists()
    assert (tmp_path / "ended").exists()
