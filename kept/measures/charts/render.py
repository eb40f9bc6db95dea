"""Charts as SVG, PNG and HTML, drawn without a browser and without a network."""

import hashlib
import json
import re
from collections.abc import Callable
from html import escape

from kept.measures.charts.chart import Cell, Chart, Spec, Table
from kept.measures.charts.drawing import PADDING
from kept.measures.charts.words import plain, wrap

VERSION = "5.21"
"""Of Vega-Lite, of those that the renderer has in it."""
WIDE, PHONE = 760, 300
"""The widths in pixels in which a page holds each chart; that of a phone fits the narrowest, and grows on others."""
STYLE = """\
.kept-chart { margin: 0 0 2rem; max-width: 960px; font-family: Arial, Helvetica, sans-serif; }
.kept-chart svg { max-width: 100%; height: auto; }
.kept-chart__phone { display: none; max-width: 26rem; }
.kept-chart__phone svg { width: 100%; }
@media (max-width: 700px) { .kept-chart__wide { display: none; } .kept-chart__phone { display: block; } }
.kept-chart__table { overflow-x: auto; }
.kept-chart table { border-collapse: collapse; }
.kept-chart caption { text-align: left; }
.kept-chart th, .kept-chart td { padding: 0.25rem 0.75rem; border-bottom: 1px solid #b1b4b6; text-align: left; }
.kept-chart .kept-chart__figure { text-align: right; font-variant-numeric: tabular-nums; }
"""
"""What a page that holds charts needs in its style sheet; without it both widths of each chart show."""

_PAGE = "body { margin: 0 auto; max-width: 960px; padding: 0.75rem; color: #0b0c0c; line-height: 1.4; }\n"
_ROOT = re.compile(r"<svg [^>]*>")
_SIZES = re.compile(r' (width|height|viewBox)="[^"]*"')
_TAGS = re.compile(r"<[a-z][^<>]*>")
_ROLES = re.compile(r' (role|aria-[a-z]+)="[^"]*"')
_NAMED = re.compile(r' role="img" aria-label="[^"]*"><title>.*?</title>', re.DOTALL)
_IDS = re.compile(r'(?<=\bid=")[^"]+(?=")|(?<=url\(#)[^)]+(?=\))')


def by_vega(spec: str) -> str:
    """A specification, as JSON, drawn as SVG in this process."""
    import vl_convert  # here, since it takes half a second, and most of what imports charts draws none

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[]))


def svg(chart: Chart, width: int = WIDE, heading: bool = True, draw: Callable[[str], str] = by_vega) -> str:
    """The chart as one SVG element, `width` pixels wide; without `heading` title and sentence are left to the page.

    `draw` turns a specification as JSON into SVG, as `by_vega` does.
    """
    return _own_ids(_labelled(draw(json.dumps(_spec(chart, width, heading), ensure_ascii=False)), chart))


def png(chart: Chart, width: int = WIDE, scale: float = 2.0) -> bytes:
    """The chart with title and sentence as PNG, `width` × `scale` pixels wide."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg(chart, width), scale=scale))


def html(chart: Chart) -> str:
    """The chart as a `figure`: title, sentence, the drawing for a desk and for a phone, and the table; see `STYLE`."""
    wide, phone = (_hidden(svg(chart, width, heading=False)) for width in (WIDE, PHONE))
    return "\n".join(
        [
            '<figure class="kept-chart">',
            f'<figcaption><p dir="auto"><strong>{_safe(chart.title)}</strong></p>'
            f'<p dir="auto">{_safe(chart.sentence)}</p></figcaption>',
            f'<div role="img" aria-label="{_safe(chart.alt)}">',
            f'<div class="kept-chart__wide">{wide}</div>',
            f'<div class="kept-chart__phone">{phone}</div>',
            "</div>",
            "<details><summary>The figures of this chart as a table</summary>",
            table_html(chart.table, chart.title),
            "</details>",
            "</figure>",
        ]
    )


def document(title: str, body: str, style: str = "") -> str:
    """A whole page that needs nothing else and holds charts, with what style it has beside theirs."""
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_safe(title)}</title><style>{style or _PAGE}{STYLE}</style></head><body><main>",
            body,
            "</main></body></html>\n",
        ]
    )


def table_html(table: Table, caption: str) -> str:
    """The table of a chart as HTML, each figure under its column's heading and beside its row's."""
    heads = "".join(_head(table, place) for place in range(len(table.columns)))
    rows = "\n".join(f"<tr>{_first(row[0])}{''.join(map(_cell, row[1:]))}</tr>" for row in table.rows)
    body = rows or f'<tr><td colspan="{len(table.columns)}">No figures.</td></tr>'
    notes = "".join(f"<p>{_safe(note)}</p>" for note in table.notes)
    return (
        f'<div class="kept-chart__table" role="region" tabindex="0" aria-label="{_safe(caption)}">'
        f"<table><caption>{_safe(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>{body}</tbody></table></div>{notes}"
    )


def _spec(chart: Chart, width: int, heading: bool) -> Spec:
    spec = chart.spec(width)
    if not heading:
        return spec
    room = width - 2 * PADDING
    return spec | {"title": {"text": wrap(chart.title, room, 18), "subtitle": wrap(chart.sentence, room, 14)}}


def _labelled(drawn: str, chart: Chart) -> str:
    """The drawing as one image with its words, instead of the many unnamed parts that a renderer makes."""
    root = _ROOT.match(drawn)
    sizes = "".join(found[0] for found in _SIZES.finditer(root[0])) if root else ""
    opened = f'<svg xmlns="http://www.w3.org/2000/svg"{sizes} role="img" aria-label="{_safe(chart.alt)}">'
    inside = _TAGS.sub(lambda found: _ROLES.sub("", found[0]), _ROOT.sub("", drawn, count=1))
    return f"{opened}<title>{_safe(chart.title)}</title>{inside}"


def _own_ids(drawn: str) -> str:
    """The drawing with ids of its own, so that two in one page do not take each other's clippings.

    The renderer counts through all that it ever drew; here the same chart always gets the same ids.
    """
    number: dict[str, str] = {}
    counted = _IDS.sub(lambda found: number.setdefault(found[0], f"{len(number)}"), drawn)
    own = hashlib.sha256(counted.encode()).hexdigest()[:12]
    return _IDS.sub(lambda found: f"kept-{own}-{found[0]}", counted)


def _hidden(drawn: str) -> str:
    """The drawing inside an element that already says what it is."""
    return _NAMED.sub(' aria-hidden="true" focusable="false">', drawn, count=1)


def _head(table: Table, place: int) -> str:
    """A column's heading, above figures where it holds any."""
    figures = any(isinstance(row[place].value, int | float) for row in table.rows)
    kind = ' class="kept-chart__figure"' if figures else ""
    return f'<th scope="col"{kind}>{_safe(table.columns[place].heading)}</th>'


def _first(cell: Cell) -> str:
    return f'<th scope="row" dir="auto">{_safe(cell.text)}</th>'


def _cell(cell: Cell) -> str:
    kind = ' dir="auto"' if isinstance(cell.value, str) else ' class="kept-chart__figure"'
    return f"<td{kind}>{_safe(cell.text)}</td>"


def _safe(text: str) -> str:
    return escape(plain(text), quote=True)


def vega_lite(chart: Chart, width: int = WIDE) -> str:
    """The chart's specification as JSON, with title and sentence, for a page or a tool that draws it itself."""
    return json.dumps(_spec(chart, width, heading=True), ensure_ascii=False)
