"""A case of many victims is folded, so that no page of a case is heavier than 200 KB."""

import gzip
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client

from kept.web.worklist.current import current
from tests.support.demo import force as demo  # noqa: F401 (a fixture)
from tests.support.forces import GrowingForce
from tests.web.conftest import NOW, ago

MOST = 200_000  # bytes
VICTIMS = 24


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One case of many victims, each told of something on each of many days."""
    grown, entered = GrowingForce(tmp_path_factory.mktemp("crowd"), NOW), {"entered_at": ago(60)}
    names = [f"V{number:02}" for number in range(VICTIMS)]
    contact = {"kind": "victim_contacted", "result": "reached", "channel": "phone", "source": "rms"}
    grown.load(
        crimes=[{"crime": "C1", "investigation": "I1", "reported_at": ago(60), **entered}],
        victims=[{"victim": name, "crime": "C1", "person": f"P{name}", **entered} for name in names],
        events=[
            {"event_id": f"{name}-{day}", "victim": name, "occurred_at": ago(day), "entered_at": ago(day), **contact}
            for name in names
            for day in range(1, 55)
        ],
        postings=[{"investigation": "I1", "from": ago(60), "officer": "O1", "team": "Red"}],
    )
    return grown.store.path


@pytest.fixture
def of_crowd(settings: Any, crowd: Path, of_arrests: None) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=crowd, entry=True)


def test_a_case_of_many_victims_is_folded_and_paged(of_crowd: None, holder: Client) -> None:
    shown = holder.get("/cases/I1")
    assert len(shown.content) < MOST
    assert len(re.findall(r'id="s\d+"', shown.text)) == 10
    assert "moj-timeline" not in shown.text
    assert "V23" in holder.get("/cases/I1?page=3").text


def test_the_history_of_one_victim_stands_on_a_page_of_their_own(of_crowd: None, holder: Client) -> None:
    shown = holder.get("/cases/I1?of=V07")
    assert len(shown.content) < MOST
    assert shown.text.count('<div class="moj-timeline__item') >= 54
    assert "Victim V08" not in shown.text
    assert "Page 1" not in shown.text


@pytest.mark.parametrize("query", ["?of=nobody", "?of=%00", "?page=99", "?of=V07&page=x", "?of=V07&page=99"])
def test_what_is_none_does_no_harm(of_crowd: None, holder: Client, query: str) -> None:
    assert holder.get(f"/cases/I1{query}").status_code == 200


def test_the_heaviest_cases_of_a_force_stay_light(
    demo: Path,  # noqa: F811
    settings: Any,
    tmp_path: Path,
    analyst: Client,
) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=demo / "store", home=tmp_path, demo=True)
    heaviest = current().rows(
        """SELECT investigation, min(id) AS victim FROM victim
        WHERE investigation NOT IN (SELECT investigation FROM restriction)
        GROUP BY investigation ORDER BY count(*) DESC LIMIT 3"""
    )
    for one in heaviest:
        for query in ("", f"?of={one['victim']}"):
            assert len(analyst.get(f"/cases/{one['investigation']}{query}").content) < MOST


def test_pages_are_sent_compressed_and_kept_by_nobody(holder: Client) -> None:
    plain = holder.get("/cases/I1")
    packed = holder.get("/cases/I1", headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert "Victim V1" in gzip.decompress(packed.content).decode()
    for answer in (plain, packed):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Accept-Encoding" in answer.headers["Vary"]
