"""The page of one duty: what it says, when it is owed and due, what counts as done, its law, its examples."""

from collections.abc import Iterable, Iterator, Sequence

from kept.cli.pages_examples import Worked, examples
from kept.cli.pages_markdown import bullets, code, law, one_line, page, papers, plain, table
from kept.code import conditions as c
from kept.code.model import Answer, Duty, Edition, JudgedAt, Limit, LimitException, Selector
from kept.code.terms import attributes_read
from kept.engine.explain import CERTAINTY_IN_WORDS

_UP = "../.."
_WHICH = {
    "each": "each time",
    "first": "the first time only",
    "latest": "each time; a further one before the earlier is answered or due takes its place",
}
_OPT_OUT = {
    "survives": "An opt-out from contact changes nothing: the duty stands.",
    "ends": "An opt-out from contact ends it: the state is then `declined`.",
    "letter": "An opt-out from contact ends nothing: the duty moves to a letter.",
    "officer": "An opt-out from contact ends nothing: the duty moves to the officer.",
}
_CREDIT = {
    "holder_at_start": "The team and officer who held the investigation at the start answer for it.",
    "holder_at_due": "The team and officer who held the investigation when it fell due answer for it.",
    "recorder": "Whoever recorded the crime answers for it.",
    "agency": "The agency that holds the duty answers for it.",
}
_LINKS = "An answer that says which event it answers counts for that one only."


def duty_page(duty: Duty, edition: Edition, done: Sequence[Worked] = ()) -> str:
    """The page of a duty; `done` are its examples, evaluated."""
    return page(
        f"# {duty.id}: {duty.title}",
        one_line(duty.says),
        table(("", ""), _summary(duty, edition)),
        page("## What counts as done", *_answers(duty)) if duty.answers() else "",
        page("## Exceptions", _exceptions(duty.exceptions)) if duty.exceptions else "",
        page("## What else can become of it", bullets(_otherwise(duty))) if duty.kind else "",
        _law(duty),
        page("## Facts used", _facts(duty, edition)),
        examples(duty, list(done)) if done else "",
    )


def _summary(duty: Duty, edition: Edition) -> Iterator[tuple[str, str]]:
    yield "edition", f"{edition.title} (`{edition.id}`)"
    yield "right", str(duty.right) if duty.right else "none of the twelve"
    yield "held by", plain(duty.holder)
    yield "owed to", plain(duty.owed_to)
    if duty.not_measurable:
        yield "cannot be measured", f"No police extract is known to hold this: {one_line(duty.not_measurable)}"
    if duty.kind:
        yield from _clock(duty)
    yield "measured by the ministry today", "yes" if duty.measured_now else "no"


def _clock(duty: Duty) -> Iterator[tuple[str, str]]:
    if duty.owed_when:
        yield "arises when", f"{_events(duty.owed_when)}, {_WHICH[duty.which]}"
    if duty.before:
        yield "must come before", _events(duty.before)
    if duty.applies:
        when = "at the due moment" if duty.applies_at == "due" else "at the start, as then known"
        yield "only where", f"{duty.applies.says()} (read {when})"
    if duty.clock_from:
        yield "clock starts", f"{_events(duty.clock_from)}, the latest at or before the start, else the first after it"
    if duty.kind != "before":
        yield "limit", _limits(duty)
    if duty.judged_at:
        yield "judged", _judged(duty.judged_at)


def _limits(duty: Duty) -> str:
    if not duty.limit:
        return "none: only whether it was done can be said"
    if not duty.enhanced_limit:
        return limit_in_words(duty.limit)
    if _end(duty.limit) == _end(duty.enhanced_limit):
        return f"{duty.limit.says()}, under Enhanced Rights {limit_in_words(duty.enhanced_limit)}"
    return f"{limit_in_words(duty.limit)}; under Enhanced Rights {limit_in_words(duty.enhanced_limit)}"


def limit_in_words(limit: Limit) -> str:
    """A limit, and to what point it runs."""
    return f"{limit.says()} ({_end(limit)})" if _end(limit) else limit.says()


def _end(limit: Limit) -> str:
    """To what point a limit runs; blank where it says so itself."""
    if limit.unit == "until":
        return ""
    if limit.unit == "hours":
        return "to the instant"
    rounding = f", a day that the month lacks rounded {limit.rounding}" if limit.rounding else ""
    return f"to the end of the local day, the start's day being day 0{rounding}"


