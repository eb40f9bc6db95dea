"""The door: a folder of files that is there whole or not at all, after a last look at what it gives away."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from kept.errors import Fault, MeasureError
from kept.records.manifest import put
from kept.release.about import About, method_note, release_data
from kept.release.csvw import csv_text, metadata
from kept.release.disclosure import Protected, verify
from kept.release.opendocument import write_open_document
from kept.release.overlap import left_out
from kept.release.register import Register
from kept.release.sheets import ReleaseTable, small_counts
from kept.release.spreadsheet import write_workbook

SUMS = "SHA256SUMS"
AGAIN = "Release again: something has left since these tables were counted, or they were counted apart."


def write_release(
    tables: Sequence[ReleaseTable], folder: Path, about: About, protected: Protected, register: Path | None = None
) -> Register:
    """Put tables into a new folder: a workbook, CSV with its metadata, a method note, `release.json` and checksums.

    `protected` holds all counts behind the tables; it is verified first, against the register. The register is put in
    place just before the folder, so that what has left is always in it. Returns the register as it then stands.

    MeasureError if the folder is there already, if there is nothing to release, or if the tables give something away.
    """
    with Register.held(register) if register else nullcontext(Register()) as known:
        _refuse(tables, folder, about, protected, known)
        now_known = known.with_tables(protected.released(about.name))
        with _staged(folder) as staged:
            _write_files(tables, staged, about, protected)
            if register:
                now_known.save(register)
    return now_known


def require_new(path: Path) -> None:
    """Refuse a file or folder that is there already; MeasureError. Ask first of all, since protecting takes a while."""
    if path.exists():
        raise MeasureError("There is something of that name already.", str(path), what_to_do="Name a new one.")


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """A folder beside the one that is wanted, which takes its place at the end, or leaves nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield staged
        staged.chmod(0o755)
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def write_log(path: Path, protected: Protected) -> None:
    """Put the decisions behind a release into a file, one JSON object a line. It tells where small counts are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, "".join(json.dumps(decision.as_data(), ensure_ascii=False) + "\n" for decision in protected.log))


def _refuse(
    tables: Sequence[ReleaseTable], folder: Path, about: About, protected: Protected, register: Register
) -> None:
    require_new(folder)
    if not tables:
        raise MeasureError("There is nothing to release.", about.name, what_to_do="Name a measure that has figures.")
    layouts = [table.layout for table in protected.tables]
    alone = {layout.scope.measure for layout in left_out(layouts, protected.overlaps, register)}
    shown = [place for table in tables for place in small_counts(table, protected.policy)]
    faults = [
        Fault("A small count is shown.", place, what_to_do="Fill tables from what is protected.") for place in shown
    ]
    faults += [
        Fault(
            "It may count the same people as another measure, and was not counted with it.", measure, what_to_do=AGAIN
        )
        for measure in sorted(alone)
    ]
    faults += [
        Fault("The tables give away a small count.", str(finding), what_to_do="Protect all of them in one step.")
        for finding in verify(protected, register)
    ]
    if faults:
        raise MeasureError.of(faults)


def _write_files(tables: Sequence[ReleaseTable], folder: Path, about: About, protected: Protected) -> None:
    workbook = folder / "tables.xlsx"
    write_workbook(workbook, tables, about, protected.policy)
    write_open_document(folder / "tables.ods", workbook)
    for number, table in enumerate(tables, 1):
        name = f"table-{number}.csv"
        _write(folder / name, csv_text(table))
        _write(folder / f"{name}-metadata.json", _json(metadata(table, name, about)))
    _write(folder / "method.md", method_note(about, protected.policy, tables))
    _write(folder / "release.json", _json(release_data(about, protected.policy, tables)))
    _write(folder / SUMS, _sums(folder))


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _json(said: Any) -> str:
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def _sums(folder: Path) -> str:
    """A line for each file, as `sha256sum` writes and checks them."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
