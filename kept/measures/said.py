"""What is counted of obligations, said as SQL over a run's obligations (`Run.obligations`): a definition to be checked.

Figures are not worked out so, but from ledgers; that both come to the same is held in the tests.
"""

from kept.engine.states import COUNTED
from kept.measures.kinds import readings
from kept.measures.model import Measure
from kept.measures.names import is_of_windows
from kept.records.schema import literal

_JUDGED = f"state IN ({', '.join(map(literal, COUNTED))}) AND judged <= getvariable('clock')"
_COUNTS = {
    "judged": _JUDGED,
    "met": f"state = 'met' AND {_JUDGED}",
    "best": f"at_best AND {_JUDGED}",
    "reasoned": "state = 'reasoned'",
    "in_time": f"state = 'met' AND entered_by_due AND {_JUDGED}",
    "declined": "state = 'declined'",
    "lapsed": "state = 'lapsed'",
    "pending": "state = 'pending'",
    "not_measurable": "state = 'not_measurable'",
}
"""What each obligation counts as at the clock."""


def said(measure: Measure) -> str:
    """The definition of a measure of obligations as SQL over all of them."""
    if measure.kind == "composite":
        return _composite(measure)
    return _duty(measure.id) if measure.kind == "duty" else _all_kept(measure)


def _duty(name: str) -> str:
    counts = ",\n    ".join(f"count(*) FILTER ({when}) AS {count}" for count, when in _COUNTS.items())
    victims = f"count(DISTINCT subject) FILTER ({_JUDGED}) AS victims"
    return f"SELECT {counts},\n    {victims}\nFROM obligations WHERE {_of(name)}"


def _all_kept(measure: Measure) -> str:
    """Of the victims of recorded crimes, or of investigations, how many had all kept that was judged."""
    unit, chosen = "subject", "part = '' AND holder = 'police' AND \"right\" IS NOT NULL AND crime IS NOT NULL"
    if measure.right and not is_of_windows(measure.id):
        chosen = chosen.replace("IS NOT NULL AND crime", f"= {measure.right} AND crime")
    if is_of_windows(measure.id):
        unit, chosen = "investigation", _of(measure.id.rpartition(":")[0])
    sums = ", ".join(f"count(*) FILTER ({_COUNTS[name]}) AS {name}" for name in ("judged", "met", "best", "reasoned"))
    return f"""SELECT count(*) AS judged, count(*) FILTER (met = judged) AS met,
    count(*) FILTER (met + reasoned = judged) AS met_or_reasoned, count(*) FILTER (best = judged) AS best
FROM (
    SELECT {unit}, {sums}
    FROM obligations WHERE {chosen} GROUP BY {unit})
WHERE judged > 0"""


def _composite(measure: Measure) -> str:
    """For how many every part was kept, by each of its readings; a part that did not arise is against nobody."""
    parts = {place: " OR ".join(map(_of, ids.split(", "))) for place, ids in enumerate(measure.parts.values())}
    kept = ",\n    ".join(
        f"coalesce(bool_and({_COUNTS[end]}) FILTER (({of}) AND {_JUDGED}), true) AS {end}_{place}"
        for place, of in parts.items()
        for end in ("met", "best")
    )
    return f"""SELECT count(*) AS n, {_readings(measure)}
FROM (
    SELECT subject, {kept}
    FROM obligations WHERE ({" OR ".join(parts.values())}) AND {_JUDGED} GROUP BY subject)"""


def _readings(measure: Measure) -> str:
    names = list(measure.parts)
    return ", ".join(
        f"count(*) FILTER ({' AND '.join(f'{end}_{names.index(part)}' for part in parts)}) AS {end}_in_{number}"
        for number, parts in enumerate(readings(measure).values())
        for end in ("met", "best")
    )


def _of(name: str) -> str:
    """SQL: whether an obligation is of a duty, or of one of its parts."""
    duty, _, part = name.partition(":")
    edition, _, duty = duty.partition("/")
    return f"edition = {literal(edition)} AND duty = {literal(duty)} AND part = {literal(part)}"
