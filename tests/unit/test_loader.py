"""A bad edition is refused with every fault at once, each with its sentence and its line."""

from pathlib import Path

import pytest

from kept.code import loader
from kept.engine.check import check
from kept.errors import CodeError

EDITIONS = Path(__file__).parent.parent / "examples" / "bad-editions"
RULEBOOKS = Path(__file__).parent.parent / "examples" / "bad-rulebooks"

FAULTS = {
    "alias": [("An alias stands here.", "duties.yaml:8")],
    "before-not-judged": [
        ("Duty D1 is due before an event, but is not judged when due.", "duties.yaml:9"),
    ],
    "duplicate-id": [("Duty D1 stands twice in the edition.", "more.yaml:2 and duplicate-id/duties.yaml:2")],
    "ends-before-it-begins": [("Duty D1 ends on 2023-01-01, before it begins.", "duties.yaml:14")],
    "example-of-nothing-known": [
        ("The example “a dream” of D1 says at `2024-03-04 25:00`.", "duties.yaml:14"),
        (
            "The example “a dream” of D1 names the event kind `suspect_dreamt`, which is not known.",
            "duties.yaml:14",
        ),
        ("The example “a dream” of D1 names the part `wing`, which is not known.", "duties.yaml:14"),
    ],
    "idle-field": [("Duty D1 is of kind `respond` and has `before`.", "duties.yaml:13")],
    "interval-that-never-passes": [
        ("Duty D1 is of kind `repeat` and has `clock_from`.", "duties.yaml:11"),
        ("Duty D1 repeats after an interval that never passes.", "duties.yaml:10"),
    ],
    "item-of-none": [("Duty D1 asks for an item of `crime_recorded`, which carries none.", "duties.yaml:12")],
    "judged-without-limit": [("Duty D1 is judged when due, but has no limit.", "duties.yaml:10")],
    "limit-not-judged": [("Duty D1 has a limit, but is not judged when due.", "duties.yaml:11")],
    "limit-of-text": [("Duty D1 takes its limit from `place`, a text, not a number.", "duties.yaml:10")],
    "link-of-no-answer": [
        (
            "Duty D1 matches answers by suspect, which its answer `support_referred` never carries.",
            "duties.yaml:12",
        ),
    ],
    "link-of-no-start": [
        (
            "Duty D1 matches answers by suspect, which its start `crime_reported` never carries.",
            "duties.yaml:12",
        ),
        (
            "Duty D1 matches answers by suspect, which its answer `crime_recorded` never carries.",
            "duties.yaml:12",
        ),
    ],
    "many": [
        ("Duty D1 has no `citation`.", "duties.yaml:2"),
        ("Duty D1 has no `judged_at`.", "duties.yaml:2"),
        ("Duty D2 names the event kind `suspect_vanished`, which is not known.", "duties.yaml:18"),
        ("Duty D2 asks for the fact `moon_phase`, which is not known.", "duties.yaml:22"),
        ("Duty D3: `limits` is not known here.", "duties.yaml:34"),
        ("Duty D3: kind: `reply` is not one of respond, repeat, before, all_of.", "duties.yaml:26"),
        ("Duty D4: limit: `weeks` is not known here.", "more.yaml:10"),
        ("Duty D2 stands twice in the edition.", "more.yaml:13 and many/duties.yaml:11"),
    ],
    "no-answer": [("Duty D1 has no `answer`.", "duties.yaml:2")],
    "no-citation": [("Duty D1 has no `citation`.", "duties.yaml:2")],
    "no-enhanced-term": [
        ("Duty D1 has a limit under the term `enhanced`, which is not known.", "duties.yaml:10"),
    ],
    "no-judged-at": [("Duty D1 has no `judged_at`.", "duties.yaml:2")],
    "not-a-day": [("Duty D1: from: `2024-02-30` is not a day of the calendar.", "duties.yaml:13")],
    "not-yaml": [("The file is not valid YAML.", "more.yaml:4")],
    "overlapping-exceptions": [
        ("Two exceptions of D1 can hold at once: “domestic abuse” and “hate”.", "duties.yaml:13"),
    ],
    "own-words": [("kinds.0: `means` is missing.", "vocabulary.yaml:3")],
    "said-twice": [("`judged_at` is said twice.", "duties.yaml:13")],
    "stage-never-reached": [("Duty D1 is judged at a stage that some cases never reach.", "duties.yaml:10")],
    "term-in-a-circle": [
        ("Term one is defined by itself.", "edition.yaml:6"),
        ("Term two is defined by itself.", "edition.yaml:11"),
    ],
    "term-twice": [("Term one is defined twice.", "edition.yaml:11")],
    "two-parts": [("Duty D1 has two parts `one`.", "duties.yaml:14")],
    "unknown-choice": [
        ("Duty D1: kind: `reply` is not one of respond, repeat, before, all_of.", "duties.yaml:5"),
    ],
    "unknown-code": [
        ("Duty D1 asks whether `victim_kind` is `alien`, which is not known.", "duties.yaml:13"),
    ],
    "unknown-end": [
        ("The edition names the event kind `world_ended`, which is not known.", "edition.yaml:5"),
    ],
    "unknown-fact": [("Duty D1 asks for the fact `moon_phase`, which is not known.", "duties.yaml:13")],
    "unknown-field": [("Duty D1: `limits` is not known here.", "duties.yaml:13")],
    "unknown-holder": [("Duty D1 is held by `postman`, which is not known.", "duties.yaml:6")],
    "unknown-kind": [
        ("Duty D1 names the event kind `suspect_vanished`, which is not known.", "duties.yaml:9"),
    ],
    "unknown-start": [
        ("Duty D1 asks whether the value of its start is `on_parole`, which is not known.", "duties.yaml:13"),
    ],
    "unknown-term": [("Duty D1 uses the term `most_important`, which is not known.", "duties.yaml:13")],
    "unknown-value": [
        ("Duty D1 asks for `victim_told` with value `lottery`, which is not known.", "duties.yaml:12"),
    ],
    "wrong-sort": [
        ("Duty D1: measured_now: `yes` should be true or false.", "duties.yaml:13"),
        ("Duty D1: citation.paragraph: `3.4` should be text (put it in quotes).", "duties.yaml:8"),
    ],
}
ONLY_WHEN_EVALUATED = "example-that-does-not-hold"

