"""What goes wrong beneath a command, as sentences: the disk, the engines that read files, and faults of Kept."""

import sys
import traceback
from pathlib import Path

from kept.errors import DiskError, KeptError, StoreError, is_full_disk

DEBUG = "KEPT_DEBUG"
"""The environment variable that lets a traceback through."""
_ENGINES = (("duckdb", "Error"), ("pyarrow", "ArrowException"), ("deltalake.exceptions", "DeltaError"))
_REFUSED: tuple[tuple[tuple[type[OSError], ...], tuple[str, str]], ...] = (
    ((FileNotFoundError,), ("There is no such file or folder.", "Check the path, and that its folder is there.")),
    ((FileExistsError, NotADirectoryError), ("A file stands where a folder is needed.", "Name another place.")),
    ((IsADirectoryError,), ("A folder stands where a file is needed.", "Name a file.")),
    ((PermissionError,), ("It may not be read or written by you.", "Name another place, or ask whoever owns it.")),
)
"""What the system refuses most often, in words: what, and what to do."""


def of_the_disk(error: OSError) -> KeptError:
    """What the system refused."""
    if is_full_disk(error):
        return _full(str(error.filename) if error.filename else None)
    if isinstance(error, FileNotFoundError) and error.strerror is None:  # as Arrow says it of a table's file
        return _damaged(str(error).splitlines()[0])
    what, what_to_do = next(
        (said for kinds, said in _REFUSED if isinstance(error, kinds)),
        (f"The system refused: {error.strerror or error}.", "Mend that and run the command again."),
    )
    why = "What was being written is not complete; what was there before is unharmed."
    return DiskError(what, str(error.filename) if error.filename else None, why, what_to_do)


def interrupted(error: Exception) -> bool:
    """Whether it is DuckDB's way of saying that Ctrl-C was pressed."""
    return _is(error, "duckdb", "InterruptException") or str(error) == "Query interrupted"


def of_the_engines(error: Exception) -> KeptError | None:
    """What an engine that reads or writes files says; None if it is no such error."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    if not any(_is(error, *one) for one in _ENGINES):
        return None
    if is_full_disk(error):
        return _full(None)
    if _is(error, "duckdb", "IOException") and "Cannot open file" in said:
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


def _is(error: Exception, module: str, name: str) -> bool:
    """Whether an error is of a kind that a module has; where that was never read in, nothing is."""
    return module in sys.modules and isinstance(error, getattr(sys.modules[module], name))


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
