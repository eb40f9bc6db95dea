"""Beginning: from a command's options to a Django that is set up, and a home with everything the service needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe

from kept.errors import ServiceError
from kept.web import environment
from kept.web.environment import Environment


def start(given: Mapping[str, str]) -> Environment:
    """Set Django up with the settings of this process and those `given`; makes what is missing in the home.

    UsageError names the settings that cannot be; ServiceError says that the database cannot be reached.
    """
    os.environ.update({name: value for name, value in given.items() if value})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kept.web.settings")
    read = environment.read()
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


def _home(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = home / "secret-key"
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
