"""Does an edition use only words that the vocabulary, and the edition itself, know?"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from kept.code import conditions as c
from kept.code.lined import Lined, Place, as_texts
from kept.code.model import SELECTOR_FIELDS, Duty, Example, Selector, TermDefinition
from kept.contract.tables import CHANNELS
from kept.contract.vocabulary import Attribute, Kind, Vocabulary
from kept.errors import Fault

_FEW = 12
_MOMENTS = ("at", "entered", "as_of", "start", "clock", "due", "judged", "answered", "generic")


def of_duty(
    lined: Lined, at: Place, duty: Duty, vocabulary: Vocabulary, terms: Mapping[str, TermDefinition]
) -> Iterator[Fault]:
    """Unknown words in the events, conditions and examples of a duty that stands at `at`."""
    for place, selector in _selectors(at, duty):
        yield from of_selector(selector, lined.where(place), f"Duty {duty.id}", vocabulary)
    for place, condition in _conditions(at, duty):
        yield from of_condition(condition, lined.where(place), f"Duty {duty.id}", vocabulary, terms)
        yield from _of_start(condition, lined.where(place), duty, vocabulary)
    for example in duty.examples:
        yield from _of_example(example, duty, vocabulary)


def of_ends(main: Lined, ends: Iterable[Selector], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Unknown words in the events that end every duty of an edition."""
    for selector in ends:
        yield from of_selector(selector, main.where(("ends",)), "The edition", vocabulary)


def of_condition(
    condition: c.Condition, where: str, whose: str, vocabulary: Vocabulary, terms: Mapping[str, TermDefinition]
) -> Iterator[Fault]:
    for leaf in c.leaves(condition):
        if isinstance(leaf, c.Term):
            if leaf.name not in terms:
                yield unknown(f"{whose} uses the term", leaf.name, where, terms)
        elif not isinstance(leaf, c.StartIs):
            yield from _of_fact(leaf, where, whose, vocabulary)


def unknown(what: str, name: str, where: str, known: Collection[str]) -> Fault:
    """`what` names `name`, which is none of `known`."""
    return Fault(
        f"{what} `{name}`, which is not known.",
        where=where,
        why="A rule that names something unknown can never be evaluated.",
        what_to_do=_suggestion(name, sorted(known)),
    )


def _suggestion(name: str, known: list[str]) -> str:
    near = known if len(known) <= _FEW else get_close_matches(name, known, 5, 0.5)
    if near:
        return f"Correct it to {' or '.join(near)}."
    return "Correct it; docs/reference/ lists what is known." if known else "Remove it; none are declared."


def misfit(what: str, where: str, why: str = "The two cannot stand together.") -> Fault:
    return Fault(what, where=where, why=why, what_to_do="See docs/reference/duty-language.md.")


def _selectors(at: Place, duty: Duty) -> Iterator[tuple[Place, Selector]]:
    for name in SELECTOR_FIELDS:
        yield from (((*at, name), selector) for selector in getattr(duty, name))
    if duty.judged_at:
        yield from (((*at, "judged_at"), selector) for selector in duty.judged_at.stage)
    if duty.answer:
        yield from (((*at, "answer"), one) for one in (*duty.answer.specific, *duty.answer.generic))
    for index, part in enumerate(duty.parts):
        answers = (*part.answer.specific, *part.answer.generic)
        yield from (((*at, "parts", index, "answer"), selector) for selector in answers)
        yield from (((*at, "parts", index, "not_done"), selector) for selector in part.not_done)


def _conditions(at: Place, duty: Duty) -> Iterator[tuple[Place, c.Condition]]:
    if duty.applies:
        yield (*at, "applies"), duty.applies
    for index, part in enumerate(duty.parts):
        if part.applies:
            yield (*at, "parts", index, "applies"), part.applies
    for index, exception in enumerate(duty.exceptions):
        yield (*at, "exceptions", index), exception.when


