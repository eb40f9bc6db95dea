"""The outsider: for people at random and every page, file and form, nothing outside their scope ever appears.

`HYPOTHESIS_PROFILE=search` draws many more of them.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as live
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kept.web.consulted import lists
from kept.web.consulted.models import Access
from tests.web.conftest import signed_in
from tests.web.outsiders import callers, pages
from tests.web.outsiders.force import CASE, CASES, MOVED, PEOPLE, THEN, loaded, mark, now_of
from tests.web.outsiders.held import CONTACT, WORDS, Held, as_given, as_written, filled
from tests.web.outsiders.pages import PAGES, PLACES, RULES, Filling, Visit
from tests.web.outsiders.people import ALL_MARKS, ROLES, Somebody, added, marks_for, marks_of_contacts, somebody

REPEATS = settings().max_examples // 12
"""Eight in every run; many more in a search."""
LOOKS = 3
"""By how many roles a page is looked at that all may see."""
VISITS = 25
"""How many pages one person looks at."""
LEADS_ON = 302
"""Says where to go, which is what was asked for; the page there logs who looks."""
THERE = (200, 302)
CONTACT_PAGES = ("contact", "log-contact")
NAME_EVERYBODY = ("access-log", "people", "person", "end-given", "shut-out", "service-tokens", "change-token")
"""The pages whose role is to name whoever and whatever there is; not what was written, nor how to reach anybody."""
SEALED = {mark(f"{name} {one}") for one in PEOPLE for name in (*WORDS, *CONTACT, "raw")} | {
    mark("view "),
    mark("notice"),
}
WRITES: dict[str, Any] = {"Note": Somebody.supervises, "Review": Somebody.supervises, "Entered": Somebody.enters}
WRITES |= {"Dispute": Somebody.opens}
Written = dict[tuple[str, str], list[dict[str, Any]]]
"""Who may change what stands about a case."""
at_random = settings(
    max_examples=REPEATS, phases=[Phase.explicit, Phase.generate], suppress_health_check=[*HealthCheck]
)  # what fails names the visit, which nothing shorter would say better


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loaded(tmp_path_factory.mktemp("marked"))


@pytest.fixture
def held(settings: Any, marked: Path, _environment: None, db: None) -> Held:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=marked, entry=True)
    return filled()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written in here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def visited(client: Client, visit: Visit) -> Any:
    page = f"{visit.address}?{urlencode(visit.asked)}" if visit.asked else visit.address
    return client.post(page, visit.sent) if visit.method == "POST" else client.generic(visit.method, page)


def shown(answer: Any) -> str:
    """All that an answer says, in its headers and in its body; a workbook is unpacked."""
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" in answer.headers.get("Content-Type", ""):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return f"{answer.headers} {body.decode('utf-8', 'replace')}"


def marks_in(text: str) -> set[str]:
    return {one for one in ALL_MARKS if one in text}


def open_to(who: Somebody, visit: Visit) -> set[str]:
    """The marks that a page may show: of what is theirs, what they typed, and what the page's role is there for."""
    found = marks_for(who) | {*map(str, visit.asked.values())} | {str(one) for one in visit.sent.values()}
    if visit.name in CONTACT_PAGES:
        found |= marks_of_contacts(who)
    return found | (ALL_MARKS - SEALED if visit.name in NAME_EVERYBODY else set())


def look(who: Somebody, client: Client, visit: Visit) -> bool:
    """Look at a page: it is there for whom it should be, shows what they may see, and logs whom it showed."""
    last = Access.objects.count()
    answer = visited(client, visit)
    there = RULES[visit.name](who, visit)
    if visit.method == "OPTIONS":
        assert answer.status_code == 405, visit
    elif there is not None:
        assert (answer.status_code in THERE) is there, (answer.status_code, who, visit)
    assert answer.status_code in (*THERE, 404, 405), (answer.status_code, who, visit)
    text = shown(answer)
    assert not (marks_in(text) - open_to(who, visit)), (marks_in(text) - open_to(who, visit), who, visit)
    if visit.name != "access-log" and answer.status_code != LEADS_ON:
        assert_logged(text, last, visit.name, {*visit.asked.values()})
    return answer.status_code in THERE


