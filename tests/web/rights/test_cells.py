"""What the commissioner's office sees: releases by quarter and area, made in the background, and to download."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.release.published import published
from kept.release.register import Register
from kept.web.consulted.models import Access
from kept.web.figures.reading import opened_run
from kept.web.figures.scoped import places_of
from kept.web.jobs import background, queue
from kept.web.jobs.models import Job
from kept.web.jobs.worker import Worker
from kept.web.people.models import User
from kept.web.rights import made, making, released
from kept.web.rights.made import Quarter, offered
from kept.web.rights.making import make
from kept.web.rights.publishing import rule as rule_in_force
from tests.web.conftest import signed_in

Person = Callable[..., User]
RULE = "publisher: The Board\ncitation: Rules, section 4\nthreshold: 12\nrounding_base: 6\n"
FILES = {"tables.ods", "tables.xlsx", "method.md", "release.json", "SHA256SUMS", "table-1.csv"}


@pytest.fixture
def rule(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a publishing body has set, and a home in which nothing is made yet; a worker is said to live."""
    path = tmp_path / "rule.yaml"
    path.write_text(RULE)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, publishing=path, home=tmp_path)
    monkeypatch.setattr(background, "alive", lambda: True)
    return path


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the tables of the last quarter are made, for the tests that change nothing in it."""
    return tmp_path_factory.mktemp("released")


@pytest.fixture
def quarter(rule: Path, settings: Any, once: Path, at: Opened) -> Quarter:
    """The last quarter, made."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=once)
    (first, *_) = offered(rule_in_force(), at.clock)
    make(first)
    return first


@pytest.fixture
def office(person: Person) -> Client:
    return signed_in(person("commissioner", name="opcc"))


def main_of(client: Client, address: str = "/rights") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.text.partition("<main")[2].partition("</main>")[0])


def counts_of(shown: str) -> list[int]:
    body = shown.partition("<tbody")[2].partition("</tbody>")[0]
    cells = re.findall(r'numeric">([^<]*)<', body)
    return [int(one.replace(",", "")) for one in cells if one.replace(",", "").isdigit()]


@pytest.mark.usefixtures("quarter")
def test_no_cell_of_the_force_or_an_area_is_small_and_all_are_rounded(office: Client, at: Opened) -> None:
    whole = main_of(office)
    areas = sorted({one.area for one in places_of(at) if one.area})
    shown = {area: main_of(office, f"/rights?area={area}") for area in areas if f">{area}</a>" in whole}
    assert len(shown) > 1
    assert counts_of(whole)
    for each in (whole, *shown.values()):
        assert all(one == 0 or (one >= 12 and one % 6 == 0) for one in counts_of(each))
    assert "<form" not in whole
    for said in ("The Board", "Rules, section 4", ">12<", ">6<", "[c] stands for"):
        assert said in whole


@pytest.mark.parametrize("area", ["Nowhere", "Total", "%00", "<script>", "x" * 4000])
@pytest.mark.usefixtures("quarter")
def test_an_area_that_the_tables_do_not_have_is_not_found(office: Client, area: str) -> None:
    assert office.get("/rights", {"area": area}).status_code == 404


def test_what_is_downloaded_is_what_is_shown_is_logged_and_stands_in_the_register(
    office: Client, quarter: Quarter
) -> None:
    answer = office.get("/rights/released.zip")
    with ZipFile(io.BytesIO(answer.content)) as packed:
        names = {name.partition("/")[2] for name in packed.namelist()}
        tables = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".csv")]
    assert names >= FILES
    written = [
        int(one) for table in tables for line in table.splitlines() if line.startswith("Total,")
        for one in line.split(",") if one.isdigit()
    ]  # fmt: skip
    assert sorted(written) == sorted(counts_of(main_of(office)))
    (line,) = Access.objects.filter(kind="disclosure")
    assert line.who == "opcc"
    left = Register.load(made.register()).tables
    assert {one.release for one in left} == {f"rights-{quarter.first.isoformat()}"}
    assert {one.layout.scope.measure for one in left} <= {measure.id for measure in quarter.rights().values()}


def test_a_quarter_is_made_once_and_released_once(quarter: Quarter) -> None:
    changed = (quarter.folder / "release.json").stat().st_mtime_ns
    make(quarter)
    assert (quarter.folder / "release.json").stat().st_mtime_ns == changed
    assert len({one.release for one in Register.load(made.register()).tables}) == 1


def test_another_rule_makes_another_release_that_knows_of_the_first(
    quarter: Quarter, rule: Path, settings: Any, tmp_path: Path, at: Opened
) -> None:
    home = tmp_path / "copied"
    home.mkdir()
    (home / "releases.json").write_bytes(made.register().read_bytes())
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=home)
    rule.write_text(RULE.replace("threshold: 12", "threshold: 18"))
    again = offered(rule_in_force(), at.clock)[0]
    assert not again.is_made
    make(again)
    assert not again.why_not
    name = f"rights-{quarter.first.isoformat()}"
    assert {one.release for one in Register.load(made.register()).tables} == {name, f"{name}-2"}


