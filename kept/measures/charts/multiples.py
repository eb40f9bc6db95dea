"""Small multiples: one process chart an area, all on one scale, so that they can be compared by eye."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from string import ascii_uppercase

from kept.errors import MeasureError
from kept.measures.charts.chart import Chart, Column, Spec, Table, named
from kept.measures.charts.course import Annotation, Course, ProcessPoint, course_of
from kept.measures.charts.drawing import LINE, PADDING, RULE, SIZE, Line, around, at, layer, narrow, texts, wordless
from kept.measures.charts.process import process_chart
from kept.measures.charts.process_layers import Keys, Sides, axis_width, layers_of
from kept.measures.charts.words import listed, plain, quoted, several, wrap
from kept.measures.statistics.process_chart import Phase
from kept.measures.units import SHARE, Unit

HEIGHT, TOP, GAP, MARGIN = 110, 10, 22, 28
"""Of a panel, above its highest value, between panels, and beside the last point, in pixels."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One area's points, and its phases."""

    name: str
    points: tuple[ProcessPoint, ...]
    phases: tuple[Phase, ...] = ()


def small_multiples(
    title: str,
    panels: Sequence[Panel],
    annotations: Sequence[Annotation] = (),
    *,
    unit: Unit = SHARE,
    domain: tuple[float, float] | None = None,
    period: str = "month",
    word: str = "area",
) -> Chart:
    """A process chart for each panel, in the order given, on one scale.

    annotations           each a lettered line in every panel that has its period, and said in the sentence
    unit, domain, period  as for `process_chart`
    word                  what a panel is, in the sentence

    Raises MeasureError where two panels have one name, no panel has an annotation's period, or a panel would be refused
    as a process chart.
    """
    names = [panel.name for panel in panels]
    if len(set(names)) < len(names):
        raise MeasureError("Two panels have one name.", where=listed(sorted({n for n in names if names.count(n) > 1})))
    changes = lettered(panels, annotations)
    courses = _on_one_scale(
        [course_of(panel.points, panel.phases, _within(changes, panel), unit, domain) for panel in panels]
    )
    drawable = [(plain(panel.name), course) for panel, course in zip(panels, courses, strict=True) if _shown(course)]
    sentence = _sentence(panels, drawable, unit, word) + key_of(changes)
    spec = partial(_draw, tuple(drawable)) if drawable else wordless(sentence)
    table = _table(panels, changes, word, unit, domain, period)
    return Chart(
        plain(title), sentence, spec, table, f"Process charts, one for each {word}. {plain(title)}. {sentence}"
    )


def lettered(panels: Sequence[Panel], annotations: Sequence[Annotation]) -> list[Annotation]:
    """The annotations, each with a letter of its own before its text."""
    periods = {point.label for panel in panels for point in panel.points}
    lost = [change.label for change in annotations if change.label not in periods]
    if lost and panels:
        raise MeasureError("An annotation names a period that no panel has.", where=listed(lost))
    return [
        Annotation(change.label, f"{letter}: {change.said}")
        for letter, change in zip(_letters(), annotations, strict=False)
    ]


def _letters() -> Iterator[str]:
    """A to Z, then A2 to Z2, and so on."""
    return (f"{letter}{'' if turn == 1 else turn}" for turn in count(1) for letter in ascii_uppercase)


def _within(changes: Sequence[Annotation], panel: Panel) -> list[Annotation]:
    labels = {point.label for point in panel.points}
    return [change for change in changes if change.label in labels]


def key_of(changes: Sequence[Annotation]) -> str:
    """What the letters stand for, as a sentence."""
    said = "; ".join(f"{change.said}, from {plain(change.label)}" for change in changes)
    return f" What changed: {said}." if said else ""


def _on_one_scale(courses: Sequence[Course]) -> list[Course]:
    ends = [course.ends() for course in courses]
    low, high = min((end[0] for end in ends), default=0), max((end[1] for end in ends), default=1)
    return [Course(one.marks, one.phases, one.changes, one.unit, (low, high)) for one in courses]


def _shown(course: Course) -> bool:
    return any(mark.value is not None for mark in course.marks)