def assert_logged(text: str, last: int, page: str, typed: Collection[str] = ()) -> None:
    """Each victim that was shown is found in the log by their id, and each case by its own; not what they typed."""
    lines = Access.objects.filter(number__gt=last).exclude(kind="refusal")
    for one in PEOPLE:
        victim, case = mark(f"victim {one}"), now_of(one).id
        if victim in text and victim not in typed:
            assert lines.filter(lists.about("", victim)).exists(), (one, page)
        if case in text and case not in typed and page not in NAME_EVERYBODY:
            assert lines.filter(lists.about(case, "")).exists(), (one, page)


def assert_not_theirs_is_as_it_was(who: Somebody, before: Written) -> None:
    """What was written about a case is changed by nobody but whom that is for; no more is how to reach a victim."""
    after = as_written()
    for case in CASES:
        for table, allows in WRITES.items():
            if not allows(who, case):
                assert after[table, case.id] == before[table, case.id], (table, case.letter, who)
        for one in case.people if not who.holds(case) else ():
            assert after["Contact", mark(f"person {one}")] == before["Contact", mark(f"person {one}")], (one, who)


def test_every_page_is_visited() -> None:
    """A new address needs its rule, and for each place in it something that stands there."""
    assert {*RULES} == {*PAGES}
    for name, pattern in PAGES.items():
        for place in pattern.pattern.converters:
            assert (name, place) in PLACES or ("", place) in PLACES, (name, place)
    assert {*callers.ASKS} == {str(one.name) for one in pages.patterns() if one.name not in PAGES}


@at_random
@given(who=somebody(), seed=st.integers(0, 2**32))
def test_nobody_comes_upon_what_is_not_theirs(held: Held, who: Somebody, seed: int) -> None:
    with undone():
        user, filling = added(who), Filling(random.Random(seed), held)
        client, before, given_before = signed_in(user), as_written(), as_given()
        for _ in range(VISITS):
            visit = filling.some_page()
            look(who, client, visit)
            if visit.method == "POST":  # it may have ended the session
                client = signed_in(user)
        assert_not_theirs_is_as_it_was(who, before)
        if not who.has(["administrator"]):
            assert as_given() == given_before, who


EVERYBODY = {
    "team's supervisor": Somebody("O2", (("supervisor", "team", mark("Red"), "now"),)),
    "named": Somebody("O1", (("investigator", "investigation", CASE["D"].id, "ends"),)),
    "investigator": Somebody("O1", (("investigator", "force", "", "now"),)),
    **{role: Somebody("", ((role, "force", "", "now"),)) for role in ("commissioner", *ROLES[1:])},
}
THEIRS = {
    "team's supervisor": {"case", "obligation", "day", "team", "review", "reassign", "figure", "figure-copy", "rights"},
    "named": {"case", "obligation", "charge-check", "contact", "log-contact", "day"},
    "investigator": {"case", "obligation", "charge-check", "contact", "log-contact", "day", "own-scope"},
    "commissioner": {"rights", "home"},
    "witness_care": {"case", "day", "witness-care", "needs", "statement", "log-contact"},
    "analyst": {"queue", "queued", "data", "data-runs-compared", "data-set-aside-rows"},
    "governance": {"access-log"},
    "administrator": {"people", "person", "service-tokens", "data-set-aside-csv"},
}
"""Pages that somebody of a role works with."""


def test_each_role_is_shown_what_is_theirs(held: Held) -> None:
    """Nobody is kept from what they may see, so that no page passes by being there for nobody."""
    seen = Counter[str]()
    for name, who in EVERYBODY.items():
        wanted = THEIRS.get(name, set())
        with undone():
            client, filling = signed_in(added(who)), Filling(random.Random(0), held)
            there = {page for page in PAGES if page != "sign-out" and (page in wanted or seen[page] < LOOKS)}
            visits = [filling.visit(page, "GET", "D" if name == "named" else "A") for page in sorted(there)]
            found = {visit.name for visit in visits if RULES[visit.name](who, visit) and look(who, client, visit)}
        assert wanted <= found, (name, wanted - found)
        seen.update(found)
    by_form = {"notices", "data-again", "data-evaluate", "charges-seen", "sign-out"}
    hang = {"figure-chart", "right-chart", "rights-chart", "rights-released", "dispute"}
    assert {*seen} >= {*PAGES} - {name for name, rule in RULES.items() if rule is pages.never} - by_form - hang


