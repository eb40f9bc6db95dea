"""Sealing what must be unreadable in the database: AES-256-GCM, with keys in a file outside it.

What is sealed is bound to the row and field it was sealed for, so that moving it to another row is noticed. The keys'
file has a key a line, `id base64`; the first seals, all open. So rotating is: put a new key first, seal everything
again (`kept contacts rotate`), and take the old one out.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kept.errors import ServiceError

if TYPE_CHECKING:
    from django.db.models import QuerySet

_NONCE = 12  # bytes, as NIST SP 800-38D asks of GCM
_KEY = 32  # bytes


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens text with the keys of one file, newest first."""

    keys: tuple[tuple[str, bytes], ...]

    def seal(self, text: str, bound_to: str) -> str:
        """`text`, readable only with the key and only as what it is bound to, such as `contact:P1`."""
        name, key = self.keys[0]
        nonce = token_bytes(_NONCE)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), f"{name}:{bound_to}".encode())
        return f"{name}.{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, bound_to: str) -> str:
        """What was sealed; ServiceError where the key is not here, or it is not what was sealed for this place."""
        name, _, rest = sealed.partition(".")
        key = dict(self.keys).get(name)
        if key is None:
            raise ServiceError(
                "What is sealed cannot be opened.",
                why=f"The key {name!r} that sealed it is not in the file of sealing keys.",
                what_to_do="Put that key's line back into the file.",
            )
        try:
            content = urlsafe_b64decode(rest)
            return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], f"{name}:{bound_to}".encode()).decode()
        except (InvalidTag, ValueError):
            raise ServiceError(
                "What is sealed cannot be opened.",
                why="It was altered, or moved from another row.",
                what_to_do="Restore it from a copy of the database, and find out who changed it.",
            ) from None

    def is_current(self, sealed: str) -> bool:
        """Whether the newest key sealed it."""
        return sealed.partition(".")[0] == self.keys[0][0]


def sealer(path: Path) -> Sealer:
    """The sealer of a file of keys; ServiceError where the file is missing or is none."""
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        keys = tuple((name, urlsafe_b64decode(key)) for name, key in lines)
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from None
    if not keys or any(len(key) != _KEY for _, key in keys):
        raise _unusable(path, "It holds no key of 256 bits, or something else beside.")
    return Sealer(keys)


def add_key(path: Path) -> str:
    """Put a new key first in a file that only its owner can read; returns the key's id."""
    name, before = token_hex(4), path.read_text(encoding="ascii") if path.exists() else ""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{name} {urlsafe_b64encode(token_bytes(_KEY)).decode()}\n{before}")
    beside.replace(path)
    return name


def _unusable(path: Path, why: str) -> ServiceError:
    return ServiceError(
        "The file of sealing keys cannot be used.",
        str(path),
        why,
        "Make one with `kept contacts new-key`, or name the right one in KEPT_SEALING_KEYS.",
    )


def seal_rows_again(
    rows: QuerySet[Any], keys: Sealer, bound_to: Callable[[Any], str], columns: Sequence[str] = ("sealed",)
) -> int:
    """Seal some columns of every row with the newest key, those that are not blank; returns how many rows were not yet.

    A row that somebody changes meanwhile is left as they wrote it, with the newest key.
    """
    done = 0
    for row in rows.iterator():
        before = {name: getattr(row, name) for name in columns}
        old = {name: sealed for name, sealed in before.items() if sealed and not keys.is_current(sealed)}
        if old:
            place = bound_to(row)
            again = {name: keys.seal(keys.open(sealed, place), place) for name, sealed in old.items()}
            done += rows.model.objects.filter(pk=row.pk, **before).update(**again)
    return done
