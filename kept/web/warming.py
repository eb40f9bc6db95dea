"""Reading beforehand what pages need, so that whoever comes first does not wait for it."""

from __future__ import annotations

import logging

from django.template import engines
from django.urls import get_resolver
from jinja2 import Environment

from kept.errors import KeptError
from kept.measures import catalogue
from kept.measures.cases import cases
from kept.measures.names import WHOLE
from kept.measures.question import Question
from kept.web import drawings, law
from kept.web.entered.cases import case_file
from kept.web.figures import reading
from kept.web.worklist.current import current

_log = logging.getLogger("kept.warming")


def warm() -> None:
    """Read in this process the pages' code and templates, the law, a case and the run that figures are of.

    What cannot be read yet, the pages say.
    """
    for each in (_pages, _case, _figures):
        try:
            each()
        except (KeptError, OSError):
            _log.info("there is nothing to read yet", extra={"of": each.__name__.strip("_")})


def _pages() -> None:
    get_resolver().url_patterns  # noqa: B018  looking at it reads every view in
    pages: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in pages.list_templates():
        if name.endswith(".html"):
            pages.get_template(name)
    drawings.begin()


def _case() -> None:
    law.duties()
    for row in current().rows("SELECT id FROM investigation LIMIT 1"):
        case_file(row["id"])


def _figures() -> None:
    at = reading.opened_run()
    measure = reading.measures_of(at.run)[WHOLE]
    catalogue.topics()
    at.figures(measure, Question())
    cases(at, measure, Question(), most=1)
