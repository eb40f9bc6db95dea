"""What an officer says of an obligation: that it is shown wrongly. What is written is sealed."""

from typing import ClassVar

from django.db import models


class Dispute(models.Model):
    """That an obligation is shown wrongly: which, in which state it then was, why, and what was answered.

    `reason` is one of `kept.web.case.disputes.REASONS`. `sealed` and `answer` hold words, sealed.
    """

    id = models.UUIDField(primary_key=True)
    investigation = models.CharField(max_length=200, db_index=True)
    victim = models.CharField(max_length=200, blank=True, db_index=True)
    key = models.CharField(max_length=20)
    duty = models.CharField(max_length=100)
    edition = models.CharField(max_length=100)
    part = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, db_index=True)
    answered_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["investigation", "key", "by"], condition=models.Q(answered_at=None), name="one_open_each"
            )
        ]
