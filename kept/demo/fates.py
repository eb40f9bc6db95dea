"""What came of each crime and investigation, with outcome 16 by its quotas."""

from dataclasses import dataclass

import numpy as np

from kept.demo import moments, offences, quota
from kept.demo.crimes import Crimes
from kept.demo.moments import DAY, HOUR, NEVER, Flags, Ints
from kept.demo.quota import Quota

(UNDECIDED, NOT_INVESTIGATED, CANCELLED, TRANSFERRED, CHARGED, DISPOSAL, WITHDRAWN, NO_CHARGE, NO_SUSPECT,
 UNSUPPORTED, OTHER_END) = range(11)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Investigations:
    """The investigations of a chunk. NEVER stands for what has not happened by the as-of moment."""

    opened: Ints
    recorded: Ints  # the last of its crimes
    decided: Ints
    allocated: Ints
    resolved: Ints
    charged: Flags
    verdict: Ints
    closed: Ints
    reopened: Ints
    closed_again: Ints

    @property
    def open_(self) -> Flags:
        """Still open at the as-of moment."""
        return (self.closed >= NEVER) | ((self.reopened < NEVER) & (self.closed_again >= NEVER))


@dataclass(frozen=True, slots=True)
class Fates:
    """What came of each crime."""

    fate: Ints
    suspect: Flags


