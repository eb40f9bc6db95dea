"""Charts as Vega-Lite specifications, each with its table and a sentence that says what is seen."""

from kept.measures.charts.bands import BANDS, SOON, aged_bands, soon_bands
from kept.measures.charts.bars import RateBar, rate_bars
from kept.measures.charts.beside import Beside, two_panels
from kept.measures.charts.causes import cause_bars
from kept.measures.charts.chart import Cell, Chart, Column, Table
from kept.measures.charts.counts import CountBar
from kept.measures.charts.course import Annotation, ProcessPoint
from kept.measures.charts.crossed import BarPanel, crossed_bars
from kept.measures.charts.crowd import FunnelArea, FunnelLimit
from kept.measures.charts.disparity import disparity_plot
from kept.measures.charts.funnel import funnel_plot
from kept.measures.charts.groups import Disparity, Unknown
from kept.measures.charts.journey import JourneyStep, journey_funnel
from kept.measures.charts.loads import load_bars
from kept.measures.charts.multiples import Panel, small_multiples
from kept.measures.charts.nothing import nothing_to_draw
from kept.measures.charts.process import process_chart
from kept.measures.charts.render import STYLE, document, html, png, svg, table_html, vega_lite
from kept.measures.charts.words import MISSING, SUPPRESSED
from kept.measures.units import NUMBER, SHARE, Unit

__all__ = [
    "BANDS",
    "MISSING",
    "NUMBER",
    "SHARE",
    "SOON",
    "STYLE",
    "SUPPRESSED",
    "Annotation",
    "BarPanel",
    "Beside",
    "Cell",
    "Chart",
    "Column",
    "CountBar",
    "Disparity",
    "FunnelArea",
    "FunnelLimit",
    "JourneyStep",
    "Panel",
    "ProcessPoint",
    "RateBar",
    "Table",
    "Unit",
    "Unknown",
    "aged_bands",
    "cause_bars",
    "crossed_bars",
    "disparity_plot",
    "document",
    "funnel_plot",
    "html",
    "journey_funnel",
    "load_bars",
    "nothing_to_draw",
    "png",
    "process_chart",
    "rate_bars",
    "small_multiples",
    "soon_bands",
    "svg",
    "table_html",
    "two_panels",
    "vega_lite",
]
