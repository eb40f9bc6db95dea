"""The access log: who saw or changed whose data, when and why. Rows are added and never changed (ADR 28)."""

from typing import ClassVar

from django.db import models

KINDS = {
    "consultation": "looked at",
    "alteration": "changed",
    "disclosure": "handed to somebody outside",
    "combination": "brought together with other data",
    "erasure": "erased",
    "refusal": "asked for, and refused",
}
"""What is logged. The first five are those of the Data Protection Act 2018, section 62; the last shows who tried."""


class Access(models.Model):
    """One line of the log, of one of the `KINDS`. `digest` covers all of it, and the line before (`chain.digest`).

    A line about several cases or victims names their list (`Listed`) by `listed`; `investigation` and `victim` then
    hold what is the same of all of them.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=20)
    who = models.CharField(max_length=150, db_index=True)
    investigation = models.CharField(max_length=200, blank=True, db_index=True)
    victim = models.CharField(max_length=200, blank=True, db_index=True)
    route = models.CharField(max_length=200)
    why = models.CharField(max_length=500, blank=True)
    listed = models.CharField(max_length=64, null=True, db_index=True)
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["number"]


class Listed(models.Model):
    """A victim, or a case as a whole, on a list that lines of the log name. Rows are added and never changed.

    `list` is the digest of the whole list (`lists.digest`), so that whoever looks at the same again adds one line, and
    nothing here.
    """

    list = models.CharField(max_length=64)
    investigation = models.CharField(max_length=200, db_index=True)
    victim = models.CharField(max_length=200, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "investigation", "victim"], name="once_on_a_list")
        ]


class Head(models.Model):
    """The one row that says where the log ends; whoever adds a line holds it."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
