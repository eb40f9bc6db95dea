"""How much of a case one page shows: a case of many victims is folded, so that its page comes at once on a phone.

What is owed is always shown. What happened, and every duty, stands on the page while that is little; of more, each
victim has a page of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator

from kept.web.case.told import Told

MOST_ROWS = 250
"""How many points of timelines and duties a page shows: each is about half a kilobyte."""
MOST_SUBJECTS = 10


@dataclass(frozen=True, slots=True)
class Folded:
    """What a page shows: whom, whether their history stands there too, and whether one of them alone was asked for.

    `page` leads to the others, or to the rest of that one's history. `duties`: how many duties each has, by id.
    """

    told: Sequence[Told]
    whole: bool
    alone: bool
    page: Page[Told] | Page[int]
    duties: dict[str, int]


def folded(found: Sequence[Told], of: str, number: str | None) -> Folded:
    """What a page shows of a case; of one victim alone where `of` names them, or is the case's own id."""
    duties = {one.subject.id: len(one.lines) for one in found}
    alone = next((one for one in found if one.subject.id == of), None)
    if alone:
        rows = Paginator(range(max(len(alone.items), len(alone.lines))), MOST_ROWS // 2).get_page(number)
        part = slice(max(0, rows.start_index() - 1), rows.end_index())
        return Folded([replace(alone, items=alone.items[part], lines=alone.lines[part])], True, True, rows, duties)
    page = Paginator(found, MOST_SUBJECTS).get_page(number)
    return Folded(list(page), sum(len(one.items) + len(one.lines) for one in page) <= MOST_ROWS, False, page, duties)
