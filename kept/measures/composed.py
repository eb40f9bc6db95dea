"""The query over the obligations of several duties at once: whether of one victim every one of them was kept."""

from kept.measures.kinds import counting
from kept.measures.members.reading import Members
from kept.measures.model import Measure
from kept.measures.question import UNKNOWN, Question
from kept.records.schema import literal


def parts_of(measure: Measure) -> tuple[str, ...]:
    """The ids of the measures whose rows it counts: its own, but for a composite those of its parts."""
    if measure.kind != "composite":
        return (measure.id,)
    return tuple(name for names in measure.parts.values() for name in names.split(", "))


def composed_sql(members: Members, measure: Measure, question: Question) -> str:
    """The query that counts a composite over the rows of its parts.

    A victim counts where anything of its parts was judged, in the period where there is one.
    """
    keys = {name: _merged(question, name) or name for name in question.by}
    if question.period:
        keys["period"] = f"date_trunc('{question.period}', judged_on)::DATE"
    chosen = "".join(f"{text} AS {name}, " for name, text in keys.items())
    named = "".join(f"{name}, " for name in keys)
    places = ", ".join(str(place + 1) for place in range(len(keys)))
    divided = f"GROUP BY {places} ORDER BY {places}" if places else ""
    figures = ", ".join(f"{text} AS {name}" for name, text in counting(measure).of_group.items())
    where = " AND ".join(_conditions(question)) or "true"
    return f"""
        WITH victims AS (
            SELECT {chosen}subject, sum(judged) AS judged, {_parts(measure)}
            FROM {members.rows(parts_of(measure), asked_of(question))} WHERE {where} GROUP BY ALL)
        SELECT {named}{figures} FROM victims {divided}"""


def asked_of(question: Question) -> set[str]:
    """The columns that a question divides by, or chooses by."""
    levels = {level for name in question.by if name in question.merged for level in question.merged[name].levels}
    return {*question.by, *question.only, *levels}


def _conditions(question: Question) -> list[str]:
    found = ["judged_on IS NOT NULL AND NOT waits"] if question.period else []
    found += [f"judged_on >= DATE '{question.since}'"] if question.since else []
    found += [f"judged_on <= DATE '{question.until}'"] if question.until else []
    return found + [_has(name, value) for name, value in question.only.items()]


def _merged(question: Question, name: str) -> str:
    merged = question.merged.get(name)
    return merged.sql(_has) if merged else ""


def _has(column: str, value: str) -> str:
    return f"{column} IS NULL" if value == UNKNOWN else f"{column} = {literal(value)}"


def _parts(measure: Measure) -> str:
    """Of each part whether all that was judged of it was kept, and kept at best; unknown where it did not arise."""
    return ", ".join(
        f"sum({end}) FILTER ({_is_of(ids)}) = sum(judged) FILTER ({_is_of(ids)}) AS {end}_{place}"
        for place, ids in enumerate(measure.parts.values())
        for end in ("met", "best")
    )


def _is_of(ids: str) -> str:
    return f"measure IN ({', '.join(map(literal, ids.split(', ')))})"
