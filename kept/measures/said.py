"""What is counted of obligations, said as SQL over a run's obligations (`Run.obligations`): a definition to be checked.

Figures are not worked out so, but from ledgers; that both come to the same is held in the tests.
"""

from kept.engine.states import COUNTED
from kept.measures.kinds import readings
from kept.measures.model import Measure
from kept.measures.names import is_of_windows
from kept.records.schema import literal

_JUDGED = f"state IN ({', '.join(map(literal, COUNTED))}) AND judged <= getvariable('clock')"
"""SQL: whether an obligation is in a rate at the clock."""


def said(measure: Measure) -> str:
    """The definition of a measure of obligations as SQL over all of them."""
    if measure.kind == "composite":
        return _composite(measure)
    return _duty(measure.id) if measure.kind == "duty" else _all_kept(measure)


def _duty(name: str) -> str:
    return f"""SELECT count(*) FILTER (counts) AS judged,
    count(*) FILTER (counts AND state = 'met') AS met,
    count(*) FILTER (counts AND at_best) AS best,
    count(*) FILTER (counts AND state = 'reasoned') AS reasoned,
    count(*) FILTER (counts AND state = 'met' AND entered_by_due) AS in_time,
    count(*) FILTER (state = 'declined') AS declined,
    count(*) FILTER (state = 'lapsed') AS lapsed,
    count(*) FILTER (state = 'pending') AS pending,
    count(*) FILTER (state = 'not_measurable') AS not_measurable,
    count(DISTINCT subject) FILTER (counts) AS victims
FROM (
    SELECT *, {_JUDGED} AS counts
    FROM obligations
    WHERE {_of(name)})"""


def _all_kept(measure: Measure) -> str:
    """Of the victims of recorded crimes, or of investigations, how many had all kept that was judged."""
    unit = "investigation" if is_of_windows(measure.id) else "subject"
    return f"""SELECT count(*) AS judged,
    count(*) FILTER (kept) AS met,
    count(*) FILTER (kept_or_reasoned) AS met_or_reasoned,
    count(*) FILTER (kept_at_best) AS best
FROM (
    SELECT {unit},
        bool_and(state = 'met') AS kept,
        bool_and(state IN ('met', 'reasoned')) AS kept_or_reasoned,
        bool_and(at_best) AS kept_at_best
    FROM obligations
    WHERE {_owed(measure)}
        AND {_JUDGED}
    GROUP BY {unit})"""


def _owed(measure: Measure) -> str:
    """SQL: whether an obligation is among those of which all must be kept."""
    if is_of_windows(measure.id):
        return _of(measure.id.rpartition(":")[0])
    right = f"= {measure.right}" if measure.right else "IS NOT NULL"
    return f"\"right\" {right} AND holder = 'police' AND crime IS NOT NULL AND part = ''"


def _composite(measure: Measure) -> str:
    """For how many every part was kept, by each of its readings; a part that did not arise is against nobody."""
    parts = [" OR ".join(map(_of, ids.split(", "))) for ids in measure.parts.values()]
    kept = ",\n        ".join(
        f"coalesce(bool_and({is_kept}) FILTER ({of}), true) AS {end}_{place}"
        for place, of in enumerate(parts)
        for end, is_kept in (("met", "state = 'met'"), ("best", "at_best"))
    )
    any_of = "\n            OR ".join(parts)
    return f"""SELECT count(*) AS n,
    {_readings(measure)}
FROM (
    SELECT subject,
        {kept}
    FROM obligations
    WHERE {_JUDGED}
        AND ({any_of})
    GROUP BY subject)"""


def _readings(measure: Measure) -> str:
    names = list(measure.parts)
    return ",\n    ".join(
        f"count(*) FILTER ({' AND '.join(f'{end}_{names.index(part)}' for part in parts)}) AS {end}_in_{number}"
        for number, parts in enumerate(readings(measure).values())
        for end in ("met", "best")
    )


def _of(name: str) -> str:
    """SQL: whether an obligation is of a duty, or of one of its parts."""
    duty, _, part = name.partition(":")
    edition, _, duty = duty.partition("/")
    return f"edition = {literal(edition)} AND duty = {literal(duty)} AND part = {literal(part)}"
