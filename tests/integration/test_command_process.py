"""The command as a process of its own: Ctrl-C at any moment, a reader that goes away, a disk that is full."""

import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from kept.engine.results import Run

COMMAND = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())"]
INTERRUPT_IN_THE_MIDDLE = """
import os, signal, sys, threading
from kept.cli import main
import kept.engine.local as local
evaluate = local.Work.evaluate
def interrupted(work, piece, into):
    if piece.number == 3:
        os.killpg(0, signal.SIGINT)
    return evaluate(work, piece, into)
local.Work.evaluate = interrupted
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def finished(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def started(arguments: list[str]) -> "subprocess.Popen[str]":
    """A process that hears Ctrl-C, also where the tests themselves were started in the background and do not."""
    return subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_stops_an_evaluation_and_its_workers(small_force: Run, tmp_path: Path) -> None:
    store = Path(shutil.copytree(small_force.folder.parents[2], tmp_path / "store"))
    program = tmp_path / "program.py"
    program.write_text(INTERRUPT_IN_THE_MIDDLE)
    command = [sys.executable, str(program), "evaluate", "--store", str(store), "--as-of", "2026-05-01"]
    process = started(command)
    code, out, err = finished(process)
    assert (code, out) == (130, ""), err
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("Stopped.")
    left = {path.name for path in (store / "gen-0001" / "runs").iterdir()} - {".lock"}
    assert len(left) == 1  # the demo's own
    until = time.monotonic() + 10
    while alive(process.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(process.pid)


@pytest.mark.parametrize("after", [0.3, 0.8])
def test_ctrl_c_while_the_command_is_being_read_in_is_no_traceback(tmp_path: Path, after: float) -> None:
    program = "import kept.cli, sys; print('begun', flush=True); sys.exit(kept.cli.main())"
    process = started([sys.executable, "-c", program, "demo", str(tmp_path / "force"), "--victims", "20000"])
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    code, _, err = finished(process)
    assert (code, err) == (130, "Stopped. What was complete is kept; nothing half-written counts.\n")
    assert not (tmp_path / "force").exists()


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = started([*COMMAND, "code", "show", "R6-1a", "--json"])
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), said) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_has_its_own_code() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([*COMMAND, "code", "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 10
    assert done.stderr.startswith("The disk is full.")
