"""What the service itself holds of that force: words, contact details, views, tokens and people, each with its mark."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from kept.web.api.models import Token
from kept.web.case import disputes
from kept.web.case.keys import key_of
from kept.web.case.models import Dispute
from kept.web.charge.models import ChargeTask
from kept.web.consulted.chain import Line, add
from kept.web.contacts import book
from kept.web.contacts.models import Contact as Sealed
from kept.web.contacts.safe import Contact
from kept.web.day import notes, reviews
from kept.web.day.models import Note, Review
from kept.web.day.reviews import Finding
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.entered.events import Event
from kept.web.entered.models import Entered
from kept.web.figures.models import Saved
from kept.web.jobs import notices, queue
from kept.web.people.models import Denial, Grant, User
from kept.web.people.policy import Unit
from tests.web.conftest import ago, give
from tests.web.outsiders.force import CASE, CASES, MOVED, OFFICERS, PEOPLE, mark, now_of, then_of, uuid

WORDS = ("note", "review", "dispute")
"""What people wrote about a case."""
CONTACT = ("phone", "code word", "address", "contact note")
"""What is known of how to reach a person."""
OF_CASES: tuple[type[Model], ...] = (Note, Review, Dispute, Entered)
"""The tables that people write in about a case."""


@dataclass(frozen=True)
class Held:
    """What is there besides cases, by its number: people, what they were given, views, tokens, jobs."""

    stranger: User
    grant: int
    own_view: int
    shared_view: int
    token: int
    job: int


def filled() -> Held:
    """Fill the database. The stranger is somebody with every role who wrote it all, and has a view of their own."""
    for officer in OFFICERS:
        User.objects.create(name=mark(f"user {officer}"), shown=mark(f"name {officer}"), officer=mark(officer))
    stranger = User.objects.create(name=mark("stranger"), shown=mark("name stranger"))
    grant = give(stranger, "victim_lead", Unit("force"))
    for one in PEOPLE:
        _said_of(one, stranger.name)
    notices.tell(stranger.name, mark("notice"))
    return Held(stranger, grant.pk, _view(stranger), _view(stranger, "team", mark("Blue")), _token(), _job())


def _said_of(one: str, by: str) -> None:
    case, victim = then_of(one).id, mark(f"victim {one}")
    said = {"result": "reached", "channel": "phone"}
    event = Event(mark(f"entered {one}"), case, "victim_contacted", ago(8), victim=victim, fields=said)
    rows.add(event, by, entered_at=ago(8))
    _dispute(one, case, victim, by)
    phone, code_word, address, note = (mark(f"{name} {one}") for name in CONTACT)
    book.write(mark(f"person {one}"), Contact(phone, "", address, "phone", code_word=code_word, note=note), by)
    add(Line("consultation", by, "case", case, victim))
    if one not in MOVED:
        notes.write(uuid(f"note {one}"), case, "", mark(f"note {one}"), by)
        reviews.write(case, reviews.Review({"view": Finding(False, mark(f"review {one}"))}), by, 0)
        task = {"investigation": case, "charged": ago(3), "made": ago(3), "lacking": "offered", "checked": False}
        ChargeTask.objects.create(event=mark(f"charge {one}"), **task)


def _dispute(one: str, case: str, victim: str, by: str) -> None:
    key = one * 20 if one in MOVED else keys_of(one)[0]
    said = {"duty": "R6-1a", "edition": "code-2020", "state": "no_record", "reason": "record", "at": ago(7), "by": by}
    sealed = disputes._sealer().seal(mark(f"dispute {one}"), disputes._bound_to(uuid(f"dispute {one}")))
    Dispute.objects.create(id=uuid(f"dispute {one}"), investigation=case, victim=victim, key=key, sealed=sealed, **said)


@cache
def keys_of(letter: str) -> list[str]:
    """The names of the obligations of a case by which addresses call them, the arrest's first."""
    found = sorted(case_file(CASE[letter].id).obligations(), key=lambda row: row.duty != "R6-1a")
    return [key_of(row) for row in found][:2]


def _view(owner: User, level: str = "", unit: str = "") -> int:
    name = mark(f"view {level}")
    return Saved.objects.create(
        owner=owner, name=name, measure="whole-code", query="by=team", level=level, unit=unit
    ).pk


def _token() -> int:
    said = {"role": "analyst", "level": "force", "made": timezone.now(), "expires": ago(-30), "made_by": "test"}
    return Token.objects.create(name=mark("token"), digest="0" * 64, may="loads:read", **said).pk


def _job() -> int:
    job = queue.ask("load", {"name": "extract", "mapping": "contract"}, by="test")
    type(job).objects.filter(pk=job.pk).update(ended=timezone.now(), given_up=True, says="It was wrong.")
    return job.pk


def as_written() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows of the tables that people write in, by table and case, and of contacts by person.

    What was said of W and X is D's, where they are.
    """
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for model in OF_CASES:
        for row in model._default_manager.order_by("pk").values():
            here = next((now_of(one).id for one in MOVED if row.get("victim") == mark(f"victim {one}")), "")
            found[model.__name__, here or row["investigation"]].append(row)
    for contact in Sealed.objects.values():
        found["Contact", contact["person"]].append(dict(contact))
    return found


def as_given() -> list[Any]:
    """What the stranger was given, and their views: what nobody but administrators, and they, may change."""
    found = [*Grant.objects.order_by("pk").values(), *Denial.objects.order_by("pk").values()]
    return [*map(str, found), *map(str, Saved.objects.order_by("pk").values()), *map(str, Token.objects.values())]


NOTES = {case.letter: uuid(f"note {case.letter}") for case in CASES}
DISPUTES: dict[str, UUID] = {one: uuid(f"dispute {one}") for one in PEOPLE}
