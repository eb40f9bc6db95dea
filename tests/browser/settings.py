"""The service's settings, with quick passwords, and a language from right to left whose words stay English."""

from kept.web.settings import *  # noqa: F403
from kept.web.settings import LANGUAGES as _LANGUAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LANGUAGES = [*_LANGUAGES, ("ar", "العربية")]
