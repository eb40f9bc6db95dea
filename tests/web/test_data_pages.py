"""The pages of the records: three people, and what each sees; what is sent, and what is refused."""

import errno
import io
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kept.records.store import Store
from kept.web.consulted.models import Access
from kept.web.data import extracts
from kept.web.data.aside_views import as_text
from kept.web.jobs import queue
from kept.web.jobs.models import Job, Worker
from kept.web.jobs.worker import Worker as Working
from kept.web.people.models import Denial, User
from kept.web.people.policy import Unit
from tests.support.forces import GrowingForce
from tests.web.conftest import NOW, ago, give, signed_in

Person = Callable[..., User]
NOT_NOW = 503
SUMS = "10 rows in = 7 new + 0 known already + 3 set aside + 0 left out by the mapping."
PAGES = (
    "/data",
    "/data/progress",
    "/data/loads/1",
    "/data/send",
    "/data/point",
    "/data/set-aside",
    "/data/set-aside/rows",
    "/data/set-aside/rows.csv",
    "/data/coverage",
    "/data/evaluations",
    "/data/editions",
)
CRIMES = b"crime,investigation,reported_at,entered_at\nC8,I8,2026-01-05T10:00:00Z,2026-01-05T11:00:00Z\n"
BROKEN = b"crime,investigation,reported_at,entered_at\nC9,I9,%s,2026-01-05T11:00:00Z\n"


@pytest.fixture
def analyst(person: Person) -> Client:
    return signed_in(person("analyst", name="anna"))


OF_EVERYBODY = [one for one in PAGES if one not in ("/data", "/data/coverage", "/data/editions")]


@pytest.mark.parametrize("unit", [Unit("team", "Red"), Unit("investigation", "I1")])
def test_who_has_but_a_unit_comes_upon_no_load_of_the_force(own: Path, person: Person, unit: Unit) -> None:
    client = signed_in(person("analyst", unit.level, unit.name))
    assert {page: client.get(page).status_code for page in OF_EVERYBODY} == dict.fromkeys(OF_EVERYBODY, 404)
    assert client.post("/data/evaluate").status_code == 404
    assert not Job.objects.exists()
    shown = client.get("/data").text
    assert "yours is for a part of it" in shown
    assert not re.search(r'href="/data/(set-aside|evaluations|send|loads)', shown)
    assert {client.get(page).status_code for page in ("/data/coverage", "/data/editions", "/queue")} == {200}


def test_totals_of_an_evaluation_are_for_who_may_see_the_whole_force(own: Path, person: Person) -> None:
    """Who is denied a unit could take from them what they are shown of the others."""
    came_to = {"obligations": 4321, "written": 4321}
    job = queue.ask("evaluate", by="anna")
    Job.objects.filter(pk=job.pk).update(ended=timezone.now(), came_to=came_to)
    anna, denied = person("analyst", name="anna"), person("analyst", name="dan")
    Denial.objects.create(user=denied, level="team", unit="Red", since=ago(1), given_by="test")
    for user, there in ((anna, True), (denied, False)):
        assert ("4,321" in signed_in(user).get(f"/data/jobs/{job.pk}").text) is there


@pytest.fixture(scope="module")
def with_rows_aside(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    grown, entered = GrowingForce(tmp_path_factory.mktemp("aside"), NOW), {"entered_at": ago(400)}
    held = {"officer": "O1", "team": "Red", "area": "North", "from": ago(100)}
    grown.load(
        crimes=[{"crime": f"C{n}", "investigation": f"I{n}", "reported_at": ago(401), **entered} for n in (1, 4)],
        victims=[
            *({"victim": f"V{n}", "crime": f"C{n}", "person": f"P{n}", **entered} for n in (1, 4)),
            {"victim": "V99", "crime": "C99", "person": "P99", **entered},
        ],
        postings=[{"investigation": f"I{n}", **held} for n in (1, 4)],
        restrictions=[{"investigation": "I4", "marking": "sensitive"}],
        events=[
            {"event_id": f"E{n}", "kind": "none-such", "victim": f"V{n}", "occurred_at": ago(9), "value": f"said-{n}"}
            for n in (1, 4)
        ],
    )
    return grown


@pytest.fixture
def own(settings: Any, with_rows_aside: GrowingForce, tmp_path: Path) -> Path:
    """A store and a home that a test may change; in the store, rows of I1, of I4 (restricted) and of none are aside."""
    grown = with_rows_aside.copy(tmp_path / "force")
    home = tmp_path / "home"
    home.mkdir()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=grown.store.path, home=home)
    return home


def sent(client: Client, *files: tuple[str, bytes], mapping: str = "contract") -> Any:
    return client.post(
        "/data/send", {"mapping": mapping, "extract": [SimpleUploadedFile(name, said) for name, said in files]}
    )


