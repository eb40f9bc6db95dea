"""The measures that a rulebook makes: of each duty and each of its parts, of each right, and of the whole Code."""

from collections.abc import Iterable, Sequence
from typing import Any

from kept.code.model import Duty, Rulebook
from kept.code.rights import RIGHTS
from kept.measures.catalogue import HOLDERS, populations, shipped
from kept.measures.model import OBLIGATIONS, Kind, Measure
from kept.measures.names import WHOLE, of_duty, of_right, of_windows

_OF_NO_VICTIM = (
    "It is owed once for each {}, not to each victim, and divided by what is known of the investigation alone."
)


def all_measures(rulebook: Rulebook) -> dict[str, Measure]:
    """The shipped catalogue and what the rulebook makes, by id, in order of the law and then of the catalogue."""
    return {one.id: one for one in [*_of_rulebook(rulebook), *shipped().values()]}


def _of_rulebook(rulebook: Rulebook) -> Iterable[Measure]:
    duties = [duty for duty, _ in rulebook.duties()]
    yield _all_kept(WHOLE, "Was every right kept that was owed to you?", "the whole Code", None)
    for right in RIGHTS:
        if any(duty.right == right for duty in duties):
            title = f"Was everything kept that Right {right} owed to you?"
            yield _all_kept(of_right(right), title, f"Right {right}", right)
    yield from _audit_of_2021(duties)
    yield _not_arisen()
    for duty in duties:
        yield _of_duty(duty, "")
        if duty.kind == "all_of":
            yield from (_of_duty(duty, part.id) for part in duty.parts)
        if duty.kind == "repeat":
            yield _of_windows(duty)


def _all_kept(name: str, title: str, what: str, right: int | None) -> Measure:
    means = (
        f"Of the victims to whom the police owed anything of {what} that was judged in the period, the share for whom "
        "every judged duty was kept."
    )
    return _measure(name, title, means, "all_kept", "when judged", serves=(25, 57), right=right)


def _of_duty(duty: Duty, part: str) -> Measure:
    means = "Of the obligations judged in the period, the share that the records show to have been kept in time."
    return _measure(
        of_duty(duty.edition, duty.id, part),
        f"{duty.title}: {part.replace('_', ' ')}" if part else duty.title,
        means if duty.owed_to == "victim" else f"{means} {_OF_NO_VICTIM.format(duty.owed_to)}",
        "duty",
        _stage(duty),
        serves=duty.papers,
        right=duty.right,
        breakdowns=() if duty.owed_to == "victim" else _of_investigations(),
    )


def _of_investigations() -> tuple[str, ...]:
    """By what obligations may be divided that are owed to no victim: what is known of the investigation alone."""
    known = populations()
    return (*(name for name in known["investigations"].breakdowns if name in known["victims"].breakdowns), *HOLDERS)


def _measure(name: str, title: str, means: str, kind: Kind, stage: str, **more: Any) -> Measure:
    return Measure(
        name,
        title,
        means,
        kind,
        of=OBLIGATIONS,
        stage=stage,
        source="records",
        unit="%",
        direction="higher",
        owner="force victim lead",
        status="validated",
        **more,
    )


_QUESTIONS_OF_2021 = {
    "acknowledged": (of_duty("force-standards", "FS-CONFIRMATION"),),
    "updated in time": (of_duty("force-standards", "FS-CONTACT-PLAN"),),
    "personal statement offered": (of_duty("code-2020", "R7-2"),),
    "referred within two days": (of_duty("code-2020", "R4-4"),),
    "told of the Code": (of_duty("code-2020", "R3-3", "R3-3a"),),
    "told how it ended": tuple(of_duty("code-2020", duty) for duty in ("R9-1", "R6-8", "R6-8c")),
}
"""The six questions of the force's audit of 2021, and the measures of duties that ask the same of records."""
_OUTSIDE_2021 = ("told of the Code",)
"""What its paper lists and says is not in the overall figure."""


def _audit_of_2021(duties: Sequence[Duty]) -> Iterable[Measure]:
    """The composite of the July 2021 audit, where the rulebook has all its duties (board papers, row 61)."""
    asked = {name.partition(":")[0] for names in _QUESTIONS_OF_2021.values() for name in names}
    if not asked <= {of_duty(duty.edition, duty.id) for duty in duties}:
        return
    yield _measure(
        "audit-2021",
        "Was everything done that the audit of 2021 asked about?",
        "Of the victims to whom anything was owed of six questions, the share for whom all was kept: by the six that "
        "were listed, and by those that the overall figure of 2021 was of.",
        "composite",
        "when judged",
        serves=(58, 61),
        parts={question: ", ".join(names) for question, names in _QUESTIONS_OF_2021.items()},
        outside=_OUTSIDE_2021,
    )


def _not_arisen() -> Measure:
    return Measure(
        "did-not-arise",
        "What was not owed to you, and why?",
        "Obligations that did not arise, by duty and by the condition that did not hold.",
        "not_arisen",
        of=OBLIGATIONS,
        stage="at the start",
        source="records",
        unit="obligations",
        direction="neither",
        owner="force victim lead",
        status="validated",
        serves=(86,),
    )


def _of_windows(duty: Duty) -> Measure:
    """The investigations in which every window that was judged was kept; the windows themselves are the duty's."""
    return _measure(
        of_windows(duty.edition, duty.id),
        f"{duty.title}, every time",
        "Of the investigations in which a contact fell due in the period, the share in which every one was made.",
        "all_kept",
        _stage(duty),
        serves=duty.papers,
        right=duty.right,
    )


def _stage(duty: Duty) -> str:
    """At which stage the duty is judged, in a few words."""
    judged = duty.judged_at
    if judged is None or not judged.stage:
        return "when due"
    return "by " + " or ".join(selector.kind.replace("_", " ") for selector in judged.stage)
