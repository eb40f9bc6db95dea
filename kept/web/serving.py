"""The service on gunicorn: some processes, some threads each, on loopback unless told otherwise."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

from kept.errors import ServiceError, UsageError
from kept.web.building import BUILT
from kept.web.environment import COUNTS_FOLDER, Environment
from kept.web.standing.logs import CONFIG

_PATIENCE = 30.0
"""Seconds; a process that answers nobody for 60 is taken for dead, and started anew."""


def check(environment: Environment, host: str) -> None:
    """UsageError where people would be served plainly, or invented people at all, beyond this machine."""
    if _is_loopback(host) or (environment.https and not environment.demo):
        return
    raise UsageError(
        "Kept serves other machines by HTTPS only, and invented people to none.",
        where=host,
        what_to_do="Leave --host out, or set KEPT_HTTPS=1, leave --demo out, and put a proxy with HTTPS before it.",
    )


def serve(host: str, port: int, workers: int, threads: int, *, with_worker: bool = False) -> NoReturn:
    """Become the service, which serves until stopped. ServiceError where styles and scripts were not built.

    `with_worker`: with a worker beside it (`kept worker`), which ends as it does.

    This process is replaced by a fresh one: gunicorn forks, and what reads tables must not have begun before a fork.
    """
    if not (BUILT / "static" / "staticfiles.json").is_file():
        raise ServiceError(
            "The pages' styles and scripts are not built.",
            str(BUILT),
            what_to_do="Run `make web`, or `python -m kept.web.building`.",
        )
    options = {"bind": f"{host}:{port}", "workers": workers, "threads": threads}
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", __name__, json.dumps(options), *(["worker"] * with_worker)])


def _run(options: dict[str, Any], with_worker: bool) -> None:
    with _beside(with_worker):
        _Service(options).run()


@contextmanager
def _beside(with_worker: bool) -> Iterator[None]:
    """A folder for counts and perhaps a worker, for as long as this lasts in the process that began it.

    What gunicorn forks leaves by here as well when it is stopped or replaced, and takes nothing from the others.
    """
    owner, os.environ[COUNTS_FOLDER] = os.getpid(), tempfile.mkdtemp(prefix="kept-counts-")
    worker = subprocess.Popen([sys.executable, "-c", _WORK], stdout=subprocess.DEVNULL) if with_worker else None
    try:
        yield
    finally:
        if os.getpid() == owner:
            shutil.rmtree(os.environ[COUNTS_FOLDER], ignore_errors=True)
            if worker:
                worker.terminate()
                worker.wait()


_WORK = "import sys; from kept.cli import main; sys.exit(main(['worker']))"
"""It finds store, home and all else in the environment, as the service does."""


class _Service(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = {
            **options,
            "logconfig_dict": CONFIG,
            "worker_class": "gthread",
            "timeout": 60,
            "accesslog": None,
            "control_socket_disable": True,
            "post_worker_init": _warm,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from kept.web.wsgi import application

        return application


def _warm(worker: Any) -> None:
    """Read what pages need before the process takes its first request; what takes long goes on beside those."""
    reader = threading.Thread(target=_read, name="warm", daemon=True)
    reader.start()
    reader.join(_PATIENCE)


def _read() -> None:
    from django.db import connection

    from kept.web.warming import warm

    try:
        warm()
    finally:
        connection.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    _run(json.loads(sys.argv[1]), with_worker="worker" in sys.argv[2:])
