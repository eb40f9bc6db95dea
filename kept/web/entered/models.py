"""What was written here, or pushed by another system, before a load brought it into the store. Rows are only added."""

from typing import ClassVar

from django.db import models


class Entered(models.Model):
    """One row of the contract's table of events, as it was entered here (`kept.web.entered.events.Event`).

    `fields` holds its other columns; `voids` the event that this row takes back, and then it says nothing else.
    `answers`: of a form that was filled in, what each field says. `sealed`: words that stay here, and go nowhere else.
    `loaded_in`: the first store version that has it. `entered_by`: who entered it, by the name they sign in with.
    """

    id = models.CharField(max_length=200, primary_key=True)
    investigation = models.CharField(max_length=200, db_index=True)
    crime = models.CharField(max_length=200, blank=True)
    victim = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(null=True)
    planned = models.BooleanField(default=False)
    fields = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=150)
    source = models.CharField(max_length=100)
    voids = models.CharField(max_length=200, blank=True, db_index=True)
    loaded_in = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["entered_at", "id"]
