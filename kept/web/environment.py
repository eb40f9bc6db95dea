"""What a force sets of its service: every setting once, with its meaning and its default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from kept.errors import Fault, UsageError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the variable that sets it, what it means, and what it is where it is not set."""

    name: str
    means: str
    default: str = ""


SETTINGS = (
    Setting("KEPT_HOME", "The folder of the service's own files: its database, keys and secrets.", "kept-web"),
    Setting("KEPT_STORE", "The store whose cases and figures are shown.", "store"),
    Setting("DATABASE_URL", "PostgreSQL, as postgresql://user@host/name; blank for SQLite in KEPT_HOME."),
    Setting("KEPT_SECRET_KEY", "What sessions are signed with; blank to read KEPT_HOME/secret-key."),
    Setting("KEPT_SEALING_KEYS", "The file of keys for contact details; blank for KEPT_HOME/sealing-keys."),
    Setting("KEPT_HOSTS", "The names under which the service is reached, with commas.", "localhost,127.0.0.1"),
    Setting("KEPT_HTTPS", "1 where people reach it by HTTPS; 0 for plain HTTP on loopback only.", "1"),
    Setting("KEPT_DEMO", "1 for invented people on loopback: the sign-in page shows their one-time code.", "0"),
    Setting("KEPT_ENTRY", "1 where officers may log a contact here, to be passed to the crime system.", "0"),
    Setting("KEPT_KEEPS_DAYS", "Days after which somebody who no longer holds a case loses sight of it.", "28"),
    Setting("KEPT_STALE_HOURS", "Hours after which pages warn that what they show is old.", "24"),
    Setting(
        "KEPT_FIRST_REVIEW_DAYS", "Days after which an open case should have had a supervisor's first review.", "7"
    ),
    Setting("KEPT_IDLE_MINUTES", "Minutes without a click after which a session ends.", "30"),
    Setting("KEPT_LONGEST_HOURS", "Hours after which a session ends in any case.", "12"),
    Setting("KEPT_METRICS_TOKEN", "What a scraper on another machine must send as bearer token for /metrics."),
    Setting("KEPT_LEASE_SECONDS", "Seconds after which work is taken over from a worker that is not heard.", "60"),
    Setting("KEPT_RULEBOOK", "The rulebook that evaluations use: a name or a file; blank for the shipped one."),
    Setting("KEPT_PUBLISHING", "The file of what the publishing body has set for figures that leave; blank for none."),
    Setting(
        "KEPT_REGISTER", "The register of releases, that kept release adds to as well; blank for one in KEPT_HOME."
    ),
    Setting("KEPT_NIGHTLY", "When everything is evaluated each night, in London time; blank for never.", "02:30"),
    Setting("KEPT_INBOX", "A folder with a folder for each mapping, in which extracts are left to be loaded."),
    Setting("KEPT_MAPPINGS", "A folder of the force's own mappings, YAML files; blank for those that are shipped."),
    Setting("KEPT_EXTRACTS", "The folder under which people may point to an extract; blank for none."),
    Setting("KEPT_UPLOAD_MEGABYTES", "The most that an extract may hold which is sent by browser, unpacked.", "2000"),
    Setting("KEPT_EXTRACT_DAYS", "Days for which an extract is kept that was sent, or left in the inbox.", "30"),
    Setting("KEPT_OIDC_ISSUER", "The address of the OpenID Connect provider; blank for passwords and codes only."),
    Setting("KEPT_OIDC_CLIENT", "The client id that the provider gave this service."),
    Setting("KEPT_OIDC_SECRET", "The client secret that the provider gave this service."),
    Setting("KEPT_OIDC_NAME", "The claim that holds a person's sign-in name.", "preferred_username"),
)
"""Every setting; docs/reference/settings.md is made from it."""

