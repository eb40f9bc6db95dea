"""What the tests of staging share, and those of the invented force."""

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest

from kept.contract.vocabulary import standard
from kept.demo import Force, make
from kept.records.mapping import Mapping as RecordsMapping
from kept.records.staging import Staged, stage
from tests.support.once import once
from tests.support.staging import NOW, Stage


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    def run(files: Mapping[str, bytes], mapping: str = "contract") -> Staged:
        extract = tmp_path / "extract"
        for name, content in files.items():
            (extract / name).parent.mkdir(parents=True, exist_ok=True)
            (extract / name).write_bytes(content)
        if mapping != "contract":
            (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
            mapping = str(tmp_path / "mapping.yaml")
        done = stage(RecordsMapping.load(mapping, standard()), extract, tmp_path / "into", now=NOW)
        assert all(count.holds for count in done.counts), done.counts
        return done

    return run


@pytest.fixture(scope="session")
def made(shared: Path) -> Force:
    """An invented force of 6,000 victims, which nobody writes into."""

    def write(folder: Path) -> None:
        (folder / "made.pickle").write_bytes(pickle.dumps(make(folder, victims=6_000, seed=7)))

    found: Force = pickle.loads((once(shared, "made-force", write) / "made.pickle").read_bytes())
    return found
