"""The service's own log: one JSON object a line, and never anything of a case.

A line holds what is named here and nothing else. A message is written as it stands in the source, without what was to
be put into it; an exception as its kind and its places in the code, without what it says. An address asked for is never
in it, only the name of the page.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

EXTRAS = ("request", "method", "page", "status", "ms", "error", "head", "job")
"""What a line may hold beside its message."""

CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "kept.web.standing.logs.Lines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "kept": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
        "gunicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    },
}
"""How it is set up, for Django and for gunicorn."""


class Lines(logging.Formatter):
    """Turns a record into one line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": _template(record),
        }
        said |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name) and name != "request"}
        if isinstance(request := getattr(record, "request", None), str):
            said["request"] = request
        if record.exc_info and record.exc_info[1]:
            said["error"], said["places"] = _of_the_code(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


def _template(record: logging.LogRecord) -> str:
    """The message before anything is put into it; of other packages only where something was to be."""
    ours = record.name.startswith("kept")
    return str(record.msg) if ours or record.args else ""


def _of_the_code(error: BaseException) -> tuple[str, list[str]]:
    frames = traceback.extract_tb(error.__traceback__)
    return type(error).__name__, [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
