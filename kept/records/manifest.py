"""Manifests: one small immutable file for each version of the records, put in place whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kept.contract.vocabulary import Vocabulary, standard
from kept.errors import StoreError

FORMAT = 2
"""How the store's files are laid out; another layout is another number."""
KEEP = 3
"""How many of the last versions are kept unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of one source: whether it says when rows were entered, and the files last read from it."""

    looks_back: bool
    mapping_digest: str
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of the records, as it is kept on disk.

    `tables` is the Delta version of each table, `codes` the number of each kind and attribute, `words` the
    vocabularies that mappings brought, `next_subject` the first number of a subject that was never given. `made_at`
    is the moment of the last load. Moments are ISO 8601 in UTC.
    """

    version: int
    made_at: str
    previous: int | None
    tables: Mapping[str, int]
    codes: Mapping[str, int]
    words: list[Mapping[str, Any]]
    supplies: Mapping[str, list[str]]
    sources: Mapping[str, Mapping[str, Any]]
    nation: str
    counts: Mapping[str, int]
    earliest_entry: str | None
    next_subject: int
    software: str
    format: int = FORMAT


def numbers(folder: Path) -> list[int]:
    """The versions of a generation that can be read, first to last."""
    return sorted(int(path.stem) for path in (folder / "versions").glob("[0-9]*.json"))


def path_of(folder: Path, number: int) -> Path:
    """Where a generation keeps the manifest of a version."""
    return folder / "versions" / f"{number:06}.json"


def read_manifest(folder: Path, number: int) -> Manifest:
    """The manifest of one version; StoreError if there is none, or it is of a kind that is not known here."""
    path = path_of(folder, number)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        known = said["format"] - FORMAT
        manifest = None if known else Manifest(**said)
    except FileNotFoundError:
        raise StoreError(
            f"There is no version {number} in this store.",
            str(folder.parent),
            what_to_do=f"It has {', '.join(map(str, numbers(folder))) or 'none'}.",
        ) from None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise StoreError(
            f"The manifest of version {number} is damaged.",
            str(path),
            str(error),
            "Restore the file from a copy, or load the extracts into a new store.",
        ) from None
    if manifest is None:
        raise _of_another_format(number, path, said)
    return manifest


def _of_another_format(number: int, path: Path, said: Mapping[str, Any]) -> StoreError:
    if said["format"] < FORMAT:
        return StoreError(
            f"Version {number} was made by an older Kept.",
            str(path),
            f"It is of format {said['format']}; this software reads format {FORMAT} only.",
            "Load the extracts again into a new store.",
        )
    return StoreError(
        f"Version {number} was made by a newer Kept.",
        str(path),
        f"It is of format {said['format']}; this software knows up to {FORMAT}.",
        f"Install Kept {said.get('software', 'of its own version')} or later.",
    )


def put(path: Path, text: str) -> None:
    """Put a text file in place whole: a reader sees the old one or the new one."""
    put_bytes(path, text.encode("utf-8"))


def put_bytes(path: Path, content: bytes) -> None:
    """Put a file in place whole: a reader sees the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def put_json(path: Path, said: Any) -> None:
    """Put a JSON file in place whole."""
    put(path, json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def put_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in place: the one step that makes a version."""
    put_json(path_of(folder, manifest.version), asdict(manifest))


def vocabulary_of(words: list[Mapping[str, Any]]) -> Vocabulary:
    """The standard vocabulary with those that mappings brought."""
    vocabulary = standard()
    for said in words:
        vocabulary = vocabulary.extended(said["namespace"], said)
    return vocabulary
