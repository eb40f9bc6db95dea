"""Adding to the access log, and finding where it was tampered with.

Each line's digest covers the line before it, so a line that is altered, moved, put in or taken out breaks the chain
there. Lines taken off the end leave a whole chain; they are missed by whoever kept the log's head: it is written into
the service's own log with every line, and `kept log head` prints it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC
from functools import cache

from django.db import connection, transaction
from django.db.models import CharField
from django.utils import timezone

from kept.web.consulted import lists
from kept.web.consulted.models import Access, Head

LONGEST = {field.name: field.max_length for field in Access._meta.fields if isinstance(field, CharField)}
"""How many characters of each are kept."""
_log = logging.getLogger("kept.log")


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be logged: what kind of access (`models.KINDS`), by whom, to what, by which route, and why.

    `seen`: where it is about several cases or victims, each of them.
    """

    kind: str
    who: str
    route: str
    investigation: str = ""
    victim: str = ""
    why: str = ""
    seen: tuple[lists.Seen, ...] = ()

    @classmethod
    def about(cls, kind: str, who: str, route: str, seen: Iterable[lists.Seen], why: str = "") -> Line:
        """A line about some cases and victims, however many they are."""
        those = tuple(dict.fromkeys((_cut("investigation", case), _cut("victim", victim)) for case, victim in seen))
        case, victim = (lists.common([one[place] for one in those]) for place in (0, 1))
        return cls(kind, who, route, case, victim, why, those if len(those) > 1 else ())


@dataclass(frozen=True, slots=True)
class Anchor:
    """The log's end as somebody once noted it: the number of the last line, and its digest."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line that is not what it was: its number, and what is wrong with it."""

    number: int
    what: str


def add(line: Line) -> Anchor:
    """Add a line; it is there once this returns, or once the transaction that this stands in ends.

    Writers wait for one another: SQLite lets one transaction write at a time, on PostgreSQL they queue for the head.
    """
    with _in_turn():
        head = Head.objects.select_for_update().get(pk=1)
        listed = lists.put(line.seen) if line.seen else None
        row = Access(number=head.number + 1, at=timezone.now(), before=head.digest, listed=listed, **_texts(line))
        row.digest = digest(row)
        row.save(force_insert=True)
        Head.objects.filter(pk=1).update(number=row.number, digest=row.digest)
    anchor = Anchor(row.number, row.digest)
    transaction.on_commit(lambda: _log.info("access logged", extra={"head": str(anchor)}))
    return anchor


@contextmanager
def _in_turn() -> Iterator[None]:
    """A transaction of its own that makes those behind it wait for the head, but not for the disk.

    On PostgreSQL it lets go of the head before the disk has it, and then waits until it has: while a load keeps the
    disk busy, all who wait for it do so together and not one after another.
    """
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            _ask("SET LOCAL synchronous_commit TO off")
        yield
    if alone:
        _ask("SELECT pg_logical_emit_message(true, 'kept', '')")  # its commit takes all before it to the disk


def _ask(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)


def head() -> Anchor:
    """Where the log ends, by its own word."""
    found = Head.objects.get(pk=1)
    return Anchor(found.number, found.digest)


def digest(row: Access) -> str:
    """SHA-256, in hexadecimal, of a line's fields in one fixed spelling; the moment in UTC, to the microsecond."""
    said = [row.number, row.at.astimezone(UTC).isoformat(timespec="microseconds"), row.kind, row.who]
    said += [row.investigation, row.victim, row.route, row.why, row.before, *([row.listed] if row.listed else [])]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def verify(anchor: Anchor | None = None) -> Broken | None:
    """The first broken line, or None where the log is whole and ends where its head, or the `anchor`, says.

    Lines that are added meanwhile are left for the next time.
    """
    end, last, is_whole = head(), Anchor(0, ""), cache(lists.is_whole)
    for row in Access.objects.filter(number__lte=end.number).order_by("number").iterator(chunk_size=2000):
        if fault := _fault(row, last, anchor) or _fault_of_list(row, is_whole):
            return Broken(min(row.number, last.number + 1), fault)
        last = Anchor(row.number, row.digest)
    return next(_at_the_end(end, last, anchor), None)


def _fault(row: Access, last: Anchor, anchor: Anchor | None) -> str:
    if row.number != last.number + 1:
        return f"missing: after line {last.number} comes line {row.number}"
    if row.before != last.digest:
        return "it does not follow the line before it"
    if digest(row) != row.digest:
        return "it is not what was written: its digest is another"
    noted = anchor is not None and anchor.number == row.number and anchor.digest != row.digest
    return "it is not the line that was noted" if noted else ""


def _fault_of_list(row: Access, is_whole: Callable[[str], bool]) -> str:
    return "the list of cases that it names is not what was written" if row.listed and not is_whole(row.listed) else ""


def _at_the_end(end: Anchor, last: Anchor, anchor: Anchor | None) -> Iterator[Broken]:
    if end.number > last.number or (anchor and anchor.number > last.number):
        yield Broken(last.number + 1, "missing: the log ended later than this")
    if end.digest != last.digest:
        yield Broken(last.number, "it is not the line that the head names")
    beyond = Access.objects.order_by("-number").values_list("number", flat=True).first() or 0
    if beyond > head().number:  # asked in this order, so that a line added in between is not taken for a fault
        yield Broken(end.number + 1, "it stands beyond the head")


def _texts(line: Line) -> dict[str, str]:
    return {one.name: _cut(one.name, getattr(line, one.name)) for one in fields(line) if one.name != "seen"}


def _cut(name: str, text: str) -> str:
    return text.replace("\x00", "")[: LONGEST[name]]
