"""Small builders for tests of the evaluator: a duty written as in an edition, a timeline, and the rows they give.

`T(day, hour)` is a moment counted from Monday 4 March 2024, 09:00 in London, which no bank holiday, weekend or clock
change is near to (until Good Friday, day 25).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kept.code import build
from kept.code.model import Chosen, Citation, Duty, Edition, Rulebook, TermDefinition
from kept.contract.vocabulary import standard
from kept.engine.entries import Entry, Posting, Subject, Timeline
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reference import evaluate
from kept.engine.rules import Rules, prepare

BASE = datetime(2024, 3, 4, 9, tzinfo=UTC)
CITED = {"source": "test"}
LATER = 1000
"""A day by which everything in a test has been entered and judged."""

ENHANCED = {
    "enhanced": {"any": [{"fact": "enhanced"}, {"term": "enhanced_gate"}]},
    "enhanced_gate": {"any": [{"fact": "vulnerable"}, {"fact": "domestic_abuse"}]},
}


def T(day: float, hour: float = 0) -> datetime:  # noqa: N802  a unit, as it is written in formulas
    """The moment so many days and hours after BASE."""
    return BASE + timedelta(days=day, hours=hour)


def event(kind: str, at: float | datetime, *, entered: float | datetime | None = None, **fields: Any) -> Entry:
    """An event; `at` and `entered` in days after BASE. Its id is its kind and moment unless `id` says otherwise."""
    moment = _moment(at)
    ident = fields.pop("id", f"{kind}@{moment:%Y%m%dT%H%M%S}")
    return Entry(at=moment, kind=kind, id=ident, entered=moment if entered is None else _moment(entered), **fields)


def fact(attribute: str, value: str | None, at: float | datetime = -100, **fields: Any) -> Entry:
    """A value of a fact, known from `entered` (from when it held, if left out)."""
    fields.setdefault("id", f"{attribute}={value}@{_moment(at):%Y%m%dT%H%M%S}")
    return event(attribute, at, is_fact=True, value=value, **fields)


def duty(**content: Any) -> Duty:
    """A duty, in the words of an edition's file. It responds within five days unless the words say otherwise."""
    words: dict[str, Any] = {
        "id": "D1",
        "title": "a duty",
        "says": "a duty",
        "holder": "police",
        "certainty": "sourced",
        "citation": CITED,
        "kind": "respond",
        "judged_at": "due",
        **content,
    }
    if words["kind"] == "respond":
        words = {"owed_when": "suspect_arrested", "limit": {"days": 5}, "answer": {"specific": "victim_told"}, **words}
    return build.duty(
        words,
        edition="test",
        right=6,
        ends=build.selectors(content.get("edition_ends")),
        file="",
        line=0,
        example_lines=[0] * len(content.get("examples", ())),
    )


def edition(
    *duties: Duty, terms: Mapping[str, Mapping[str, Any]] = ENHANCED, name: str = "test", folder: str = ""
) -> Edition:
    """An edition of these duties."""
    defined = {
        term: TermDefinition(term, term, build.condition(when), "sourced", Citation("test"))
        for term, when in terms.items()
    }
    return Edition(name, name, "local", Citation("test"), standard(), defined, {one.id: one for one in duties}, folder)


def rulebook(*chosen: tuple[Edition, date, date | None], nation: str = "england-and-wales") -> Rulebook:
    """Editions and the days between which each is in force."""
    return Rulebook("test", "test", nation, tuple(Chosen(*one) for one in chosen), standard())


ALWAYS = date(1900, 1, 1)

VICTIM = Subject(1, "victim", "V1", "I1", BASE - timedelta(days=3650), "C1", "V1", "P1")
INVESTIGATION = Subject(0, "investigation", "I1", "I1", BASE - timedelta(days=3650))


def prepared(what: Duty | Rulebook) -> Rules:
    """A duty, or a rulebook, made ready for evaluation."""
    return prepare(what if isinstance(what, Rulebook) else rulebook((edition(what), ALWAYS, None)))


def run(
    what: Duty | Rulebook,
    entries: Iterable[Entry],
    as_of: float | datetime = LATER,
    *,
    subject: Subject | None = None,
    postings: Sequence[Posting] = (),
) -> Evaluation:
    """Evaluate a duty, or a rulebook, on one timeline: a victim's, unless the duty is owed to another."""
    if subject is None:
        owed_to = what.owed_to if isinstance(what, Duty) else "victim"
        subject = VICTIM if owed_to == "victim" else INVESTIGATION
    return evaluate(Timeline(subject, entries, postings, _moment(as_of)), prepared(what))


def rows(
    what: Duty | Rulebook, entries: Iterable[Entry], as_of: float | datetime = LATER, **others: Any
) -> list[Obligation]:
    """The obligations that `run` finds."""
    return run(what, entries, as_of, **others).obligations


def only(what: Duty | Rulebook, entries: Iterable[Entry], as_of: float | datetime = LATER, **others: Any) -> Obligation:
    """The one obligation that there is."""
    (row,) = rows(what, entries, as_of, **others)
    return row


def states(
    what: Duty | Rulebook, entries: Iterable[Entry], as_of: float | datetime = LATER, **others: Any
) -> list[str]:
    """The state of every obligation, in order."""
    return [row.state for row in rows(what, entries, as_of, **others)]


def _moment(at: float | datetime) -> datetime:
    return at if isinstance(at, datetime) else T(at)
