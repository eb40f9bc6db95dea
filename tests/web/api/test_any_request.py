"""Whatever is sent to the API, it answers in words: requests made from its own document find no fault of Kept's."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from kept.web.api import limits, urls
from kept.web.api.models import Token
from kept.web.api.operations import schema
from kept.web.api.problems import MEDIA
from kept.web.wsgi import application
from tests.web.api.conftest import Makes

assert urls.urlpatterns  # the document has what was read in
DOCUMENT = schemathesis.openapi.from_dict(schema())
OPERATIONS: list[Any] = [found.ok() for found in DOCUMENT.get_all_operations()]  # type: ignore[union-attr]
MODES = list(schemathesis.GenerationMode)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
@pytest.mark.parametrize("mode", MODES, ids=lambda one: one.value)
def test_no_request_finds_a_fault(operation: Any, mode: Any, token: Makes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_A_MINUTE", 10_000)
    caller = token("analyst")
    operation.app = application

    @settings(
        max_examples=8, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        answer = case.call(base_url="http://testserver", headers=caller.headers)
        case.validate_response(answer, checks=[not_a_server_error])
        assert answer.status_code < 500, answer.text
        media = "application/json" if answer.status_code < 400 else MEDIA
        assert answer.headers["content-type"][0].startswith(media), answer.text

    ask()
    assert Token.objects.get().used is not None


def test_the_document_has_every_operation() -> None:
    assert len(OPERATIONS) == 8
