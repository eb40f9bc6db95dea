"""Work in the background: what is to be done and by when, who is at work on it, and what people are told of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kept.web.people.models import User


class Job(models.Model):
    """One thing to do, from `due` on. It ends once: done, or `given_up` with a sentence that says why.

    Who takes it holds it until `lease`, and renews that while they live; whoever finds it past takes it over. `tries`
    counts how often it was taken. `kept` is what the first try settled for all later ones, `step` how far it is,
    `came_to` what it gave.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=300, blank=True)
    payload = models.JSONField(default=dict)
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=150, blank=True)
    due = models.DateTimeField()
    lease = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=100, blank=True)
    tries = models.PositiveIntegerField(default=0)
    kept = models.JSONField(default=dict)
    step = models.JSONField(default=dict)
    ended = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False)
    says = models.TextField(blank=True)
    came_to = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(tries=0, ended=None) & ~models.Q(key=""),
                name="one_waits",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due"], condition=models.Q(ended=None), name="jobs_due"),
            models.Index(fields=["kind", "-id"], name="jobs_of_a_kind"),
        ]


class Worker(models.Model):
    """One process of `kept worker`: since when, when it was last heard, and what it is doing."""

    name = models.CharField(max_length=100, primary_key=True)
    began = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)
    ended = models.DateTimeField(null=True)
    doing = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")


class Notice(models.Model):
    """What somebody is told on their first page, until they put it away. `says` has places open for `values`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    says = models.CharField(max_length=500)
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=500, blank=True)
    put_away = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="notices_of")]
