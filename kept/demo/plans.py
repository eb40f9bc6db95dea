"""Victim contact plans: the agreed interval, when contact was made, and in which cases it was missed.

A window runs from the agreement, or from the last contact inside the window before, for the agreed number of days to
the end of the London day. Whoever is to be kept informed has contacts never further apart than the interval, so that
other contacts cannot spoil it; whoever is not has a gap in which nothing that counts as contact is written down.
"""

from dataclasses import dataclass

import numpy as np

from kept.demo import moments, quota
from kept.demo.fates import Investigations
from kept.demo.moments import DAY, NEVER, OPENS, SHUTS, Flags, Floats, Ints
from kept.demo.quota import Quota
from kept.demo.victims import STATE, Victims

INTERVALS = {7: 0.10, 14: 0.25, 28: 0.60, 42: 0.05}
PLANNED = 0.86
AGREED_FIRST = 0.62  # agreed before allocation, or with those whose case is never allocated
LONG_OVERDUE = 0.25


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans by victim, contacts by (victim, moment).

    Nothing that reaches a victim may be written down in the days after `gap_from` up to `gap_to`.
    """

    agreed: Ints
    interval: Ints
    changed: Ints
    new_interval: Ints
    gap_from: Ints
    gap_to: Ints
    victim: Ints
    at: Ints
    unwritten: Flags

    def silent(self, leader: Ints, at: Ints) -> Flags:
        """Mark the moments that fall into the gap of their victim's person."""
        day = at // DAY
        return (self.gap_from[leader] < day) & (day <= self.gap_to[leader])


def plans(
    rng: np.random.Generator,
    victims: Victims,
    cases: Investigations,
    silence: Floats,
    as_of: int,
    quotas: dict[str, Quota],
) -> Plans:
    """Agree plans, choose by quota which cases are not kept informed, and lay the contacts."""
    of, size = victims.investigation, victims.size
    agreed, ends = _agreed(rng, victims, cases, as_of)
    interval = rng.choice(list(INTERVALS), size, p=list(INTERVALS.values()))
    first, end, today = agreed // DAY, ends // DAY, as_of // DAY
    judged = (agreed < NEVER) & (first + interval < end)
    open_ = cases.open_[of]
    room = judged & np.where(open_, first + interval + 2 <= today, True)
    missed, overdue = _missed(rng, judged, room, open_, of, cases, silence, quotas)
    victim, day = _regular(rng, agreed < NEVER, first, end, interval)
    late = np.where(overdue, 1 + rng.integers(0, 7, size) % np.maximum(today - interval - first, 1), 0)
    longer = missed & ~overdue & open_ & (first + interval + 8 <= today) & (rng.random(size) < LONG_OVERDUE)
    beyond = np.maximum(today - interval - first - 8, 0)
    late = np.where(longer, 8 + (beyond * rng.random(size) ** 2).astype(np.int64), late)
    last = today - late - interval
    within = missed & (late == 0)
    limit = np.where(open_, today - 2, end - 1) - interval
    gap_from = np.where(within, _gap_start(rng, victim, day, first, limit), np.where(missed, last, NEVER))
    gap_to = np.where(within, gap_from + interval, today + 1)
    extra = np.flatnonzero((within & open_) | (missed & (late > 0) & (last > first)))
    extra_day = np.where(late[extra] > 0, last[extra], gap_to[extra] + 1)
    victim, day = np.concatenate([victim, extra]), np.concatenate([day, extra_day])
    at = day * DAY + rng.integers(OPENS, SHUTS, day.size)
    before = at < ends[victim]
    victim, day, at = victim[before], day[before], at[before]
    hidden = missed[victim] & (gap_from[victim] < day) & (day <= gap_to[victim])
    shown = ~hidden | (rng.random(day.size) < 0.4)
    change = judged & ~missed & (rng.random(size) < 0.06)
    changed = (first + interval + 1) * DAY + rng.integers(OPENS, SHUTS, size)
    return Plans(
        agreed=agreed, interval=interval,
        changed=moments.only(changed, change & (changed < ends)), new_interval=np.where(interval < 28, 28, 56),
        gap_from=gap_from, gap_to=np.where(missed, gap_to, -1),
        victim=victim[shown], at=at[shown], unwritten=hidden[shown],
    )  # fmt: skip


