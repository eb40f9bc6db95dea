"""How often signing in may fail.

Failures are counted for a name from an address, and for an address. So a stranger who fails on purpose shuts out
nobody but whoever shares the stranger's address, and even them for a quarter of an hour at most; and whoever tries many
names from one address is stopped as well. Guessing one name from many addresses still needs the one-time code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from kept.web.people.models import Failures

_FORGOTTEN = timedelta(hours=1)
_LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Counter:
    """What failures are counted of, and how many are free; each further one doubles the wait, from a minute."""

    key: str
    free: int

    def wait(self, count: int) -> timedelta:
        if count < self.free:
            return timedelta(0)
        return min(timedelta(minutes=2 ** min(count - self.free, 10)), _LONGEST)


def counters(name: str, address: str) -> tuple[Counter, ...]:
    """The counters that an attempt concerns."""
    return (_counter("name", f"{name.casefold()}|{address}", 5), _counter("address", address, 50))


def attempt(name: str, address: str) -> bool:
    """Whether this attempt may be made. It counts as failed until `succeeded` says otherwise, so that many at once
    are not all taken for the first."""
    now = timezone.now()
    with transaction.atomic():
        rows = [_row(counter, now) for counter in counters(name, address)]
        if any(now < row.last + counter.wait(row.count) for counter, row in rows):
            return False
        for _, row in rows:
            row.count, row.last = row.count + 1, now
            row.save()
    return True


def succeeded(name: str, address: str) -> None:
    """Forget the failures of a name from an address, and take this attempt off the address's count."""
    of_name, of_address = counters(name, address)
    with transaction.atomic():
        Failures.objects.filter(key=of_name.key).delete()
        row = Failures.objects.select_for_update().filter(key=of_address.key).first()
        if row and row.count:
            row.count -= 1
            row.save()


def _row(counter: Counter, now: datetime) -> tuple[Counter, Failures]:
    Failures.objects.get_or_create(key=counter.key, defaults={"last": now - _LONGEST})
    row = Failures.objects.select_for_update().get(key=counter.key)
    if row.last < now - _FORGOTTEN:
        row.count = 0
    return counter, row


def _counter(kind: str, of: str, free: int) -> Counter:
    return Counter(sha256(f"{kind}|{of}".encode()).hexdigest(), free)
