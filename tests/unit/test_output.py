"""What commands print for people."""

import sys
from pathlib import Path
from typing import get_args

import pytest

from kept.cli.legends import MEANS, legend
from kept.cli.output import called, say
from kept.code.model import State


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


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("It fits.", "It fits."),
        ("A sentence that is longer than a line.", "A sentence that is\nlonger than a line."),
        ("  No limit is set; it is judged later.", "  No limit is set; it\n  is judged later."),
        ("  late  done after the time of the law", "  late  done after\n        the time of\n        the law"),
        ("https://example.test/a-long-address", "https://example.test/a-long-address"),
    ],
)
def test_what_is_said_is_wrapped_below_where_it_begins(
    line: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "21")
    say(f"{line}\n\nOk.")
    assert capsys.readouterr().out == f"{printed}\n\nOk.\n"


def test_what_nobody_looks_at_is_not_wrapped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    say("word " * 200)
    assert capsys.readouterr().out.count("\n") == 1


def test_every_state_is_in_the_legend() -> None:
    shown = {"not_measurable": "cannot tell"}
    assert {shown.get(state, state.replace("_", " ")) for state in get_args(State)} <= set(MEANS)
    assert legend(("met", "title", "late")) == "  met   done in time\n  late  done after it was due"
