"""What became of each right, as a table: how many of its obligations are in each state, and the rate as a range."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from kept.cli.legends import legend
from kept.cli.output import percent, table
from kept.code.model import State
from kept.engine import summary
from kept.engine.results import Run
from kept.engine.summary import Counted

_SHOWN: tuple[State, ...] = get_args(State)
_HEADINGS = {"not_measurable": "cannot tell"}
_RATE = ("judged", "evidenced", "at best")
_BETWEEN = "The truth lies between the two; the records alone cannot say where."


def by_right(run: Run) -> list[Counted]:
    return summary.by(("edition", "right"), run)


def rights_table(rows: Sequence[Counted]) -> str:
    """A table for each edition, and below them what their headings mean."""
    shown = [state for state in _SHOWN if any(row.states[state] for row in rows)]
    headings = ["right", "owed", *(_HEADINGS.get(state, state.replace("_", " ")) for state in shown), *_RATE]
    return "\n\n".join([*_tables(rows, shown, headings), f"{legend(headings)}\n{_BETWEEN}"])


def _tables(rows: Sequence[Counted], shown: Sequence[State], headings: Sequence[str]) -> Iterator[str]:
    for edition in dict.fromkeys(row.group[0] for row in rows):
        yield f"{edition}\n{table(headings, [_right(row, shown) for row in rows if row.group[0] == edition])}"


def _right(row: Counted, shown: Sequence[State]) -> list[Any]:
    right = "–" if row.group[1] is None else str(row.group[1])
    rates = [percent(row.met, row.judged), percent(row.at_best, row.judged)]
    return [right, row.obligations, *(row.states[state] for state in shown), row.judged, *rates]
