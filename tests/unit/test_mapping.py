"""Mapping files: what they may say, and that every fault in one is named at once with its line."""

import json
import re
from pathlib import Path

import pytest

from kept.contract.vocabulary import standard
from kept.errors import MappingError
from kept.records.mapping import Mapping
from kept.records.shipped import shipped

SOUND = """\
mapping: force
entry_times: column
zone: Europe/London
sources:
  crimes: {files: ["crimes*.csv"], delimiter: ";"}
rows:
  crimes:
    - from: crimes
      columns: {crime: Ref, entered_at: Created}
"""


def load(folder: Path, text: str) -> Mapping:
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    return Mapping.load(folder / "mapping.yaml", standard())


def faults(folder: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(MappingError) as caught:
        load(folder, text)
    return [(fault.where or "", fault.what) for fault in caught.value.faults]


@pytest.mark.parametrize("name", [name for name in shipped() if name != "event-log"])
def test_every_shipped_mapping_is_sound(name: str) -> None:
    assert Mapping.load(name, standard()).name == name


def test_a_sound_mapping_is_read_whole(tmp_path: Path) -> None:
    mapping = load(tmp_path, SOUND)
    [block] = mapping.blocks
    assert (block.table, block.source, block.columns["crime"].column) == ("crimes", "crimes", "Ref")
    assert block.columns["entered_at"].zone == "Europe/London"
    assert mapping.sources["crimes"].delimiter == ";"
    assert (mapping.looks_back, mapping.snapshot) == (True, False)


def test_the_digest_is_that_of_all_that_was_said(tmp_path: Path) -> None:
    words = "namespace: own\nattributes: [{attribute: one, means: One., of: crime, type: flag}]\n"
    (tmp_path / "words.yaml").write_text(words, encoding="utf-8")
    text = SOUND.replace("mapping: force\n", "mapping: force\nvocabulary: [words.yaml]\n")
    first = load(tmp_path, text)
    assert first.vocabulary.attributes["own.one"].type == "flag"
    assert load(tmp_path, text).digest == first.digest
    (tmp_path / "words.yaml").write_text(words.replace("One.", "Two."), encoding="utf-8")
    assert load(tmp_path, text).digest != first.digest


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
mapping: force
entry_times: column
zone: Europe/Londres
sources:
  crimes: {files: [a.csv], encoding: klingon}
  both: {files: [a.csv], query: SELECT 1}
rows:
  crimes:
    - from: crime
      where: ((
      columns: {crimes: Ref, place: {column: a, constant: b}}
  events:
    - from: crimes
      columns:
        kind: {column: Act, values: {A: victim_tolt, B: crime_reported}}
        entered_at: {expression: "1; DROP TABLE x"}
cannot_supply:
  - {kinds: [no_such_kind], because: reasons}
"""
    assert sorted(set(faults(tmp_path, text))) == [
        ("mapping.yaml:10", "This is not DuckDB SQL."),
        ("mapping.yaml:10", "`where` leaves rows out and does not say why."),
        ("mapping.yaml:11", "A column is filled by exactly one of column, constant, expression."),
        ("mapping.yaml:11", "crimes has no column 'crimes'."),
        ("mapping.yaml:15", "'crime_reported' is not supplied as such."),
        ("mapping.yaml:15", "'victim_tolt' is not in the vocabulary."),
        ("mapping.yaml:16", "This is not DuckDB SQL."),
        ("mapping.yaml:18", "'no_such_kind' is none of the kinds."),
        ("mapping.yaml:3", "'Europe/Londres' is no known time zone."),
        ("mapping.yaml:5", "'klingon' is no known encoding."),
        ("mapping.yaml:6", "Source 'both' needs either `files` or a `query`."),
        ("mapping.yaml:9", "There is no source 'crime'."),
        ("mapping.yaml:9", "crimes needs crime, and nothing fills it."),
        ("mapping.yaml:9", "crimes needs entered_at, and nothing fills it."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("zone:", "zoan:", "the mapping has no setting 'zoan'."),
        ("entry_times: column\n", "", "the mapping lacks 'entry_times'."),
        ("entry_times: column", "entry_times: maybe", "entry_times is wrong: 'maybe' is not one of"),
        ("  crimes:\n    - from", "  criems:\n    - from", "rows is wrong: 'criems' is not one of"),
        ("delimiter:", "delim:", "sources.crimes has no setting 'delim'."),
        ("- from: crimes\n      columns", "- columns", "rows.crimes.0 lacks 'from'."),
    ],
)
def test_a_word_that_is_no_setting_is_a_fault(tmp_path: Path, old: str, new: str, what: str) -> None:
    [(where, said)] = faults(tmp_path, SOUND.replace(old, new))
    assert said.startswith(what)
    assert where.startswith("mapping.yaml:")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [1\n", "not valid YAML"),
        ("", "the mapping lacks"),
        ("- a\n", "the mapping is wrong"),
        ("a: &a {b: *a}\n", "has no setting"),
        ("? [1, 2]\n: 3\n", "A field's name is not text"),
    ],
)
def test_what_is_no_mapping_says_so(tmp_path: Path, text: str, what: str) -> None:
    assert what in faults(tmp_path, text)[0][1]


def test_a_mapping_that_is_absent_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="police-uk-api"):
        Mapping.load("polise-uk", standard())
    (tmp_path / "m.yaml").write_bytes(b"\xff\xfem")
    with pytest.raises(MappingError, match="cannot be read"):
        Mapping.load(tmp_path / "m.yaml", standard())


@pytest.mark.parametrize(
    "words",
    [
        "kinds: []\n",
        "namespace: a\nkinds: [{kind: x}]\n",
        "namespace: a\nkinds: 3\n",
        "- a\n",
        "namespace: a\nattributes: [x]\n",
    ],
)
def test_a_vocabulary_that_is_wrong_is_a_fault(tmp_path: Path, words: str) -> None:
    (tmp_path / "words.yaml").write_text(words, encoding="utf-8")
    text = SOUND.replace("mapping: force\n", "mapping: force\nvocabulary: [words.yaml, none.yaml]\n")
    (_, declared), (where, unread) = faults(tmp_path, text)[:2]
    assert declared == "words.yaml declares no vocabulary."
    assert (where, unread) == ("none.yaml", "The file cannot be read.")


def test_an_event_log_needs_its_columns(tmp_path: Path) -> None:
    text = "mapping: log\nentry_times: none\nsources: {log: {files: [a.csv]}}\nevent_log: {case: c}\n"
    whats = [what for _, what in faults(tmp_path, text)]
    assert {"event_log lacks 'from'.", "event_log lacks 'activity'.", "event_log lacks 'time'."} <= set(whats)


def test_an_extended_mapping_keeps_what_it_does_not_change(tmp_path: Path) -> None:
    text = (
        "mapping: log\nextends: event-log\nentry_times: none\nsources: {log: {files: [a.csv]}}\n"
        "event_log: {case: Patient, activities: {Called: victim_contacted}}\n"
    )
    mapping = load(tmp_path, text)
    assert [block.table for block in mapping.blocks] == ["crimes", "victims", "events"]
    event = mapping.blocks[-1].columns
    assert (event["victim"].column, event["kind"].column) == ("Patient", "concept:name")
    assert event["kind"].says == frozenset({"victim_contacted"})
    with pytest.raises(MappingError, match="no shipped mapping 'evnt-log'"):
        load(tmp_path, text.replace("event-log", "evnt-log"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("crimes*.csv", "../crimes.csv", "'../crimes.csv' leaves the extract's folder."),
        ("crimes*.csv", "/etc/crimes.csv", "'/etc/crimes.csv' leaves the extract's folder."),
        ("entered_at: Created", "entered_at: {column: a, format: '%Q'}", "This is no format of a moment."),
        ("entered_at: Created", "entered_at: {column: a, format: ['%Y', '%Y %z']}", "Only some of the formats"),
        ("entered_at: Created}", "entered_at: a}\n      one_per: victim", "one_per names 'victim'"),
    ],
)
def test_a_setting_that_cannot_work_is_a_fault(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert what in faults(tmp_path, SOUND.replace(old, new))[0][1]


def test_every_example_of_the_how_to_is_a_sound_mapping(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "how-to" / "write-a-mapping.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    assert [load(tmp_path, example).name for example in examples] == ["our-force", "flags", "parking"]


def test_the_how_to_names_every_setting(repository: Path) -> None:
    page = (repository / "docs" / "how-to" / "write-a-mapping.md").read_text(encoding="utf-8")
    schema = json.loads((repository / "kept/records/schema/mapping.schema.json").read_text(encoding="utf-8"))
    parts = [schema, *schema["$defs"].values()]
    settings = {name for part in parts for name in part["properties"]}
    assert {name for name in settings if not re.search(rf"`{name}[`:]|{name}:", page)} == set()
