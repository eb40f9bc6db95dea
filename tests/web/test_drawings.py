"""Drawings of charts: the same as without the drawer, drawn once, kept for a while, and never for somebody else."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kept.measures import charts
from kept.measures.charts import Chart, RateBar, rate_bars
from kept.web import drawings
from kept.web.drawer import Drawer


def chart(label: str = "a") -> Chart:
    return rate_bars("How many", [RateBar(label, 100, 0.5, 0.4, 0.6, 0.7), RateBar("b <é>", 50, 0.2, 0.1, 0.3, 0.4)])


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    return tmp_path / "drawings"


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    own = Drawer()
    monkeypatch.setattr(drawings, "_DRAWER", own)
    yield own
    if own._process:
        own._process.kill()


class _Nobody:
    """A drawer that draws nothing, and counts how often it was asked."""

    asked = 0

    def draw(self, spec: str, version: str) -> None:
        self.asked += 1


def test_the_drawer_draws_what_is_drawn_without_it(home: Path, drawer: Drawer) -> None:
    assert drawings.svg(chart(), 300) == charts.svg(chart(), 300, heading=False)
    assert drawer._process


def test_one_that_was_drawn_is_not_drawn_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = _Nobody()
    monkeypatch.setattr(drawings, "_DRAWER", nobody)
    assert drawings.svg(chart(), 300) == drawings.svg(chart(), 300)
    assert nobody.asked == 1
    (kept,) = home.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0


def test_another_chart_or_width_is_another_drawing(home: Path, drawer: Drawer) -> None:
    drawn = {drawings.svg(chart("A"), 300), drawings.svg(chart("B"), 300), drawings.svg(chart("A"), 760)}
    assert len(drawn) == 3


def test_a_drawer_that_ended_is_started_anew(home: Path, drawer: Drawer) -> None:
    drawings.svg(chart(), 300)
    assert drawer._process
    drawer._process.kill()
    drawer._process.wait()
    assert drawings.svg(chart("B"), 300) == charts.svg(chart("B"), 300, heading=False)


def test_what_the_drawer_cannot_draw_it_says_and_goes_on(drawer: Drawer) -> None:
    assert drawer.draw("no specification", "5.21") is None
    assert drawer.draw('{"mark": "bar"}', "5.21")


def test_a_drawing_that_was_cut_short_is_drawn_again(home: Path, drawer: Drawer) -> None:
    whole = drawings.svg(chart(), 300)
    (kept,) = home.iterdir()
    kept.write_text(kept.read_text(encoding="utf-8")[:200], encoding="utf-8")
    assert drawings.svg(chart(), 300) == whole


def test_those_that_nobody_looked_at_go_first(home: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "MOST", 4)
    for place, label in enumerate("ABCD"):
        drawings.svg(chart(label), 300)
        newest = max(home.iterdir(), key=lambda one: one.stat().st_mtime_ns)
        os.utime(newest, (place, place))
    drawings.svg(chart("A"), 300)
    drawings.svg(chart("E"), 300)
    assert len(list(home.iterdir())) == 4
    monkeypatch.setattr(drawings, "_DRAWER", nobody := _Nobody())
    for label in "ACDE":
        drawings.svg(chart(label), 300)
    assert nobody.asked == 0


def test_where_nothing_can_be_written_it_is_drawn_all_the_same(settings: Any, tmp_path: Path, drawer: Drawer) -> None:
    (tmp_path / "file").touch()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path / "file")
    assert drawings.svg(chart(), 300) == charts.svg(chart(), 300, heading=False)


def test_all_are_forgotten(home: Path, drawer: Drawer) -> None:
    drawings.svg(chart(), 300)
    drawings.forget()
    assert not home.exists()
