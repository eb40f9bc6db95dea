"""What an edition must mean, beyond its shape. Each check returns faults; the loader reports all of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from kept.code import checks_words
from kept.code import conditions as c
from kept.code.checks_words import misfit, unknown
from kept.code.lined import Lined, Place
from kept.code.model import HOLDERS, Chosen, Citation, Duty, Limit, Selector, TermDefinition
from kept.code.overlap import can_both_hold
from kept.contract.vocabulary import Kind, Vocabulary
from kept.errors import Fault

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
_IDLE_IN_KIND = {
    "respond": ("before", "parts"),
    "repeat": ("before", "parts", "clock_from"),
    "before": ("limit", "parts"),
    "all_of": ("before", "answer"),
}


def presence(lined: Lined, at: Place) -> list[Fault]:
    """What is missing from the duty that stands at `at`."""
    content = lined.content(at)
    needed = list(_NEEDED_OF_ALL)
    if "not_measurable" not in content:
        needed += [*_NEEDED_OF_MEASURED, *_NEEDED_OF_KIND.get(content.get("kind", ""), ())]
    return [
        Fault(
            f"Duty {content['id']} has no `{name}`.",
            where=lined.where((*at, "id")),
            why=_WHY_NEEDED.get(name, f"A duty of kind `{content.get('kind')}` cannot be evaluated without it."),
            what_to_do=f"Add `{name}:`. See docs/reference/duty-language.md.",
        )
        for name in needed
        if name not in content
    ]


def duty(
    lined: Lined,
    at: Place,
    duty: Duty,
    vocabulary: Vocabulary,
    terms: Mapping[str, TermDefinition],
    *,
    terms_hold: bool = True,
) -> list[Fault]:
    """Everything in one duty that cannot mean what it says. `terms_hold`: the edition's terms have no fault."""
    found = [
        *checks_words.of_duty(lined, at, duty, vocabulary, terms),
        *_holder(lined, at, duty, vocabulary),
        *_fields_of_kind(lined, at, duty),
        *_limits(lined, at, duty, vocabulary, terms),
        *_judged(lined, at, duty),
        *_links(lined, at, duty, vocabulary),
        *_parts(lined, at, duty),
        *_dates(lined, at, duty),
    ]
    return found if found or not terms_hold else list(_exceptions(lined, at, duty, terms))


def terms(main: Lined, defined: Mapping[str, TermDefinition], vocabulary: Vocabulary) -> list[Fault]:
    """Terms that use unknown words, each other in a circle, or one name twice."""
    faults: list[Fault] = []
    names = [one["term"] for one in main.data.get("terms", ())]
    for index, name in enumerate(names):
        where = main.where(("terms", index))
        faults.extend(checks_words.of_condition(defined[name].when, where, f"Term {name}", vocabulary, defined))
        if any(isinstance(leaf, c.StartIs) for leaf in c.leaves(defined[name].when)):
            faults.append(misfit(f"Term {name} asks for the start.", where, "A term is of the facts alone."))
        if name in names[:index]:
            faults.append(misfit(f"Term {name} is defined twice.", where, "Only one of them could hold."))
        elif _reaches(name, name, defined, frozenset()):
            faults.append(misfit(f"Term {name} is defined by itself.", where, "It has no meaning."))
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


def together(lined: Lined, chosen: Sequence[Chosen]) -> list[Fault]:
    """What is wrong between the editions of a rulebook: their spans, and `continues`."""
    faults = [*_spans(lined, chosen)]
    for one, other in combinations(chosen, 2):
        shared = sorted(set(one.edition.duties) & set(other.edition.duties))
        if shared and _overlap((one.starts_on, one.ends_on), (other.starts_on, other.ends_on)):
            more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
            faults.append(
                Fault(
                    f"{one.edition.id} and {other.edition.id} are in force on the same days, and both hold "
                    f"{shared[0]}{more}.",
                    where=lined.where(("editions", list(chosen).index(other))),
                    why="An obligation can arise under one edition of a duty only.",
                    what_to_do="End one of them with `to:` on the day the other begins.",
                )
            )
    ids = {one.edition.id: one.edition.duties for one in chosen}
    faults.extend(_dangling(duty, ids) for one in chosen for duty in one.edition.duties.values() if _dangles(duty, ids))
    return faults


def _spans(lined: Lined, chosen: Sequence[Chosen]) -> Iterator[Fault]:
    for index, one in enumerate(chosen):
        where = lined.where(("editions", index))
        if one.ends_on and one.ends_on <= one.starts_on:
            yield misfit(f"{one.edition.id} ends on {one.ends_on}, before it begins.", where)


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


def _holder(lined: Lined, at: Place, duty: Duty, vocabulary: Vocabulary) -> Iterator[Fault]:
    """One of the Code's own holders; an edition that brings words of its own may have others."""
    if duty.holder not in HOLDERS and not any("." in name for name in vocabulary.kinds):
        yield unknown(f"Duty {duty.id} is held by", duty.holder, lined.where((*at, "holder")), HOLDERS)


def _fields_of_kind(lined: Lined, at: Place, duty: Duty) -> Iterator[Fault]:
    for name in _IDLE_IN_KIND.get(duty.kind or "", ()):
        if getattr(duty, name):
            yield misfit(
                f"Duty {duty.id} is of kind `{duty.kind}` and has `{name}`.",
                lined.where((*at, name)),
                f"A duty of that kind does not use `{name}`, so that a reader would be misled.",
            )


