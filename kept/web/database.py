"""Where the service keeps its people, logs and contact details: SQLite, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kept.errors import UsageError

_ON_OPENING = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
_PATIENCE = 20
"""Seconds for which a writer waits for another to end."""


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's entry for a database. UsageError where the address is not PostgreSQL's."""
    return _postgresql(url) if url else _sqlite(home / "web.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    """In WAL, so that readers do not wait; IMMEDIATE, so that a transaction never fails for beginning as a reader."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"timeout": _PATIENCE, "transaction_mode": "IMMEDIATE", "init_command": _ON_OPENING},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise UsageError(
            "DATABASE_URL is not an address of PostgreSQL.",
            what_to_do="Write it as postgresql://user:password@host:5432/name, or leave it out for SQLite.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
