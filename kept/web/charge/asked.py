"""What is asked of each victim before somebody is charged, and the duties that it rests on, as data.

The OPCC asked for it of the statement (board papers, row 33); the other three are what a prosecutor asks next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kept.code.model import Answer, Duty, Part, Rulebook, Selector
from kept.engine.coverage import coverage
from kept.engine.rules import Rule, Rules, prepare


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to have been done. `rests_on`: duties as `edition/id`, the one that leads first.

    What answers any of them is evidence; after a colon stands the one part that counts. With `starts`, so is what
    such a duty is owed upon: who found a need has considered it.
    """

    id: str
    title: str
    rests_on: tuple[str, ...]
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the records of a victim; it passes when each of its steps does, in their order in time."""

    id: str
    title: str
    steps: tuple[Step, ...]


ASKED = (
    Ask(
        "statement",
        "Victim Personal Statement offered",
        (Step("offered", "Offered", ("code-2020/R7-2",)),),
    ),
    Ask(
        "contact",
        "Contact up to date",
        (Step("interval", "Contact at the agreed interval", ("force-standards/FS-CONTACT-PLAN",)),),
    ),
    Ask(
        "special_measures",
        "Special measures considered",
        (
            Step(
                "considered",
                "Considered",
                ("code-2020/R4-7", "force-standards/FS-NEEDS-STANDARD:special_measures"),
                starts=True,
            ),
        ),
    ),
    Ask(
        "needs",
        "Needs assessment done and reviewed",
        (
            Step("assessed", "Assessed", ("code-2020/R4-1:R4-1a", "force-standards/FS-NEEDS-ASSESSED")),
            Step(
                "reviewed",
                "Reviewed, and what was done noted",
                ("force-standards/FS-OFFICER-REVIEW:action",),
            ),
        ),
    ),
)
"""Everything that is asked, in the order in which it is shown."""
STEPS = {step.id: step.title for ask in ASKED for step in ask.steps}
"""What each step is called."""


@dataclass(frozen=True, slots=True)
class Law:
    """A step with what the rulebook says of it: the duties in force, and the events that show it.

    `named`: the duties and parts that a refusal or a reason may name to be about this step. `silent`: what no source
    supplies of all that could show it, so that silence says nothing. What counts only at best shows nothing here.
    """

    step: Step
    rules: tuple[Rule, ...]
    wants: tuple[Selector, ...]
    not_done: tuple[Selector, ...]
    named: frozenset[str]
    silent: tuple[str, ...]

    @property
    def duty(self) -> Duty:
        """The duty that leads: whether the step is owed is read from it."""
        return self.rules[0].duty


@dataclass(frozen=True, slots=True)
class Laws:
    """What is asked on a day by a rulebook, of records that can say so much.

    A step of which no duty is in force is not asked. `prepared` has the rules by which repeated contact is judged.
    """

    prepared: Rules
    asked: tuple[tuple[Ask, tuple[Law, ...]], ...]


def laws(rulebook: Rulebook, supplied: Collection[str], day: date) -> Laws:
    """The laws of a day. `supplied`: the kinds and attributes that the records can say something of."""
    lacking = {one.name: one.lacking for one in coverage(rulebook, supplied)}
    in_force = {f"{rule.duty.edition}/{rule.duty.id}": rule for rule in _rules(rulebook) if rule.in_force(day)}
    repeating = next((rule.duty for rule in in_force.values() if _is_repeating(rule)), None)
    asked = ((ask, tuple(_laws(ask.steps, in_force, lacking, supplied))) for ask in ASKED)
    return Laws(prepare(rulebook, only=repeating), tuple((ask, found) for ask, found in asked if found))


def _rules(rulebook: Rulebook) -> Iterator[Rule]:
    for by_kind in prepare(rulebook).by_start.values():
        for rules in by_kind.values():
            yield from rules


def _is_repeating(rule: Rule) -> bool:
    named = {name for ask in ASKED for step in ask.steps for name in step.rests_on}
    return rule.duty.kind == "repeat" and f"{rule.duty.edition}/{rule.duty.id}" in named


def _laws(
    steps: Sequence[Step], in_force: dict[str, Rule], lacking: dict[str, tuple[str, ...]], supplied: Collection[str]
) -> Iterator[Law]:
    for step in steps:
        named = [name.partition(":") for name in step.rests_on]
        found = [(in_force[duty], part) for duty, _, part in named if duty in in_force]
        if found:
            yield _law(step, found, lacking, supplied)


def _law(
    step: Step, found: Sequence[tuple[Rule, str]], lacking: dict[str, tuple[str, ...]], supplied: Collection[str]
) -> Law:
    answers = [answer for rule, part in found for answer in _answers(rule.duty, part)]
    wants = [selector for answer in answers for selector in answer.specific]
    if step.starts:
        wants += [selector for rule, part in found if not part for selector in rule.duty.owed_when]
    leads = found[0][0].duty
    silent = [one.kind for one in wants if one.kind not in supplied]
    if leads.kind == "repeat":
        silent += lacking.get(f"{leads.edition}/{leads.id}", ())
    return Law(
        step,
        tuple(rule for rule, _ in found),
        tuple(wants),
        tuple(selector for rule, part in found for selector in _not_done(rule.duty, part)),
        frozenset({leads.id, *(part or rule.duty.id for rule, part in found)}),
        tuple(dict.fromkeys(silent)),
    )


def _parts(duty: Duty, part: str) -> list[Part]:
    return [one for one in duty.parts if part in ("", one.id)]


def _answers(duty: Duty, part: str) -> list[Answer]:
    return [duty.answer] if duty.answer else [one.answer for one in _parts(duty, part)]


def _not_done(duty: Duty, part: str) -> list[Selector]:
    return [*duty.not_done, *(selector for one in _parts(duty, part) for selector in one.not_done)]
