"""What was loaded, and asking for an extract to be loaded that lies where the worker may read it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Schema

from kept.errors import NotFoundError
from kept.records.store import Store
from kept.web.access import note, who
from kept.web.api.operations import operation
from kept.web.api.said import Id, Most
from kept.web.data import extracts, history, mappings
from kept.web.jobs import queue


class LoadOut(Schema):
    """One load: when, by whom, through which mapping, the version that it made, and what became of its rows."""

    at: datetime
    by: str
    mapping: str
    version: int | None
    rows: dict[str, int]
    given_up: bool


class LoadsOut(Schema):
    """The latest loads, the last first; and the folders and mappings that may be named to ask for another."""

    loads: list[LoadOut]
    folders: list[str]
    mappings: list[str]


class LoadsAsked(Schema):
    """How many are asked for."""

    most: Most = 50


class LoadIn(Schema):
    """A folder and a mapping, both as `GET /loads` names them."""

    folder: Id
    mapping: Id


class JobOut(Schema):
    """A load that was asked for: the number of its job, and whether it was asked for before and waits still."""

    job: int
    waiting: bool


@operation("GET", "/loads", "loads:read", LoadsOut, "What was loaded")
def loads(request: HttpRequest, asked: Query[LoadsAsked]) -> LoadsOut:
    """The latest loads by whatever way. StoreError where the store cannot be read."""
    found = history.loads(Store.open(settings.ENVIRONMENT.store), asked.most)
    listed = [
        LoadOut(at=one.at, by=one.by, mapping=one.mapping, version=one.version, rows=one.sums, given_up=one.given_up)
        for one in found
    ]
    return LoadsOut(loads=listed, folders=extracts.offered(), mappings=mappings.names())


@operation("POST", "/loads", "loads:write", JobOut, "Ask for a load")
def ask_for_load(request: HttpRequest, asked: LoadIn) -> JobOut:
    """Let the worker load an extract; the same folder waits once however often it is asked for."""
    folder = extracts.pointed_to(asked.folder)
    if folder is None or asked.mapping not in mappings.names():
        raise NotFoundError("No such folder or mapping is offered.", what_to_do="GET /loads names those that are.")
    note(request, "alteration", why=f"asked for the load of an extract through {asked.mapping}")
    payload = {"folder": str(folder), "mapping": asked.mapping, "origin": "sent", "name": folder.name[:200]}
    job = queue.ask("load", payload, key=str(folder), by=who(request))
    return JobOut(job=job.pk, waiting=job.tries == 0)