OF_RULEBOOKS = {
    "amended-beyond-sense": [
        (
            "Duty E15-ARREST takes its limit from `moon_phase`, which is not known.",
            "amended-beyond-sense.yaml:9",
        ),
        (
            "Duty E15-CHARGE names the event kind `suspect_vanished`, which is not known.",
            "amended-beyond-sense.yaml:12",
        ),
    ],
    "continues-nothing": [
        (
            "Duty D1 continues code-2015/E15-MOON, which is not there.",
            "continues-nothing/duties.yaml:2",
        ),
    ],
    "ends-before-it-begins": [
        ("code-2015 ends on 2015-11-16, before it begins.", "ends-before-it-begins.yaml:5"),
    ],
    "overlapping": [
        (
            "code-2015 and code-2015 are in force on the same days, and both hold E15-ARREST and 10 more.",
            "overlapping.yaml:6",
        ),
    ],
    "unknown-duty": [
        ("The amendment is of E15-MOON, which no edition of the rulebook holds.", "unknown-duty.yaml:7"),
    ],
    "unknown-edition": [("There is no edition `code-1066`.", "unknown-edition.yaml:5")],
    "unknown-nation": [
        (
            "nation: `narnia` is not one of england-and-wales, scotland, northern-ireland.",
            "unknown-nation.yaml:3",
        ),
    ],
}


