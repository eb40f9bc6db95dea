"""Files stay small enough to read, and lock files name no package host."""

import subprocess
from pathlib import Path

import pytest

LONGEST = 500  # lines
SOURCE = {".py", ".yaml", ".json", ".md", ".toml"}
GENERATED = Path("docs/reference")


def tracked(repository: Path) -> list[Path]:
    """Every file that git knows, or would know if it were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (repository / name).is_file()]


def too_long(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > LONGEST


def test_no_source_file_is_too_long(repository: Path) -> None:
    files = [path for path in tracked(repository) if path.suffix in SOURCE and GENERATED not in path.parents]
    assert Path("kept/errors.py") in files
    assert [str(path) for path in files if too_long(repository / path)] == []


def test_a_file_of_one_line_more_is_too_long(tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("pass\n" * LONGEST)
    assert not too_long(file)
    file.write_text("pass\n" * (LONGEST + 1))
    assert too_long(file)


@pytest.mark.parametrize("kind", ["bootstrap", "base", "dev", "spark"])
def test_requirements_are_hashed_and_name_no_host(repository: Path, kind: str) -> None:
    wanted = (repository / "requirements" / f"{kind}.in").read_text()
    locked = (repository / "requirements" / f"{kind}.txt").read_text()
    for text in (wanted, locked):
        assert "://" not in text
        assert not any(line.startswith(("-i", "-f", "--")) for line in text.splitlines())
    pins = [line for line in locked.splitlines() if line and not line[0].isspace()]
    assert all("==" in pin for pin in pins)
    assert locked.count("--hash=sha256:") >= len(pins)


def test_every_locked_runtime_package_is_the_same_for_developers(repository: Path) -> None:
    def pins(kind: str) -> set[str]:
        lines = (repository / "requirements" / f"{kind}.txt").read_text().splitlines()
        return {line.partition(" ")[0] for line in lines if "==" in line and not line[0].isspace()}

    def names(found: set[str]) -> set[str]:
        return {pin.partition("==")[0] for pin in found}

    assert pins("base") <= pins("dev")
    assert pins("bootstrap") <= pins("dev")
    assert names(pins("spark") - pins("dev")).isdisjoint(names(pins("dev")))
