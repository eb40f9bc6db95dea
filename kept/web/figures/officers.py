"""Figures by officer on pages: of one team, for who supervises it, by name and in no other order.

What `kept.measures.officers` refuses is refused here too. A look is written into the access log; there is no chart, no
copy and no saved view of it, so that nothing of it is passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kept.measures.catalogue import OFFICER
from kept.measures.model import Measure
from kept.measures.officers import WITHIN
from kept.measures.question import Question
from kept.web.access import note
from kept.web.figures.asked import Asked
from kept.web.figures.asking import query, said
from kept.web.figures.shown import Shown
from kept.web.people.names import names

Row = tuple[object, ...]
_NOBODY = "unknown"
"""How a table of figures has what no officer held."""


def query_of(found: Asked) -> str:
    """The query of the same by officer, over all periods together; blank where it is not open, or is that already."""
    if found.by_officer or not (found.form.reach.officers and found.form.is_valid()):
        return ""
    return query({**said(found.form), "by": OFFICER, "by_too": "", "period": ""})


def by_name(shown: Shown) -> Shown:
    """What is shown of officers with their names instead of ids, in the order of names."""
    return replace(shown, answer=replace(shown.answer, rows=_by_name(shown.answer.rows)))


def _by_name(rows: Sequence[Row]) -> list[Row]:
    """The rows of a table by officer, last what no officer held; those of one officer in the order they had."""
    called = names([str(row[0]) for row in rows])
    found = sorted(rows, key=lambda row: (row[0] == _NOBODY, called[str(row[0])].casefold(), str(row[0])))
    return [(_("No officer") if row[0] == _NOBODY else called[str(row[0])], *row[1:]) for row in found]


def note_look(request: HttpRequest, measure: Measure, question: Question) -> None:
    """Write into the access log whose officers were looked at."""
    note(request, "consultation", why=f"{measure.id} by officer of the team {question.only[WITHIN]}")