def of_selector(selector: Selector, where: str, whose: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    kind = vocabulary.kinds.get(selector.kind)
    if kind is None:
        yield unknown(f"{whose} names the event kind", selector.kind, where, vocabulary.kinds)
        return
    for name, values in selector.fields().items():
        yield from _of_field(kind, name, values, where, whose)


def _of_field(kind: Kind, name: str, values: Iterable[str], where: str, whose: str) -> Iterator[Fault]:
    if name == "item" and "item" not in (*kind.links, *kind.merge_key):
        yield misfit(f"{whose} asks for an item of `{kind.name}`, which carries none.", where)
    allowed = _allowed(kind, name)
    for value in values:
        if allowed is not None and value not in allowed:
            yield unknown(f"{whose} asks for `{kind.name}` with {name}", value, where, allowed)


def _allowed(kind: Kind, name: str) -> Sequence[str] | None:
    """The values that a field of this kind of event may have; None where it is free."""
    if name == "value" and not kind.open_values:
        return list(kind.values)
    return {"result": kind.results, "channel": CHANNELS}.get(name)


def _of_start(condition: c.Condition, where: str, duty: Duty, vocabulary: Vocabulary) -> Iterator[Fault]:
    """What a condition asks of the start, and no start can be."""
    kinds = [vocabulary.kinds[one.kind] for one in (duty.owed_when or duty.before) if one.kind in vocabulary.kinds]
    for leaf in c.leaves(condition):
        if not isinstance(leaf, c.StartIs) or not kinds:
            continue
        choices = [_allowed(kind, leaf.field) for kind in kinds]
        known = sorted({value for some in choices if some is not None for value in some})
        for value in leaf.values:
            if None not in choices and value not in known:
                yield unknown(f"Duty {duty.id} asks whether the {leaf.field} of its start is", value, where, known)


def _of_fact(
    leaf: c.FactIs | c.FactBetween | c.FactKnown, where: str, whose: str, vocabulary: Vocabulary
) -> Iterator[Fault]:
    attribute = vocabulary.attributes.get(leaf.attribute)
    if attribute is None:
        yield unknown(f"{whose} asks for the fact", leaf.attribute, where, vocabulary.attributes)
    elif isinstance(leaf, c.FactBetween) and attribute.type != "number":
        yield misfit(f"{whose} compares `{leaf.attribute}`, a {attribute.type}, with a number.", where)
    elif isinstance(leaf, c.FactIs):
        yield from _of_values(attribute, leaf.values, where, whose)


def _of_values(attribute: Attribute, values: Iterable[str], where: str, whose: str) -> Iterator[Fault]:
    allowed = ("true", "false") if attribute.type == "flag" else attribute.codes
    for value in values:
        if allowed and value not in allowed:
            yield unknown(f"{whose} asks whether `{attribute.name}` is", value, where, allowed)


def _of_example(example: Example, duty: Duty, vocabulary: Vocabulary) -> Iterator[Fault]:
    """What an example's timeline says that no record could, and parts that the duty has not."""
    where, whose = f"{duty.file}:{example.line}", f"The example “{example.name}” of {duty.id}"
    for line in ({"as_of": example.as_of}, *example.given, *example.then):
        for name in _MOMENTS:
            if not _is_moment(line.get(name)):
                yield misfit(f"{whose} says {name} `{line[name]}`.", where, "A moment is written 2024-03-04 09:00.")
    for line in example.given:
        yield from _of_given(line, where, whose, vocabulary)
    parts = [part.id for part in duty.parts]
    for line in example.then:
        if line.get("part") and line["part"] not in parts:
            yield unknown(f"{whose} names the part", line["part"], where, parts)


def _is_moment(value: Any) -> bool:
    if value is None:
        return True
    try:
        datetime.strptime(str(value), "%Y-%m-%d %H:%M")
    except ValueError:
        return False
    return True


def _of_given(line: Mapping[str, Any], where: str, whose: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    if "kind" in line:
        fields = {name: as_texts(line[name]) for name in ("value", "result", "channel") if name in line}
        yield from of_selector(Selector(line["kind"], **fields), where, whose, vocabulary)
    elif "fact" in line:
        attribute = vocabulary.attributes.get(line["fact"])
        if attribute is None:
            yield unknown(f"{whose} sets the fact", line["fact"], where, vocabulary.attributes)
        elif line["is"] != "":
            yield from _of_values(attribute, as_texts(line["is"]), where, whose)