def _agreed(rng: np.random.Generator, victims: Victims, cases: Investigations, as_of: int) -> tuple[Ints, Ints]:
    of, size = victims.investigation, victims.size
    allocated = cases.allocated[of]
    start = np.where(allocated < NEVER, np.maximum(allocated, victims.known), NEVER)
    agreed = moments.at_work(rng, np.minimum(start + moments.lags(rng, size, 0.6, 0.9), NEVER))
    sooner = moments.at_work(rng, victims.known + moments.lags(rng, size, 0.02, 0.9))
    first = (sooner < np.minimum(allocated, cases.closed[of])) & (rng.random(size) < AGREED_FIRST)
    agreed = np.where(first, sooner, agreed)
    ends = np.minimum(cases.closed[of], as_of)
    planned = (victims.leader == np.arange(size)) & (victims.kind != STATE) & (rng.random(size) < PLANNED)
    return moments.only(agreed, planned & (agreed < ends) & (cases.reopened[of] >= NEVER)), ends


def _missed(
    rng: np.random.Generator,
    judged: Flags,
    room: Flags,
    open_: Flags,
    of: Ints,
    cases: Investigations,
    silence: Floats,
    quotas: dict[str, Quota],
) -> tuple[Flags, Flags]:
    """One victim of each investigation that is not kept informed, and which of them are overdue now."""
    count = cases.opened.size
    informed, late = quotas[quota.KEPT_INFORMED], quotas[quota.OVERDUE]
    any_judged, any_room = np.zeros((2, count), np.bool_)
    any_judged[of[judged]] = True
    any_room[of[room]] = True
    score = rng.random(count) / silence
    now = quota.lowest(score, any_judged & cases.open_, late.take(int(cases.open_.sum())))
    total = int(any_judged.sum())
    wanted = total - informed.take(total)
    others = quota.lowest(score, any_room & ~now, wanted - int(now.sum()))
    informed.count += wanted - int(now.sum()) - int(others.sum())
    overdue = _one_of_each(rng, judged & now[of], of, count)
    return overdue | _one_of_each(rng, room & others[of], of, count), overdue


def _one_of_each(rng: np.random.Generator, among: Flags, of: Ints, count: int) -> Flags:
    """Mark one member of each investigation that has any."""
    members = np.flatnonzero(among)
    shuffled = members[rng.permutation(members.size)]
    chosen = np.full(count, -1)
    chosen[of[shuffled]] = shuffled
    marked = np.zeros(among.size, np.bool_)
    marked[chosen[chosen >= 0]] = True
    return marked


def _regular(rng: np.random.Generator, planned: Flags, first: Ints, end: Ints, interval: Ints) -> tuple[Ints, Ints]:
    """Contacts on days never further apart than the interval, from the agreement to the end."""
    least = np.maximum((interval * 0.7).astype(np.int64), 1)
    count = np.where(planned, np.maximum(end - first, 0) // least, 0)
    victim = np.repeat(np.arange(planned.size), count)
    steps = rng.integers(least[victim], interval[victim] + 1)
    total = np.cumsum(steps)
    begun = np.cumsum(count) - count
    offset = np.concatenate([[0], total])[begun]
    day = first[victim] + total - offset[victim]
    inside = day <= end[victim]
    return victim[inside], day[inside]


def _gap_start(rng: np.random.Generator, victim: Ints, day: Ints, first: Ints, limit: Ints) -> Ints:
    """The agreement, or a contact such that the whole gap after it is judged."""
    wanted = first + (rng.random(first.size) * np.maximum(limit - first, 0)).astype(np.int64)
    start = first.copy()
    inside = day <= np.minimum(wanted, limit)[victim]
    np.maximum.at(start, victim[inside], day[inside])
    return start
