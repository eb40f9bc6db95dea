"""What commands print for people."""

import sys
from pathlib import Path

import pytest

from kept.cli.output import called


@pytest.mark.parametrize(
    ("argument", "on_path", "said"),
    [
        (".venv/bin/kept", False, ".venv/bin/kept"),
        (".venv/bin/kept", True, "kept"),
        ("/usr/lib/python3/pytest", False, "kept"),
    ],
)
def test_a_printed_command_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str, on_path: bool, said: str
) -> None:
    if on_path:
        (tmp_path / "kept").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [argument])
    assert called() == said
