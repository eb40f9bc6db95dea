"""Making the tables of a quarter: by the worker, or where none lives beside the pages; once, whoever asks for it."""

from __future__ import annotations

import logging
import threading

from kept.errors import KeptError, MeasureError
from kept.web.alone import alone
from kept.web.figures.reading import measures_of, opened_of, reading
from kept.web.jobs.asking import left_to_worker
from kept.web.rights.made import Quarter, register

RELEASED = "released"
"""The kind of work that makes them."""
_log = logging.getLogger("kept.released")
_making = threading.Lock()


def make(quarter: Quarter) -> None:
    """Make the tables of a quarter that waits for them, or say why they cannot be made. It takes a minute or two.

    Whoever comes while another makes some waits. StoreError where the records cannot be read.
    """
    from kept.web.rights.released import release  # here, since what solves and protects takes a second to be read

    with alone(quarter.folder.parent, RELEASED):
        if not quarter.waits:
            return
        at = opened_of(quarter.run)
        try:
            with reading(at):
                release(quarter, at, measures_of(quarter.run), register())
        except MeasureError as error:
            quarter.put_why_not(" ".join(fault.what for fault in error.faults))


def ask_for(quarter: Quarter) -> None:
    """Have them made, by a worker where one lives."""
    if not left_to_worker(RELEASED, str(quarter.folder)) and _making.acquire(blocking=False):
        threading.Thread(target=_make_and_let_go, args=[quarter], name=RELEASED, daemon=True).start()


def _make_and_let_go(quarter: Quarter) -> None:
    try:
        make(quarter)
    except (KeptError, OSError):
        _log.exception("the tables of a quarter could not be made")
    finally:
        _making.release()
