"""Reading beforehand what pages need, so that whoever comes first does not wait for it."""

from __future__ import annotations

import logging

from django.template import engines
from django.urls import get_resolver
from jinja2 import Environment

from kept.errors import KeptError
from kept.measures import catalogue
from kept.measures.cases import cases
from kept.measures.charts.render import WIDE
from kept.measures.names import WHOLE
from kept.measures.question import Question
from kept.web import drawings, law
from kept.web.entered.cases import case_file
from kept.web.figures import reading
from kept.web.rights import drawn
from kept.web.rights.asked import of_the_force
from kept.web.rights.seen import rights_seen
from kept.web.worklist.current import current

_log = logging.getLogger("kept.warming")


def warm() -> None:
    """Read in this process the pages' code and templates, the law, a case, the run that figures are of and its rights.

    What cannot be read yet, the pages say.
    """
    for each in (_pages, _case, _figures, _rights):
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


def _rights() -> None:
    at = reading.opened_run()
    ask = of_the_force(at)
    if any(one.has_figure for one in rights_seen(at, ask)):
        for name in drawn.OF_ALL:
            drawn.svg(at, ask, name, 0, WIDE)