def fates(
    rng: np.random.Generator, crimes: Crimes, as_of: int, quotas: dict[str, Quota]
) -> tuple[Investigations, Fates]:
    """Decide the course of every investigation, then what came of each of its crimes."""
    first = np.unique(crimes.investigation, return_index=True)[1]
    count = first.size
    lead = crimes.offence[first]
    recorded = np.zeros(count, np.int64)
    np.maximum.at(recorded, crimes.investigation, crimes.recorded)
    alone = np.bincount(crimes.investigation, minlength=count) == 1
    dropped = alone & ~crimes.domestic[first] & (rng.random(count) < offences.trait("dropped")[lead])
    decided = _by(moments.at_work(rng, recorded + moments.lags(rng, count, 0.25)), as_of)
    dropped &= decided < NEVER
    allocated = _by(moments.at_work(rng, recorded + moments.lags(rng, count, 0.7, 1.1)), as_of)
    allocated[dropped | (rng.random(count) < 0.004)] = NEVER
    days = moments.lags(rng, count, 1.5, 1.05) * offences.trait("days")[lead]
    ended = moments.at_work(rng, np.minimum(allocated, NEVER // 2) + days.astype(np.int64) + 4 * HOUR)
    resolved = np.where(dropped, decided, _by(ended, as_of))
    fate, suspect = _crime_fates(rng, crimes, resolved < NEVER, dropped, alone, quotas)
    charged = np.zeros(count, np.bool_)
    charged[crimes.investigation[fate == CHARGED]] = True
    verdict = np.where(charged, resolved + moments.lags(rng, count, 95, 0.6) + 25 * DAY, NEVER)
    verdict = _by(moments.at_work(rng, verdict), as_of - 5 * DAY)
    after_court = moments.at_work(rng, np.where(verdict < NEVER, verdict + 3 * DAY, NEVER))
    closed = np.where(charged, after_court, resolved)
    reopened, again = _reopened(rng, crimes, fate, closed, as_of)
    opened = crimes.reported[first]
    investigations = Investigations(
        opened, recorded, decided, allocated, resolved, charged, verdict, closed, reopened, again
    )
    return investigations, Fates(fate, suspect)


def _by(values: Ints, as_of: int) -> Ints:
    return np.where(values < as_of, values, NEVER)


def _crime_fates(
    rng: np.random.Generator,
    crimes: Crimes,
    resolved: Flags,
    dropped: Flags,
    alone: Flags,
    quotas: dict[str, Quota],
) -> tuple[Ints, Flags]:
    draw, of = rng.random((5, crimes.size)), crimes.investigation
    likely = np.where(crimes.domestic, 0.9, offences.trait("suspect")[crimes.offence])
    suspect = (draw[0] < likely) & ~dropped[of]
    themed = crimes.domestic | np.isin(crimes.offence, list(offences.THEMES.values()))
    plain = resolved[of] & ~themed & alone[of] & ~dropped[of]
    cancelled, transferred = plain & (draw[1] < 0.012), plain & (draw[1] > 0.99)
    decided = resolved[of] & ~cancelled & ~transferred & ~dropped[of]
    withdrawn = _withdrawn(rng, crimes, resolved[of], suspect, dropped[of], quotas)
    withdrawn |= decided & ~themed & suspect & (draw[2] < offences.trait("withdrawn")[crimes.offence])
    suspect |= withdrawn
    left = decided & ~withdrawn
    charged = left & suspect & (draw[3] < offences.trait("charged")[crimes.offence])
    disposal = left & suspect & ~charged & (draw[4] < offences.trait("disposal")[crimes.offence])
    other = left & (draw[1] > 0.5) & (draw[1] < 0.55)
    kinds = {
        WITHDRAWN: withdrawn, CANCELLED: cancelled, TRANSFERRED: transferred, CHARGED: charged,
        DISPOSAL: disposal, OTHER_END: other, NO_CHARGE: left & suspect,
        UNSUPPORTED: left & (draw[2] < 0.12), NO_SUSPECT: left, NOT_INVESTIGATED: dropped[of],
    }  # fmt: skip
    fate = np.select(list(kinds.values()), list(kinds), UNDECIDED)
    suspect &= ~np.isin(fate, (CANCELLED, TRANSFERRED, NO_SUSPECT, UNSUPPORTED, NOT_INVESTIGATED))
    return fate, suspect


def _withdrawn(
    rng: np.random.Generator,
    crimes: Crimes,
    resolved: Flags,
    suspect: Flags,
    dropped: Flags,
    quotas: dict[str, Quota],
) -> Flags:
    """Mark outcome 16 such that each theme and domestic abuse, which overlap, all have their shares."""
    score = rng.random(crimes.size) + ~suspect + 2.0 * dropped
    marked = np.zeros(crimes.size, np.bool_)
    abuse = quotas[f"{quota.WITHDRAWN}_domestic_abuse"]
    wanted = abuse.take(int((resolved & crimes.domestic).sum()))
    for name, offence in offences.THEMES.items():
        theme = resolved & (crimes.offence == offence)
        among = quotas[f"{quota.WITHDRAWN}_{name}"].take(int(theme.sum()))
        both = theme & crimes.domestic
        from_both = min(round(abuse.share * int(both.sum())), among, wanted)
        marked |= quota.lowest(score, both, from_both)
        marked |= quota.lowest(score, theme & ~crimes.domestic, among - from_both)
        wanted -= from_both
    rest = resolved & crimes.domestic & ~np.isin(crimes.offence, list(offences.THEMES.values()))
    return marked | quota.lowest(score, rest, wanted)


def _reopened(rng: np.random.Generator, crimes: Crimes, fate: Ints, closed: Ints, as_of: int) -> tuple[Ints, Ints]:
    """Some cases without a suspect come back; half of them close again."""
    plain = ~crimes.domestic & ~np.isin(crimes.offence, list(offences.THEMES.values()))
    bare = np.ones(closed.size, np.bool_)
    bare[crimes.investigation[~plain | (fate != NO_SUSPECT)]] = False
    back = moments.at_work(rng, np.where(closed < NEVER, closed + moments.lags(rng, closed.size, 60), NEVER))
    bare &= (rng.random(closed.size) < 0.02) & (back < as_of - DAY)
    again = moments.at_work(rng, np.where(bare, back + moments.lags(rng, closed.size, 25), NEVER))
    again[rng.random(closed.size) < 0.3] = NEVER
    return moments.only(back, bare), _by(again, as_of)