def _sentence(panels: Sequence[Panel], drawable: Sequence[tuple[str, Course]], unit: Unit, word: str) -> str:
    if not drawable:
        return f"Nothing to draw: there is no {word} with a figure that can be shown."
    drawn = {name for name, _ in drawable}
    hidden = listed([quoted(plain(panel.name)) for panel in panels if plain(panel.name) not in drawn])
    said = [part for part in (_now(drawable, kind) for kind in ("concern", "improvement", "neither")) if part]
    bare = listed([quoted(name) for name, course in drawable if not course.phases])
    parts = [
        f"Latest point: {'; '.join(said)}. " if said else "No latest point is a signal. ",
        f"{several(len(drawable), word).capitalize()} on one scale{'' if unit.share else f', in {unit.word}'}.",
        f" Without limits, so that no signal can be told: {bare}." if bare else "",
        f" Not shown: {hidden}." if hidden else "",
    ]
    return "".join(parts)


def _now(drawable: Sequence[tuple[str, Course]], kind: str) -> str:
    """The areas whose latest point is a signal of a kind."""
    latest = ((name, [mark for mark in course.marks if mark.value is not None][-1]) for name, course in drawable)
    names = [quoted(name) for name, mark in latest if mark.kind == kind]
    called = {"neither": "change, neither better nor worse"}.get(kind, kind)
    return f"a signal of {called} in {listed(names)}" if names else ""


def _table(
    panels: Sequence[Panel],
    changes: Sequence[Annotation],
    word: str,
    unit: Unit,
    domain: tuple[float, float] | None,
    period: str,
) -> Table:
    tables = [
        process_chart("", one.points, one.phases, _within(changes, one), unit=unit, domain=domain, period=period).table
        for one in panels
    ]
    columns = process_chart("", (), unit=unit).table.columns
    rows = ((named(panel.name), *row) for panel, table in zip(panels, tables, strict=True) for row in table.rows)
    return Table((Column(word.capitalize()), *columns), tuple(rows))


def _draw(panels: tuple[tuple[str, Course], ...], width: int) -> Spec:
    columns = min(len(panels), 2 if narrow(width) else 3 if width < 860 else 4)
    plot = (width - 2 * PADDING - axis_width(panels[0][1]) - GAP * (columns - 1)) / columns
    keys = Keys.of([course for _, course in panels], 1 if narrow(width) else 4)
    top = TOP + LINE * any(course.changes for _, course in panels)
    sides = Sides(plot, MARGIN, top, top + HEIGHT, small=True)
    cells: list[Spec] = []
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        titles = titles_of([name for name, _ in row], plot)
        cells += [
            cell(titles[place], course, sides, keys, labelled=place == 0) for place, (_, course) in enumerate(row)
        ]
    return panels_of(cells, columns, width)


def panels_of(cells: Sequence[Spec], columns: int, width: int) -> Spec:
    """A whole specification of panels in columns, under one key."""
    shared = {"scale": {name: "shared" for name in ("shape", "fill", "strokeDash")}}
    return {**around(width), "concat": [*cells], "columns": columns, "spacing": GAP, "align": "each", "resolve": shared}


def titles_of(names: Sequence[str], width: float) -> list[list[str]]:
    """The names of a row of panels in lines, all as many, so that the panels stand side by side."""
    lines = [wrap(name, width, SIZE + 1, most=3) for name in names]
    most = max(map(len, lines))
    return [[" "] * (most - len(some)) + some for some in lines]


def cell(title: Sequence[str], course: Course, sides: Sides, keys: Keys, labelled: bool) -> Spec:
    """One panel: a course under its title, with a letter where something changed; the value axis `labelled` or not."""
    return {
        "title": {"text": [*title], "fontSize": SIZE, "lineHeight": LINE, "frame": "group", "offset": 6},
        "width": sides.width,
        "height": sides.height,
        "layer": [*layers_of(course, sides, keys, labelled), *_changes(course, sides)],
    }


def _changes(course: Course, sides: Sides) -> list[Spec]:
    """A line where something changed, with its letter above; what changes at once stands side by side."""
    step = (sides.width - sides.margin) / len(course.marks)
    letters: dict[int, list[str]] = {}
    for place, said in course.changes:
        letters.setdefault(place, []).append(said.partition(":")[0])
    if not letters:
        return []
    lines = [Line(", ".join(some), max(place * step, 6), LINE / 2, "center") for place, some in letters.items()]
    rules = [{"x": place * step, "top": LINE} for place in letters]
    return [layer(rules, RULE, x=at("x"), y=at("top"), y2={"value": sides.height}), *texts(lines)]
