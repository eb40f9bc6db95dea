"""Every command that the documentation shows is run, and prints what the page says that it prints."""

import contextlib
import io
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kept.cli import command
from kept.demo import planted
from tests.support.blocks import blocks, faults
from tests.support.once import once

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = [path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"]
WRITTEN += [path for path in sorted((ROOT / "docs").rglob("*.md")) if ROOT / "docs" / "reference" not in path.parents]
FORCE = "demo-force"
VICTIMS = 200
PRINTED = "printed.txt"


def page(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


RUN = [path for path in WRITTEN if any(one.language == "console" for one in blocks(path.read_text(encoding="utf-8")))]


@pytest.fixture(scope="session")
def force(shared: Path) -> Path:
    """A small invented force, with the worked examples that only a larger one has room for, as `make demo` leaves."""
    return once(shared, "docs", _make) / FORCE


def _make(folder: Path) -> None:
    force, examples = folder / FORCE, folder / "examples"
    examples.mkdir(parents=True)
    code, printed = kept(["demo", str(force), "--victims", str(VICTIMS)])
    assert code == 0, printed
    (folder / PRINTED).write_text(printed, encoding="utf-8")
    for name, table in planted().items():
        pq.write_table(table, examples / f"{name}.parquet")
    code, printed = kept(["load", str(examples), "--store", str(force / "store")])
    assert code == 0, printed


def kept(arguments: list[str]) -> tuple[int, str]:
    """Run a command in this process; its exit code, and what it printed on both streams."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = command.main(arguments)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return code, out.getvalue()


@pytest.mark.parametrize("path", RUN, ids=page)
def test_the_commands_of_a_page_do_what_it_says(
    path: Path, force: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(force, tmp_path / FORCE)
    monkeypatch.chdir(tmp_path)
    found = faults(path.read_text(encoding="utf-8"), tmp_path, kept)
    assert not found, "\n\n".join(found)


def test_the_picture_in_the_readme_has_the_shape_of_what_the_command_prints(force: Path) -> None:
    """Every line without a figure or an id: headings, editions, sentences."""
    text = (force.parent / PRINTED).read_text(encoding="utf-8").replace(str(force), force.name)
    printed = {" ".join(line.split()) for line in text.splitlines()}
    picture = next(one for one in blocks((ROOT / "README.md").read_text(encoding="utf-8")) if one.language == "text")
    shape = [" ".join(line.split()) for line in picture.text.splitlines() if not re.search(r"\d(?!\d{3}$)|--", line)]
    assert len(shape) > 10
    assert [line for line in shape if line not in printed] == []


def test_the_how_to_that_matters_most_is_run() -> None:
    assert "docs/how-to/add-a-metric-prescribed-this-morning.md" in map(page, RUN)
    assert "docs/tutorial/first-evaluation.md" in map(page, RUN)
