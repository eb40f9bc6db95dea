"""Reading editions and rulebooks, and refusing the bad ones with every fault at once."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kept.code import build, checks, checks_words, schema
from kept.code.file_schema import FileSchema
from kept.code.lined import Lined, Place, read
from kept.code.model import Chosen, Duty, Edition, Rulebook, Selector, TermDefinition
from kept.contract.vocabulary import Vocabulary, standard
from kept.errors import CodeError, Fault

SHIPPED = ("code-2015", "code-2020", "force-standards")
DEFAULT_RULEBOOK = "default"
_DUTY, _DUTY_FILE, _VOCABULARY = (
    FileSchema(schema.duty()),
    FileSchema(schema.duty_file()),
    FileSchema(schema.vocabulary()),
)
_EDITION, _RULEBOOK = FileSchema(schema.edition()), FileSchema(schema.rulebook())


@dataclass(slots=True)
class _Reading:
    """What one edition's files have yielded so far, and everything that is wrong with them."""

    main: Lined
    faults: list[Fault] = field(default_factory=list)
    vocabulary: Vocabulary = field(default_factory=standard)
    terms: dict[str, TermDefinition] = field(default_factory=dict)
    terms_hold: bool = True
    ends: tuple[Selector, ...] = ()
    duties: dict[str, Duty] = field(default_factory=dict)

    def read_vocabulary(self, folder: Path) -> None:
        path = folder / "vocabulary.yaml"
        if not path.exists():
            return
        lined = self.read(path, f"{folder.name}/{path.name}", _VOCABULARY)
        if lined:
            self.vocabulary = standard().extended(lined.data["namespace"], lined.data)

    def read_terms(self) -> None:
        contents = self.main.data.get("terms", ())
        self.terms = {one["term"]: build.term(one) for one in contents}
        faults = checks.terms(self.main, self.terms, self.vocabulary)
        self.terms_hold = not faults
        self.faults.extend(faults)
        ends = build.selectors(self.main.data.get("ends"))
        unknown = list(checks_words.of_ends(self.main, ends, self.vocabulary))
        self.faults.extend(unknown)
        self.ends = () if unknown else ends

    def read_duties(self, path: Path, shown_as: str, *, shapes_only: bool) -> None:
        """Read one file of duties, each duty for itself, so that a fault in one hides none in the next."""
        lined = self.read(path, shown_as, _DUTY_FILE)
        if lined:
            for index in range(len(lined.data["duties"])):
                self.read_duty(lined, ("duties", index), shapes_only)

    def read(self, path: Path, shown_as: str, against: FileSchema) -> Lined | None:
        """A file that can be read and fits its schema; None otherwise, its faults noted."""
        try:
            lined = read(path, shown_as)
        except CodeError as error:
            self.faults.extend(error.faults)
            return None
        broken = against.faults(lined)
        self.faults.extend(broken)
        return None if broken else lined

    def read_duty(self, lined: Lined, at: Place, shapes_only: bool) -> None:
        content = lined.data["duties"][at[1]]
        named = content.get("id") if isinstance(content, dict) else None
        faults = _DUTY.faults(lined, at, f"Duty {named}" if named else f"Duty {int(at[1]) + 1}")
        faults = faults or checks.presence(lined, at)
        self.faults.extend(faults)
        if faults or shapes_only:
            return
        duty = build.duty(
            content,
            edition=self.main.data["edition"],
            right=lined.data.get("right"),
            ends=self.ends,
            file=lined.file,
            line=lined.line((*at, "id")),
            example_lines=[lined.line((*at, "examples", n)) for n in range(len(content.get("examples", ())))],
        )
        self.faults.extend(checks.duty(lined, at, duty, self.vocabulary, self.terms, terms_hold=self.terms_hold))
        self.faults.extend(checks.twice(duty, self.duties))
        self.duties.setdefault(duty.id, duty)


def edition(name_or_folder: str | Path) -> Edition:
    """Read an edition: one that is shipped, by its name, or any folder. Raises CodeError with every fault."""
    return _edition(_folder(name_or_folder))


def rulebook(name_or_file: str | Path = DEFAULT_RULEBOOK) -> Rulebook:
    """Read a rulebook and its editions, with its amendments applied. Raises CodeError with every fault.

    The folder of an edition is a rulebook too, in which that edition alone is in force at all times.

    An edition is named as shipped or by its folder, relative to the rulebook's file.
    """
    if (Path(name_or_file) / "edition.yaml").is_file():
        return of_editions(edition(name_or_file))
    path = _rulebook_file(name_or_file)
    lined = read(path, path.name)
    _require(_RULEBOOK.faults(lined))
    faults: list[Fault] = []
    chosen = [_choose(lined, index, path.parent, faults) for index in range(len(lined.data["editions"]))]
    _require(faults)
    amended = _amended([one for one in chosen if one], lined, faults)
    faults.extend(checks.together(lined, amended))
    _require(faults)
    return Rulebook(
        id=lined.data["rulebook"],
        title=lined.data["title"],
        nation=lined.data["nation"],
        chosen=tuple(amended),
        vocabulary=_joined(one.edition.vocabulary for one in amended),
        digest=_digest([path, *(path for one in amended for path in _files_of(Path(one.edition.folder)))]),
    )


