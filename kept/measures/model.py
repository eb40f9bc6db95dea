"""What a measure is: what is counted, over what, at which stage, from which source; and what it is counted in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from kept.code.model import Selector

Source = Literal["records", "reviews", "voices", "registers"]
Direction = Literal["higher", "lower", "neither"]
Status = Literal["draft", "validated", "published"]
Kind = Literal[
    "duty",
    "all_kept",
    "composite",
    "not_arisen",
    "share",
    "every",
    "parts",
    "themes",
    "split",
    "time",
    "steps",
    "bands",
    "soon",
    "matrix",
    "load",
    "count",
    "copies",
]
How = Literal["first", "last", "count", "who", "fact", "since", "of_run", "row", "is"]
SELECTING: tuple[How, ...] = ("first", "last", "count", "who")
"""How a column may be told from some events."""
Grain = Literal["victim", "crime", "investigation", "item", "entry", "field", "obligation"]
IN_PLACE: tuple[Grain, ...] = ("entry", "field", "obligation")
"""Grains of populations that are read where their rows stand."""
Audience = Literal["everyone", "auditors"]

SOURCES: tuple[Source, ...] = get_args(Source)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
STATUSES: tuple[Status, ...] = get_args(Status)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
OBLIGATIONS = "obligations"
"""The population that a run makes; all others are of the records."""
ENTRIES, FIELDS = "entries", "fields"
"""The populations of what was written: entries, and the fields of forms."""
ALIKE = "owed"
"""The population whose rows stand for several members that are alike, `times` many."""
OFFENCE = "offence"
"""The breakdown whose mix is held the same where figures are compared like for like, unless another is named."""
MOST_CASES = 50
"""How many of the cases behind a figure are listed where nobody says how many."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing known of each member of a population, in one of several ways.

    `first`, `last` and `count` say when some events first or last happened, or how many there were, `who` who did the
    last of them; `fact` is the value of an attribute that holds, `since` from when it has held; `of_run` what a run
    found; `row` what stands in the row itself, of a population that is read in place; `is` an expression over the
    columns before it.
    """

    name: str
    means: str
    how: How
    selectors: tuple[Selector, ...] = ()
    text: str = ""
    breakdown: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """Whom or what is counted: one row each, with its columns; `at` is the moment at which a row came to be one.

    `grain` says of whose timelines a row is made; of `item` there is a row for each item that an event of `kinds`
    names; of `entry` for each that somebody wrote, of `field` for each of a form, of `obligation` for each of a run.
    """

    id: str
    means: str
    grain: Grain
    at: str
    columns: Mapping[str, Column]
    kinds: tuple[str, ...] = ()

    @property
    def breakdowns(self) -> dict[str, str]:
        """The columns by which its measures may be broken down, and what each is called."""
        return {name: one.breakdown for name, one in self.columns.items() if one.breakdown}


@dataclass(frozen=True, slots=True)
class Measure:
    """A named figure. `counts` and `where` are conditions over the columns of its population.

    `by` is the column that splits it, or within which members are counted first; `since` and `until` the two moments of
    a time; `least` the fewest of whom a rate is printed; `audience` who may see it; `outside` the parts of a composite
    that one of its readings leaves out. The parts of a composite are the ids of measures, by commas. `at` is the moment
    at which a member is judged: it places the member in a period, and bands count the days from it. Where a measure
    says none it is its population's own.
    """

    id: str
    title: str
    means: str
    kind: Kind
    of: str
    stage: str
    source: Source
    unit: str
    direction: Direction
    owner: str
    status: Status
    serves: tuple[int, ...] = ()
    right: int | None = None
    where: str = ""
    counts: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    by: str = ""
    since: str = ""
    until: str = ""
    within: str = ""
    at: str = ""
    least: int = 0
    breakdowns: tuple[str, ...] = ()
    audience: Audience = "everyone"

    @property
    def label(self) -> str:
        """Its name as a figure carries it: stage and source with it, so that two are never mixed, and for whom."""
        seen_by = "" if self.audience == "everyone" else f"; for {self.audience}"
        return f"{self.title} ({self.stage}, from {self.source}{seen_by})"
