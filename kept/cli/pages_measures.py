"""The pages of measures: what each counts, over what, in which SQL, and what it cannot say."""

from collections.abc import Iterable

from kept.cli.pages_markdown import bullets, code, codes, page, papers, table
from kept.measures.catalogue import HOLDERS, all_populations, breakdowns, moment_of
from kept.measures.counts import query_of
from kept.measures.limits import limits_of
from kept.measures.model import OBLIGATIONS, Measure, Population


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
        page("## What it cannot say", limits_of(one)),
        page("## By what it may be divided", codes(breakdowns(one))),
        page("## As SQL", _over(one), f"```sql\n{query_of(one)}\n```"),
    )


def _over(one: Measure) -> str:
    if one.of == OBLIGATIONS:
        return "Over the obligations of a run, all together; `clock` is the moment at which they are looked at:"
    return "Over the members of a run, all together:"


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
