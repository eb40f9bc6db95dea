"""The pages of measures: what each counts, over what, in which SQL, and what it cannot say."""

from collections.abc import Iterable, Mapping

from kept.cli.pages_markdown import bullets, code, codes, page, papers, table
from kept.measures.catalogue import HOLDERS, all_populations, breakdowns, moment_of
from kept.measures.counts import query_of
from kept.measures.kinds import PERCENTILES
from kept.measures.model import OBLIGATIONS, Kind, Measure, Population

_LIMITS: Mapping[Kind, str] = {
    "duty": "It counts what the records show. Silence may be either: the range says how much of it there is.",
    "all_kept": "One lost duty loses the victim: the more duties are owed, the fewer victims keep them all.",
    "composite": "It is of different questions in each reading: a figure without the reading's name says nothing.",
    "share": "Of whom it is unknown is not in the share; both readings of them stand beside it.",
    "every": "Each victim counts once, whatever there is of theirs; one thing that does not hold loses them.",
    "copies": "It says what is alike and not why: a true sentence may be written often. Copies come in clumps, so that "
    "the interval is narrower than it should be.",
    "parts": "One member may be in several parts, so that the shares need not add up.",
    "themes": "One member may belong to several themes, so that the themes must not be added up.",
    "split": "Each member is in one category; those without one are left out, and are not “other”.",
    "time": "Who still waits counts with what they have waited; that they wait on like those before them is assumed.",
    "steps": "A step counts those who took every one before it, and so do charts. Whoever skipped one counts “at all”: "
    "where the two differ, steps are missed, or not written down.",
    "not_arisen": "It says why nothing was owed, and not whether that was right: a flag never set looks the same.",
    "bands": "All five bands are shown, or none.",
    "soon": "All bands are shown, or none. What falls due later, and what is overdue, is not in it.",
    "matrix": "Where either is unknown, the two cannot be compared.",
    "load": "Holders are not named, and those who hold nothing are not counted.",
    "count": "A count has no interval: it is all there were.",
}
"""What a figure of each kind cannot say."""


def name_of(measure: Measure) -> str:
    """The name of a measure's page, without what file names cannot hold."""
    return measure.id.replace("/", "-").replace(":", "-")


def measures_pages(measures: Iterable[Measure]) -> dict[str, str]:
    """The index, the populations and a page for each measure, by their paths."""
    found = list(measures)
    pages = {f"measures/{name_of(one)}.md": measure_page(one) for one in found}
    return {"measures/index.md": _index(found), "measures/populations.md": _populations(), **pages}


def measure_page(one: Measure) -> str:
    """The page of one measure."""
    return page(
        f"# {one.id}",
        f"**{one.title}**",
        one.means,
        table(("", ""), _said(one)),
        page("## What it cannot say", _LIMITS[one.kind], _least(one)),
        page("## By what it may be divided", codes(breakdowns(one))),
        page("## As SQL", "Over the members of a run, all together:", f"```sql\n{query_of(one)}\n```"),
    )


def _said(one: Measure) -> list[tuple[object, ...]]:
    return [
        ("counted in", f"[{one.of}](populations.md#{one.of})"),
        ("kind", one.kind.replace("_", " ")),
        ("stage", one.stage),
        ("falls into the period of its", code(moment_of(one))),
        ("source", one.source),
        ("unit", one.unit),
        ("better", one.direction),
        ("right", one.right),
        ("owner", one.owner),
        ("status", one.status),
        ("seen by", one.audience),
        ("items of the papers", papers(one.serves)),
    ]


def _least(one: Measure) -> str:
    few = f"No rate is printed of fewer than {one.least}." if one.least else ""
    times = f"Percentiles: {', '.join(map(str, PERCENTILES))}." if one.kind == "time" else ""
    return " ".join(filter(None, (few, times)))


def _index(found: list[Measure]) -> str:
    rows = [(f"[{one.id}]({name_of(one)}.md)", one.title, one.stage, one.source, one.status) for one in found]
    return page(
        "# Measures",
        "What each figure is: its definition, its SQL and its limits. `kept measure ID` gives it for a store, and "
        "`kept measures book` writes these pages with a store's own figures and charts. "
        "[What they are counted in](populations.md). A member without the moment by which a measure places it in a "
        "period is in none, and is counted where no period is asked for.",
        table(("measure", "title", "stage", "source", "status"), rows),
    )


def _populations() -> str:
    return page(
        "# What measures are counted in",
        "Each population has one row for every member, as a run saw it.",
        *map(_population, all_populations().values()),
        page(
            f"## {OBLIGATIONS}",
            "The obligations of a run, as [their page](../obligations.md) says, with the breakdowns of their victims. "
            "An obligation falls into the period in which it is judged; those who hold it are those who are credited.",
        ),
    )


def _population(one: Population) -> str:
    rows = ((code(name), column.means, column.breakdown) for name, column in one.columns.items())
    return page(
        f"## {one.id}",
        f"{one.means.capitalize()}. A member falls into the period of its {code(one.at)}, or of the moment "
        "that the measure names.",
        bullets([f"{codes(HOLDERS)}: who held the investigation when the member is judged"]),
        table(("column", "meaning", "breakdown"), rows),
    )
