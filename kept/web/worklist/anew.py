"""Cases about which something was entered since the worklist was made: judged anew, one by one, with what was entered.

Whoever enters something has the case judged anew; the worker forgets it again once a worklist holds the entry.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from kept.engine.alone import CaseFile
from kept.engine.obligation import Obligation
from kept.errors import NotFoundError
from kept.web.entered import rows as entered
from kept.web.entered.cases import case_file
from kept.web.law import duties
from kept.web.worklist.current import current
from kept.web.worklist.filed import as_number
from kept.web.worklist.models import Anew
from kept.web.worklist.owing import CARE, by_when, owed_now


def judge(investigation: str) -> None:
    """Judge a case anew with what was entered about it; where nothing was, the worklist's rows stand again."""
    with transaction.atomic():
        Anew.objects.get_or_create(investigation=investigation)
        row = Anew.objects.select_for_update().get(investigation=investigation)  # who comes later sees more
        file = _file(investigation)
        if file is None:
            row.delete()
        else:
            row.owed = [_columns(one, file.open) for one in _owed(file)]
            row.save()


def forget() -> None:
    """Have the worklist's rows stand again for cases of which it holds all that was entered, after it was made anew."""
    found = judged()
    Anew.objects.filter(investigation__in=found - entered.waiting(found, held_in_worklist())).delete()


def judged() -> set[str]:
    """The cases that were judged anew."""
    return set(Anew.objects.values_list("investigation", flat=True))


def owed_in(investigations: Collection[str]) -> list[dict[str, Any]]:
    """What is owed in some of them, row by row."""
    found = Anew.objects.filter(investigation__in=investigations).values_list("owed", flat=True)
    return [row for rows in found for row in rows]


def held_in_worklist() -> int:
    """The version of the records that the worklist holds."""
    return int(current().rows("SELECT version FROM made_of")[0]["version"])


def _file(investigation: str) -> CaseFile | None:
    """The case as it is known now, where something was entered about it that the worklist does not hold."""
    if not entered.waiting([investigation], held_in_worklist()):
        return None
    try:
        return case_file(investigation)
    except NotFoundError:
        return None


def _owed(file: CaseFile) -> list[Obligation]:
    owed = owed_now(file.obligations(), duties(), file.as_of)
    return [one for one in owed if file.open or one.holder == CARE]


def _columns(row: Obligation, opened: bool) -> dict[str, Any]:
    when = by_when(row)
    assert when is not None
    return {
        "subject": row.subject,
        "investigation": row.investigation,
        "crime": row.crime,
        "victim": row.victim,
        "duty": row.duty,
        "edition": row.edition,
        "part": row.part,
        "right": row.right,
        "holder": row.holder,
        "start_at": as_number(row.start_at),
        "due": as_number(when),
        "judged": None if row.judged is None else as_number(row.judged),
        "settled": row.settled,
        "has_limit": int(bool(row.limit)),
        "repeats": int(duties()[row.edition, row.duty].kind == "repeat"),
        "moved": int(bool(row.moved_to)),
        "enhanced": None if row.enhanced_flag is None else int(row.enhanced_flag),
        "open": int(opened),
    }
