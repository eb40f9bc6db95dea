"""Extracts on their way in: sent by browser, or pointed to in a folder; unpacked within bounds, and kept for a while.

What is sent lies under `KEPT_HOME/extracts`, one folder each, which only the service can read.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings

from kept.errors import RecordsError
from kept.records.layout import FORMATS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_FILES = 200
LONGEST_NAME = 200  # bytes: a disk holds 255
_AT_ONCE = 1 << 20  # bytes
SENT = "sent"
FILES = "files"
ACCEPTED = (*FORMATS, ".gz", ".zip")
"""How the names of files may end."""


def folder() -> Path:
    """Where what was sent lies."""
    home: Path = settings.ENVIRONMENT.home
    return home / "extracts"


def new() -> Path:
    """A new folder for an extract."""
    folder().mkdir(mode=0o700, exist_ok=True)
    into = folder() / token_hex(8)
    into.mkdir(mode=0o700)
    return into


def receive(files: Iterable[UploadedFile[Any]]) -> Path:
    """Keep what was sent, as it was sent, in a folder of its own; OSError where the disk is full."""
    into = new()
    (into / SENT).mkdir(mode=0o700)
    try:
        for file in files:
            with (into / SENT / Path(file.name or "file").name).open("xb") as copy:
                for chunk in file.chunks(_AT_ONCE):
                    copy.write(chunk)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return into


def unpacked(extract: Path) -> Path:
    """The folder with an extract's files: what was sent, archives unpacked. RecordsError where it is not to be."""
    sent = extract / SENT
    if not sent.is_dir():
        return extract
    files = extract / FILES
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(mode=0o700)
    room = _Room(settings.ENVIRONMENT.upload)
    for path in sorted(sent.iterdir()):
        if path.suffix.lower() == ".zip":
            _unzip(path, files, room)
        else:
            (files / path.name).hardlink_to(path)
    return files


def fault_of_zip(file: IO[bytes], most: int) -> str:
    """Why an archive will not be taken, by its list of contents, as a code; blank where it seems sound."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = _entries(archive)
            return "large" if sum(one.file_size for one in names) > most else ""
    except RecordsError:
        return "unsafe"
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return "broken"


class _Room:
    """How many bytes may still be written, whatever an archive says of itself."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise RecordsError("The archive holds more than may be sent.", what_to_do="Send it in parts, or by folder.")


def _unzip(path: Path, into: Path, room: _Room) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in _entries(archive):
                target = into / entry.filename
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with archive.open(entry) as packed, target.open("xb") as copy:
                    while chunk := packed.read(_AT_ONCE):
                        room.take(len(chunk))
                        copy.write(chunk)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, FileExistsError) as error:
        raise RecordsError(
            "The archive cannot be unpacked.", path.name, type(error).__name__, "Make it again, without a password."
        ) from None


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive; RecordsError where one of them would leave the folder, or there are too many."""
    found = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(found) > MOST_FILES or not all(map(_is_safe, found)):
        raise RecordsError(
            "The archive holds what cannot be taken.",
            why=f"It has a link, a path that leads out of its folder, or more than {MOST_FILES} files.",
            what_to_do="Pack the extract's own files only.",
        )
    return found


def _is_safe(entry: zipfile.ZipInfo) -> bool:
    path, kind = PurePosixPath(entry.filename), stat.S_IFMT(entry.external_attr >> 16)
    plain = entry.filename.isprintable() and "\\" not in entry.filename and ":" not in entry.filename
    inside = not path.is_absolute() and ".." not in path.parts and is_short(entry.filename)
    return plain and inside and kind in (0, stat.S_IFREG) and not entry.flag_bits & 1


def is_short(name: str) -> bool:
    """Whether a disk takes a file's name."""
    return len(name.encode("utf-8", "replace")) <= LONGEST_NAME


def offered() -> list[str]:
    """The folders under KEPT_EXTRACTS that somebody may point to, by name."""
    root: Path | None = settings.ENVIRONMENT.extracts
    return [] if root is None or not root.is_dir() else sorted(_visible(root))[:MOST_FILES]


def _visible(root: Path) -> Iterator[str]:
    for path in root.iterdir():
        if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            yield path.name


def pointed_to(name: str) -> Path | None:
    """The folder of a name that is offered; None where it is not."""
    root: Path | None = settings.ENVIRONMENT.extracts
    return root / name if root and name in offered() else None


def delete_before(moment: datetime, keep: set[Path]) -> int:
    """Delete what was sent before a moment, and is not to be kept; returns how many extracts that were."""
    old = [path for path in folder().glob("*") if path.stat().st_mtime < moment.timestamp() and path not in keep]
    for path in old:
        shutil.rmtree(path)
    return len(old)
