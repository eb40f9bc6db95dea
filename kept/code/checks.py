"""What an edition must mean, beyond its shape. Each check returns faults; the loader reports all of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from kept.code import conditions as c
from kept.code.lined import Lined, Place
from kept.code.model import Chosen, Duty, Limit, Selector, TermDefinition
from kept.code.overlap import can_both_hold
from kept.contract.tables import CHANNELS
from kept.contract.vocabulary import Vocabulary
from kept.errors import Fault

_LANGUAGE = "See docs/reference/duty-language.md."
_NEEDED_OF_ALL = ("citation", "certainty")
_NEEDED_OF_MEASURED = ("kind", "judged_at")
_NEEDED_OF_KIND = {
    "respond": ("owed_when", "answer"),
    "repeat": ("owed_when", "limit", "answer"),
    "before": ("before", "answer"),
    "all_of": ("owed_when", "parts"),
}
_WHY_NEEDED = {
    "citation": "A reader must be able to find the rule in its source.",
    "certainty": "A reader must know how sure we are of the rule.",
    "judged_at": "Without the moment from which it counts it would stay pending for ever and look perfect.",
    "kind": "The engine must know how it is evaluated.",
}
_EVENT_LISTS = ("owed_when", "clock_from", "before", "or_reason", "not_done", "declined", "ends")


def before_building(lined: Lined, index: int) -> list[Fault]:
    """What is missing from one duty of a file, `index` counted from 0."""
    content = lined.data["duties"][index]
    needed = list(_NEEDED_OF_ALL)
    if "not_measurable" not in content:
        needed += [*_NEEDED_OF_MEASURED, *_NEEDED_OF_KIND.get(content.get("kind", ""), ())]
    return [
        Fault(
            f"Duty {content['id']} has no `{name}`.",
            where=lined.where(("duties", index, "id")),
            why=_WHY_NEEDED.get(name, f"A duty of kind `{content.get('kind')}` cannot be evaluated without it."),
            what_to_do=f"Add `{name}:`. {_LANGUAGE}",
        )
        for name in needed
        if name not in content
    ]


def duty(lined: Lined, index: int, duty: Duty, words: Vocabulary, terms: Mapping[str, TermDefinition]) -> list[Fault]:
    """Everything in one duty that cannot mean what it says."""
    at: Place = ("duties", index)
    found = [
        *_words_of_events(lined, at, duty, words),
        *_words_of_conditions(lined, at, duty, words, terms),
        *_limits(lined, at, duty, words, terms),
        *_links(lined, at, duty, words),
        *_dates(lined, at, duty),
    ]
    return found or [*_exceptions(lined, at, duty, terms)]


def terms(main: Lined, defined: Mapping[str, TermDefinition], words: Vocabulary) -> list[Fault]:
    """Terms that use unknown words, or each other in a circle."""
    faults: list[Fault] = []
    for index, term in enumerate(defined.values()):
        where = main.where(("terms", index))
        faults.extend(_words_of_condition(term.when, where, f"Term {term.name}", words, defined))
    circular = [name for name in defined if _reaches(name, name, defined, frozenset())]
    faults.extend(
        Fault(
            f"Term {name} is defined by itself.",
            where=main.file,
            why="A term that leads back to itself has no meaning.",
            what_to_do="Write out what it stands for.",
        )
        for name in circular
    )
    return faults


def twice(duty: Duty, known: Mapping[str, Duty]) -> list[Fault]:
    """A duty whose id is taken in its edition."""
    if duty.id not in known:
        return []
    first = known[duty.id]
    return [
        Fault(
            f"Duty {duty.id} stands twice in the edition.",
            where=f"{duty.file}:{duty.line} and {first.file}:{first.line}",
            why="Only one of them could be evaluated.",
            what_to_do="Give one of them another id, or an own edition.",
        )
    ]


def overlapping_editions(lined: Lined, chosen: Sequence[Chosen]) -> list[Fault]:
    """Two spans of a rulebook in which one duty id would be in force twice, and `continues` that lead nowhere."""
    faults = []
    for one, other in combinations(chosen, 2):
        shared = sorted(set(one.edition.duties) & set(other.edition.duties))
        if shared and _overlap((one.starts_on, one.ends_on), (other.starts_on, other.ends_on)):
            faults.append(
                Fault(
                    f"{one.edition.id} and {other.edition.id} are in force on the same days, and both hold {shared[0]}"
                    f"{f' and {len(shared) - 1} more' if len(shared) > 1 else ''}.",
                    where=lined.where(("editions",)),
                    why="An obligation can arise under one edition of a duty only.",
                    what_to_do="End one of them with `to:` on the day the other begins.",
                )
            )
    ids = {one.edition.id: one.edition.duties for one in chosen}
    faults.extend(_dangling(duty, ids) for one in chosen for duty in one.edition.duties.values() if _dangles(duty, ids))
    return faults


def unknown_amended_duty(lined: Lined, index: int) -> Fault:
    return Fault(
        f"The amendment is of {lined.data['amendments'][index]['duty']}, which no edition of the rulebook holds.",
        where=lined.where(("amendments", index)),
        why="An amendment changes a duty that is there.",
        what_to_do="Correct the duty's id; `kept code list` shows them.",
    )


def _dangles(duty: Duty, editions: Mapping[str, Mapping[str, Duty]]) -> bool:
    edition, _, name = duty.continues.partition("/")
    return bool(duty.continues) and edition in editions and name not in editions[edition]


def _dangling(duty: Duty, editions: Mapping[str, Mapping[str, Duty]]) -> Fault:
    return Fault(
        f"Duty {duty.id} continues {duty.continues}, which is not there.",
        where=f"{duty.file}:{duty.line}",
        why="`continues` names the duty of an earlier edition, as edition/duty.",
        what_to_do="Correct it, or leave it out for a new duty.",
    )


def _words_of_events(lined: Lined, at: Place, duty: Duty, words: Vocabulary) -> Iterator[Fault]:
    for place, selector in _selectors(at, duty):
        yield from _word_faults(selector, lined.where(place), duty.id, words)


def _selectors(at: Place, duty: Duty) -> Iterator[tuple[Place, Selector]]:
    for name in _EVENT_LISTS:
        yield from (((*at, name), selector) for selector in getattr(duty, name))
    if duty.judged_at:
        yield from (((*at, "judged_at"), selector) for selector in duty.judged_at.stage)
    for answer in duty.answers():
        place = (*at, "answer" if duty.answer else "parts")
        yield from ((place, selector) for selector in (*answer.specific, *answer.generic))
    for part in duty.parts:
        yield from (((*at, "parts"), selector) for selector in part.not_done)


def _word_faults(selector: Selector, where: str, duty_id: str, words: Vocabulary) -> Iterator[Fault]:
    kind = words.kinds.get(selector.kind)
    if kind is None:
        yield _unknown(f"{duty_id} names the event kind `{selector.kind}`", where, words.kinds)
        return
    allowed: dict[str, Sequence[str]] = {"result": kind.results, "channel": CHANNELS}
    if not kind.open_values:
        allowed["value"] = list(kind.values)
    for name, values in selector.fields().items():
        for value in values:
            if name in allowed and value not in allowed[name]:
                yield _unknown(f"{duty_id} asks for `{selector.kind}` with {name} `{value}`", where, allowed[name])


def _words_of_conditions(
    lined: Lined, at: Place, duty: Duty, words: Vocabulary, terms: Mapping[str, TermDefinition]
) -> Iterator[Fault]:
    conditions = [((*at, "applies"), duty.applies), *(((*at, "parts"), part.applies) for part in duty.parts)]
    conditions += [((*at, "exceptions"), exception.when) for exception in duty.exceptions]
    for place, condition in conditions:
        if condition:
            yield from _words_of_condition(condition, lined.where(place), f"Duty {duty.id}", words, terms)


def _words_of_condition(
    condition: c.Condition, where: str, whose: str, words: Vocabulary, terms: Mapping[str, TermDefinition]
) -> Iterator[Fault]:
    for leaf in c.leaves(condition):
        if isinstance(leaf, c.Term):
            if leaf.name not in terms:
                yield _unknown(f"{whose} uses the term `{leaf.name}`", where, terms)
        elif not isinstance(leaf, c.StartIs):
            yield from _attribute_faults(leaf, where, whose, words)


def _attribute_faults(
    leaf: c.FactIs | c.FactBetween | c.FactKnown, where: str, whose: str, words: Vocabulary
) -> Iterator[Fault]:
    attribute = words.attributes.get(leaf.attribute)
    if attribute is None:
        yield _unknown(f"{whose} asks for the fact `{leaf.attribute}`", where, words.attributes)
    elif isinstance(leaf, c.FactBetween) and attribute.type != "number":
        yield _misfit(f"{whose} compares `{leaf.attribute}`, a {attribute.type}, with a number.", where)
    elif isinstance(leaf, c.FactIs):
        allowed = ("true", "false") if attribute.type == "flag" else attribute.codes
        for value in leaf.values:
            if allowed and value not in allowed:
                yield _unknown(f"{whose} asks whether `{leaf.attribute}` is `{value}`", where, allowed)


def _limits(
    lined: Lined, at: Place, duty: Duty, words: Vocabulary, terms: Mapping[str, TermDefinition]
) -> Iterator[Fault]:
    where = lined.where((*at, "limit"))
    for limit in filter(None, (duty.limit, duty.enhanced_limit, *(one.limit for one in duty.exceptions))):
        yield from _limit_words(limit, where, duty.id, words)
    if duty.enhanced_limit and "enhanced" not in terms:
        yield _unknown(f"{duty.id} has a limit under Enhanced Rights and so the term `enhanced`", where, terms)
    judged = duty.judged_at
    if judged and judged.at == "due" and duty.kind in ("respond", "all_of") and not duty.limit:
        yield _misfit(f"{duty.id} is judged when due, but has no limit.", lined.where((*at, "judged_at")))
    if judged and judged.at != "due" and duty.limit:
        yield _misfit(f"{duty.id} has a limit, but is not judged when due.", lined.where((*at, "judged_at")))
    if judged and judged.at == "stage" and not _always_ends(duty):
        yield Fault(
            f"{duty.id} is judged at a stage that some cases never reach.",
            where=lined.where((*at, "judged_at")),
            why="It would stay pending for ever and look perfect.",
            what_to_do="Add `investigation_closed` to `judged_at` or to `ends`.",
        )


def _always_ends(duty: Duty) -> bool:
    assert duty.judged_at
    last = ("investigation_closed", "crime_recorded", "complaint_ended")
    return any(selector.kind in last for selector in (*duty.judged_at.stage, *duty.ends))


def _limit_words(limit: Limit, where: str, duty_id: str, words: Vocabulary) -> Iterator[Fault]:
    if not limit.attribute:
        return
    attribute = words.attributes.get(limit.attribute)
    wanted = "moment" if limit.unit == "until" else "number"
    if attribute is None:
        yield _unknown(f"{duty_id} takes its limit from the fact `{limit.attribute}`", where, words.attributes)
    elif attribute.type != wanted:
        yield _misfit(f"{duty_id} takes its limit from `{limit.attribute}`, a {attribute.type}, not a {wanted}.", where)


def _links(lined: Lined, at: Place, duty: Duty, words: Vocabulary) -> Iterator[Fault]:
    """A link that the start never carries would match nothing."""
    starts = [words.kinds[one.kind] for one in (duty.owed_when or duty.before) if one.kind in words.kinds]
    for answer in duty.answers():
        for link in answer.match:
            if starts and not any(link in kind.links for kind in starts):
                names = ", ".join(kind.name for kind in starts)
                yield _misfit(
                    f"{duty.id} matches answers by {link}, which {names} does not carry.", lined.where((*at, "answer"))
                )


def _dates(lined: Lined, at: Place, duty: Duty) -> Iterator[Fault]:
    if duty.starts_on and duty.ends_on and duty.starts_on >= duty.ends_on:
        yield _misfit(f"{duty.id} ends on {duty.ends_on}, before it begins.", lined.where((*at, "to")))


def _exceptions(lined: Lined, at: Place, duty: Duty, terms: Mapping[str, TermDefinition]) -> Iterator[Fault]:
    """Two exceptions that can hold at once must say which wins; the limit under Enhanced Rights is one of them."""
    general = [(c.Term("enhanced"), 0, duty.citation)] if duty.enhanced_limit else []
    stated = [(one.when, one.priority, one.citation) for one in duty.exceptions]
    for one, other in combinations([*general, *stated], 2):
        settled = one[1] is not None and other[1] is not None and one[1] != other[1]
        if not settled and can_both_hold(one[0], other[0], terms):
            yield Fault(
                f"Two exceptions of {duty.id} can hold at once: “{one[0].says()}” and “{other[0].says()}”.",
                where=lined.where((*at, "exceptions")),
                why=f"The first stands in {_cited(one[2])}, the second in {_cited(other[2])}; nothing says which wins.",
                what_to_do="Give each a `priority:`; the higher wins (the limit under Enhanced Rights has 0).",
            )


def _cited(citation: object) -> str:
    source, paragraph = getattr(citation, "source", ""), getattr(citation, "paragraph", "")
    return f"{source} {paragraph}".strip()


def _reaches(name: str, wanted: str, defined: Mapping[str, TermDefinition], seen: frozenset[str]) -> bool:
    for leaf in c.leaves(defined[name].when):
        if isinstance(leaf, c.Term) and leaf.name in defined:
            if leaf.name == wanted:
                return True
            if leaf.name not in seen and _reaches(leaf.name, wanted, defined, seen | {leaf.name}):
                return True
    return False


def _overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    first, second = sorted((one, other), key=lambda span: span[0])
    return first[1] is None or first[1] > second[0]


def _unknown(what: str, where: str, known: Mapping[str, object] | Sequence[str]) -> Fault:
    return Fault(
        f"{what}, which is not known.",
        where=where,
        why="A rule that names something unknown can never be evaluated.",
        what_to_do=f"Correct it to one of: {', '.join(sorted(known)[:60]) or 'none are declared'}.",
    )


def _misfit(what: str, where: str) -> Fault:
    return Fault(what, where=where, why="The two cannot stand together.", what_to_do=_LANGUAGE)
