"""Which states a duty can reach at all. Its worked examples, and the invented force, show each of them."""

from kept.code import conditions as c
from kept.code.model import Duty, Edition
from kept.code.terms import opened
from kept.contract.vocabulary import Vocabulary


def reachable(duty: Duty, edition: Edition, vocabulary: Vocabulary) -> set[str]:
    """The states that an obligation of this duty can be in; none for a duty that is never evaluated."""
    if duty.not_measurable:
        return set()
    found = {"met", "no_record", "reasoned"}
    if duty.kind == "before" or (duty.limit is not None and duty.kind != "repeat"):
        found.add("late")
    if duty.not_done or any(part.not_done for part in duty.parts):
        found.add("not_done")
    if _has_time(duty, vocabulary):
        found.add("pending")
        if duty.ends or duty.extinguished_by or duty.which == "latest" or duty.kind == "before":
            found.add("lapsed")
    if _can_decline(duty, vocabulary):
        found.add("declined")
    if duty.clock_from or _turns_on_unknown(duty, edition, vocabulary):
        found.add("not_measurable")
    return found


def _can_decline(duty: Duty, vocabulary: Vocabulary) -> bool:
    """Whether there is somebody to decline it, and time to."""
    somebody = duty.owed_to in ("victim", "request")
    return somebody and (_has_time(duty, vocabulary) or any(answer.first_ever for answer in duty.answers()))


def _has_time(duty: Duty, vocabulary: Vocabulary) -> bool:
    """Whether something can come between the start and the moment from which it counts."""
    if duty.kind != "before" or duty.owed_when:
        return True
    return any(vocabulary.kinds[selector.kind].plannable for selector in duty.before)


def _turns_on_unknown(duty: Duty, edition: Edition, vocabulary: Vocabulary) -> bool:
    """Whether a fact that the records may lack decides if, or until when, it is owed."""
    conditions = [one for one in (duty.applies, *(part.applies for part in duty.parts)) if one is not None]
    asked = {name for condition in conditions for name in _asked(condition, edition)}
    if duty.limit and duty.limit.attribute:
        return True
    return any(vocabulary.attributes[name].absent is None for name in asked)


def _asked(condition: c.Condition, edition: Edition) -> set[str]:
    """The attributes whose absence leaves the condition open: not those of which it asks whether they are known."""
    leaves = list(c.leaves(opened(condition, edition.terms)))
    asked = {leaf.attribute for leaf in leaves if isinstance(leaf, c.FactIs | c.FactBetween)}
    return asked - {leaf.attribute for leaf in leaves if isinstance(leaf, c.FactKnown)}
