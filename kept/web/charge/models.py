"""The checks that were asked for, and the tasks of charges that came without what they should have."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ChargeCheck(models.Model):
    """One check of a case: who asked, when, of records loaded when, and what it came to. It holds no word of the case.

    `digest` is that of every result with its evidence (`asking.Checked.digest`). `by`: as the access log names them.
    """

    investigation = models.CharField(max_length=200, db_index=True)
    asked = models.DateTimeField()
    by = models.CharField(max_length=150)
    loaded = models.DateTimeField()
    result = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)


class ChargeTask(models.Model):
    """A charge that came without its check. `lacking`: steps by their ids, with spaces; empty where nothing is missing.

    `checked`: whether the case was checked before that charge.
    """

    event = models.CharField(max_length=200, unique=True)
    investigation = models.CharField(max_length=200, db_index=True)
    charged = models.DateTimeField()
    made = models.DateTimeField()
    lacking = models.CharField(max_length=200)
    checked = models.BooleanField()
    done = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["charged", "event"]


class ChargesRead(models.Model):
    """The one row that says up to which version of the store charges were read."""

    version = models.BigIntegerField()
