"""By which rule figures leave: what the publishing body has set, as `kept release tables` reads it; nothing else."""

from __future__ import annotations

from django.conf import settings

from kept.errors import MeasureError
from kept.release.policy import Policy, load_policy

_INVENTED = Policy("an invented commissioner", "rules of an invented force, for looking around", rounding_base=5)
"""For an invented force whose publishing body has set nothing."""


def rule() -> Policy:
    """The rule in force; MeasureError where none was set, or its file cannot be read or kept."""
    environment = settings.ENVIRONMENT
    if environment.publishing:
        return load_policy(environment.publishing)
    if environment.demo:
        return _INVENTED
    raise MeasureError(
        "The publishing body has set no rule for figures that leave.",
        "KEPT_PUBLISHING",
        "Without a threshold that somebody answers for, and a place where it is laid down, nothing leaves.",
        "Write its rule into a file as for kept release tables, and name the file in KEPT_PUBLISHING.",
    )


def rule_if_any() -> Policy | None:
    """The rule in force; None where there is none that can be kept."""
    try:
        return rule()
    except MeasureError:
        return None
