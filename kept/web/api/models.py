"""Service tokens: what another system of the force shows instead of signing in."""

from __future__ import annotations

from django.db import models


class Token(models.Model):
    """One token, by name. Only digests of its secrets are kept; after a rotation the `earlier` one holds for a while.

    `may` names `tokens.MAY`, with spaces. `role`, `level` and `unit` are a grant, as a person has one.
    """

    name = models.CharField(max_length=100, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    earlier = models.CharField(max_length=64, blank=True, db_index=True)
    earlier_until = models.DateTimeField(null=True)
    may = models.CharField(max_length=200)
    role = models.CharField(max_length=30)
    level = models.CharField(max_length=20)
    unit = models.CharField(max_length=200, blank=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    def may_all(self) -> tuple[str, ...]:
        """What it may do, each once."""
        return tuple(self.may.split())
