"""The drawer: a process beside the service that turns specifications of charts into SVG.

Drawing takes a tenth of a second, and holds the interpreter that draws for all of it: every other request of its
process would stand still. `python -m kept.web.drawer` draws what it reads, a line of JSON each, and ends with whoever
started it. Only the standard library is read in here, so that it begins at once.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import weakref
from typing import IO

_PATIENCE = 20.0
"""Seconds after which a drawing is given up, and with it the process that was at it."""
_log = logging.getLogger("kept.drawer")


class Drawer:
    """A process that draws, started when it is first asked, and anew where it has ended; safe for many threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def draw(self, spec: str, version: str) -> str | None:
        """A specification, as JSON, drawn by a version of Vega-Lite; None where the drawer cannot draw it."""
        asked = json.dumps({"spec": spec, "version": version})
        with self._turn:
            answer = self._answer(asked)
            answer = self._answer(asked) if answer is None else answer  # it had ended, and is started anew
        return answer[0] if answer else None

    def _answer(self, asked: str) -> list[str] | None:
        """What the drawer says: a list of the drawing, empty where it cannot draw it; None where it has ended."""
        try:
            process = self._running()
        except OSError:  # no further process can be begun here
            return None
        late = threading.Timer(_PATIENCE, process.kill)
        late.start()
        try:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{asked}\n")
            process.stdin.flush()
            drawn: list[str] = json.loads(process.stdout.readline())
            return drawn
        except (OSError, ValueError):  # it has ended
            _log.warning("the drawer ended and is started anew")
            _end(process)
            self._process = None
            return None
        finally:
            late.cancel()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, "-m", __name__]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
            )  # in a session of its own, so that who stops the service from a terminal does not stop it first
            weakref.finalize(self, _end, self._process)
        return self._process


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        _close(pipe)


def _close(pipe: IO[str] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except OSError:  # what was not written yet is for nobody
        pass


def main() -> None:
    """Draw line after line, until whoever asks is gone."""
    import vl_convert

    for line in sys.stdin:
        asked = json.loads(line)
        try:
            drawn = [str(vl_convert.vegalite_to_svg(asked["spec"], vl_version=asked["version"], allowed_base_urls=[]))]
        except ValueError:  # what is wrong is said by whoever draws it after this
            drawn = []
        sys.stdout.write(f"{json.dumps(drawn)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
