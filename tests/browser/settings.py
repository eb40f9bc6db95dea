"""The service's settings, with a language from right to left beside the others: its words stay English."""

from kept.web.settings import *  # noqa: F403
from kept.web.settings import LANGUAGES as _LANGUAGES

LANGUAGES = [*_LANGUAGES, ("ar", "العربية")]