def zipped(**entries: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in entries.items():
            archive.writestr(name, said)
    return into.getvalue()


# -- who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_an_analyst_sees_it_and_an_officer_and_an_outsider_do_not(person: Person, own: Path, page: str) -> None:
    assert signed_in(person("analyst")).get(page).status_code == 200
    for outsider in (person("investigator", officer="O1"), person("supervisor", "team", "Red"), person("commissioner")):
        assert signed_in(outsider).get(page).status_code == 404


@pytest.mark.parametrize("page", ["/data/send", "/data/point", "/data/evaluate"])
def test_nobody_else_asks_for_work(person: Person, own: Path, page: str) -> None:
    answer = signed_in(person("investigator", officer="O1")).post(
        page, {"mapping": "contract", "extract": SimpleUploadedFile("crimes.csv", CRIMES)}
    )
    assert answer.status_code == 404
    assert not Job.objects.exists()
    assert not extracts.folder().exists()


def test_an_evaluation_is_asked_for_by_post_alone(analyst: Client, own: Path) -> None:
    assert analyst.get("/data/evaluate").status_code == 405
    first = analyst.post("/data/evaluate").headers["Location"]
    assert analyst.post("/data/evaluate").headers["Location"] == first, "pressed twice, asked once"
    assert Job.objects.get().asked_by == "anna"


# -- what was set aside ---------------------------------------------------------------------------------------


def test_rows_set_aside_are_counted_by_reason_without_what_they_quote(analyst: Client, own: Path) -> None:
    text = analyst.get("/data/set-aside").text
    assert "2 rows" in text or "3 rows" in text
    assert "none-such" not in text


def test_what_stood_in_a_row_is_shown_to_who_has_its_case_in_scope(analyst: Client, own: Path) -> None:
    text = analyst.get("/data/set-aside/rows").text
    assert "said-1" in text
    assert "said-4" not in text, "the case is restricted"
    assert "P99" not in text, "it cannot be told whose row it is"
    assert ("consultation", "I1") in Access.objects.values_list("kind", "investigation")
    assert not Access.objects.filter(investigation="I4").exists()


def test_who_is_named_for_a_restricted_case_sees_its_row(person: Person, own: Path) -> None:
    user = person("analyst")
    give(user, "analyst", Unit("investigation", "I4"))
    assert "said-4" in signed_in(user).get("/data/set-aside/rows").text


def test_an_administrator_sees_where_rows_stand_and_nothing_in_them(person: Person, own: Path) -> None:
    text = signed_in(person("administrator")).get("/data/set-aside/rows").text
    assert "events.parquet" in text
    assert "said-" not in text


def test_the_list_of_rows_holds_nothing_of_them_and_is_logged(analyst: Client, own: Path) -> None:
    answer = analyst.get("/data/set-aside/rows.csv")
    text = b"".join(answer).decode("utf-8-sig")
    assert text.splitlines()[0] == "load,file,row,table,reason"
    assert "events.parquet" in text
    assert not [one for one in ("said-", "V1", "V4", "none-such", "P99") if one in text]
    assert list(Access.objects.values_list("kind", "who", "route")) == [("disclosure", "anna", "data-set-aside-csv")]
    assert 'filename="set-aside-1.csv"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("query", ["../../etc/passwd", "' OR 1=1 --", "\x00", "<script>alert(1)</script>", "x" * 5000])
def test_a_reason_that_is_none_finds_nothing(analyst: Client, own: Path, query: str) -> None:
    answer = analyst.get("/data/set-aside/rows", {"reason": query})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    lines = b"".join(analyst.get("/data/set-aside/rows.csv", {"reason": query}))
    assert lines.count(b"\n") == (1 if query != "\x00" else lines.count(b"\n"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"
    assert as_text("a=1") == "a=1"


# -- loads ----------------------------------------------------------------------------------------------------


def test_every_row_of_a_load_is_accounted_for(analyst: Client, own: Path) -> None:
    text = analyst.get("/data/loads/1").text
    said = next(line for line in text.splitlines() if "rows in =" in line)
    assert SUMS in said
    assert "none-such" not in text
    assert "by command" in text
    assert analyst.get("/data/loads/2").status_code == 404


def test_an_extract_is_sent_loaded_and_told_of(analyst: Client, own: Path) -> None:
    answer = sent(analyst, ("crimes.csv", CRIMES))
    page = answer.headers["Location"]
    assert "waits" in analyst.get(page).text
    assert "no worker has run yet" in analyst.get("/data").text
    Working().run_once()
    text = analyst.get(page).text
    assert "1 rows in = 1 new" in text
    assert "Your extract was loaded: of 1 rows, 1 are new and 0 were set aside." in analyst.get("/").text
    assert ">anna<" in analyst.get("/data").text
    done = set(Job.objects.filter(given_up=False).exclude(ended=None).values_list("kind", flat=True))
    assert {"load", "evaluate", "charges", "worklist", "members"} <= done
    assert not Job.objects.filter(given_up=True).exists()
    analyst.post("/notices", {"upto": "999999"})
    assert "Your extract was loaded" not in analyst.get("/").text
    assert ("alteration", "anna", "data-send") in Access.objects.values_list("kind", "who", "route")


def test_loading_the_same_again_says_that_nothing_is_new(analyst: Client, own: Path) -> None:
    for _ in range(2):
        page = sent(analyst, ("crimes.csv", CRIMES)).headers["Location"]
        Working().run_once()
    assert "There was nothing new in it: version 2 stands." in analyst.get(page).text
    assert Job.objects.filter(kind="evaluate").count() == 1


def test_a_zip_is_unpacked(analyst: Client, own: Path) -> None:
    page = sent(analyst, ("june.zip", zipped(**{"crimes.csv": CRIMES}))).headers["Location"]
    Working().run_once()
    assert "1 rows in = 1 new" in analyst.get(page).text


def link() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        entry = zipfile.ZipInfo("crimes.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return into.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.zip", zipped(**{"../../crimes.csv": CRIMES}), "leads out of its folder"),
        ("x.zip", zipped(**{"/etc/crimes.csv": CRIMES}), "leads out of its folder"),
        ("x.zip", link(), "holds a link"),
        ("x.zip", zipped(**{f"f{n}": b"x" for n in range(300)}), "too many files"),
        ("x.zip", zipped(**{"bomb.csv": b"0" * 3_000_000}), "more than may be sent"),
        ("x.zip", b"PK\x03\x04 no zip", "cannot be read"),
        ("x.exe", b"MZ", "is no CSV"),
        ("crimes.csv", b"", "is empty"),
        ("crimes.csv", b"x" * 3_000_000, "more than may be sent"),
        (f"{'n' * 300}.csv", CRIMES, None),
        (f"{'ŵ' * 120}.csv", CRIMES, "longer than 200"),
        ("x.zip", zipped(**{f"{'ŵ' * 120}.csv": CRIMES}), "leads out of its folder"),
    ],
    ids=[
        "climbs",
        "absolute",
        "link",
        "many",
        "bomb",
        "broken",
        "kind",
        "empty",
        "large",
        "long",
        "wide",
        "wide within",
    ],
)
def test_what_may_not_be_sent_is_refused_in_words(
    analyst: Client, own: Path, settings: Any, name: str, content: bytes, says: str | None
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, upload=2_000_000)
    answer = sent(analyst, (name, content))
    if says:
        assert (answer.status_code, says in answer.text) == (200, True)
        assert "There is a problem" in answer.text
        assert not Job.objects.exists()
    assert not [path for path in own.rglob("*") if "etc" in path.parts]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_where_the_disk_is_full_it_is_said_and_nothing_is_left(
    analyst: Client, own: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fail(self: object, size: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(SimpleUploadedFile, "chunks", fail)
    monkeypatch.setattr("django.core.files.uploadedfile.InMemoryUploadedFile.chunks", fail)
    answer = sent(analyst, ("crimes.csv", CRIMES))
    assert (answer.status_code, "its disk is full or fails" in answer.text) == (200, True)
    assert "There is a problem" in answer.text
    assert not Job.objects.exists()
    assert not [*(own / "extracts").iterdir()]


def test_a_zip_that_lies_about_its_size_is_stopped_while_it_is_unpacked(own: Path, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, upload=1000)
    into = own / "extracts" / "x"
    (into / extracts.SENT).mkdir(parents=True)
    (into / extracts.SENT / "x.zip").write_bytes(zipped(**{"crimes.csv": b"0" * 100_000}))
    with pytest.raises(Exception, match="more than may be sent"):
        extracts.unpacked(into)


@pytest.mark.parametrize("data", [{}, {"mapping": "none-such"}, {"mapping": "../../etc/passwd"}, {"mapping": "a\x00b"}])
def test_a_form_that_is_not_filled_in_says_what_is_missing(analyst: Client, own: Path, data: dict[str, str]) -> None:
    for page in ("/data/send", "/data/point"):
        answer = analyst.post(page, data)
        assert (answer.status_code, Job.objects.count()) == (200, 0)
    assert "Choose the files of the extract" in analyst.post("/data/send", data).text


def test_a_folder_is_pointed_to_by_a_name_that_is_offered(
    analyst: Client, own: Path, settings: Any, tmp_path: Path
) -> None:
    root = tmp_path / "offered"
    (root / "june").mkdir(parents=True)
    (root / "june" / "crimes.csv").write_bytes(CRIMES)
    (root / "link").symlink_to("/etc")
    (tmp_path / "beside").mkdir()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, extracts=root)
    for folder in ("../beside", "/etc", "link", "..", ".", ""):
        assert analyst.post("/data/point", {"mapping": "contract", "folder": folder}).status_code == 200
    assert not Job.objects.exists()
    page = analyst.post("/data/point", {"mapping": "contract", "folder": "june"}).headers["Location"]
    Working().run_once()
    assert "1 rows in = 1 new" in analyst.get(page).text
    assert (root / "june" / "crimes.csv").exists(), "what was pointed to is not ours to move"


def test_a_load_that_cannot_be_done_says_why_and_can_be_tried_again(analyst: Client, own: Path) -> None:
    page = sent(analyst, ("nothing.csv", b"a\n1\n")).headers["Location"]
    Working().run_once()
    text = analyst.get(page).text
    assert "What went wrong" in text
    assert "could not be done" in analyst.get("/data").text
    assert "What you asked for could not be done." in analyst.get("/").text
    assert analyst.post(f"{page}/again").status_code == 302
    assert analyst.post(f"{page}/again").status_code == 302
    assert Job.objects.filter(kind="load", ended=None).count() == 1


def test_somebody_s_own_jobs_are_not_shown_of_other_kinds(analyst: Client, own: Path) -> None:
    assert analyst.get(f"/data/jobs/{queue.ask('clean').pk}").status_code == 404
    assert analyst.get("/data/jobs/999").status_code == 404


def test_a_worker_that_was_last_seen_long_ago_is_said(analyst: Client, own: Path) -> None:
    Worker.objects.create(name="one", began=ago(2), seen=ago(1))
    assert "the worker was last heard on" in analyst.get("/data").text
    Worker.objects.create(name="two", began=ago(2), seen=timezone.now())
    assert "the worker was last heard on" not in analyst.get("/data").text


def test_how_far_it_is_can_be_polled(analyst: Client, own: Path) -> None:
    job = queue.ask("evaluate")
    Job.objects.update(
        step={"name": "evaluating", "done": 50, "of": 200}, lease=timezone.now() + timedelta(hours=1), tries=1
    )
    text = analyst.get("/data/progress").text
    assert "Evaluating, 25%" in text
    assert "<html" not in text
    assert "Evaluating, 25%" in analyst.get(f"/data/jobs/{job.pk}").text


# -- coverage, evaluations, editions --------------------------------------------------------------------------


def test_coverage_says_what_would_show_most(analyst: Client, own: Path) -> None:
    text = analyst.get("/data/coverage").text
    assert "duties can be measured with these records" in text
    assert "Shows by itself" in text


def test_two_evaluations_are_compared(analyst: Client, own: Path) -> None:
    analyst.post("/data/evaluate")
    Working().run_once()
    sent(
        analyst,
        ("crimes.csv", CRIMES),
        ("victims.csv", b"victim,crime,person,entered_at\nV8,C8,P8,2026-01-05T11:00:00Z\n"),
    )
    Working().run_once()
    done = [job.came_to["run"] for job in Job.objects.filter(kind="evaluate").order_by("pk")]
    assert "What differs between two of them" in analyst.get("/data/evaluations").text
    text = analyst.get("/data/evaluations/compared", {"before": done[1], "after": done[0]}).text
    assert "counted differently" in text
    assert "Every duty is counted the same" in analyst.get(
        "/data/evaluations/compared", {"before": done[0], "after": done[0]}
    ).text  # fmt: skip
    assert "counted differently" in analyst.get("/data/evaluations/compared").text


@pytest.mark.parametrize("run", ["", "none", "../..", "../../versions", "a\x00b", "é", "x" * 300])
def test_an_evaluation_that_is_none_is_not_found(analyst: Client, own: Path, run: str) -> None:
    assert analyst.get("/data/evaluations/compared", {"before": run, "after": run}).status_code == 404


def test_two_editions_are_compared(analyst: Client, own: Path) -> None:
    text = analyst.get("/data/editions", {"before": "code-2015", "after": "code-2020"}).text
    assert "duties differ" in text
    assert analyst.get("/data/editions", {"before": "../..", "after": "code-2020"}).status_code == 404


@pytest.mark.parametrize(
    ("page", "most"), [("/data", 9), ("/data/set-aside", 5), ("/data/coverage", 5), ("/data/evaluations", 5)]
)
def test_a_page_asks_the_database_little(
    analyst: Client, own: Path, page: str, most: int, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(most):
        assert analyst.get(page).status_code == 200


def test_a_load_whose_report_is_lost_is_listed_all_the_same(analyst: Client, own: Path) -> None:
    report = Store.open(own.parent / "force" / "store").folder / "reports" / "000001.json"
    report.unlink()
    assert "Version 1: its report is lost" in analyst.get("/data").text
    analyst.raise_request_exception = False
    assert analyst.get("/data/loads/1").status_code == NOT_NOW
