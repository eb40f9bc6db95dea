"""What the headings of printed tables mean, said where they are printed."""

from collections.abc import Collection, Mapping

MEANS: Mapping[str, str] = {
    "right": "of the Code's twelve; – for a standard that is none of them",
    "owed": "obligations that arose",
    "met": "done in time",
    "late": "done after it was due",
    "not done": "the record says that it was not done",
    "no record": "it should be done by now, and the record says neither that it was nor that it was not",
    "reasoned": "not done, with a good reason on record",
    "declined": "the victim did not want it",
    "lapsed": "what it was for ended before it was due",
    "pending": "its time has not come yet",
    "cannot tell": "what decides it is missing from the record of this victim",
    "judged": "met, late, not done, no record and reasoned together",
    "n": "how many are counted",
    "evidenced": "the share that the records show to be met",
    "at best": "the same with silence and general contacts counted as met",
    "interval": "how far chance alone could have moved the figure",
    "without reasoned": "the same without those that have a good reason on record",
    "kept or reasoned": "all kept, or not kept with a good reason on record",
    "entered in time": "of those met, the share that was also written down in time",
    "p10": "one in ten took no longer than this",
    "p25": "one in four took no longer than this",
    "p75": "three in four took no longer than this",
    "p90": "nine in ten took no longer than this",
    "waiting": "begun, and not there yet",
    "unknown": "the record does not tell, so that they are not in the figure",
    "holder": "who must do it",
    "certainty": "sourced, read in a primary source; secondary, in a source that summarises the Code; analogue, in a "
    "sister text; unverified, from general knowledge",
    "stage": "when somebody or something enters the figure",
    "status": "draft, validated (tested against the records) or published",
    "sourced": "duties read in a primary source",
    "secondary": "duties read in a source that summarises the Code",
    "analogue": "duties read in a sister text, not in the Code itself",
    "unverified": "duties from general knowledge, not yet verified",
    "not measurable": "duties that no police extract is known to show",
    "measured now": "duties of the rights that the ministry measures today",
    "unchanged": "rows that the store has already",
    "quarantined": "rows set aside, each with its reason; they are in no figure",
    "skipped": "rows that the mapping leaves out on purpose",
}
"""The meaning of each heading that does not explain itself; what has another meaning elsewhere needs another name."""


def legend(headings: Collection[str]) -> str:
    """A line for each heading that has a meaning to be said, in their order; blank where none has."""
    known = [name for name in headings if name in MEANS]
    width = max(map(len, known), default=0)
    return "\n".join(f"  {name.ljust(width)}  {MEANS[name]}" for name in known)
