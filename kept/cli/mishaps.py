"""What goes wrong beneath a command, as sentences: the disk, the engines that read files, and faults of Kept."""

import traceback
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError

from kept.errors import DiskError, KeptError, StoreError, is_full_disk

DEBUG = "KEPT_DEBUG"
"""The environment variable that lets a traceback through."""
_ENGINES = (duckdb.Error, pa.ArrowException, DeltaError)


def of_the_disk(error: OSError) -> KeptError:
    """What the system refused."""
    if is_full_disk(error):
        return _full(str(error.filename) if error.filename else None)
    if isinstance(error, FileNotFoundError) and error.strerror is None:  # as Arrow says it of a table's file
        return _damaged(str(error).splitlines()[0])
    return DiskError(
        f"The system refused: {error.strerror or error}.",
        where=str(error.filename) if error.filename else None,
        why="What was being written is not complete; what was there before is unharmed.",
        what_to_do="Mend that and run the command again.",
    )


def interrupted(error: Exception) -> bool:
    """Whether it is DuckDB's way of saying that Ctrl-C was pressed."""
    return isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted"


def of_the_engines(error: Exception) -> KeptError | None:
    """What an engine that reads or writes files says; None if it is no such error."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    if not isinstance(error, _ENGINES):
        return None
    if is_full_disk(error):
        return _full(None)
    if isinstance(error, duckdb.IOException) and "Cannot open file" in said:
        return DiskError("A file cannot be opened.", why=said, what_to_do="Mend that and run the command again.")
    return _damaged(said)


def of_kept(error: Exception) -> KeptError:
    """A fault of Kept's own: said in a line, with the place that a maintainer needs."""
    frames = traceback.extract_tb(error.__traceback__)
    return KeptError(
        f"Kept has failed, and the fault is its own: {type(error).__name__}.",
        where=f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else None,
        why=str(error).splitlines()[0] if str(error) else "",
        what_to_do=f"Run it again with {DEBUG}=1 and send what it prints to the maintainers, if it names nobody.",
    )


def _damaged(why: str) -> StoreError:
    return StoreError(
        "A file of the store cannot be read.",
        why=why,
        what_to_do="`kept doctor --store STORE` names every file that is damaged. Restore them from a copy, or load "
        "the extracts into a new store.",
    )


def _full(where: str | None) -> DiskError:
    return DiskError(
        "The disk is full.",
        where=where,
        why="What was being written is not complete; what was there before is unharmed.",
        what_to_do="Free some space and run the command again.",
    )
