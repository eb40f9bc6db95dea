"""Callers of the API: service tokens, each with a role for a unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kept.web.api import tokens
from kept.web.people.policy import Unit
from kept.web.people.roles import ROLES


@dataclass(frozen=True, slots=True)
class Caller:
    """Another system with a token."""

    name: str
    secret: str

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, **more: Any) -> Any:
        said = {"data": body, "content_type": "application/json", **more}
        return Client().post(f"/api/v1{path}", headers=self.headers, **said)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


Makes = Callable[..., Caller]


@pytest.fixture
def token(db: None) -> Makes:
    """Make a caller: `token("supervisor", "team", "Red")`; it may do all that its role allows, or what is named."""
    cache.clear()

    def make(role: str = "analyst", level: str = "force", unit: str = "", *may: str, name: str = "") -> Caller:
        allowed = may or tuple(one for one, said in tokens.MAY.items() if said.ability in ROLES[role].abilities)
        called = name or f"{role} {level} {unit} {len(allowed)}"
        given = tokens.give(called, allowed, role, Unit(level, unit), timezone.now() + timedelta(days=30), "test")
        return Caller(called, given.secret)

    return make
