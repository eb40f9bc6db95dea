"""By what a question divides members, as SQL: each breakdown as words, values put together where that is asked."""

from kept.measures.kinds import counting
from kept.measures.model import Measure
from kept.measures.question import UNKNOWN, Question
from kept.records.schema import literal


def divided(measure: Measure, question: Question) -> dict[str, str]:
    """SQL for what divides the figures, as words: what is asked for, and that by which the measure itself splits."""
    asked = {name: _merged(question, name) or name for name in question.by}
    split = counting(measure).split_by
    columns = {**asked, **({"category": split} if split else {})}
    return {name: f"CAST({column} AS VARCHAR)" for name, column in columns.items()}


def _merged(question: Question, name: str) -> str:
    """SQL for the groups into which the values of a breakdown are put together; blank where they are not."""
    merged = question.merged.get(name)
    return merged.sql(lambda level, value: f"coalesce({level}, '{UNKNOWN}') = {literal(value)}") if merged else ""


def has_value(name: str, value: str) -> str:
    """SQL for whether a breakdown has a value, as `Question.only` names it."""
    return f"CAST({name} AS VARCHAR) {'IS NULL' if value == UNKNOWN else '= ' + literal(value)}"
