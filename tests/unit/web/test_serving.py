"""Plain HTTP and invented people stay on this machine."""

from dataclasses import replace

import pytest

from kept.errors import UsageError
from kept.web import environment
from kept.web.serving import check

BEHIND_HTTPS = environment.read({})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_this_machine_may_be_served_in_any_way(host: str) -> None:
    check(replace(BEHIND_HTTPS, https=False, demo=True), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "kept.example", "::"])
def test_others_are_served_by_https_alone_and_never_by_invented_people(host: str) -> None:
    check(BEHIND_HTTPS, host)
    for plain in (replace(BEHIND_HTTPS, https=False), replace(BEHIND_HTTPS, demo=True)):
        with pytest.raises(UsageError, match="by HTTPS only"):
            check(plain, host)
