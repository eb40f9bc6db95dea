"""What holds of a chart of every kind: it can be drawn at every width, says all its figures, and can be read."""

import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree

import pytest

from kept.measures.charts import Chart, svg
from kept.measures.charts.render import PHONE
from kept.measures.charts.words import pixels
from tests.support.charts import BARE, EMPTY, KINDS, held, named_charts

CHARTS = named_charts()
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (PHONE, 640, 960)


@pytest.fixture(params=KINDS)
def chart(request: pytest.FixtureRequest) -> Chart:
    return CHARTS[request.param]


@cache
def drawing(kind: str, width: int) -> str:
    return svg(CHARTS[kind], width)


@pytest.fixture(params=[(kind, width) for kind in KINDS for width in WIDTHS], ids=str)
def drawn(request: pytest.FixtureRequest) -> tuple[int, ElementTree.Element]:
    kind, width = request.param
    return width, ElementTree.fromstring(drawing(kind, width))


def texts_of(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [one for one in root.iter(SVG + "text") if "".join(one.itertext()).strip()]


def test_it_is_as_wide_as_asked_for(drawn: tuple[int, ElementTree.Element]) -> None:
    width, root = drawn
    assert abs(float(root.attrib["width"]) - width) <= 12


def test_its_text_is_large_enough_and_upright(drawn: tuple[int, ElementTree.Element]) -> None:
    texts = texts_of(drawn[1])
    assert min(float(text.attrib["font-size"].removesuffix("px")) for text in texts) >= 12
    assert [text for text in texts if "rotate" in text.get("transform", "")] == []


def placed(one: ElementTree.Element, x: float = 0) -> Iterator[tuple[str, float, float]]:
    """Every text inside an element, with its left and right edge in pixels."""
    moved = re.search(r"translate\(([-.\d]+)", one.get("transform", ""))
    x += float(moved[1]) if moved else 0
    said = "".join(one.itertext())
    if one.tag == SVG + "text" and said.strip() and not one.findall(SVG + "tspan"):
        wide = pixels(said, 12)  # a little too wide at 13, as it is counted
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[one.get("text-anchor", "start")]
        yield said, left, left + wide
    for inner in one:
        yield from placed(inner, x)


def test_no_text_is_cut_at_its_sides(drawn: tuple[int, ElementTree.Element]) -> None:
    width, root = drawn
    edges = [*placed(root)]
    assert edges
    assert [(said, left, right) for said, left, right in edges if left < -2 or right > width + 2] == []


def test_it_names_only_fonts_that_every_reader_has(drawn: tuple[int, ElementTree.Element]) -> None:
    assert {text.attrib["font-family"] for text in texts_of(drawn[1])} == {"Arial, Helvetica, sans-serif"}


def test_nothing_in_it_is_not_a_number(drawn: tuple[int, ElementTree.Element]) -> None:
    said = ElementTree.tostring(drawn[1], encoding="unicode")
    assert re.findall(r"NaN|undefined|null|Infinity", said) == []


def test_it_loads_nothing(chart: Chart) -> None:
    drawn = svg(chart)
    assert re.findall(r"(?:href|src)=|url\((?!#)|@import|<style", drawn) == []
    assert set(re.findall(r"https?://[^\"']+", drawn)) <= {"http://www.w3.org/2000/svg"}
    assert [value for value in held(chart.spec(640)) if isinstance(value, str) and value.startswith("data:")] == []


def test_it_is_one_image_with_its_words(chart: Chart) -> None:
    root = ElementTree.fromstring(svg(chart))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == chart.alt
    assert root.findtext(SVG + "title") == chart.title
    assert chart.sentence in chart.alt
    assert not any("role" in one.attrib for one in root.iter() if one is not root)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_figure_of_the_table_is_in_the_drawing(chart: Chart, width: int) -> None:
    found = [*held(chart.spec(width))]
    numbers = {round(value, 9) for value in found if isinstance(value, int | float)}
    words = " ".join(value for value in found if isinstance(value, str))
    figures = [cell for row in chart.table.rows for cell in row if isinstance(cell.value, int | float)]
    assert figures
    assert [
        cell for cell in figures if round(float(cell.value or 0), 9) not in numbers and cell.text not in words
    ] == []


def test_a_phone_gets_another_layout(chart: Chart) -> None:
    assert chart.spec(340) != chart.spec(960)
    assert chart.spec(960) == chart.spec(960)


@pytest.mark.parametrize("name", BARE)
@pytest.mark.parametrize("width", [320, 960])
def test_a_chart_with_little_in_it_is_whole(name: str, width: int) -> None:
    drawn = svg(BARE[name], width)
    root = ElementTree.fromstring(drawn)
    assert abs(float(root.attrib["width"]) - width) <= 12
    assert 40 < float(root.attrib["height"]) < 1000
    assert re.findall(r"NaN|undefined|Infinity|e\+\d", drawn) == []


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("width", [320, 960])
def test_a_chart_without_data_says_so_in_words(name: str, width: int) -> None:
    empty = EMPTY[name]
    root = ElementTree.fromstring(svg(empty, width, heading=False))
    said = " ".join("".join(text.itertext()) for text in texts_of(root))
    assert said == empty.sentence
    assert empty.sentence.startswith("Nothing to draw: ")
