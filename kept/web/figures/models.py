"""Views that people saved: a name for what was asked of a measure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kept.web.people.models import User


class Saved(models.Model):
    """A saved view: the fields of a measure's page as they stand in its address, without whose figures they are of.

    `level` and `unit` say with whom it is shared, blank where it is the owner's alone. `changes` counts how often it
    was changed, so that of two who change it at once the second is told.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    measure = models.CharField(max_length=200)
    query = models.CharField(max_length=2000)
    level = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name")]
