"""Pages of figures: what each person sees of them, what bad fields come to, and what is taken away."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from kept.measures.asked import Opened
from kept.measures.question import Question
from kept.web.consulted.models import Access
from kept.web.figures.reading import measures_of
from kept.web.figures.scoped import places_of
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.people.scoping import scope_of
from tests.web.conftest import signed_in

Person = Callable[..., User]
WHOLE = "/figures/whole-code"


@pytest.fixture
def lead(person: Person) -> Client:
    return signed_in(person("victim_lead", name="vera"))


@pytest.fixture
def team(at: Opened) -> str:
    """A team that has figures."""
    found = at.figures(measures_of(at.run)["whole-code"], Question(by=("team",)))
    return max(found, key=lambda one: one.n if one.values[0] else 0).values[0] or ""


@pytest.fixture
def supervisor(person: Person, team: str) -> Client:
    return signed_in(person("supervisor", "team", team, name="sam"))


@pytest.mark.parametrize("page", ["/figures", "/figures/board", "/figures/views", WHOLE, f"{WHOLE}/chart/wide"])
@pytest.mark.parametrize("role", ["investigator", "witness_care", "commissioner", "governance", "administrator", ""])
def test_who_has_no_figures_sees_none(person: Person, page: str, role: str) -> None:
    assert signed_in(person(role, officer="O1")).get(page).status_code == 404


def test_a_supervisor_sees_the_figures_of_the_team_and_of_no_other(supervisor: Client, at: Opened, team: str) -> None:
    shown = supervisor.get(f"{WHOLE}?asked=1&by=team").text
    others = {one.team for one in places_of(at)} - {team, ""}
    assert f"Figures of {team}" in shown
    assert not [one for one in others if one in shown]
    for asked in [f"team={next(iter(others))}", "team=nonesuch", "unit=force", "unit=area:North", "area=nowhere"]:
        assert supervisor.get(f"{WHOLE}?asked=1&{asked}").status_code == 404
    assert set(Access.objects.values_list("kind", flat=True)) == {"refusal"}


def test_a_chart_and_a_copy_are_refused_as_the_page_is(supervisor: Client, at: Opened, team: str) -> None:
    other = min({one.team for one in places_of(at)} - {team, ""})
    for page in ("chart/wide", "copy/csv", "copy/png", "cases", "save"):
        assert supervisor.get(f"{WHOLE}/{page}?asked=1&unit=team:{other}").status_code in (404, 200)
        assert other not in supervisor.get(f"{WHOLE}/{page}?asked=1&unit=team:{other}").text


def test_only_auditors_see_how_records_are_kept(person: Person, lead: Client) -> None:
    auditor = signed_in(person("auditor"))
    assert auditor.get("/figures/entry-lag?asked=1").status_code == 200
    assert lead.get("/figures/entry-lag?asked=1").status_code == 404
    assert "How records are kept" in auditor.get("/figures").text
    assert "How records are kept" not in lead.get("/figures").text


def test_the_catalogue_is_searched_without_script(lead: Client) -> None:
    found = lead.get("/figures?q=needs+two+days").text
    assert "Did somebody ask what you need within two days?" in found
    assert "Was every right kept" not in found
    assert "0 figures" in lead.get("/figures?q=zebra").text
    assert "Was everything kept that Right 7 owed to you?" in lead.get("/figures?topic=right-7").text


def test_a_page_begins_with_the_last_months_as_a_chart_and_a_table(lead: Client) -> None:
    shown = lead.get(WHOLE).text
    assert "By month" in shown
    image = re.search(r'<img src="([^"]+)" alt="Process chart\. [^"]+"', shown)
    assert image
    drawn = lead.get(image[1].replace("&amp;", "&"))
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg ")
    for said in (
        "The figures as a table",
        "Interval of 95 %",
        "At best",
        "What it cannot say",
        "This is old. It shows what was in the records on",
    ):
        assert said in shown


def test_an_invented_force_stands_still_and_is_never_old(lead: Client, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, demo=True)
    shown = lead.get(WHOLE).text
    assert "From the records as they stood on" in shown
    assert "This is old" not in shown


def test_every_measure_has_a_page(lead: Client, at: Opened) -> None:
    for name, one in list(measures_of(at.run).items())[::12]:
        answer = lead.get(f"/figures/{name}")
        assert answer.status_code == (404 if one.audience == "auditors" else 200), name


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=soon", "Enter a date, such as 2026-12-31"),
        ("since=0001-01-01", "greater than or equal to"),
        ("until=9999-12-31", "less than or equal to"),
        ("since=2026-05-01&until=2026-04-30", "The last day comes before the first"),
        ("since=2026-05-02", "Begin on the first day of a month"),
        ("as_of=2098-01-01", "Nothing is known of that day yet"),
        ("as_of=1999-01-01", "Nothing is known as it was before"),
        ("by=sex&by_too=sex", "Choose two different ways"),
        ("by=officer", "Select a valid choice"),
        ("by=%00", "Select a valid choice"),
        ("offence=<script>alert(1)</script>", "Select a valid choice"),
        ("period=week", "Select a valid choice"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_shown(lead: Client, asked: str, said: str) -> None:
    answer = lead.get(f"{WHOLE}?asked=1&{asked}")
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert said in answer.text
    assert "<img" not in answer.text
    assert "<script>alert" not in answer.text
    assert lead.get(f"{WHOLE}/chart/wide?asked=1&{asked}").status_code == 404
    assert lead.get(f"{WHOLE}/copy/csv?asked=1&{asked}").status_code == 404


@pytest.mark.parametrize("page", ["/figures/nonesuch", f"{WHOLE}/copy/exe", f"{WHOLE}/chart/broad", "/figures/a%00b"])
def test_what_is_not_there_is_not_found(lead: Client, page: str) -> None:
    assert lead.get(page).status_code == 404


def test_what_was_asked_for_is_taken_back_one_by_one(lead: Client) -> None:
    shown = lead.get("/figures/needs-assessed?asked=1&by=area&since=2026-01-01").text
    tags = re.findall(r'class="moj-filter__tag" href="([^"]+)"', shown)
    assert [one.replace("&amp;", "&") for one in tags] == ["?by=area&asked=1", "?since=2026-01-01&asked=1"]


def test_of_two_breakdowns_there_is_a_table_and_a_chart(lead: Client) -> None:
    asked = "asked=1&by=area&by_too=sex"
    shown = lead.get(f"/figures/needs-assessed?{asked}").text
    assert 'alt="Bar charts, one for each area.' in shown
    assert shown.count("<tr") > 10
    for page in ("chart/wide", "chart/phone", "copy/svg", "copy/png"):
        assert lead.get(f"/figures/needs-assessed/{page}?{asked}").status_code == 200


def test_of_three_things_at_once_there_are_words_for_the_chart(lead: Client) -> None:
    shown = lead.get("/figures/outcomes?asked=1&by=area&by_too=offence").text
    assert "cannot be compared by eye" in shown
    assert "<img" not in shown


def test_nobody_can_divide_by_officer(lead: Client) -> None:
    offered = "".join(re.findall(r"<option[^>]*>[^<]*", lead.get(WHOLE).text)).lower()
    assert "team" in offered
    assert "officer" not in offered


def test_a_copy_as_csv_holds_every_figure_and_is_logged(lead: Client) -> None:
    answer = lead.get("/figures/needs-assessed/copy/csv?asked=1&by=area")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {"measure", "area", "n", "value", "low", "high", "as of", "run"} <= set(rows[0])
    assert all(0 <= float(one["value"]) <= 1 for one in rows if one["value"])
    (line,) = Access.objects.all()
    assert (line.kind, line.who, line.why) == ("disclosure", "vera", "csv of needs-assessed: by=area&asked=1")


def test_a_copy_as_workbook_says_what_it_is_of_and_has_no_formula(lead: Client) -> None:
    answer = lead.get("/figures/needs-assessed/copy/xlsx?asked=1&by=area")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Figures", "About"]
    said = {row[0].value: row[1].value for row in book["About"].iter_rows(max_col=2)}
    assert str(said["Measure"]).startswith("Did somebody ask what you need?")
    assert said["Asked for"] == "Divided by: Area"
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_chart_is_copied_with_its_words(lead: Client, form: str, begins: bytes) -> None:
    answer = lead.get(f"{WHOLE}/copy/{form}")
    assert answer.content.startswith(begins)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="whole-code-')


def test_the_cases_behind_a_figure_are_those_in_scope(lead: Client, supervisor: Client, person: Person) -> None:
    every = set(re.findall(r"/cases/(\w+)", lead.get(f"{WHOLE}/cases?asked=1").text))
    assert every
    own = set(re.findall(r"/cases/(\w+)", supervisor.get(f"{WHOLE}/cases?asked=1").text))
    assert own <= cases().among(scope_of(User.objects.get(name="sam")), [*own])
    champion = signed_in(person("champion"))
    assert champion.get(WHOLE).status_code == 200
    assert champion.get(f"{WHOLE}/cases").status_code == 404
    assert "The cases behind it" not in champion.get(WHOLE).text


def test_there_are_no_cases_behind_what_counts_no_obligations(lead: Client) -> None:
    assert lead.get("/figures/needs-assessed/cases?asked=1").status_code == 404


def test_a_board_has_what_the_role_looks_at_first(lead: Client, supervisor: Client) -> None:
    assert "Was every right kept" in lead.get("/figures/board").text
    shown = supervisor.get("/figures/board").text
    assert "Is somebody waiting to hear from us?" in shown
    assert "Was every right kept" not in shown


def test_a_page_asks_the_database_little(lead: Client, django_assert_max_num_queries: Any) -> None:
    for page in (WHOLE, "/figures", "/figures/board"):
        lead.get(page)
        with django_assert_max_num_queries(8):
            lead.get(page)
