"""Why a duty is owed and what counts as done, in the words of whoever must do it.

The phrases are data, `plain_words.yaml`. A kind without any, such as one of a force's own edition, is said by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

from kept.code.model import Answer, Duty, Selector
from kept.contract.vocabulary import standard

ONLY_IN_GENERAL = "A contact that does not say what it was about is not enough: write down what you told them"
"""Said of a duty that a general contact answers only at best."""

SINCE_THE_LAST = "The agreed time runs from the last contact, or from the last one that was due"
"""Said of a duty that repeats: each of its windows opens when the one before it ends."""


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind of event is said: as what happened, what is waited for and what is to be done; and its fields."""

    happened: str = ""
    awaited: str = ""
    done: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)


@cache
def words() -> Mapping[str, Words]:
    """The phrases of every kind that has some."""
    text = files("kept.code").joinpath("plain_words.yaml").read_text(encoding="utf-8")
    return {kind: Words(**said) for kind, said in yaml.safe_load(text).items()}


def counts_as_done(duty: Duty, part: str = "") -> list[str]:
    """What keeps a duty, or one part of it: a sentence for each way; for a duty of parts, one for each part.

    Sentences begin with a capital and have no stop. Empty where the duty has no answer.
    """
    answers = _answers(duty, part)
    said = [_upper(", or ".join(_said(answer.specific, "done"))) for answer in answers if answer.specific]
    said += [_upper(f"or {way}") for way in _said(duty.or_reason, "done") if not part]
    if any(answer.generic for answer in answers):
        said.append(ONLY_IN_GENERAL)
    return list(dict.fromkeys(said))


def why_owed(duty: Duty) -> str:
    """What made a duty arise, without when: `A suspect was arrested`; of a `before` duty what it must come before."""
    if duty.kind == "repeat":
        return SINCE_THE_LAST
    started, awaited = ", or ".join(_said(duty.owed_when, "happened")), _either(_said(duty.before, "awaited"))
    before = f"it must be done before {awaited}" if awaited else ""
    return _upper("; ".join(filter(None, (started, before))))


def _answers(duty: Duty, part: str) -> tuple[Answer, ...]:
    return tuple(one.answer for one in duty.parts if one.id == part) if part else duty.answers()


def _said(selectors: Sequence[Selector], how: str) -> list[str]:
    """Each selector in words, each once; `how` is a template of `Words`."""
    return list(dict.fromkeys(_phrase(one, how) for one in selectors))


def _phrase(selector: Selector, how: str) -> str:
    known = words().get(selector.kind, Words())
    template: str = getattr(known, how)
    if not template:
        return selector.says()
    results = known.results.get(" ".join(selector.result), known.results.get("", "") if not selector.result else "")
    values = _phrases(selector.value, known.values, _vocabulary(selector.kind))
    items = _phrases(selector.item, known.items, {})
    return template.format(value=values, item=items, result=results).strip()


def _vocabulary(kind: str) -> Mapping[str, str]:
    found = standard().kinds.get(kind)
    return found.values if found else {}


def _phrases(named: Sequence[str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    return _either([ours.get(one, theirs.get(one, one.replace("_", " "))) for one in named or [""]])


def _either(phrases: Sequence[str]) -> str:
    if any(", " in phrase for phrase in phrases):
        return "; or ".join(phrases)
    *first, last = phrases or [""]
    return f"{', '.join(first)} or {last}" if first else last


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
