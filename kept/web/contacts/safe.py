"""What is known of how a person may be reached, and what may be done with it. No Django in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

CHANNELS = ("phone", "text", "email", "letter", "in_person", "through_another")
"""Ways of reaching somebody; one of them is the safe one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Details, and instructions on how to use them safely; what is not known is blank.

    `until`: the last day for which the instructions were said to hold.
    """

    phone: str = ""
    email: str = ""
    address: str = ""
    channel: str = ""
    times: str = ""
    code_word: str = ""
    no_message: bool = False
    no_letter: bool = False
    note: str = ""
    until: date | None = None

    def is_safe(self, today: date) -> bool:
        """Whether a safe way is known and still holds. Details alone are no safe way."""
        return bool(self.channel) and (self.until is None or today <= self.until)

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "until": self.until.isoformat() if self.until else None})


def from_json(text: str) -> Contact:
    """The contact that `Contact.to_json` wrote."""
    said = json.loads(text)
    return Contact(**{**said, "until": date.fromisoformat(said["until"]) if said["until"] else None})


NOT_KNOWN = "Not known to be safe: ask first"
"""What is shown where no safe way is known, or it no longer holds."""
