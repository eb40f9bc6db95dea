"""At which place of a table each member counts, as SQL: one partition for each kind of measure that may leave.

A kind may leave if what it counts can be divided so that everybody is in exactly one part, for only then is it known
what its figures give away. The conditions are those of `measures.kinds`, which counts the same for those inside.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from kept.errors import MeasureError
from kept.measures import counts
from kept.measures.kinds import BANDS
from kept.measures.members.holding import judged_members
from kept.measures.members.reading import Members
from kept.measures.model import OBLIGATIONS, Kind, Measure
from kept.measures.names import is_of_windows
from kept.measures.officers import refuse_to_leave
from kept.measures.question import Question
from kept.records.schema import literal
from kept.release.cells import RANGE, Breakdown
from kept.release.filling import RANGE_RATES

UNKNOWN = "unknown"
NONE = "none of them"
_DAYS = (0, 7, 14, 28)
"""The last day of each band but the last."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a kind of measure divides a group.

    text         SQL: which part a member is in, never null; empty where a group is not divided
    breakdown    the parts, from the values that occur
    headings     what columns are called instead of the values of the breakdown
    rates        further columns: the heading, and the values whose counts are part and whole
    counts_if    SQL: which members count at all
    """

    text: str = ""
    breakdown: Callable[[Iterable[str]], Breakdown] = lambda found: Breakdown("category", tuple(sorted(found)))
    headings: Mapping[str, str] | None = None
    rates: Mapping[str, tuple[str, str]] | None = None
    counts_if: str = "true"


def answer_of(measure: Measure) -> Answer:
    """How a measure divides its members; MeasureError if it is for auditors, or of a kind that cannot leave."""
    if measure.audience != "everyone":
        raise MeasureError(
            f"{measure.id} cannot be released.",
            why=f"It is for {measure.audience}, and looks at how records are kept.",
            what_to_do="Choose a measure that is for everyone.",
        )
    if measure.kind not in _ANSWERS:
        raise MeasureError(
            f"{measure.id} cannot be released as a table of counts.",
            why=_WHY_NOT[measure.kind],
            what_to_do=f"Choose a measure of one of the kinds {', '.join(_ANSWERS)}.",
        )
    return _ANSWERS[measure.kind](measure)


def placed(members: Members, measure: Measure, question: Question) -> str:
    """SQL for a row each time that somebody counts: subject, investigation, and its place as `place`, a list of texts.

    Raises MeasureError for a breakdown that the measure does not allow, and for a kind that cannot leave.
    """
    refuse_to_leave(measure, question)
    counts.check(measure, question)
    answer = answer_of(measure)
    groups = [f"coalesce(CAST({name} AS VARCHAR), {literal(UNKNOWN)})" for name in question.by]
    texts = [*groups, *([answer.text] if answer.text else [])]
    if measure.of == OBLIGATIONS:
        counted = _of_obligations(members, measure, question)
    else:
        counted = f"SELECT * FROM {judged_members(measure, question)} WHERE {counts.conditions(measure, question)}"
    return (
        f"SELECT subject, investigation, CAST([{', '.join(texts)}] AS VARCHAR[]) AS place "
        f"FROM ({counted}) WHERE {answer.counts_if}"
    )


def _of_obligations(members: Members, measure: Measure, question: Question) -> str:
    """SQL for each obligation of a duty, or for all that one was owed in each group, with its investigation."""
    counts.require_months(measure, question)
    since, until = question.since or date.min, question.until or date.max
    chosen = f"FROM {members.rows([measure.id], question.by)} WHERE judged_on BETWEEN DATE '{since}' AND DATE '{until}'"
    if measure.kind == "all_kept":
        keys = ", ".join((*question.by, "within" if is_of_windows(measure.id) else "subject"))
        whose = "any_value(subject) AS subject, " if is_of_windows(measure.id) else ""
        sums = ", ".join(f"sum({name}) AS {name}" for name in ("judged", "met", "best"))
        chosen = f"FROM (SELECT {keys}, {whose}{sums} {chosen} GROUP BY {keys})"
    known = "SELECT subject, investigation FROM victims UNION SELECT subject, investigation FROM investigations"
    return (
        "SELECT found.*, coalesce(known.investigation, CAST(found.subject AS VARCHAR)) AS investigation "
        f"FROM (SELECT * {chosen}) found LEFT JOIN ({known}) known ON known.subject = found.subject"
    )


# -- the kinds -------------------------------------------------------------------------------------------------------


def _range(kept: str, best: str) -> Answer:
    return Answer(
        f"CASE WHEN {kept} THEN 'met' WHEN {best} THEN 'silent' ELSE 'missed' END",
        lambda found: RANGE,
        {"met": "Met", "at best": "At best met", "Total": "Judged"},
        RANGE_RATES,
        "judged > 0",
    )


def _share(measure: Measure) -> Answer:
    condition = measure.counts
    breakdown = Breakdown("answer", ("yes", "no", UNKNOWN), {"known": ("yes", "no")}, frozenset({"no"}))
    return Answer(
        f"CASE WHEN ({condition}) THEN 'yes' WHEN NOT ({condition}) THEN 'no' ELSE {literal(UNKNOWN)} END",
        lambda found: breakdown,
        {"yes": "Yes", "known": "Known", UNKNOWN: "Unknown", "Total": "All"},
        {"Share of the known": ("yes", "known")},
    )


def _time(measure: Measure) -> Answer:
    """Who was in time, of those whose time has run out."""
    if not measure.within:
        raise MeasureError(
            f"{measure.id} cannot be released as a table of counts.",
            why="It has no limit, and medians and longest times are single persons' figures.",
            what_to_do="Choose a measure that says within which time, or another kind.",
        )
    until, limit = measure.until, f"{measure.since} + INTERVAL '{measure.within}'"
    over = f"{limit} <= clock AND ({until} IS NULL OR {until} >= {measure.since})"
    breakdown = Breakdown("answer", ("within", "later", "other"), {"over": ("within", "later")}, frozenset({"later"}))
    return Answer(
        f"CASE WHEN NOT coalesce({over}, false) THEN 'other' WHEN {until} <= {limit} THEN 'within' ELSE 'later' END",
        lambda found: breakdown,
        {
            "within": f"Within {measure.within}",
            "over": "Whose time has run out",
            "other": "Not known or not yet",
            "Total": "All",
        },
        {f"Share within {measure.within}": ("within", "over")},
    )


def _bands(measure: Measure) -> Answer:
    days = f"date_diff('day', {measure.at}::DATE, clock::DATE)"
    bands = " ".join(f"WHEN {days} <= {last} THEN {literal(band)}" for last, band in zip(_DAYS, BANDS, strict=False))
    breakdown = Breakdown("how long", BANDS)
    return Answer(
        f"CASE {bands} ELSE {literal(BANDS[-1])} END", lambda found: breakdown, {"Total": "All"}, None, f"{days} >= 0"
    )


def _matrix(measure: Measure) -> Answer:
    (name, other), first = next(iter(measure.parts.items())), f"coalesce({measure.by}, false)"
    both, of_first, of_second = "both", f"{measure.by} only", f"{name} only"
    breakdown = Breakdown("answer", (both, of_first, of_second, "neither", UNKNOWN), {name: (both, of_second)})
    return Answer(
        f"CASE WHEN ({other}) IS NULL THEN {literal(UNKNOWN)} WHEN {first} AND ({other}) THEN {literal(both)} "
        f"WHEN {first} THEN {literal(of_first)} WHEN ({other}) THEN {literal(of_second)} ELSE 'neither' END",
        lambda found: breakdown,
        {"Total": "All"},
        {f"Share {measure.by} of {name}": (both, name)},
    )


def _steps(measure: Measure) -> Answer:
    """The furthest step that somebody reached after all before it; printed is who reached each, or went beyond."""
    names = list(measure.parts)
    values = (NONE, *(f"{name} and no further" for name in names))
    reached = " + ".join(
        f"CASE WHEN {' AND '.join(f'({text})' for text in list(measure.parts.values())[: at + 1])} THEN 1 ELSE 0 END"
        for at in range(len(names))
    )
    chosen = " ".join(f"WHEN {at} THEN {literal(value)}" for at, value in enumerate(values))
    groups = {name: values[at:] for at, name in enumerate(names, 1)}
    breakdown = Breakdown("step", values, groups, frozenset(values))
    return Answer(
        f"CASE {reached} {chosen} END",
        lambda found: breakdown,
        {"Total": "All"},
        {f"Share {names[-1]}": (names[-1], "Total")},
    )


def _parts(measure: Measure) -> Answer:
    """Who is in which of the parts together; printed are the parts, which may overlap."""
    names = list(measure.parts)
    together = [some for many in range(1, len(names) + 1) for some in combinations(names, many)]
    named = {NONE: (), **{f"only {' and '.join(some)}": some for some in together}}
    listed = ", ".join(f"CASE WHEN {text} THEN {literal(name)} END" for name, text in measure.parts.items())
    joined = f"concat_ws(' and ', {listed})"

    def breakdown(found: Iterable[str]) -> Breakdown:
        values = tuple(sorted(found))
        groups = {name: tuple(value for value in values if name in named[value]) for name in names}
        return Breakdown("part", values, groups, frozenset(values))

    text = f"CASE WHEN {joined} = '' THEN {literal(NONE)} ELSE concat('only ', {joined}) END"
    return Answer(text, breakdown, {"Total": "All"})


def _category(measure: Measure) -> Answer:
    return Answer(f"coalesce(CAST({measure.by} AS VARCHAR), {literal(UNKNOWN)})", headings={"Total": "All"})


_ANSWERS: Mapping[Kind, Callable[[Measure], Answer]] = {
    "duty": lambda measure: _range("met > 0", "best > 0"),
    "all_kept": lambda measure: _range("met = judged", "best = judged"),
    "share": _share,
    "split": _category,
    "parts": _parts,
    "time": _time,
    "steps": _steps,
    "bands": _bands,
    "matrix": _matrix,
    "count": lambda measure: Answer(),
}
_WHY_NOT: Mapping[Kind, str] = {
    "composite": "Its readings divide the same victims differently, and what one hides may follow from the other.",
    "load": "It says how many each single person holds.",
    "themes": "Its themes overlap, and each has a share of its own.",
    "every": "A victim has several of what it counts, and is counted by all of them together.",
    "soon": "It says what must be done this week, and is out of date the next.",
    "copies": "It holds what was written of one person against what was written of others.",
    "not_arisen": "It counts what was not owed, of which there is no list of people.",
}
