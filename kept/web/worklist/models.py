"""What is owed in cases about which something was entered that no worklist holds yet."""

from django.db import models


class Anew(models.Model):
    """A case judged anew: `owed` takes the place of the worklist's rows of it, until a worklist holds what was entered.

    `owed` is a list of objects by the columns of the worklist's table of that name.
    """

    investigation = models.CharField(max_length=200, primary_key=True)
    owed = models.JSONField(default=list)
    judged_at = models.DateTimeField(auto_now=True)
