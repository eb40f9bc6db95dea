"""The moment that a command looks at, which must have passed."""

from datetime import UTC, datetime

from kept.engine.wording import short_moment
from kept.errors import UsageError


def passed(as_of: datetime | None) -> datetime:
    """The moment that was asked for, or now; UsageError for one that is still to come."""
    now = datetime.now(UTC)
    if as_of and as_of > now:
        raise UsageError(
            f"The as-of {short_moment(as_of)} is still to come.",
            why="What will have been entered by then is not known, and silence would count against the force.",
            what_to_do="Name a moment that has passed, or leave --as-of out.",
        )
    return as_of or now
