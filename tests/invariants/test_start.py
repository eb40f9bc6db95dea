"""Whoever asks for a little does not wait for much: which libraries the start of a command reads in.

No time is measured; a library that is read in where nothing uses it is found by its name.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from kept.cli.command import parser
from kept.cli.pages_commands import commands
from tests.support.demo import invented

HEAVY = {
    "altair", "deltalake", "django", "duckdb", "gptables", "gunicorn", "jinja2", "jsonschema", "numba", "numpy",
    "openpyxl", "pandas", "pyarrow", "pyspark", "requests", "scipy", "tqdm", "vl_convert",
}  # fmt: skip
ENGINES = {"deltalake", "duckdb", "numpy", "pandas", "pyarrow"}
"""What reads and writes records. Arrow reads pandas in by itself, wherever that is installed."""
_BEGUN = """
import sys
from kept.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def store(shared: Path) -> Path:
    return invented(shared, 40) / "store"


def read_in(*arguments: str) -> set[str]:
    """The heavy libraries that are there once a command has ended."""
    done = subprocess.run([sys.executable, "-c", _BEGUN, *arguments], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        "--help", "--version", "measure --help", "serve --help", "nonsense", "evaluate", "measure X --store S --wrong",
        "measure X --store S --since tomorrow", "code list", "code list nope", "code diff code-2015 code-2020",
    ],
)  # fmt: skip
def test_help_mistakes_and_the_law_as_data_need_no_heavy_library(arguments: str) -> None:
    assert read_in(*arguments.split()) == set()


@pytest.mark.parametrize(
    "arguments",
    ["code show R6-1a", "measures list", "measures check", "explain C00000001 --store STORE", "coverage --store STORE"],
)
def test_what_reads_records_does_not_wait_for_what_evaluates_counts_or_draws(store: Path, arguments: str) -> None:
    found = read_in(*(str(store) if word == "STORE" else word for word in arguments.split()))
    assert "duckdb" in found  # so that it is known to have done its work
    assert found <= ENGINES


def test_every_command_names_something_that_can_be_done() -> None:
    for name, _, one in commands(parser()):
        assert callable(one.get_default("run").function()), name
