"""The settings are read, and every one that cannot be is named."""

from datetime import timedelta
from pathlib import Path

import pytest

from kept.errors import UsageError
from kept.web.database import database
from kept.web.environment import SETTINGS, read


def test_nothing_set_is_a_service_behind_https_on_this_machine() -> None:
    found = read({})
    assert (found.https, found.demo, found.hosts) == (True, False, ("localhost", "127.0.0.1"))
    assert found.keeps == timedelta(days=28)
    assert found.sealing_keys == found.home / "sealing-keys"


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(UsageError) as said:
        read({"KEPT_HTTPS": "maybe", "KEPT_IDLE_MINUTES": "0", "KEPT_KEEPS_DAYS": "x"})
    assert [fault.where for fault in said.value.faults] == ["KEPT_HTTPS", "KEPT_KEEPS_DAYS", "KEPT_IDLE_MINUTES"]


def test_the_secret_key_may_stand_in_the_home(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("kept here\n")
    assert read({"KEPT_HOME": str(tmp_path)}).secret_key == "kept here"
    assert read({"KEPT_HOME": str(tmp_path), "KEPT_SECRET_KEY": "said"}).secret_key == "said"


def test_every_setting_has_a_meaning_in_a_sentence() -> None:
    assert all(one.means.endswith(".") and not one.means[0].islower() for one in SETTINGS)
    assert len({one.name for one in SETTINGS}) == len(SETTINGS)


def test_a_database_is_sqlite_in_the_home_or_postgresql_by_its_address(tmp_path: Path) -> None:
    assert database("", tmp_path)["NAME"] == tmp_path / "web.sqlite3"
    found = database("postgresql://kept:p%40ss@db.example:5433/people?sslmode=require", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("kept", "p@ss", "db.example", "5433")
    assert (found["NAME"], found["OPTIONS"]) == ("people", {"sslmode": "require"})


@pytest.mark.parametrize("url", ["mysql://db/kept", "postgresql://db", "x"])
def test_another_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="not an address of PostgreSQL"):
        database(url, tmp_path)
