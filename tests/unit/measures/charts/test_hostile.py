"""Names that were made to break a page, or are only longer or of other letters than expected, do neither."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.measures.charts import html, svg, vega_lite
from kept.measures.charts.render import PHONE, WIDE
from tests.support.charts import KINDS, named_charts

_DRAWN = re.compile("<svg .*?</svg>", re.DOTALL)
HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "an attribute": "\"><img src=x onerror='alert(1)'>",
    "an expression": "'];alert(1)//${alert(1)}{{1+1}}",
    "a backslash": "\\u003cscript\\u003e\\",
    "control characters": "a\x00b\x1bc\ud800d\ufffe",
    "nothing": "",
}
ODD = {
    "turned": "\u202egnorw eht yaw\u2066",
    "right to left": "שירות לנפגעי עבירה ומשטרה",
    "Welsh": "Ymddiriedolaeth Tŷ'r Ŵyl, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "one long word": "x" * 300,
    "many words": "told of an arrest or a release " * 30,
    "another width": "警察署の被害者支援係" * 4,
    "a newline": "one\ntwo\r\nthree\u2028four",
    "a sign that is a word elsewhere": "null",
}
NAMES = HOSTILE | ODD
SAFE = {"figure", "figcaption", "p", "strong", "div", "svg", "g", "path", "rect", "line", "text", "tspan"} | {
    "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "defs", "clippath",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_the_page_is_whole_and_holds_only_what_a_chart_is_made_of(kind: str, name: str) -> None:
    said = html(named_charts(NAMES[name])[kind])
    said.encode()
    page = Page()
    page.feed(said)
    assert set(page.tags) <= SAFE
    assert [attribute for attribute in page.attributes if attribute.startswith("on")] == []
    assert page.attributes.isdisjoint({"src", "href", "style", "xlink:href"})
    assert page.open == []
    widths = [float(ElementTree.fromstring(drawn).attrib["width"]) for drawn in _DRAWN.findall(said)]
    assert [abs(width - asked) <= 12 for width, asked in zip(widths, (WIDE, PHONE), strict=True)] == [True, True]


@pytest.mark.parametrize("kind", ["process", "bars", "multiples"])
@pytest.mark.parametrize("name", ODD)
def test_a_name_that_is_only_odd_fits(kind: str, name: str) -> None:
    root = ElementTree.fromstring(svg(named_charts(ODD[name])[kind], PHONE))
    assert abs(float(root.attrib["width"]) - PHONE) <= 12


@pytest.mark.parametrize("name", ["a script", "right to left", "Welsh"])
def test_the_name_itself_can_be_read_in_the_table(name: str) -> None:
    for kind in ("process", "funnel", "bars", "journey", "disparity", "multiples"):
        cells = [cell.text for row in named_charts(NAMES[name])[kind].table.rows for cell in row]
        assert NAMES[name] in cells


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_any_name_can_be_drawn(name: str) -> None:
    chart = named_charts(f"n{name}")["process"]
    ElementTree.fromstring(svg(chart, 340))
    vega_lite(chart).encode()