def of_editions(*editions: Edition, nation: str = "england-and-wales") -> Rulebook:
    """A rulebook that holds these editions in force at all times, for checking examples and for one-off runs."""
    from_the_start = date(1900, 1, 1)
    chosen = tuple(Chosen(one, from_the_start, None) for one in editions)
    digest = _digest([path for one in editions for path in _files_of(Path(one.folder))])
    names = "+".join(one.id for one in editions)
    return Rulebook(names, names, nation, chosen, _joined(one.vocabulary for one in editions), digest)


@cache
def _edition(folder: Path) -> Edition:
    main = read(folder / "edition.yaml", f"{folder.name}/edition.yaml")
    reading = _Reading(main, faults=_EDITION.faults(main))
    reading.read_vocabulary(folder)
    shaped = not reading.faults
    if shaped:
        reading.read_terms()
    for path in _duty_files(folder):
        reading.read_duties(path, f"{folder.name}/{path.name}", shapes_only=not shaped)
    _require(reading.faults)
    return Edition(
        id=main.data["edition"],
        title=main.data["title"],
        status=main.data["status"],
        citation=build.citation(main.data["citation"]),
        vocabulary=reading.vocabulary,
        terms=reading.terms,
        duties=reading.duties,
        folder=str(folder),
    )


def _choose(lined: Lined, index: int, folder: Path, faults: list[Fault]) -> Chosen | None:
    content = lined.data["editions"][index]
    name = content["edition"]
    if name not in SHIPPED and not (folder / name / "edition.yaml").is_file():
        faults.append(_no_edition(name, lined.where(("editions", index))))
        return None
    try:
        found = edition(name if name in SHIPPED else folder / name)
    except CodeError as error:
        faults.extend(error.faults)
        return None
    return Chosen(found, date.fromisoformat(content["from"]), build.day(content.get("to")))


def _amended(chosen: list[Chosen], lined: Lined, faults: list[Fault]) -> list[Chosen]:
    for index, content in enumerate(lined.data.get("amendments", ())):
        holders = [place for place, one in enumerate(chosen) if content["duty"] in one.edition.duties]
        if not holders:
            faults.append(checks.unknown_amended_duty(lined, index))
        for place in holders:
            amended = _amend(chosen[place].edition, content)
            chosen[place] = replace(chosen[place], edition=amended)
            duty = amended.duties[content["duty"]]
            faults.extend(checks.duty(lined, ("amendments", index), duty, amended.vocabulary, amended.terms))
    return chosen


def _amend(original: Edition, content: Mapping[str, Any]) -> Edition:
    """The edition with one duty changed as a force decided, the reason standing in the duty's note."""
    duty = original.duties[content["duty"]]
    changes: dict[str, Any] = {"note": f"{duty.note} Changed by the force: {content['because']}".strip()}
    if "limit" in content:
        changes["limit"] = build.limit(content["limit"])
        changes["enhanced_limit"] = build.limit(content["limit"].get("enhanced"))
    if "judged_at" in content:
        changes["judged_at"] = build.judged_at(content["judged_at"])
    if "answer" in content:
        changes["answer"] = build.answer(content["answer"])
    changes.update({name: content[name] for name in ("which", "credit") if name in content})
    return replace(original, duties={**original.duties, duty.id: replace(duty, **changes)})


def _folder(name_or_folder: str | Path) -> Path:
    if str(name_or_folder) in SHIPPED:
        return _shipped("editions") / str(name_or_folder)
    folder = Path(name_or_folder).resolve()
    if not (folder / "edition.yaml").exists():
        raise CodeError.of([_no_edition(name_or_folder, str(folder))])
    return folder


def _no_edition(name: str | Path, where: str) -> Fault:
    return Fault(
        f"There is no edition `{name}`.",
        where=where,
        why="An edition is a folder with an edition.yaml in it.",
        what_to_do=f"Name a folder, or one that is shipped: {', '.join(SHIPPED)}.",
    )


def _rulebook_file(name_or_file: str | Path) -> Path:
    shipped = _shipped("rulebooks") / f"{name_or_file}.yaml"
    path = shipped if shipped.exists() else Path(name_or_file)
    if not path.is_file():
        raise CodeError(
            f"There is no rulebook `{name_or_file}`.",
            where=str(path),
            why="A rulebook is a YAML file that says which editions are in force from when.",
            what_to_do="Name a file, or `default`.",
        )
    return path


def _shipped(folder: str) -> Path:
    return Path(__file__).parent / folder


def _duty_files(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob("*.yaml"))
        if path.name not in ("edition.yaml", "vocabulary.yaml", "mapping.yaml")
    ]


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if path.name != "mapping.yaml")


def _joined(vocabularies: Iterable[Vocabulary]) -> Vocabulary:
    joined = standard()
    for one in vocabularies:
        joined = Vocabulary({**joined.kinds, **one.kinds}, {**joined.attributes, **one.attributes})
    return joined


def _digest(paths: Iterable[Path]) -> str:
    content = [[path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for path in paths]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _require(faults: list[Fault]) -> None:
    if faults:
        raise CodeError.of(faults)
