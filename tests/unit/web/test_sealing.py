"""What is sealed opens with its key and in its place, and nowhere else."""

import stat
from pathlib import Path

import pytest

from kept.errors import ServiceError
from kept.web.sealing import add_key, sealer


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    add_key(tmp_path / "keys")
    return tmp_path / "keys"


def test_what_is_sealed_opens_where_it_was_sealed_for(keys: Path) -> None:
    sealed = sealer(keys).seal("07700 900123", "contact:P1")
    assert "900123" not in sealed
    assert sealer(keys).open(sealed, "contact:P1") == "07700 900123"


def test_the_same_text_is_never_sealed_alike(keys: Path) -> None:
    assert sealer(keys).seal("x", "contact:P1") != sealer(keys).seal("x", "contact:P1")


def test_moved_to_another_row_it_does_not_open(keys: Path) -> None:
    with pytest.raises(ServiceError, match="cannot be opened"):
        sealer(keys).open(sealer(keys).seal("x", "contact:P1"), "contact:P2")


@pytest.mark.parametrize("change", [lambda s: s[:-6] + "AAAA==", lambda s: s.replace(".", ".A", 1), lambda s: s[:12]])
def test_altered_it_does_not_open(keys: Path, change: object) -> None:
    assert callable(change)
    with pytest.raises(ServiceError, match="cannot be opened"):
        sealer(keys).open(change(sealer(keys).seal("some text", "contact:P1")), "contact:P1")


def test_with_a_new_key_first_what_was_sealed_before_still_opens(keys: Path) -> None:
    sealed = sealer(keys).seal("x", "a")
    add_key(keys)
    assert sealer(keys).open(sealed, "a") == "x"
    assert not sealer(keys).is_current(sealed)
    assert sealer(keys).is_current(sealer(keys).seal("x", "a"))


def test_without_its_key_it_does_not_open(keys: Path, tmp_path: Path) -> None:
    add_key(tmp_path / "others")
    with pytest.raises(ServiceError, match="is not in the file"):
        sealer(tmp_path / "others").open(sealer(keys).seal("x", "a"), "a")


def test_only_its_owner_can_read_the_file(keys: Path) -> None:
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "one-word", "a bm90IDMyIGJ5dGVz", "ä ö", "a !!!"])
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys").write_text(content, encoding="utf-8")
    with pytest.raises(ServiceError, match="cannot be used"):
        sealer(tmp_path / "keys")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="new-key"):
        sealer(tmp_path / "keys")