@pytest.mark.usefixtures("rule")
def test_until_they_are_made_the_page_says_so_and_has_the_worker_make_them(office: Client, db: None) -> None:
    for _ in range(2):
        shown = main_of(office)
        assert "not made yet" in shown
        assert not counts_of(shown)
    assert office.get("/rights/released.zip").status_code == 404
    assert list(Job.objects.values_list("kind", flat=True)) == ["released"]


@pytest.mark.usefixtures("rule")
def test_the_worker_makes_each_quarter_as_work_of_its_own(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Quarter] = []

    def made_now(quarter: Quarter) -> None:
        done.append(quarter)
        quarter.folder.mkdir(parents=True)

    monkeypatch.setattr("kept.web.rights.work.make", made_now)
    queue.ask("released", key="released")
    Worker().run_once()
    assert [one.first for one in done] == made.quarters(opened_run().clock.date())
    assert Job.objects.filter(kind="released", ended=None).count() == 0
    assert Job.objects.filter(kind="released").count() == made.QUARTERS


def test_without_a_rule_the_worker_makes_nothing(settings: Any, tmp_path: Path, db: None) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, publishing=None, home=tmp_path)
    queue.ask("released", key="released")
    Worker().run_once()
    assert Job.objects.get(kind="released").given_up is False
    assert not (tmp_path / "released").exists()


@pytest.mark.usefixtures("rule")
def test_why_they_cannot_be_made_is_said_until_there_is_another_run(
    office: Client, at: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise MeasureError("These measures together are too much to be checked.")

    monkeypatch.setattr(released, "release", refused)
    quarter = offered(rule_in_force(), at.clock)[0]
    make(quarter)
    assert "too much to be checked" in main_of(office)
    assert not quarter.waits
    monkeypatch.setattr(made, "latest", lambda: None)  # as if another run were the latest
    assert quarter.waits


@pytest.mark.usefixtures("rule")
def test_what_cannot_be_protected_by_area_is_released_of_the_force(
    office: Client, at: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_whole(at: Opened, measure: Any, by: Any, period: Any) -> Any:
        if by:
            raise MeasureError("These measures together are too much to be checked.", why="They have 9,000 patterns.")
        return published(at, measure, by, period)

    monkeypatch.setattr(released, "published", only_whole)
    make(offered(rule_in_force(), at.clock)[0])
    shown = main_of(office)
    assert counts_of(shown)
    assert "The rights of single areas are not shown for this quarter." in shown
    assert "too much to be checked. They have 9,000 patterns." in shown


def test_an_area_of_few_people_says_that_all_of_it_is_held_back(
    office: Client, quarter: Quarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_back = [made.Row(number, *["[c]"] * 5) for number in (1, 2)]
    printed = {**quarter.printed(), "Islet": held_back}
    monkeypatch.setattr(Quarter, "printed", lambda self: printed)
    assert "Every figure of this is held back" in main_of(office, "/rights?area=Islet")
    assert "Every figure of this is held back" not in main_of(office)


@pytest.mark.usefixtures("rule")
def test_where_no_worker_lives_they_are_made_beside_the_pages(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Quarter] = []
    monkeypatch.setattr(background, "alive", lambda: False)
    monkeypatch.setattr(making, "make", begun.append)
    main_of(office)
    assert len(begun) == 1


def test_without_a_rule_no_cell_is_shown(office: Client, rule: Path, settings: Any) -> None:
    rule.write_text("threshold: 12\n")
    assert "needs a &#34;citation&#34;" in main_of(office)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, publishing=None)
    shown = main_of(office)
    assert "has set no rule for figures that leave" in shown
    assert not counts_of(shown)
    assert office.get("/rights/released.zip").status_code == 404
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, demo=True)
    assert "an invented commissioner" in main_of(office)


@pytest.mark.usefixtures("rule")
def test_a_quarter_is_chosen_among_the_last_whole_ones(office: Client) -> None:
    earlier = [*dict.fromkeys(re.findall(r"[?]quarter=([0-9-]+)", main_of(office)))]
    assert len(earlier) == 3
    assert 'aria-current="page"' in main_of(office, f"/rights?quarter={earlier[1]}")
    for wrong in ("2026-05-01", "1999-01-01", "x", "%00"):
        assert office.get(f"/rights?quarter={wrong}").status_code == 404


@pytest.mark.parametrize("role", ["investigator", "supervisor", "champion", "auditor", "administrator"])
@pytest.mark.usefixtures("quarter")
def test_who_sees_no_cells_downloads_none(person: Person, role: str) -> None:
    assert signed_in(person(role)).get("/rights/released.zip").status_code == 404


@pytest.mark.parametrize("page", ["/rights", "/rights/released.zip"])
@pytest.mark.usefixtures("quarter")
def test_a_commissioner_of_an_area_sees_no_cells_of_the_force(person: Person, at: Opened, page: str) -> None:
    area = min(one.area for one in places_of(at) if one.area)
    assert signed_in(person("commissioner", "area", area)).get(page).status_code == 404
