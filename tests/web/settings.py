"""The service's settings as the tests have them: plain HTTP, quick passwords, keys and folders of their own."""

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="kept-tests-"))
os.environ |= {
    "KEPT_HOME": str(_HOME),
    "KEPT_SECRET_KEY": "of the tests",
    "KEPT_HTTPS": "0",
    "KEPT_HOSTS": "testserver",
}

from kept.web.sealing import add_key  # noqa: E402 (the environment comes first)
from kept.web.settings import *  # noqa: E402, F403

add_key(_HOME / "sealing-keys")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
