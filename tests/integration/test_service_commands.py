"""The commands of the service, as somebody runs them: contact details, and the access log."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def kept(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    plain = {name: text for name, text in os.environ.items() if not name.startswith(("KEPT_", "DJANGO_", "DATABASE"))}
    command = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())", *arguments]
    return subprocess.run(command, env=plain | {"KEPT_HOME": str(home)}, capture_output=True, text=True)


def test_the_log_of_a_new_home_is_verified_and_tampering_is_found(home: Path, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("person,phone\nP1,07700 900123\n")
    loaded = kept(home, "contacts", "load", str(tmp_path / "contacts.csv"))
    assert (loaded.returncode, loaded.stdout) == (0, "Contact details of 1 persons are loaded.\n")
    assert [path.stat().st_mode & 0o077 for path in (home, home / "secret-key", home / "sealing-keys")] == [0, 0, 0]
    database = sqlite3.connect(home / "web.sqlite3")
    (ended,) = database.execute("SELECT number || ':' || digest FROM consulted_head").fetchone()
    assert ended.startswith("1:")
    assert b"07700" not in b"".join(path.read_bytes() for path in home.iterdir())
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        database.execute("UPDATE consulted_access SET who = 'x'")
    database.execute("DROP TRIGGER access_log_kept_from_UPDATE")
    database.execute("UPDATE consulted_access SET who = 'x'")
    database.commit()
    database.close()
    found = kept(home, "log", "verify", "--head", ended)
    assert found.returncode == 13
    assert "broken at line 1" in found.stderr
