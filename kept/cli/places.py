"""Places that a command is to write to, looked at before the work is done."""

import os
from pathlib import Path

from kept.errors import DiskError


def require_writable(to: Path) -> None:
    """Refuse a file that cannot be written; DiskError."""
    if to.is_dir() or not os.access(to.parent, os.W_OK):
        raise DiskError(
            "Nothing can be written there.",
            where=str(to),
            why="It is a folder." if to.is_dir() else f"There is no folder {to.parent} that you may write to.",
            what_to_do="Name a file in a folder that is there and yours.",
        )
