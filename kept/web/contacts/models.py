"""How a victim may be reached, safely. What is known of one person is one row, sealed as a whole (ADR 28)."""

from django.db import models


class Contact(models.Model):
    """Contact details and safe-contact instructions of one person, as `kept.web.contacts.safe.Contact` in JSON, sealed.

    `written` counts how often it was changed, so that two people who change it at once do not undo one another.
    """

    person = models.CharField(max_length=200, primary_key=True)
    sealed = models.TextField()
    written = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
