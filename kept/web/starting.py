"""Beginning: from a command's options to a Django that is set up, and a home with everything the service needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe

from kept.errors import ServiceError, UsageError
from kept.web import environment
from kept.web.environment import Environment

_KEY = "secret-key"


def start(given: Mapping[str, str], *, there: bool = False) -> Environment:
    """Set Django up with the settings of this process and those `given`; makes what is missing in the home.

    With `there`, the service must be there already. UsageError says that it is not, or names the settings that cannot
    be; ServiceError says that the database cannot be reached.
    """
    os.environ.update({name: value for name, value in given.items() if value})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kept.web.settings")
    read = environment.read()
    if there:
        _require_service(read.home)
    _home(read.home)
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    django.setup()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        why = type(error).__name__
        what_to_do = "Start it, or mend DATABASE_URL."
        raise ServiceError("The service's database cannot be used.", why=why, what_to_do=what_to_do) from None
    _sealing_keys(read.sealing_keys)
    return environment.read()


def begun(home: Path) -> bool:
    """Whether there is a service in a folder, and so an access log."""
    return (home / _KEY).is_file()


def _require_service(home: Path) -> None:
    """Refuse to look into a service that would only be made now: it holds nothing, whatever was asked."""
    if not begun(home):
        raise UsageError(
            "There is no service in this folder.",
            where=str(home.resolve()),
            why="`kept serve` has never been started with it.",
            what_to_do="Name the folder that the service was started with, by --home or KEPT_HOME.",
        )


def _home(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = home / _KEY
    if not key.exists():
        with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{token_urlsafe(48)}\n")


def _sealing_keys(path: Path) -> None:
    """A first key, where nothing was sealed yet; where something was, a new one could only hide that it is lost."""
    from kept.web import sealed
    from kept.web.sealing import add_key, sealer

    if path.exists() or sealed.anything():
        sealer(path)
    else:
        add_key(path)
