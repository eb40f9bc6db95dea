"""From the plain content of an edition's files to the values of `model.py`. The content has passed its schema."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from kept.code import conditions as c
from kept.code.lined import as_texts
from kept.code.model import (
    Answer,
    Citation,
    Duty,
    Example,
    JudgedAt,
    Limit,
    LimitException,
    Part,
    Selector,
    TermDefinition,
    Unit,
)

Content = Mapping[str, Any]

_UNITS: tuple[Unit, ...] = get_args(Unit)


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def selector(content: Any) -> Selector:
    if isinstance(content, str):
        return Selector(content)
    fields = {name: as_texts(value) for name, value in content.items() if name != "kind"}
    return Selector(content["kind"], **fields)


def selectors(content: Any) -> tuple[Selector, ...]:
    if content is None:
        return ()
    return tuple(selector(one) for one in (content if isinstance(content, list) else [content]))


def condition(content: Content) -> c.Condition:
    for name, build in _CONDITIONS.items():
        if name in content:
            return build(content)
    raise AssertionError(f"no condition has these keys: {sorted(content)}")


def _fact(content: Content) -> c.Condition:
    attribute = content["fact"]
    if "at_least" in content or "below" in content:
        return c.FactBetween(attribute, content.get("at_least"), content.get("below"))
    if "known" in content:
        return c.FactKnown(attribute)
    return c.FactIs(attribute, as_texts(content.get("is", True)))


def _start(content: Content) -> c.Condition:
    ((field, values),) = content["start"].items()
    return c.StartIs(field, as_texts(values))


_CONDITIONS: Mapping[str, Callable[[Content], c.Condition]] = {
    "fact": _fact,
    "start": _start,
    "term": lambda content: c.Term(content["term"]),
    "all": lambda content: c.All(tuple(condition(part) for part in content["all"])),
    "any": lambda content: c.Any(tuple(condition(part) for part in content["any"])),
    "not": lambda content: c.Not(condition(content["not"])),
}


def limit(content: Content | None) -> Limit | None:
    if content is None:
        return None
    unit = next(unit for unit in _UNITS if unit in content)
    length = content[unit]
    read_from_fact = isinstance(length, Mapping)
    return Limit(
        unit=unit,
        amount=None if read_from_fact else length,
        attribute=length["fact"] if read_from_fact else "",
        rounding=content.get("rounding"),
        to_end_of_day=content.get("to") == "end_of_day",
    )


def citation(content: Content) -> Citation:
    return Citation(content["source"], content.get("paragraph", ""), content.get("url", ""), day(content.get("read")))


def answer(content: Content | None) -> Answer | None:
    if content is None:
        return None
    return Answer(
        specific=selectors(content["specific"]),
        generic=selectors(content.get("generic")),
        first_ever=content.get("from") == "first_ever",
        match=tuple(content.get("match", ())),
        unlinked=content.get("unlinked", True),
        shared=content.get("shared", True),
    )


def judged_at(content: Any) -> JudgedAt | None:
    if content is None:
        return None
    if content == "due":
        return JudgedAt("due")
    if "stage" in content:
        return JudgedAt("stage", stage=selectors(content["stage"]))
    return JudgedAt("maturity", days=content["maturity"]["days"])


def term(content: Content) -> TermDefinition:
    return TermDefinition(
        content["term"],
        content["means"],
        condition(content["when"]),
        content["certainty"],
        citation(content["citation"]),
    )


def exception(content: Content) -> LimitException:
    different = limit(content["limit"])
    assert different is not None
    return LimitException(condition(content["when"]), different, citation(content["citation"]), content.get("priority"))


def part(content: Content) -> Part:
    answered_by = answer(content["answer"])
    assert answered_by is not None
    applies = condition(content["applies"]) if "applies" in content else None
    return Part(content["id"], content["title"], answered_by, applies, selectors(content.get("not_done")))


def example(content: Content, line: int) -> Example:
    return Example(
        name=content["name"],
        given=tuple(content["given"]),
        then=tuple(content["then"]),
        as_of=content["as_of"],
        not_arisen=content.get("not_arisen", {}),
        victims=content.get("victims", 1),
        line=line,
    )


def duty(
    content: Content,
    *,
    edition: str,
    right: int | None,
    ends: tuple[Selector, ...],
    file: str,
    line: int,
    example_lines: Sequence[int],
) -> Duty:
    """One duty. `right` is its file's; `ends` are the events that extinguish every duty of the edition."""
    limits = content.get("limit")
    return Duty(
        id=content["id"],
        title=content["title"],
        says=content["says"],
        edition=edition,
        holder=content["holder"],
        certainty=content["certainty"],
        citation=citation(content["citation"]),
        right=content.get("right", right),
        kind=content.get("kind"),
        owed_to=content.get("owed_to", "victim"),
        owed_when=selectors(content.get("owed_when")),
        clock_from=selectors(content.get("clock_from")),
        which=content.get("which", "each"),
        before=selectors(content.get("before")),
        applies=condition(content["applies"]) if "applies" in content else None,
        applies_at=content.get("applies_at", "start"),
        limit=limit(limits),
        enhanced_limit=limit(limits.get("enhanced")) if limits else None,
        exceptions=tuple(exception(one) for one in content.get("exceptions", ())),
        judged_at=judged_at(content.get("judged_at")),
        answer=answer(content.get("answer")),
        parts=tuple(part(one) for one in content.get("parts", ())),
        or_reason=selectors(content.get("or_reason")),
        not_done=selectors(content.get("not_done")),
        declined=selectors(content.get("declined")),
        ends=selectors(content.get("ends")),
        extinguished_by=ends,
        opt_out=content.get("opt_out", "survives"),
        credit=content.get("credit", "holder_at_due"),
        measured_now=content.get("measured_now", False),
        not_measurable=content.get("not_measurable", ""),
        continues=content.get("continues", ""),
        note=content.get("note", ""),
        papers=tuple(content.get("papers", ())),
        starts_on=day(content.get("from")),
        ends_on=day(content.get("to")),
        examples=tuple(map(example, content.get("examples", ()), example_lines)),
        file=file,
        line=line,
    )
