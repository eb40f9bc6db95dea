"""From the report to the agreement on contact: risk, confirmations, information, the agreement itself."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.demo import columns, moments, quota
from kept.demo.case import Case
from kept.demo.moments import DAY, HOUR, MINUTE, NEVER, Flags, Ints
from kept.demo.victims import CHANNELS

TRIO = ("crime_reference", "complaints_process", "compensation")
ACKNOWLEDGED = ("offence_details", "officer_contact")  # what stands beside the reference in an acknowledgement
LEAFLET = {"rights": 0.97, "criminal_justice": 0.94, "medical": 0.92, "support_services": 0.95,
           "personal_statement": 0.8, "restorative_justice": 0.85}  # fmt: skip
TOPICS = {"therapy": 0.04, "giving_evidence": 0.1, "accommodation": 0.02, "criminal_injuries": 0.06,
          "rights": 0.05, "support_services": 0.06}  # fmt: skip
TEXT, EMAIL, LETTER, PHONE, IN_PERSON = range(5)
BY_CHANNEL = ("text", "email", "letter", "phone", "in_person")
REACHED = ("delivered", "delivered", "posted", "said", "handed_over")
MISSED = ("failed", "sent", "sent", "not_given", "not_given")
UNCONFIRMED = ("failed", "sent", "not_sent", "not_sent", "not_sent")
CONTACTS = 1 << 16  # more than anybody has
TEXTS = tuple(f"{number:016x}" for number in range(1, 13))  # digests of the texts that officers copy


def intake(case: Case) -> None:
    """Write what follows a report, for every victim of the chunk."""
    risky = _risk(case)
    _confirmations(case, risky)
    every, referenced = _trio(case)
    _acknowledged(case, referenced)
    _leaflet(case, every)
    for topic, share in TOPICS.items():
        _informed(case, topic, share)
    _agreements(case)
    _contacts(case)


def _risk(case: Case) -> Flags:
    """Risk assessments; returns for whom the usual confirmation would be a risk."""
    who = case.everyone()
    called = case.victims.known - 20 * MINUTE
    result = case.draw({"standard": 0.62, "medium": 0.28, "high": 0.10}, who.size)
    add = case.ledger.add
    add("risk_assessed", moments.only(called, case.chance(who.size, 0.4)), "victim", who, value="thrive",
        result=result, touchpoint="force_contact")  # fmt: skip
    domestic = case.crimes.domestic[case.victims.crime] & case.victims.private
    asked = case.later(case.victims.known, 0.15, domestic & case.chance(who.size, 0.7), 1.2)
    add("risk_assessed", asked, "victim", who, value="dara", result=result, by=case.by("victim", who))
    risky = domestic & case.chance(who.size, 0.05)
    add("confirmation_judged_risky", moments.only(case.victims.known, risky), "victim", who, touchpoint="crime_desk")
    case.ledger.fact("confirmation_unsafe", "victim", who, "true", moments.only(case.victims.known, risky))
    return risky


def _confirmations(case: Case, risky: Flags) -> None:
    """A text by itself where a number is held; else by email, letter or hand, by somebody, or not at all."""
    who, known = case.everyone(), case.victims.known
    texted = case.victims.phone & ~case.victims.out(who, known) & case.chance(who.size, 0.93) & ~risky
    at = moments.only(known + 12 * MINUTE, texted)
    add, rng = case.ledger.add, case.rng
    add("written_confirmation", at, "victim", who, value="usual", channel="text", result="sent",
        source="messages", slow=0.01)  # fmt: skip
    delivered = case.draw({"delivered": 0.93, "failed": 0.07}, who.size)
    receipt = moments.only(at + 2 * MINUTE, texted & case.chance(who.size, 0.97))
    add("written_confirmation", receipt, "victim", who, value="usual", channel="text", result=delivered,
        source="messages", slow=0.01)  # fmt: skip
    other = ~texted & case.chance(who.size, 0.72)
    how = np.where(case.victims.email & (rng.random(who.size) < 0.7), EMAIL, LETTER)
    how = np.where(rng.random(who.size) < 0.25, IN_PERSON, how)
    good = case.chance(who.size, 0.96)
    result = columns.words((*REACHED, *UNCONFIRMED), np.where(good, how, how + len(BY_CHANNEL)))
    at = case.later(known, 1.2, other, 1.0)
    unwritten = case.ledger.gap("victim", who, 0.15)
    value = columns.words(("usual", "safe_way"), risky.astype(np.int64))
    add("written_confirmation", at, "victim", who, value=value, channel=columns.words(BY_CHANNEL, how),
        result=result, recorded=~unwritten, by=case.by("victim", who), back_dated=0.02)  # fmt: skip


def _result(case: Case, how: Ints, reached: float) -> pa.Array:
    """What came of a message by each channel: a share reached the victim."""
    good = case.chance(how.size, reached)
    return columns.words((*REACHED, *MISSED), np.where(good, how, how + len(BY_CHANNEL)))


def _written(case: Case) -> Ints:
    """By text where a number is held, else by what is held; a few are handed it."""
    who = case.victims
    held = np.where(who.phone, TEXT, np.where(who.email, EMAIL, LETTER))
    return np.where(case.chance(who.size, 0.08) | who.out(case.everyone(), who.known), IN_PERSON, held)


def _channel(case: Case) -> Ints:
    """In writing, or for a fifth by word of mouth."""
    who, written = case.victims, _written(case)
    spoken = np.where(case.chance(who.size, 0.6), PHONE, IN_PERSON)
    return np.where(case.chance(who.size, 0.2) | who.out(case.everyone(), who.known), spoken, written)


def _trio(case: Case) -> tuple[Flags, Flags]:
    """Reference, complaints and compensation: all three in writing for the share that the papers give.

    The others have not quite all. Returns whom all three reached, and whom the reference did.
    """
    who = case.everyone()
    wanted = case.quotas[quota.INFORMATION].take(who.size)
    score = case.rng.random(who.size) * case.ledger.silence[case.victims.investigation]
    every = quota.in_groups(score, case.victims.leader, wanted)
    partly = case.rng.random((len(TRIO), who.size)) < np.array([[0.75], [0.3], [0.35]])
    lost = case.rng.integers(0, len(TRIO), who.size)
    referenced = every | (partly[0] & (lost != 0))
    for place, topic in enumerate(TRIO):
        given = every | (partly[place] & (lost != place))
        how = _written(case)
        tried = ~given & case.chance(who.size, 0.35)
        result = columns.words((*REACHED, *MISSED), np.where(given, how, how + len(BY_CHANNEL)))
        at = _soon(case, how, given | tried)
        case.ledger.add("information_given", at, "victim", who, value=topic, result=result,
                        channel=columns.words(BY_CHANNEL, how), source=_system(how))  # fmt: skip
        spoken = ~given & ~tried & case.chance(who.size, 0.3)
        case.ledger.add("information_given", _soon(case, how, spoken), "victim", who, value=topic, result="said",
                        recorded=np.zeros(who.size, np.bool_))  # fmt: skip
    return every, referenced


def _acknowledged(case: Case, referenced: Flags) -> None:
    """Who is sent the reference mostly reads there what was recorded, and how to reach the officer."""
    who, how = case.everyone(), _written(case)
    sent = case.rng.random(who.size) < np.where(referenced, 0.8, 0.08)
    at = _soon(case, how, sent)
    for topic in ACKNOWLEDGED:
        _given(case, topic, how, moments.only(at, case.chance(who.size, 0.94)), 0.97)


def _leaflet(case: Case, every: Flags) -> None:
    """The leaflet on rights and support, sent to most who have the rest, and to some a week late."""
    who, how = case.everyone(), _written(case)
    sent = case.rng.random(who.size) < np.where(every, 0.9, 0.42)
    at = _soon(case, how, sent)
    slow = case.later(at, 9, sent & case.chance(who.size, 0.07), 0.4)
    at = np.where(slow < NEVER, slow, at)
    for topic, share in LEAFLET.items():
        _given(case, topic, how, moments.only(at, case.chance(who.size, share)), 0.96)
    abroad = moments.only(at, case.victims.foreign & case.chance(who.size, 0.08))
    _given(case, "living_abroad", how, abroad, 0.96)


def _given(case: Case, topic: str, how: Ints, at: Ints, reached: float) -> None:
    unwritten = case.ledger.gap("victim", case.everyone(), 0.04)
    case.ledger.add(
        "information_given", at, "victim", case.everyone(), value=topic, result=_result(case, how, reached),
        channel=columns.words(BY_CHANNEL, how), source=_system(how), recorded=~unwritten,
    )  # fmt: skip


def _system(how: Ints) -> pa.Array:
    return columns.words(("messages", "crime_system"), (how >= LETTER).astype(np.int64))


def _soon(case: Case, how: Ints, chosen: Flags) -> Ints:
    """Texts and emails go out at once; the rest within a day or so. All before the as-of moment."""
    known = case.victims.known
    people = np.minimum(case.later(known, 0.5, chosen), np.maximum(case.as_of - 5 * MINUTE, known + MINUTE))
    return moments.only(np.where(how <= EMAIL, known + 14 * MINUTE, people), chosen)


def _informed(case: Case, topic: str, share: float) -> None:
    who, how = case.everyone(), _channel(case)
    _given(case, topic, how, _soon(case, how, case.chance(who.size, share)), 0.94)


def _agreements(case: Case) -> None:
    """The contact agreement as an event, and what was agreed as facts."""
    who, plans = case.everyone(), case.plans
    case.ledger.add("contact_agreed", plans.agreed, "victim", who, by=case.by("victim", who), channel="phone",
                    slow=0.2, touchpoint="crime_desk")  # fmt: skip
    asked = moments.only(plans.agreed, case.chance(who.size, 0.72))
    case.ledger.add("views_asked", asked, "victim", who, value="contact_in_gaps", by=case.by("victim", who),
                    result=case.draw({"given": 0.9, "none_given": 0.06, "not_asked": 0.04}, who.size))  # fmt: skip
    fact = case.ledger.fact
    days = pa.array(plans.interval).cast(pa.string())
    fact("contact_interval", "victim", who, days, plans.agreed)
    fact("contact_interval", "victim", who, pa.array(plans.new_interval).cast(pa.string()), plans.changed)
    fact("preferred_channel", "victim", who, case.draw(CHANNELS, who.size), plans.agreed)


def _contacts(case: Case) -> None:
    """Contacts under the plan, attempts between them, and some for victims without a plan."""
    plans, size = case.plans, case.plans.victim.size
    copied = columns.words(TEXTS, np.where(case.chance(size, 0.08), case.rng.integers(0, len(TEXTS), size), -1))
    own = columns.label("N", case.number("victim", plans.victim) * CONTACTS + np.arange(size) % CONTACTS)
    digest = pc.coalesce(copied, own)
    spoken = {"phone": 0.5, "email": 0.25, "text": 0.15, "in_person": 0.07, "letter": 0.03}
    case.ledger.add(
        "victim_contacted", plans.at, "victim", plans.victim, result="reached", recorded=~plans.unwritten,
        channel=case.draw(spoken, size), by=case.by("victim", plans.victim), note_digest=digest,
        touchpoint="investigations", slow=0.5,
    )  # fmt: skip
    tried = moments.only(plans.at - case.rng.integers(HOUR, 2 * DAY, size), case.chance(size, 0.2))
    tried = moments.only(tried, tried > plans.agreed[plans.victim])
    case.ledger.add("victim_contacted", tried, "victim", plans.victim, result="attempted", channel="phone",
                    by=case.by("victim", plans.victim))  # fmt: skip
    who = case.everyone()
    bare = (plans.agreed[case.victims.leader] >= NEVER) & case.chance(who.size, 0.5)
    once = case.later(case.victims.known, 2.0, bare)
    case.ledger.add("victim_contacted", once, "victim", who, result="reached", channel="phone")
