"""Why an obligation is in its state, as a tree of plain sentences: the law, the start, the clock, the evidence.

Whatever shows somebody an obligation shows these words; `kept explain` prints them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kept.code import conditions as c
from kept.code.model import CERTAINTIES, Citation, Duty
from kept.contract.vocabulary import Vocabulary
from kept.engine.case import Case
from kept.engine.clock import clocked
from kept.engine.entries import Entry, Timeline
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reading import Knowledge
from kept.engine.rules import Rule, Rules
from kept.engine.states import STATES
from kept.engine.wording import at_moment, event_in_words, span_in_words

CERTAINTY_IN_WORDS = {
    "sourced": "read in a primary source",
    "secondary": "read in a secondary source that summarises the Code",
    "analogue": "read in a sister text, not in the Code itself",
    "unverified": "from general knowledge; not yet verified",
}
assert set(CERTAINTY_IN_WORDS) == set(CERTAINTIES)

_LINKED = {
    "explicit": "the record itself says that it answers this",
    "same": "it names the same suspect, hearing or item",
    "unlinked": "the record does not link the two; the duty allows that",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and the sentences it rests on."""

    says: str
    because: tuple["Reason", ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as indented lines."""
        yield "  " * depth + self.says
        for reason in self.because:
            yield from reason.lines(depth + 1)


def explain(row: Obligation, timeline: Timeline, rules: Rules) -> Reason:
    """The reasoning behind one obligation of this timeline."""
    rule = _rule(row, rules)
    case = Case(rules, rule, timeline, Evaluation())
    events = {event.id: event for found in timeline.events.values() for event in found}
    title = rule.duty.title if not row.part else f"{rule.duty.title}: {_part_title(rule.duty, row.part)}"
    because = [
        Reason(f"Source: {cited(rule.duty.citation)}; {CERTAINTY_IN_WORDS[rule.duty.certainty]}."),
        _arose(row, case, events, rules.vocabulary),
        *_clock(row, rule.duty),
        *_evidence(row, events, rules.vocabulary),
        *_credit(row),
        Reason(f"So the state is {row.state.replace('_', ' ')}: {_when(row)}."),
    ]
    if rule.duty.note:
        because.insert(1, Reason(f"Note: {' '.join(rule.duty.note.split())}"))
    return Reason(
        f"{row.duty}{f' ({row.part})' if row.part else ''} {title}: {row.state.replace('_', ' ')}", tuple(because)
    )


def cited(citation: Citation) -> str:
    """A citation in one line."""
    return ", ".join(filter(None, (citation.source, citation.paragraph, citation.url)))


def _rule(row: Obligation, rules: Rules) -> Rule:
    starting = (found for by_kind in rules.by_start.values() for found in by_kind.values())
    return next(
        rule for found in starting for rule in found if (rule.duty.id, rule.duty.edition) == (row.duty, row.edition)
    )


def _part_title(duty: Duty, part: str) -> str:
    return next(one.title for one in duty.parts if one.id == part)


def _arose(row: Obligation, case: Case, events: dict[str, Entry], vocabulary: Vocabulary) -> Reason:
    event = events.get(row.start_id or "")
    if event is None:
        return Reason(f"It arose at {at_moment(row.start_at)}.")
    because = []
    if row.start_at != event.at:
        because.append(Reason(f"This window opened at {at_moment(row.start_at)}, when the one before it closed."))
    known = clocked(case, event).known
    because.extend(_reading(case, leaf, known) for leaf in _leaves(case))
    if row.enhanced_flag is not None:
        because.append(Reason(_enhanced(row)))
    return Reason(f"It arose because: {event_in_words(event, vocabulary)}.", tuple(because))


def _leaves(case: Case) -> list[c.FactIs | c.FactBetween | c.FactKnown | c.StartIs | c.Term]:
    conditions = [case.duty.applies, *(one.when for one in case.duty.exceptions)]
    return [leaf for condition in conditions if condition for leaf in c.leaves(condition)]


def _reading(case: Case, leaf: c.FactIs | c.FactBetween | c.FactKnown | c.StartIs | c.Term, known: Knowledge) -> Reason:
    reader = case.reader()
    holds = {True: "yes", False: "no", None: "cannot be told"}[reader.holds(leaf, known)]
    if isinstance(leaf, c.StartIs | c.Term):
        return Reason(f"Asked whether {leaf.says()}: {holds}.")
    value = reader.value(leaf.attribute, known)
    return Reason(f"Asked whether {leaf.says()}: {holds} (the records then said {value or 'nothing'}).")


def _enhanced(row: Obligation) -> str:
    flag = "set" if row.enhanced_flag else "not set"
    gates = {
        True: "one of the Code's automatic gates is open",
        False: "none of the Code's automatic gates is open",
        None: "whether one of the Code's automatic gates is open cannot be told",
    }
    return f"Enhanced Rights: the record's flag is {flag}; {gates[row.enhanced_gate]}."


def _clock(row: Obligation, duty: Duty) -> Iterator[Reason]:
    if row.missing:
        yield Reason(f"It cannot be judged: the records lack {row.missing.replace('_', ' ')}.")
        return
    if row.limit and row.due and row.clock_at:
        yield Reason(f"The clock: {row.limit} from {at_moment(row.clock_at)}, so due by {at_moment(row.due)}.")
    elif row.due:
        yield Reason(f"The clock: before what happens at {at_moment(row.due)}.")
    elif duty.kind == "before":
        yield Reason("The clock: what it must come before has not happened and is not planned.")
    if duty.judged_at and duty.judged_at.at != "due":
        yield Reason(f"No limit is set; it is judged {_judged(row, duty)}.")
    if row.moved_to:
        yield Reason(f"The victim has opted out of contact; the duty stands, and moves to the {row.moved_to}.")


def _judged(row: Obligation, duty: Duty) -> str:
    assert duty.judged_at
    if duty.judged_at.at == "maturity":
        moment = f", {at_moment(row.judged)}" if row.judged else ""
        return f"{duty.judged_at.days} days after its start{moment} (a local choice)"
    stages = " or ".join(selector.says() for selector in duty.judged_at.stage)
    return f"at {at_moment(row.judged)} ({stages})" if row.judged else f"when this comes: {stages}"


def _evidence(row: Obligation, events: dict[str, Entry], vocabulary: Vocabulary) -> Iterator[Reason]:
    answer, generic = events.get(row.answer_id or ""), events.get(row.generic_id or "")
    if answer:
        because = [Reason(f"{_LINKED[row.linked].capitalize()}."), Reason(f"Entered at {at_moment(answer.entered)}.")]
        if row.late_by is not None:
            because.append(Reason(f"That is {span_in_words(row.late_by)} after it was due."))
        if row.entered_by_due is False:
            because.append(Reason("It was done in time, but written down only after it was due."))
        yield Reason(f"{_told(row)}: {event_in_words(answer, vocabulary)}.", tuple(because))
    else:
        yield Reason("No event on the timeline answers it.")
    if generic and not (answer and row.state == "met"):
        yield Reason(
            f"A general contact may have included it: {event_in_words(generic, vocabulary)}. It counts only at best."
        )
    if reason := events.get(row.reason_id or ""):
        late = ", after it was due" if row.reason_after_due else ""
        yield Reason(f"The force recorded a good reason, entered at {at_moment(reason.entered)}{late}.")
    if ended := events.get(row.ended_by or ""):
        yield Reason(f"Ended by: {event_in_words(ended, vocabulary)}.")


def _credit(row: Obligation) -> Iterator[Reason]:
    if row.credited_to == "unallocated":
        yield Reason("Held against no officer: the investigation was allocated to nobody then.")
    elif row.credited_to or row.credited_officer:
        who = " of ".join(filter(None, (row.credited_officer, row.credited_to.replace("_", " "))))
        yield Reason(f"It counts for {who}.")


def _told(row: Obligation) -> str:
    if row.state == "met" and row.answered_by == "reason":
        return "A reason was told, which is enough"
    in_time = {"met": "Answered", "late": "Answered late"}
    too_late = dict.fromkeys(("no_record", "not_done", "reasoned"), "Answered too late to count")
    return {**in_time, **too_late}.get(row.state, "An answer is on record")


def _when(row: Obligation) -> str:
    return next(one.when for one in STATES if one.state == row.state)
