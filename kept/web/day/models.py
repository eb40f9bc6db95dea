"""What a supervisor writes about a case: a note that it should go to somebody else. What is written is sealed."""

from typing import ClassVar

from django.db import models


class Note(models.Model):
    """A note that a case should be re-assigned: to whom, by id in the records or blank for somebody else, and why.

    It changes nothing in the crime system. `ended`: when somebody took it back.
    """

    id = models.UUIDField(primary_key=True)
    investigation = models.CharField(max_length=200, db_index=True)
    to = models.CharField(max_length=100, blank=True)
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    ended = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)


class Review(models.Model):
    """The first supervisor's review of an investigation, sealed as a whole (`kept.web.day.reviews.Review` in JSON).

    `written` counts how often it was changed, so that two people who change it at once do not undo one another.
    """

    investigation = models.CharField(max_length=200, primary_key=True)
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    written = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="reviews_by_time")]
