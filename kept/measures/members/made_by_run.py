"""What a run found of each subject of a bucket: whether it gives Enhanced Rights, and when contact is due."""

import numpy as np
import pyarrow as pa

from kept.engine.compiled.columns import integers, moments
from kept.engine.compiled.layout import NEVER
from kept.engine.states import COUNTED, STATE_NAMES
from kept.measures.members.bucket import NOWHERE, Bucket
from kept.measures.members.compiled.telling import EARLIEST, LATEST, NONE, Integers
from kept.records.timelines import BUCKET, ENTRIES

_MOMENT = ENTRIES.field("at").type
CONTACT_DUE = "contact_due"
"""The table, and its column, of when contact with a victim of an investigation is due. A part of it is made of each
bucket, since the victims of an investigation may lie in several: the earliest of all is meant."""


def truths_of(bucket: Bucket) -> dict[str, pa.Array]:
    """For each of `known` its `gate` and its `flag`; null where unknown."""
    subjects = integers(bucket.stored.column("subject")) - bucket.first
    return {name: _truth(bucket, subjects, name) for name in ("gate", "flag")}


def _truth(bucket: Bucket, subjects: Integers, name: str) -> pa.Array:
    """Whether any row of a subject says so; null where none says either."""
    said, found = bucket.stored.column(name).to_numpy(), np.full(BUCKET, NONE, np.int8)
    for truth in (0, 1):
        found[subjects[said == truth]] = truth
    known = found[integers(bucket.known.column("subject")) - bucket.first]
    return pa.array(known == 1, mask=known == NONE)


def contact_due(bucket: Bucket) -> pa.Table:
    """When the next contact with victims of this bucket is due, or since when one is, after the last one kept.

    A row for each investigation, by its number as `subject`.
    """
    windows, repeated = _windows(bucket)
    subjects = (integers(bucket.stored.column("subject")) - bucket.first)[windows]
    due = moments(bucket.stored.column("due"))[windows]
    met = bucket.stored.column("settled").to_numpy()[windows] == STATE_NAMES.index("met")
    key = subjects * max(len(bucket.run.manifest["names"]["rules"]), 1) + repeated
    owed, key = np.unique(key, return_inverse=True)
    last = np.full(len(owed), EARLIEST, np.int64)
    np.maximum.at(last, key[met], due[met])
    places = bucket.places[subjects]
    waits = ~met & (due > last[key]) & (due != NEVER) & (places != NOWHERE)
    within, place = np.unique(moments(bucket.known.column("within"))[places[waits]], return_inverse=True)
    soonest = np.full(len(within), LATEST, np.int64)
    np.minimum.at(soonest, place, due[waits])
    return pa.table({"subject": within, CONTACT_DUE: pa.array(soonest).cast(_MOMENT)})


def _windows(bucket: Bucket) -> tuple[Integers, Integers]:
    """The rows that are windows of a repeating duty in a state that counts, and the rule of each."""
    rules = bucket.run.manifest["names"]["rules"]
    repeats = np.array([rule["repeats"] for rule in rules], np.bool_)
    counted = np.array([state in COUNTED for state in STATE_NAMES], np.bool_)
    rule, part, settled = (bucket.stored.column(name).to_numpy() for name in ("rule", "part", "settled"))
    windows = np.flatnonzero(repeats[rule] & (part < 0) & counted[settled])
    return windows, rule[windows].astype(np.int64)