def test_every_bad_edition_and_rulebook_has_its_faults_written_down() -> None:
    assert {one.name for one in EDITIONS.iterdir()} == {*FAULTS, ONLY_WHEN_EVALUATED}
    assert {one.stem for one in RULEBOOKS.glob("*.yaml")} == set(OF_RULEBOOKS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_edition_is_refused_with_all_its_faults(name: str) -> None:
    with pytest.raises(CodeError) as refused:
        loader.edition(EDITIONS / name)
    assert [(one.what, one.where) for one in refused.value.faults] == [
        (what, f"{name}/{where}") for what, where in FAULTS[name]
    ]
    assert all(one.why and one.what_to_do for one in refused.value.faults)


@pytest.mark.parametrize("name", OF_RULEBOOKS)
def test_a_bad_rulebook_is_refused_with_all_its_faults(name: str) -> None:
    with pytest.raises(CodeError) as refused:
        loader.rulebook(RULEBOOKS / f"{name}.yaml")
    assert [(one.what, one.where) for one in refused.value.faults] == OF_RULEBOOKS[name]


def test_an_example_that_does_not_hold_is_named_with_its_line() -> None:
    (fault,) = check(loader.edition(EDITIONS / ONLY_WHEN_EVALUATED)).faults[:1]
    assert fault.what == "The example “told too late, said to be in time” of D1 does not hold."
    assert fault.where == f"{ONLY_WHEN_EVALUATED}/duties.yaml:14"
    assert fault.why == "Line 1 says state met; it is late (the state is late)."


def test_a_fault_names_the_nearest_known_word(tmp_path: Path) -> None:
    write(tmp_path, owed_when="suspect_arested")
    with pytest.raises(CodeError) as refused:
        loader.edition(tmp_path)
    assert refused.value.what_to_do.startswith("Correct it to suspect_arrested or ")


def test_overlapping_exceptions_show_both_citations() -> None:
    with pytest.raises(CodeError) as refused:
        loader.edition(EDITIONS / "overlapping-exceptions")
    assert refused.value.why == (
        "The first stands in Rule of the house 1, the second in Rule of the garden 2; nothing says which wins."
    )


def test_an_edition_of_the_smallest_kind_is_read(tmp_path: Path) -> None:
    write(tmp_path)
    edition = loader.edition(tmp_path)
    (duty,) = edition.duties.values()
    assert (duty.id, duty.line, duty.ends) == ("D1", 2, ())
    assert duty.limit is not None
    assert duty.limit.says() == "5 working days"


def test_an_edition_of_another_field_brings_its_own_words(tmp_path: Path) -> None:
    write(
        tmp_path,
        holder="captain",
        owed_when="sea.ship_sighted",
        limit="{hours: {fact: sea.hours_of_fuel}}",
        answer="{specific: {kind: sea.ship_hailed, value: flag}, match: [item]}",
    )
    (tmp_path / "vocabulary.yaml").write_text(
        "namespace: sea\nkinds:\n"
        "  - {kind: ship_sighted, means: Seen, concerns: crime, links: [item]}\n"
        "  - {kind: ship_hailed, means: Called, concerns: crime, links: [item], values: {flag: by flag}}\n"
        "attributes:\n  - {attribute: hours_of_fuel, means: Fuel, of: crime, type: number, unit: hours}\n"
    )
    duty = loader.edition(tmp_path).duties["D1"]
    assert duty.owed_when[0].kind == "sea.ship_sighted"
    assert duty.limit is not None
    assert duty.limit.attribute == "sea.hours_of_fuel"


def test_numbers_written_like_times_or_with_a_leading_zero_stay_text(tmp_path: Path) -> None:
    write(tmp_path, title="007")
    assert loader.edition(tmp_path).duties["D1"].title == "007"


def test_a_field_whose_name_is_not_text_is_refused(tmp_path: Path) -> None:
    write(tmp_path, owed_when="{[suspect, arrested]: yes}")
    with pytest.raises(CodeError, match="A field's name is not text"):
        loader.edition(tmp_path)


def test_a_tag_that_would_run_code_is_refused(tmp_path: Path) -> None:
    write(tmp_path, title="!!python/object/apply:os.getcwd []")
    with pytest.raises(CodeError, match="not valid YAML"):
        loader.edition(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("duties: [é]".encode("latin-1"))
    with pytest.raises(CodeError, match="The file cannot be read"):
        loader.edition(tmp_path)


def test_an_empty_file_says_what_it_lacks(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(CodeError, match="`duties` is missing"):
        loader.edition(tmp_path)


def test_what_is_no_edition_or_rulebook_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="code-2015, code-2020, force-standards"):
        loader.edition(tmp_path / "nowhere")
    with pytest.raises(CodeError, match="There is no rulebook"):
        loader.rulebook(tmp_path / "nowhere.yaml")


def test_an_amendment_changes_the_duty_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "rulebook: ours\ntitle: Ours\nnation: england-and-wales\n"
        "editions:\n  - {edition: force-standards, from: 2015-11-16}\n"
        "amendments:\n  - duty: FS-OFFICER-REVIEW\n    because: The seven days are working days.\n"
        "    limit: {working_days: 7}\n"
    )
    duty = loader.rulebook(tmp_path / "ours.yaml").chosen[0].edition.duties["FS-OFFICER-REVIEW"]
    assert duty.limit is not None
    assert duty.limit.says() == "7 working days"
    assert duty.note.endswith("Changed by the force: The seven days are working days.")


def write(folder: Path, **changes: str) -> None:
    """A small edition in a folder, with some of its one duty's fields changed."""
    fields = {
        "id": "D1",
        "title": "A duty",
        "says": "Somebody does something.",
        "kind": "respond",
        "holder": "police",
        "certainty": "sourced",
        "citation": "{source: A rule}",
        "owed_when": "suspect_arrested",
        "limit": "{working_days: 5}",
        "judged_at": "due",
        "answer": "{specific: {kind: victim_told, value: arrest, result: told}}",
        **changes,
    }
    lines = "\n    ".join(f"{name}: {value}" for name, value in fields.items())
    (folder / "edition.yaml").write_text("edition: small\ntitle: Small\nstatus: local\ncitation: {source: A rule}\n")
    (folder / "duties.yaml").write_text(f"duties:\n  - {lines}\n")


def test_the_default_rulebook_dates_every_edition_that_is_shipped() -> None:
    rulebook = loader.rulebook()
    spans = {one.edition.id: (str(one.starts_on), str(one.ends_on)) for one in rulebook.chosen}
    assert spans == {
        "code-2015": ("2015-11-16", "2021-04-01"),
        "code-2020": ("2021-04-01", "None"),
        "force-standards": ("2015-11-16", "None"),
    }
    assert set(spans) == set(loader.SHIPPED)
