"""The members of each population as a run saw them: made once after a run, bucket by bucket, and read by every figure.

They stand beside the runs of a generation, one folder a run, put in place whole; erasing a person begins a new
generation, which has none until they are asked for. Moments are in UTC, facts are those that hold at the run's as-of.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kept.engine.results import Run
from kept.measures.catalogue import populations
from kept.measures.ledger.made import make_ledger
from kept.measures.members.bucket import Bucket
from kept.measures.members.coded import Codes
from kept.measures.members.earlier import Earlier, earlier_members, folder_of
from kept.measures.members.held import Held
from kept.measures.members.populated import made_populations
from kept.records.abreast import abreast
from kept.records.scratch import scratch

_UNFINISHED = ".unfinished-"
Progress = Callable[[int], None]


def are_made(run: Run) -> bool:
    """Whether the members of a run's populations are there to be read."""
    return folder_of(run).exists()


def members_of(run: Run, progress: Progress | None = None) -> Path:
    """The folder of the members of a run's populations, which are made where they are not there yet.

    `progress` hears of buckets done. Raises StoreError where a file of the store cannot be read.
    """
    folder = folder_of(run)
    if folder.exists():
        return folder
    folder.parent.mkdir(exist_ok=True)
    with scratch(folder.parent, _UNFINISHED) as unfinished:
        into = unfinished / folder.name
        into.mkdir()
        earlier = earlier_members(run)
        making = _Making(run, into, earlier, Codes.read(earlier.folder) if earlier else Codes())
        for _ in making.all_buckets():
            if progress:
                progress(1)
        making.codes.write(into)
        try:
            into.replace(folder)
        except OSError:
            if not folder.exists():  # else another process was quicker, and made the same
                raise
    return folder


@dataclass(frozen=True)  # without slots: the cached property needs a place
class _Making:
    """The making of one run's members into a folder, from those of an earlier one where there are any."""

    run: Run
    into: Path
    earlier: Earlier | None
    codes: Codes
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def _read(self) -> Held:
        return Held.of(self.run)

    def _held(self) -> Held:
        """Who held what, read once and only where any bucket is made anew."""
        with self._lock:
            return self._read

    def all_buckets(self) -> Iterator[None]:
        """Make every bucket, two at a time where there are two processors; one item for each that is done."""
        buckets, processors = self.run.version.buckets(), os.cpu_count() or 1
        workers = max(1, min(len(buckets), processors))
        return abreast(lambda bucket: self._bucket(bucket, max(1, processors // workers)), buckets, workers)

    def _bucket(self, number: int, threads: int) -> None:
        if self.earlier and self.earlier.still_holds(self.run, number):
            for path in self.earlier.folder.glob(f"*-{number:05d}.*"):
                (self.into / path.name).hardlink_to(path)
            return
        with Bucket.opened(self.run, number, threads, self._held()) as bucket:
            made_populations(bucket, populations().values(), self.into)
            make_ledger(bucket, self.codes, self.into)
