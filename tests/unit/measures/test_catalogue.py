"""The catalogue: what is shipped holds together, and what is wrong in a file is said at once."""

from pathlib import Path

import pytest

from kept.code import loader
from kept.errors import MeasureError, NotFoundError
from kept.measures import catalogue
from kept.measures.counts import check, sql
from kept.measures.made import all_measures
from kept.measures.model import Measure
from kept.measures.names import WHOLE
from kept.measures.question import Question

BOARD_PAPER_ROWS = range(1, 108)
FINE = """
measures:
  - id: mine
    title: Were you told?
    means: Of the victims, the share who were told.
    kind: share
    of: victims
    counts: told_at IS NOT NULL
    stage: at any time
    source: records
    unit: "%"
    direction: higher
    owner: nobody in particular
    status: draft
"""


def read(folder: Path, text: str) -> dict[str, Measure]:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return catalogue.measures([file])


def test_every_measurable_duty_each_of_its_parts_each_right_and_the_whole_code_has_a_measure() -> None:
    book = loader.rulebook(loader.DEFAULT_RULEBOOK)
    found = all_measures(book)
    assert WHOLE in found
    for duty, _ in book.duties():
        assert f"{duty.edition}/{duty.id}" in found
        parts = [f"{duty.edition}/{duty.id}:{part.id}" for part in duty.parts] if duty.kind == "all_of" else []
        assert set(parts) <= set(found)
    rights = {duty.right for duty, _ in book.duties() if duty.right}
    assert {f"right-{right}" for right in rights} <= set(found)


def test_every_measure_says_its_stage_and_source_in_its_label_and_names_rows_of_the_papers() -> None:
    for one in all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK)).values():
        assert one.stage in one.label
        assert one.source in one.label
        assert set(one.serves) <= set(BOARD_PAPER_ROWS)


def test_a_measure_for_auditors_says_so_wherever_it_is_named() -> None:
    found = [one for one in catalogue.shipped().values() if one.audience == "auditors"]
    assert len(found) >= 5
    assert all(one.label.endswith("; for auditors)") for one in found)


def test_the_five_measures_of_a_statement_have_five_stages() -> None:
    ours = [one for one in catalogue.shipped().values() if one.id.startswith("statement-")]
    assert len({one.stage for one in ours}) == len(ours) == 5


def test_a_right_measure_is_read(tmp_path: Path) -> None:
    one = read(tmp_path, FINE)["mine"]
    assert one.label == "Were you told? (at any time, from records)"
    assert "told_at IS NOT NULL" in sql(one, Question(by=("sex",), period="month"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("told_at", "tolled_at", "reads the column `tolled_at`"),
        ("of: victims", "of: victim", "counts in the population `victim`"),
        ("    counts: told_at IS NOT NULL\n", "", "`counts` is missing"),
        ("source: records", "source: hearsay", "`hearsay` is not one of"),
        ("told_at IS NOT NULL", "told_at IS", "is not a condition"),
        ("status: draft", "status: draft\n    breakdowns: [shoe_size]", "is broken down by `shoe_size`"),
        ("kind: share", "kind: duty", "`duty` is not one of"),
        ("id: mine", "id: Mine!", "is not written as it should be"),
        ("    owner: nobody in particular\n", "", "`owner` is missing"),
        ("status: draft", "status: draft\n    weight: 3", "`weight` is not known here"),
        (
            "status: draft",
            "status: draft\n    by: officer\n    audience: auditors",
            "is for auditors and counts by officer",
        ),
    ],
)
def test_a_fault_is_said_with_its_line_and_what_to_do(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in FINE
    with pytest.raises(MeasureError) as refused:
        read(tmp_path, FINE.replace(old, new))
    fault = refused.value.faults[0]
    assert says in fault.what
    assert fault.where is not None
    assert fault.where.startswith("mine.yaml:")
    assert fault.what_to_do


def test_all_faults_of_a_file_are_said_at_once(tmp_path: Path) -> None:
    twice = FINE + FINE.removeprefix("\nmeasures:\n").replace("told_at", "tolled_at")
    with pytest.raises(MeasureError) as refused:
        read(tmp_path, twice.replace("direction: higher", "direction: higher\n    breakdowns: [shoe_size]"))
    said = [fault.what for fault in refused.value.faults]
    assert sum("shoe_size" in one for one in said) == 2
    assert sum("tolled_at" in one for one in said) == 1
    assert sum("there twice" in one for one in said) == 1


def test_an_unknown_measure_is_answered_with_those_near_it() -> None:
    with pytest.raises(NotFoundError) as missing:
        catalogue.measure("outcome", catalogue.shipped())
    assert "outcome-16" in missing.value.why


def test_what_is_owed_to_no_victim_is_divided_by_what_is_known_of_the_investigation() -> None:
    found = all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK))
    reviewed = found["force-standards/FS-FIRST-REVIEW"]
    check(reviewed, Question(by=("evidence_led", "area")))
    with pytest.raises(MeasureError) as refused:
        check(reviewed, Question(only={"opted_out": "true"}))
    assert "owed to no single one" in refused.value.why
    check(found["whole-code"], Question(only={"opted_out": "true", "evidence_led": "active"}))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("whole-cod", WHOLE),
        ("whoel-code", WHOLE),
        ("neds-assessed", "needs-assessed"),
        ("Needs-Asessed", "needs-assessed"),
        ("code-2020/R6.1a", "code-2020/R6-1a"),
        ("code-2020/r6-1a", "code-2020/R6-1a"),
        ("report-to-recrod", "report-to-record"),
    ],
)
def test_a_slip_of_the_keys_is_answered_with_what_was_meant(typed: str, meant: str) -> None:
    with pytest.raises(NotFoundError) as missing:
        catalogue.measure(typed, all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK)))
    assert meant in missing.value.why


@pytest.mark.parametrize("typed", ["", "nothing-like-it-at-all"])
def test_a_name_like_no_other_is_answered_with_where_to_look(typed: str) -> None:
    with pytest.raises(NotFoundError) as missing:
        catalogue.measure(typed, catalogue.shipped())
    assert (missing.value.why, missing.value.what_to_do) == ("", "See kept measures list.")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Question(by=("shoe_size",)), "cannot be broken down by shoe_size"),
        (Question(only={"shoe_size": "7"}), "cannot be broken down by shoe_size"),
        (Question(by=("sex", "place", "offence")), "by 3 breakdowns"),
        (Question(period="decade"), "no period decade"),
    ],
)
def test_what_a_measure_cannot_be_asked_is_refused_with_a_sentence(question: Question, says: str) -> None:
    with pytest.raises(MeasureError) as refused:
        check(catalogue.shipped()["needs-assessed"], question)
    assert says in refused.value.what
    assert refused.value.what_to_do