def _limits(
    lined: Lined, at: Place, duty: Duty, vocabulary: Vocabulary, terms: Mapping[str, TermDefinition]
) -> Iterator[Fault]:
    where = lined.where((*at, "limit"))
    for limit in filter(None, (duty.limit, duty.enhanced_limit, *(one.limit for one in duty.exceptions))):
        yield from _limit_words(limit, where, duty.id, vocabulary)
        if duty.kind == "repeat" and (limit.unit == "until" or limit.amount == 0):
            yield misfit(
                f"Duty {duty.id} repeats after an interval that never passes.",
                where,
                "The next window must be due later than the last: after one hour, day or month at least.",
            )
    if duty.enhanced_limit and "enhanced" not in terms:
        yield unknown(f"Duty {duty.id} has a limit under the term", "enhanced", where, terms)
    if duty.exceptions and not duty.limit:
        where = lined.where((*at, "exceptions"))
        yield misfit(f"Duty {duty.id} has exceptions to a limit, but no limit.", where)


def _limit_words(limit: Limit, where: str, duty_id: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    if not limit.attribute:
        return
    attribute = vocabulary.attributes.get(limit.attribute)
    wanted = "moment" if limit.unit == "until" else "number"
    if attribute is None:
        yield unknown(f"Duty {duty_id} takes its limit from", limit.attribute, where, vocabulary.attributes)
    elif attribute.type != wanted:
        yield misfit(
            f"Duty {duty_id} takes its limit from `{limit.attribute}`, a {attribute.type}, not a {wanted}.", where
        )


def _judged(lined: Lined, at: Place, duty: Duty) -> Iterator[Fault]:
    judged, where = duty.judged_at, lined.where((*at, "judged_at"))
    if not judged:
        return
    if judged.at == "due" and duty.kind in ("respond", "all_of") and not duty.limit:
        yield misfit(f"Duty {duty.id} is judged when due, but has no limit.", where)
    elif judged.at != "due" and duty.kind == "before":
        yield misfit(f"Duty {duty.id} is due before an event, but is not judged when due.", where)
    elif judged.at != "due" and duty.limit:
        yield misfit(f"Duty {duty.id} has a limit, but is not judged when due.", where)
    elif judged.at == "stage" and not _always_ends(duty):
        yield Fault(
            f"Duty {duty.id} is judged at a stage that some cases never reach.",
            where=where,
            why="It would stay pending for ever and look perfect.",
            what_to_do="Add `investigation_closed` to `judged_at` or to `ends`.",
        )


def _always_ends(duty: Duty) -> bool:
    """Every case reaches one of these; an edition of another field names the end of its own cases."""
    assert duty.judged_at
    last = ("investigation_closed", "crime_recorded", "complaint_ended")
    return any(one.kind in last or "." in one.kind for one in (*duty.judged_at.stage, *duty.ends))


def _links(lined: Lined, at: Place, duty: Duty, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A link that the start, or every answer, never carries would match nothing."""
    starts = _carriers(duty.owed_when or duty.before, vocabulary)
    for answer in duty.answers():
        for link in answer.match:
            for role, kinds in (("start", starts), ("answer", _carriers(answer.specific, vocabulary))):
                if kinds and not any(link in kind.links for kind in kinds):
                    names = ", ".join(f"`{kind.name}`" for kind in kinds)
                    where = lined.where((*at, "answer"))
                    what = f"Duty {duty.id} matches answers by {link}, which its {role} {names} never carries."
                    yield misfit(what, where, "It would match nothing.")


def _carriers(selectors: Sequence[Selector], vocabulary: Vocabulary) -> list[Kind]:
    return [vocabulary.kinds[one.kind] for one in selectors if one.kind in vocabulary.kinds]


def _parts(lined: Lined, at: Place, duty: Duty) -> Iterator[Fault]:
    ids = [part.id for part in duty.parts]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            where = lined.where((*at, "parts", index))
            yield misfit(f"Duty {duty.id} has two parts `{name}`.", where, "They could not be told apart.")


def _dates(lined: Lined, at: Place, duty: Duty) -> Iterator[Fault]:
    if duty.starts_on and duty.ends_on and duty.starts_on >= duty.ends_on:
        where = lined.where((*at, "to"))
        yield misfit(f"Duty {duty.id} ends on {duty.ends_on}, before it begins.", where)


_Excepted = tuple[c.Condition, int | None, Citation]


def _exceptions(lined: Lined, at: Place, duty: Duty, terms: Mapping[str, TermDefinition]) -> Iterator[Fault]:
    """Two exceptions that can hold at once must say which wins; the limit under Enhanced Rights is one of them."""
    general: list[_Excepted] = [(c.Term("enhanced"), 0, duty.citation)] if duty.enhanced_limit else []
    stated: list[_Excepted] = [(one.when, one.priority, one.citation) for one in duty.exceptions]
    for one, other in combinations([*general, *stated], 2):
        settled = one[1] is not None and other[1] is not None and one[1] != other[1]
        if not settled and can_both_hold(one[0], other[0], terms):
            yield Fault(
                f"Two exceptions of {duty.id} can hold at once: “{one[0].says()}” and “{other[0].says()}”.",
                where=lined.where((*at, "exceptions")),
                why=f"The first stands in {one[2].says()}, the second in {other[2].says()}; nothing says which wins.",
                what_to_do="Give each a `priority:`; the higher wins (the limit under Enhanced Rights has 0).",
            )


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
