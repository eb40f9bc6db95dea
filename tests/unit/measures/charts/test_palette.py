"""Colours stand out from the page, and nothing that a chart tells apart differs by colour alone."""

import pytest

from kept.measures.charts import (
    bars,
    causes,
    disparity_drawing,
    funnel_drawing,
    journey,
    loads,
    palette,
    process_layers,
)
from kept.measures.charts.drawing import CONFIG
from kept.measures.charts.palette import DARK_GREY, PAGE, PALETTE, contrast, luminance

POINTS = {
    "process": [(shape, colour) for _, shape, colour in process_layers.KINDS.values()],
    "funnel": [(shape, colour) for _, shape, colour in funnel_drawing.LOOKS.values()],
    "disparity": [*disparity_drawing.LOOKS.values()],
}


def test_luminance_and_contrast_are_those_of_the_standard() -> None:
    assert luminance("#000000") == 0
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)  # the lightest grey that text may have


@pytest.mark.parametrize("colour", PALETTE)
def test_a_mark_stands_out_from_the_page(colour: str) -> None:
    assert contrast(colour, PAGE) >= 3


def test_text_can_be_read() -> None:
    assert contrast(DARK_GREY, PAGE) >= 7
    assert {CONFIG[part]["color"] for part in ("text", "title")} == {DARK_GREY}
    assert {CONFIG[part]["labelColor"] for part in ("axis", "legend")} == {DARK_GREY}


@pytest.mark.parametrize("kind", POINTS)
def test_points_differ_in_shape(kind: str) -> None:
    shapes = [shape for shape, _ in POINTS[kind]]
    assert len(set(shapes)) == len(shapes) > 2


@pytest.mark.parametrize("dashes", [process_layers.DASHES, funnel_drawing.DASHES])
def test_lines_differ_in_their_dashes(dashes: dict[str, list[int]]) -> None:
    assert len({tuple(dash) for dash in dashes.values()}) == len(dashes) == 3


@pytest.mark.parametrize("looks", [bars.LOOKS, journey.LOOKS, loads.LOOKS, causes.LOOKS])
def test_the_parts_of_a_bar_differ_in_grey(looks: dict[str, str]) -> None:
    colours = [*looks.values()]
    pairs = [(one, other) for at, one in enumerate(colours) for other in colours[:at]]
    assert min(contrast(*pair) for pair in pairs) >= 3


def test_the_dark_half_and_the_light_half_stand_apart_in_grey() -> None:
    dark = (palette.DARK_BLUE, palette.DARK_PINK, palette.DARK_GREY)
    light = (palette.TURQUOISE, palette.ORANGE, palette.LIGHT_PURPLE)
    assert min(contrast(one, other) for one in dark for other in light) >= 3
