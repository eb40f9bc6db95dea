"""What `deploy/` holds: the commands exist, nothing runs as root, no secret stands in it, and every setting is one.

That the units and the container start is tried on a machine with systemd and a builder of containers; neither is here.
"""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from kept.cli.command import parser
from kept.web.environment import SETTINGS, read

UNITS = ("kept-serve.service", "kept-worker.service")
HARDENED = {
    "User": "kept", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "UMask": "0077", "SystemCallArchitectures": "native",
}  # fmt: skip
EXPOSED = 20
"""Tenths of what `systemd-analyze security` calls the exposure; 10.0 is a service with no protection at all."""
SECRETS = re.compile(r"(PASSWORD|SECRET|TOKEN|_KEY)\w*\s*[:=]\s*\S|://[^/\s@:]+:[^@\s]+@")


@pytest.fixture(scope="module")
def deploy(repository: Path) -> Path:
    return repository / "deploy"


def unit(path: Path) -> dict[str, list[str]]:
    """What a unit sets, by name; a name may be set often."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_of_ours_as_nobody_of_importance(deploy: Path, name: str) -> None:
    said = unit(deploy / name)
    (command,) = said["ExecStart"]
    assert parser().parse_args(command.split()[1:]).run
    assert {key: said[key][0] for key in HARDENED} == HARDENED


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_fault_with_a_unit_and_little_exposed(deploy: Path, name: str, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    here = tmp_path / name
    here.write_text((deploy / name).read_text(encoding="utf-8").replace("/opt/kept/bin/kept", "/bin/true"))
    found = analyzed("verify", str(here))
    assert (found.returncode, found.stdout + found.stderr) == (0, "")
    found = analyzed("security", "--offline=yes", f"--threshold={EXPOSED}", str(here))
    assert found.returncode == 0, found.stdout


def analyzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)


@pytest.fixture(scope="module")
def containerfile(deploy: Path) -> list[list[str]]:
    """The instructions of the Containerfile, each with the rest of its line."""
    text = re.sub(r"\\\n\s*", "", (deploy / "Containerfile").read_text(encoding="utf-8"))
    return [line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_container_runs_as_somebody_without_rights_and_says_whether_it_is_well(
    containerfile: list[list[str]],
) -> None:
    last = [number for number, line in enumerate(containerfile) if line[0] == "FROM"][-1]
    said = dict(containerfile[last:])
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert "/health" in said["HEALTHCHECK"]
    assert parser().parse_args(yaml.safe_load(said["CMD"])[1:]).run


def test_base_images_stand_there_by_name_alone_and_the_same_everywhere(containerfile: list[list[str]]) -> None:
    bases = {line[1].partition(" AS ")[0] for line in containerfile if line[0] == "FROM"}
    assert [re.fullmatch(r"python:3\.\d+-slim", base) is not None for base in bases] == [True]


@pytest.fixture
def served() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback, and the names it was asked by; it is well for one of them."""
    names: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            names.append(str(self.headers["Host"]))
            self.send_response(200 if self.path == "/health" and names[-1] == "kept.example" else 503)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", names
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("hosts", "well"), [("kept.example,other", True), ("other", False)])
def test_the_container_asks_by_the_name_that_people_use(
    containerfile: list[list[str]], served: tuple[str, list[str]], hosts: str, well: bool
) -> None:
    address, names = served
    asked = yaml.safe_load(dict(containerfile)["HEALTHCHECK"].partition("CMD ")[2])
    command = [sys.executable, *asked[1:-1], asked[-1].replace("127.0.0.1:8000", address)]
    done = subprocess.run(command, env={"KEPT_HOSTS": hosts}, capture_output=True)
    assert (done.returncode == 0, names) == (well, [hosts.partition(",")[0]])


@pytest.fixture(scope="module")
def services(deploy: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((deploy / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return found


def test_only_the_pages_are_reached_and_only_from_this_machine(services: dict[str, Any]) -> None:
    assert {name: one.get("ports") for name, one in services.items() if "ports" in one} == {
        "serve": ["127.0.0.1:8000:8000"]
    }
    assert services["database"]["network_mode"] == services["worker"]["network_mode"] == "none"


def test_no_service_of_ours_may_do_more_than_it_needs(services: dict[str, Any]) -> None:
    for one in services.values():
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
    assert all(services[name]["read_only"] for name in ("serve", "worker"))
    assert parser().parse_args(services["worker"]["command"][1:]).run


def test_every_setting_is_one_and_none_is_secret(deploy: Path, services: dict[str, Any]) -> None:
    lines = (deploy / "kept.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    for said in (given, services["serve"]["environment"]):
        assert set(said) <= {one.name for one in SETTINGS}
    assert read(given).https
    for path in deploy.iterdir():
        assert not SECRETS.search(path.read_text(encoding="utf-8")), path


def test_what_is_secret_would_be_found() -> None:
    for text in ("KEPT_SECRET_KEY=x", "POSTGRES_PASSWORD: x", "postgresql://kept:hush@localhost/kept"):
        assert SECRETS.search(text)
    assert not SECRETS.search("postgresql://kept@/kept?host=/run/postgresql")
