"""Files that may be gzipped, whatever they are called."""

import gzip
from pathlib import Path
from typing import BinaryIO, cast


def is_gzip(path: Path) -> bool:
    """Whether a file is gzipped, by its content."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_binary(path: Path) -> BinaryIO:
    """Open a file, gzipped or not, as bytes."""
    return cast(BinaryIO, gzip.open(path)) if is_gzip(path) else path.open("rb")
