"""Characters that nobody sees: what may not stand in a number or a name to sign in with, and is left out of words.

Two sorts of text are told apart, and each is made safe in its own way:

- **To be taken to the letter**: a telephone number, an address of e-mail, an id. One that holds what is not seen is
  refused, not mended: under a mark that turns the direction round, the number that stands there is another than the
  number that was read, and a text to it reaches somebody else.
- **Words**: names, instructions, reasons. What is not seen is left out, since nobody means it: it comes with copied
  text, or from somebody who wants a page or a log to be read otherwise than it is written. What is needed to write is
  kept: the joiners of Persian, Urdu and Indian scripts, and the marks of direction (U+200E, U+200F, U+061C), which act
  on their neighbours alone. Embeddings, overrides and isolates reach past the end of what was typed, and no language
  needs them: pages set words apart by themselves.
"""

from __future__ import annotations

import re
import unicodedata

_NEEDED = "\u061c\u200c\u200d\u200e\u200f"
"""Unseen by themselves, and part of how words are written."""
_LAYOUT = "\t\n\r"
_VARIANTS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""They choose how the character before them is drawn."""
_LEFT_OUT = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # hyphens that may be, joins, fillers
    "\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # of no width; ends of lines; annotations
    "\u202a-\u202e\u2066-\u2069"  # directions that reach past what was typed
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # shorthand, music, tags
    "]"
)
_SPACES = re.compile(r"[^\S\t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]")
_INVISIBLE = re.compile(f"[{_NEEDED}{_VARIANTS}]")
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def has_unseen(text: str) -> bool:
    """Whether anything in a text that is taken to the letter is not seen."""
    return any(unicodedata.category(one) in _NOT_TEXT for one in text) or any(
        pattern.search(text) for pattern in (_LEFT_OUT, _INVISIBLE)
    )


def plain_spaces(text: str) -> str:
    """The text with every kind of space as the one that keyboards make: numbers are copied with others from pages."""
    return _SPACES.sub(" ", text)


def words(text: str) -> str:
    """What can be read of a text, its lines kept; blank where nothing in it would be seen."""
    found = _LEFT_OUT.sub("", text)
    return found if _INVISIBLE.sub("", found).strip() else ""


def line(text: str) -> str:
    """The same on one line."""
    return re.sub(f"[{_LAYOUT}]+", " ", words(text))
