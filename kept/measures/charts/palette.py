"""Colours of the UK Government Analysis Function, and how far they stand apart in grey.

Palette: Government Analysis Function, "Data visualisation: colours in charts" (categorical palette). Contrast: WCAG
2.2, "relative luminance" and "contrast ratio"; a mark needs 3:1 against the page (criterion 1.4.11), text 4.5:1.

Dark blue, dark pink and dark grey are dark; turquoise, orange and light purple are light. Two colours of one half look
alike in grey, so no chart tells two things apart by them without a shape, a dash or a word.
"""

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
PALETTE = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

PAGE = "#FFFFFF"
GRID = "#DDDDDD"
"""Lines that only help the eye; nothing is read from them alone."""


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 (black) to 1 (white): WCAG 2.2."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 (none) to 21: WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