COUNTS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several processes leave their counts."""

INVENTED_PASSWORD = "invented-people-only"
"""The password of every invented person of KEPT_DEMO."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings, read. Paths are absolute; `oidc_issuer` is blank where nobody signs in by OpenID Connect.

    `upload` is in bytes; `nightly` is London time; `publishing`, `register`, `inbox`, `mappings` and `extracts` are
    None where there is no such file or folder.
    """

    home: Path
    store: Path
    database_url: str
    secret_key: str
    sealing_keys: Path
    hosts: tuple[str, ...]
    https: bool
    demo: bool
    entry: bool
    keeps: timedelta
    stale: timedelta
    first_review: timedelta
    idle: timedelta
    longest: timedelta
    metrics_token: str
    lease: timedelta
    rulebook: str
    publishing: Path | None
    register: Path | None
    nightly: time | None
    inbox: Path | None
    mappings: Path | None
    extracts: Path | None
    upload: int
    extract_days: timedelta
    oidc_issuer: str
    oidc_client: str
    oidc_secret: str
    oidc_name: str


def read(given: Mapping[str, str] | None = None) -> Environment:
    """The settings of this process, or `given` ones. UsageError names every one that cannot be."""
    said = os.environ if given is None else given
    values = {one.name: said.get(one.name, one.default).strip() for one in SETTINGS}
    found = {name: _read(name, values[variable], make) for name, (variable, make) in _READ.items()}
    if faults := [one for one in found.values() if isinstance(one, Fault)]:
        raise UsageError.of(faults)
    home: Path = found["home"]
    return Environment(
        **{one.name: found[one.name] for one in fields(Environment) if one.name in found},
        secret_key=values["KEPT_SECRET_KEY"] or _line(home / "secret-key"),
        sealing_keys=Path(values["KEPT_SEALING_KEYS"] or home / "sealing-keys").resolve(),
    )


def _read(name: str, text: str, make: Any) -> Any:
    try:
        return make(text)
    except ValueError:
        variable = _READ[name][0]
        meant = next(one.means for one in SETTINGS if one.name == variable)
        return Fault(f"“{text}” cannot be the setting {variable}.", variable, meant, "Set another, or leave it out.")


def _line(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _amount(unit: str) -> Any:
    def read_amount(text: str) -> timedelta:
        amount = int(text)
        if amount < 1:
            raise ValueError(text)
        return timedelta(**{unit: amount})

    return read_amount


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _path(text: str) -> Path:
    return Path(text).resolve()


def _path_if_any(text: str) -> Path | None:
    return _path(text) if text else None


def _time_of_day(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _megabytes(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text) * 1_000_000


_READ: dict[str, tuple[str, Any]] = {
    "home": ("KEPT_HOME", _path),
    "store": ("KEPT_STORE", _path),
    "database_url": ("DATABASE_URL", str),
    "hosts": ("KEPT_HOSTS", _names),
    "https": ("KEPT_HTTPS", _flag),
    "demo": ("KEPT_DEMO", _flag),
    "entry": ("KEPT_ENTRY", _flag),
    "keeps": ("KEPT_KEEPS_DAYS", _amount("days")),
    "stale": ("KEPT_STALE_HOURS", _amount("hours")),
    "first_review": ("KEPT_FIRST_REVIEW_DAYS", _amount("days")),
    "idle": ("KEPT_IDLE_MINUTES", _amount("minutes")),
    "longest": ("KEPT_LONGEST_HOURS", _amount("hours")),
    "metrics_token": ("KEPT_METRICS_TOKEN", str),
    "lease": ("KEPT_LEASE_SECONDS", _amount("seconds")),
    "rulebook": ("KEPT_RULEBOOK", str),
    "publishing": ("KEPT_PUBLISHING", _path_if_any),
    "register": ("KEPT_REGISTER", _path_if_any),
    "nightly": ("KEPT_NIGHTLY", _time_of_day),
    "inbox": ("KEPT_INBOX", _path_if_any),
    "mappings": ("KEPT_MAPPINGS", _path_if_any),
    "extracts": ("KEPT_EXTRACTS", _path_if_any),
    "upload": ("KEPT_UPLOAD_MEGABYTES", _megabytes),
    "extract_days": ("KEPT_EXTRACT_DAYS", _amount("days")),
    "oidc_issuer": ("KEPT_OIDC_ISSUER", str),
    "oidc_client": ("KEPT_OIDC_CLIENT", str),
    "oidc_secret": ("KEPT_OIDC_SECRET", str),
    "oidc_name": ("KEPT_OIDC_NAME", str),
}
