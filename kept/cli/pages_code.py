"""The pages about the law as data: the duties of an edition by right, the editions, the default rulebook."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kept.cli.pages_markdown import bullets, code, law, one_line, page, plain, table
from kept.code.model import CERTAINTIES, Duty, Edition, Rulebook, TermDefinition
from kept.code.rights import RIGHTS
from kept.engine.explain import CERTAINTY_IN_WORDS

_NATIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}


def duties_index(editions: Iterable[Edition]) -> str:
    """`duties/index.md`: every duty of every edition, by right."""
    return page(
        "# Duties",
        "Every duty of the editions that come with Kept, by right. Each has a page of its own, made from its "
        "record. In the column of limits, the limit under Enhanced Rights stands in brackets.",
        *(_edition_index(edition) for edition in editions),
    )


def _edition_index(edition: Edition) -> str:
    by_right: dict[int | None, list[Duty]] = {}
    for duty in edition.duties.values():
        by_right.setdefault(duty.right, []).append(duty)
    sections = (_right(right, by_right[right], edition) for right in sorted(by_right, key=lambda one: one or 0))
    return page(f"## {edition.title}", f"Edition `{edition.id}`: {len(edition.duties)} duties.", *sections)


def _right(right: int | None, duties: Sequence[Duty], edition: Edition) -> str:
    title = f"Right {right}: {RIGHTS[right]}" if right else "Not of one of the twelve rights"
    rows = (
        (
            f"[{duty.id}]({edition.id}/{duty.id}.md)", duty.title, plain(duty.holder), _brief_limit(duty),
            duty.certainty, duty.measured_now, "" if not duty.not_measurable else one_line(duty.not_measurable),
        )
        for duty in sorted(duties, key=_in_order)
    )  # fmt: skip
    headings = ("duty", "title", "held by", "limit", "certainty", "measured now", "not measurable for want of")
    return page(f"### {title}", table(headings, rows))


def _in_order(duty: Duty) -> list[tuple[int, str]]:
    """Ids as people count them: R2-2 before R2-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", duty.id)]


def _brief_limit(duty: Duty) -> str:
    if duty.kind == "before":
        return "before it happens"
    said = duty.limit.says() if duty.limit else ""
    return f"{said} ({duty.enhanced_limit.says()})" if duty.enhanced_limit else said


def editions_page(editions: Sequence[Edition]) -> str:
    """`editions.md`: what each edition holds, how certain it is, and the terms that it defines."""
    headings = ("edition", "status", "duties", "rights", "examples", "measured now", "not measurable", *CERTAINTIES)
    certainties = bullets(f"**{name}**: {CERTAINTY_IN_WORDS[name]}" for name in CERTAINTIES)
    return page(
        "# Editions",
        "An edition is a set of duties: the Code as it stood, a draft, a force's own standards.",
        table(headings, map(_counts, editions)),
        f"How certain a duty is, is said of each:\n\n{certainties}",
        *(_edition(edition) for edition in editions),
    )


def _counts(edition: Edition) -> tuple[object, ...]:
    duties = edition.duties.values()
    certainty = Counter(duty.certainty for duty in duties)
    return (
        code(edition.id),
        edition.status,
        len(duties),
        len({duty.right for duty in duties if duty.right}),
        sum(len(duty.examples) for duty in duties),
        sum(duty.measured_now for duty in duties),
        sum(bool(duty.not_measurable) for duty in duties),
        *(certainty[name] for name in CERTAINTIES),
    )


def _edition(edition: Edition) -> str:
    terms = table(("term", "what it means", "condition", "certainty", "law"), map(_term, edition.terms.values()))
    return page(
        f"## {edition.id}",
        f"{edition.title}. {law(edition.citation)}.",
        terms if edition.terms else "It defines no terms.",
    )


def _term(term: TermDefinition) -> tuple[str, ...]:
    return (code(term.name), term.means, term.when.says(), term.certainty, law(term.citation))


def rulebook_page(rulebook: Rulebook) -> str:
    """`rulebook.md`: which editions are in force from when."""
    rows = [(code(one.edition.id), one.starts_on, one.ends_on or "–", one.edition.title) for one in rulebook.chosen]
    return page(
        "# The default rulebook",
        f"{rulebook.title}. Working days are those of {_NATIONS[rulebook.nation]}.",
        "A rulebook says which editions are in force from when. Each duty is chosen by the day on which its clock "
        "starts: from the first day, that day included, to the last, that day excluded. A rulebook of your own may "
        "choose other editions and amend single duties; its schema is [rulebook](schema/rulebook.schema.json).",
        table(("edition", "from", "to", "title"), rows),
        page("## Duties that continue one of an earlier edition", table(("duty", "continues"), _continued(rulebook))),
        page(
            "## Limits that a later edition changed", table(("duty", "limit", "was", "limit then"), _changed(rulebook))
        ),
    )


def _continued(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    for duty, _ in rulebook.duties():
        if duty.continues:
            yield _link(f"{duty.edition}/{duty.id}"), _link(duty.continues)


def _changed(rulebook: Rulebook) -> Iterator[tuple[str, ...]]:
    by_name = {f"{duty.edition}/{duty.id}": duty for duty, _ in rulebook.duties()}
    for duty in by_name.values():
        earlier = by_name.get(duty.continues)
        if earlier and _limits(earlier) != _limits(duty):
            yield _link(f"{duty.edition}/{duty.id}"), _limits(duty), _link(duty.continues), _limits(earlier)


def _limits(duty: Duty) -> str:
    said = [limit.says() for limit in (duty.limit, duty.enhanced_limit) if limit]
    return ", under Enhanced Rights ".join(said) or "none"


def _link(name: str) -> str:
    return f"[{name}](duties/{name}.md)"
