"""The `kept` command; `command.py` is where it begins."""

import sys
from collections.abc import Sequence

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Ctrl-C stops it with a sentence, even while its parts are being read in."""
    try:
        from kept.cli import command

        return command.main(arguments)
    except KeyboardInterrupt:
        print("Stopped. What was complete is kept; nothing half-written counts.", file=sys.stderr)
        return INTERRUPTED


__all__ = ["INTERRUPTED", "main"]