@pytest.mark.parametrize("letter", [case.letter for case in CASES])
def test_what_is_theirs_is_there(held: Held, letter: str) -> None:
    """A supervisor of the force finds in each case that is not restricted its victims, and what was written."""
    who, case = EVERYBODY["supervisor"], CASE[letter]
    answer = signed_in(added(who)).get(f"/cases/{case.id}")
    wanted = {mark(f"victim {letter}"), mark(f"note {letter}"), mark(f"dispute {letter}")}
    assert (answer.status_code == 200) is not case.restricted
    assert wanted <= marks_in(answer.text) or case.restricted


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ([("analyst", "force", "", "now")], 200),
        ([("analyst", "force", "", "now"), ("", "investigation", CASE["A"].id, "now")], 200),
        ([("analyst", "force", "", "now"), ("", "team", mark("Red"), "now")], 404),
        ([("analyst", "area", mark("North"), "now"), ("supervisor", "force", "", "now")], 404),
    ],
)
def test_totals_of_the_force_are_for_who_may_see_all_of_it(held: Held, given: list[Any], status: int) -> None:
    visit = Filling(random.Random(0), held).visit("data-runs-compared", "GET", "A")
    assert visited(signed_in(added(Somebody("", tuple(given)))), visit).status_code == status


def test_what_was_said_of_a_victim_goes_where_they_go(held: Held) -> None:
    """W and X were A's and are D's, which is restricted: whoever may open A alone comes upon nothing of them."""
    lead = Somebody("", (("victim_lead", "force", "", "now"),))
    both = Somebody("", (*lead.given, ("investigator", "investigation", CASE["D"].id, "now")))
    said = ("victim", "crime", "person", "event", "dispute", "entered")
    known = {mark(f"{name} {one}") for name in said for one in MOVED}
    then = f"asked=1&as_of={timezone.localtime(THEN):%Y-%m-%d}"
    page, behind = f"/cases/{CASE['A'].id}", f"/figures/code-2020/R6-1a/cases?{then}"
    for who, was_w_s in ((lead, False), (both, True)):
        client = signed_in(added(who, name=f"lead {was_w_s}"))
        now, listed = (marks_in(client.get(one).text) for one in (page, behind))
        assert mark("victim A") in now & listed
        assert not now & known
        assert ({mark("victim W"), mark("victim X")} <= listed) is was_w_s
        assert was_w_s or not listed & known
        assert was_w_s or not known & marks_in(client.get("/team", {"team": mark("Red")}).text)
    assert mark("dispute W") in marks_in(client.get(f"/cases/{CASE['D'].id}").text)


@at_random
@given(caller=callers.caller(), seed=st.integers(0, 2**32))
def test_no_system_comes_upon_what_is_not_its_own(held: Held, caller: callers.Caller, seed: int) -> None:
    with undone():
        chance, before = random.Random(seed), as_written()
        headers = callers.shown_by(caller)
        for _ in range(VISITS):
            ask = callers.some_ask(chance)
            last = Access.objects.count()
            answer = callers.asked(headers, ask)
            there = caller.there(ask)
            assert there is None or answer.status_code == there, (answer.status_code, caller, ask)
            assert answer.status_code < 500, (caller, ask)
            text = callers.said(answer)
            leaked = marks_in(text) - marks_for(caller.who) - callers.marks_of(ask)
            assert not leaked, (leaked, caller, ask)
            if ask.method == "GET":
                assert_logged(text, last, ask.address)
        after = as_written()
        for case in CASES:
            if not caller.may("events:write") or not caller.who.opens(case):
                assert after["Entered", case.id] == before["Entered", case.id], (case.letter, caller)


def test_a_system_is_told_what_is_its_own(held: Held) -> None:
    caller = callers.Caller(Somebody("", (("analyst", "force", "", "now"),)), callers.ALL)
    headers = callers.shown_by(caller)
    for name in callers.ASKS:
        for ask in callers.asks(name, "A"):
            assert callers.asked(headers, ask).status_code == (200 if ask.right else 404), ask
