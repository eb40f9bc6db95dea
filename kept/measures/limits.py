"""What a figure cannot say: by its kind, and by what its measure says of itself."""

from collections.abc import Mapping

from kept.measures.kinds import PERCENTILES
from kept.measures.model import Kind, Measure

_LIMITS: Mapping[Kind, str] = {
    "duty": "It counts what the records show. Silence may be either: the range says how much of it there is.",
    "all_kept": "One lost duty loses the victim: the more duties are owed, the fewer victims keep them all. "
    "A month holds what was judged in it alone, so that a longer period has the lower share.",
    "composite": "It is of different questions in each reading: a figure without the reading's name says nothing.",
    "share": "Of whom it is unknown is not in the share; both readings of them stand beside it.",
    "every": "Each victim counts once, whatever there is of theirs; one thing that does not hold loses them.",
    "copies": "It says what is alike and not why: a true sentence may be written often. Copies come in clumps, so that "
    "the interval is narrower than it should be.",
    "parts": "One member may be in several parts, so that the shares need not add up.",
    "themes": "One member may belong to several themes, so that the themes must not be added up.",
    "split": "Each member is in one category; those without one are left out, and are not “other”.",
    "time": "Who still waits counts with what they have waited; that they wait on like those before them is assumed.",
    "steps": "A step counts those who took every one before it, and so do charts. Whoever skipped one counts “at all”: "
    "where the two differ, steps are missed, or not written down.",
    "not_arisen": "It says why nothing was owed, and not whether that was right: a flag never set looks the same.",
    "bands": "All five bands are shown, or none.",
    "soon": "All bands are shown, or none. What falls due later, and what is overdue, is not in it.",
    "matrix": "Where either is unknown, the two cannot be compared.",
    "load": "Holders are not named, and those who hold nothing are not counted.",
    "count": "A count has no interval: it is all there were.",
}
"""What a figure of each kind cannot say."""


def limits_of(one: Measure) -> str:
    """What a figure of a measure cannot say, in sentences."""
    few = f"No rate is printed of fewer than {one.least}." if one.least else ""
    times = f"Percentiles: {', '.join(map(str, PERCENTILES))}." if one.kind == "time" else ""
    return " ".join(filter(None, (_LIMITS[one.kind], few, times)))
