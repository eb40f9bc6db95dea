"""The Victim Personal Statement, from the offer at recording to its use in court, in two sources."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.demo import columns, moments, quota
from kept.demo.case import Case
from kept.demo.moments import DAY, HOUR, MINUTE, NEVER, Flags, Ints

SECOND_SOURCE = ("list_entry", "victim_ref", "stage", "date_time", "entered")
LOCAL = pa.timestamp("us", "Europe/London")


def statements(case: Case, assessed: Flags) -> tuple[Flags, pa.Table]:
    """Write the stages of each statement; `assessed` marks who has a needs assessment.

    Returns whose needs assessment says that it was offered, and witness care's own list.
    """
    who = case.everyone()
    present = case.victims.added <= case.crimes.recorded[case.victims.crime]
    early = _at_recording(case, present)
    known = case.victims.known
    reported = case.crimes.reported[case.victims.crime]
    at = known - ((known - reported) * 0.5 * case.rng.random(who.size)).astype(np.int64)
    _stage(case, "offered", moments.only(at, early), touchpoint="force_contact")
    offered = _later_offers(case, early)
    offered = np.minimum(moments.only(at, early), offered)
    taken = moments.only(offered, case.victims.private)
    made = case.later(taken, 12, case.chance(who.size, 0.3))
    _stage(case, "declined", case.later(taken, 0.1, case.chance(who.size, 0.4) & (made >= NEVER)))
    _stage(case, "made", made)
    _stage(case, "preference_asked", moments.only(made + 10 * MINUTE, case.chance(who.size, 0.6) & (made < NEVER)))
    _stage(case, "further_offered", case.later(made, 30, case.chance(who.size, 0.35)))
    copies = moments.only(made + 20 * MINUTE, case.chance(who.size, 0.2) & (made < NEVER))
    _stage(case, "copy_requested", copies)
    _stage(case, "copy_given", case.later(copies, 4, case.chance(who.size, 0.8)))
    return early & assessed & case.chance(who.size, 0.7), _witness_care(case, offered)


def _at_recording(case: Case, able: Flags) -> Flags:
    """The share that the papers give, among those who can have been offered one; one person, one answer."""
    unable = np.zeros(able.size)
    np.maximum.at(unable, case.victims.leader, (~able).astype(np.float64))
    score = case.rng.random(able.size) + unable[case.victims.leader]
    wanted = case.quotas[quota.STATEMENT_OFFERED].take(able.size)
    return quota.in_groups(score, case.victims.leader, wanted)


def _stage(case: Case, value: str, at: Ints, touchpoint: str = "investigations") -> None:
    who = case.everyone()
    case.ledger.add("personal_statement", at, "victim", who, value=value, by=case.by("victim", who),
                    touchpoint=touchpoint, result="done")  # fmt: skip


def _later_offers(case: Case, early: Flags) -> Ints:
    """Offers after recording: at the review of the needs, or with a witness statement."""
    who = case.everyone()
    of = case.victims.investigation
    allocated = case.cases.allocated[of]
    start = moments.only(np.maximum(np.maximum(allocated, case.victims.known), case.cases.recorded[of]),
                         allocated < NEVER)  # fmt: skip
    led = np.where(case.fates.suspect[case.victims.crime], 0.62, 0.34)
    at = case.later(start, 5, (case.rng.random(who.size) < led) & ~early)
    _stage(case, "considered", at)
    offered = moments.only(at + 5 * MINUTE, case.chance(who.size, 0.8) & (at < NEVER))
    unwritten = case.ledger.gap("victim", who, 0.12)
    case.ledger.add("personal_statement", offered, "victim", who, value="offered", result="done",
                    recorded=~unwritten, by=case.by("victim", who), touchpoint="investigations")  # fmt: skip
    return offered


def _witness_care(case: Case, offered: Ints) -> pa.Table:
    """Witness care's own list after charge; a third of it stands in the crime system too.

    Whoever was `offered` a statement before is offered a further one.
    """
    who, of = case.everyone(), case.victims.investigation
    resolved = case.cases.resolved[of]
    charged = moments.only(np.maximum(resolved, case.victims.known), case.cases.charged[of])
    listed = case.victims.private & case.chance(who.size, 0.7)
    rows = []
    previous = charged
    for stage, days, share in (("offered", 9.0, 1.0), ("made", 14.0, 0.45), ("used", 60.0, 0.5)):
        previous = case.later(previous, days, listed & case.chance(who.size, share))
        came = np.flatnonzero(previous < case.as_of)
        stages = _stages(case, stage, previous > offered)
        rows.append(_listed(case, stages.take(pa.array(came)), came, previous[came]))
        both = moments.only(previous, case.chance(who.size, 0.35))
        shown = moments.only(both + (case.rng.random(who.size) * 30).astype(np.int64) * MINUTE, both < NEVER)
        shown = moments.only(shown, shown // DAY == both // DAY)
        case.ledger.add("personal_statement", shown, "victim", who, value=stages, by="witness_care",
                        touchpoint="witness_care", result="done", slow=2.0)  # fmt: skip
    return pa.concat_tables(rows)


def _stages(case: Case, stage: str, before: Flags) -> pa.Array:
    """Each victim's stage: an offer is a further one to those who had one before."""
    further = "further_offered" if stage == "offered" else stage
    return columns.words((stage, further), before.astype(np.int64))


def _listed(case: Case, stages: pa.Array, victim: Ints, at: Ints) -> pa.Table:
    entered = np.minimum(at + (case.rng.random(at.size) * 6 * HOUR).astype(np.int64), case.as_of)
    names = case.ledger.names["victim"].take(pa.array(victim))
    entry = pc.binary_join_element_wise(names, stages, "-")
    said = pc.binary_join_element_wise("VPS", pc.replace_substring(stages, "_", " "), " ")
    return pa.table([entry, names, said, _local(at), _local(entered)], names=list(SECOND_SOURCE))


def _local(at: Ints) -> pa.Array:
    """London time as the list writes it."""
    return pc.strftime(columns.moments(at).cast(LOCAL), format="%d/%m/%Y %H:%M")
