"""The page of a chart: an image with its words, and a table in which every figure has its headings."""

import re
from functools import cache

import pytest

from kept.measures.charts import STYLE, SUPPRESSED, Cell, Chart, Column, RateBar, Table, html, png, rate_bars, svg
from kept.measures.charts import table_html as table_of
from tests.support.charts import EMPTY, KINDS, held, named_charts

CHARTS = named_charts()


@cache
def page_of(kind: str) -> str:
    return html(CHARTS[kind])


def test_the_figure_has_title_sentence_image_and_table() -> None:
    chart = CHARTS["bars"]
    page = html(chart)
    assert page.startswith('<figure class="kept-chart">')
    assert f"<strong>{chart.title}</strong>" in page
    assert chart.sentence in page
    assert f'<div role="img" aria-label="{chart.alt}">' in page
    assert page.count("<svg ") == page.count('aria-hidden="true" focusable="false"') == 2
    assert page.count('<th scope="col"') == len(chart.table.columns)
    assert page.count('<th scope="row"') == len(chart.table.rows)
    assert "<caption>" in page


def test_no_two_drawings_share_an_id() -> None:
    found = [one for kind in KINDS for one in re.findall(r'\bid="([^"]+)"', page_of(kind))]
    assert found
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_chart_is_always_drawn_the_same(kind: str) -> None:
    assert html(named_charts()[kind]) == page_of(kind)


def test_every_clipping_that_is_used_is_there() -> None:
    page = "".join(map(page_of, KINDS))
    used = set(re.findall(r"url\(#([^)]+)\)", page))
    assert used
    assert used <= set(re.findall(r'\bid="([^"]+)"', page))


def test_the_style_names_what_the_page_holds() -> None:
    page = page_of("journey")
    assert {name for name in re.findall(r"\.(kept-chart\w*)", STYLE) if name not in page} == set()


def test_what_is_suppressed_is_printed_and_nowhere_drawn() -> None:
    hidden = RateBar("rare", 7, None, 0.111, 0.999, marker=SUPPRESSED)
    chart = rate_bars("t", [RateBar("arrest", 1234, 0.62, 0.6, 0.64), hidden])
    assert [cell.text for cell in chart.table.rows[1][1:]] == [SUPPRESSED] * 5
    assert [cell.value for cell in chart.table.rows[1][1:]] == [None] * 5
    assert {0.111, 0.999, 7}.isdisjoint(held(chart.spec(640)))
    assert "[c] = suppressed, so that nobody can be recognised" in html(chart)
    assert "Not shown: rare." in chart.sentence


def test_a_table_without_rows_says_so() -> None:
    page = html(EMPTY["bars, none"])
    assert "No figures." in page
    assert page.count("<tbody>") == 1


def test_a_table_tells_figures_from_words() -> None:
    table = Table((Column("Area"), Column("Rate", "days")), ((Cell("North", "North"), Cell("2.5", 2.5)),))
    page = table_of(table, "c")
    assert '<th scope="col" class="kept-chart__figure">Rate (days)</th>' in page
    assert '<th scope="row" dir="auto">North</th><td class="kept-chart__figure">2.5</td>' in page


def test_a_heading_is_drawn_only_where_the_page_has_none() -> None:
    chart = Chart("A title", "A sentence.", EMPTY["bars, none"].spec, EMPTY["bars, none"].table, "alt")
    assert ">A title</text>" in svg(chart).replace("</tspan>", "")
    assert "A title</text>" not in svg(chart, heading=False)


def test_a_picture_is_as_large_as_asked_for() -> None:
    picture = png(EMPTY["bars, none"], 400, 1.5)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 600
