"""`kept explain`: what the records say of a crime, and why each obligation is in its state."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kept.cli.output import print_json, say
from kept.cli.passed import passed
from kept.code import loader
from kept.code.model import Rulebook
from kept.code.near import near_it
from kept.engine.alone import Evaluated, read_case
from kept.engine.coverage import require_look_back, rules_for
from kept.engine.entries import Timeline
from kept.engine.explain import explain
from kept.engine.obligation import Obligation
from kept.engine.rules import Rules
from kept.engine.wording import short_moment, what_in_words
from kept.errors import NotFoundError
from kept.records.store import Store
from kept.records.version import StoreVersion


def explain_crime(options: argparse.Namespace) -> None:
    version = Store.open(options.store).latest()
    as_of = passed(options.as_of)
    require_look_back(version, as_of)
    rulebook = loader.rulebook(options.rulebook)
    _require_duty(options.duty, rulebook)
    rules = rules_for(rulebook, version)
    known = _of_crime(version, rules, options.crime, as_of)
    found = [one for one in known if _wanted(one, options.victim)]
    if not found:
        raise _nobody(options, known, as_of)
    if options.json:
        print_json([_as_data(one, rules, options.duty) for one in found])
        return
    told = [one for one in found if options.duty is None or _of_duty(one, options.duty)] or found[:1]
    say("\n\n".join("\n".join(_in_words(one, rules, options.duty)) for one in told))


def _nobody(options: argparse.Namespace, known: Sequence[Evaluated], as_of: datetime) -> NotFoundError:
    """What to say where the crime is not known, or is and has no such victim."""
    victims = ", ".join(one.subject.victim for one in known if one.subject.victim)
    nothing = f"Nothing under that id had been entered by {short_moment(as_of)}."
    return NotFoundError(
        f"There is no crime {options.crime}" + (f" with a victim {options.victim}." if options.victim else "."),
        where=str(options.store),
        why=f"By {short_moment(as_of)} its victims were: {victims}." if victims else nothing,
        what_to_do="Check the id as the force's system writes it, or name a later --as-of.",
    )


def _of_duty(one: Evaluated, duty: str | None) -> list[Obligation]:
    return [row for row in one.obligations if duty in (None, row.duty)]


def _require_duty(duty: str | None, rulebook: Rulebook) -> None:
    known = [one.id for one, _ in rulebook.duties()]
    if duty and duty not in known:
        raise NotFoundError(
            f"There is no duty {duty}.",
            where=rulebook.id,
            why=near_it(duty, known, "No edition of the rulebook holds a duty of that id."),
            what_to_do="`kept code list` shows every duty; --rulebook names a rulebook of your own.",
        )


def _of_crime(version: StoreVersion, rules: Rules, crime: str, as_of: datetime) -> list[Evaluated]:
    """The victims of a crime and its investigation, in order of their numbers; none where nobody knew it by then."""
    try:
        rows = version.find_crime(crime, as_of)
    except NotFoundError:
        return []
    numbers = {row["subject"] for row in rows}
    cases = [read_case(version, rules, name, as_of) for name in sorted({row["investigation"] for row in rows})]
    found = [one for case in cases for one in case.subjects if one.subject.number in numbers]
    return sorted(found, key=lambda one: one.subject.number)


def _wanted(one: Evaluated, victim: str | None) -> bool:
    return victim is None or one.subject.victim == victim


def _in_words(one: Evaluated, rules: Rules, duty: str | None) -> list[str]:
    subject, timeline = one.subject, one.timeline
    lines = [f"{subject.kind.capitalize()} {subject.id}, as of {short_moment(timeline.as_of)}", ""]
    if duty is None:
        lines += [*_timeline_in_words(timeline, rules), ""]
    rows = _of_duty(one, duty)
    for row in rows:
        lines += [*explain(row, timeline, rules).lines(), ""]
    if not rows:
        lines.append("No obligation" + (f" under {duty}." if duty else "."))
    return lines


def _timeline_in_words(timeline: Timeline, rules: Rules) -> list[str]:
    return [
        f"  {'from the start  ' if entry.at.year < 1901 else short_moment(entry.at)}  "
        f"{'planned: ' if entry.planned else ''}{what_in_words(entry, rules.vocabulary)}"
        f"{'' if entry.entered <= entry.at or entry.at.year < 1901 else f'  [entered {short_moment(entry.entered)}]'}"
        for entry in timeline.entries()
    ]


def _as_data(one: Evaluated, rules: Rules, duty: str | None) -> dict[str, Any]:
    return {
        "subject": one.subject.id,
        "kind": one.subject.kind,
        "as_of": one.timeline.as_of,
        "obligations": [
            {
                **row._asdict(),
                "explanation": list(explain(row, one.timeline, rules).lines()),
            }
            for row in _of_duty(one, duty)
        ],
    }