def _judged(judged: JudgedAt) -> str:
    if judged.at == "due":
        return "from the moment it is due"
    if judged.at == "stage":
        return f"when this comes: {_events(judged.stage)}"
    return f"{judged.days} days after the start: a local choice, because the law gives no limit"


def _answers(duty: Duty) -> Iterator[str]:
    if duty.answer:
        yield bullets(_answer(duty.answer))
    for part in duty.parts:
        only = f" Only where {part.applies.says()}." if part.applies else ""
        not_done = [f"Said not to be done by: {_events(part.not_done)}."] if part.not_done else []
        yield page(f"**{part.title}** (`{part.id}`).{only}", bullets([*_answer(part.answer), *not_done]))
    if duty.or_reason:
        yield f"A reason instead of the thing itself is enough: {_events(duty.or_reason)}."


def _answer(answer: Answer) -> Iterator[str]:
    yield f"In so many words: {_events(answer.specific)}."
    if answer.generic:
        yield f"Only at best, because it may have included it: {_events(answer.generic)}."
    yield "Whenever it happened." if answer.first_ever else "At or after the start."
    if answer.match:
        unlinked = "one that names none may count" if answer.unlinked else "one that names none does not count"
        yield f"It must name the same {' and '.join(answer.match)}; {unlinked}. {_LINKS}"
    if not answer.shared:
        yield "One answer serves one start only."


def _exceptions(exceptions: Iterable[LimitException]) -> str:
    rows = [(one.when.says(), limit_in_words(one.limit), one.priority, law(one.citation)) for one in exceptions]
    return table(("where", "the limit is", "priority", "law"), rows)


def _otherwise(duty: Duty) -> Iterator[str]:
    if duty.not_done:
        yield f"`not_done` where the record says so: {_events(duty.not_done)}."
    if duty.declined:
        yield f"`declined` where the victim declines: {_events(duty.declined)}."
    if duty.ends:
        yield f"It lapses if this comes first: {_events(duty.ends)}."
    yield _OPT_OUT[duty.opt_out]
    yield _CREDIT[duty.credit]
    yield f"A recorded `good_reason` or `victim_declined` counts where its `item` is {code(duty.id)}."


def _law(duty: Duty) -> str:
    span = [
        f"In force from {duty.starts_on:%-d %B %Y}." if duty.starts_on else "",
        f"In force until {duty.ends_on:%-d %B %Y}, that day excluded." if duty.ends_on else "",
    ]
    return page(
        "## The law",
        f"{law(duty.citation)}.",
        f"Certainty: **{duty.certainty}**, {CERTAINTY_IN_WORDS[duty.certainty]}.",
        " ".join(filter(None, span)),
        f"It continues {_continued(duty)}." if duty.continues else "",
        f"Note: {one_line(duty.note)}" if duty.note else "",
        f"Serves rows {papers(duty.papers)} of the board papers' item list." if duty.papers else "",
    )


def _continued(duty: Duty) -> str:
    edition, _, other = duty.continues.partition("/")
    return f"[{duty.continues}](../{edition}/{other}.md)"


def _events(selectors: Iterable[Selector]) -> str:
    return " or ".join(f"[{one.says()}]({_UP}/vocabulary/events.md#{anchor(one.kind)})" for one in selectors)


def anchor(name: str) -> str:
    """The anchor of a heading that is one name."""
    return name.lower().replace(".", "")


def _facts(duty: Duty, edition: Edition) -> str:
    names = sorted(facts_used(duty, edition))
    rows = [(_fact_link(name), edition.vocabulary.attributes[name].means, _absent(name, edition)) for name in names]
    return table(("fact", "meaning", "if no value is recorded"), rows)


def _fact_link(name: str) -> str:
    return f"[{plain(name)}]({_UP}/vocabulary/facts.md#{anchor(name)})"


def _absent(name: str, edition: Edition) -> str:
    return {False: "no", True: "yes", None: "not known"}[edition.vocabulary.attributes[name].absent]


def facts_used(duty: Duty, edition: Edition) -> set[str]:
    """The attributes that decide whether, until when or how a duty is owed, those inside terms included."""
    conditions = [duty.applies, *(one.when for one in duty.exceptions), *(part.applies for part in duty.parts)]
    if duty.enhanced_limit:
        conditions.append(c.Term("enhanced"))
    limits = [duty.limit, duty.enhanced_limit, *(one.limit for one in duty.exceptions)]
    named = {limit.attribute for limit in limits if limit and limit.attribute}
    opted = {"opted_out"} if duty.kind and duty.opt_out != "survives" else set()
    return named | opted | {name for one in conditions if one for name in attributes_read(one, edition.terms)}
