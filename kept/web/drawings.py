"""Drawings of charts for pages: each drawn once for all processes, and kept in the home under what it was drawn of.

A drawing depends on its specification and on nothing else, which holds every figure and word in it. Whoever asks for
one has worked that out within their own scope, so that nobody is shown what they could not ask for.
"""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from kept.measures import charts
from kept.measures.charts import Chart
from kept.measures.charts.render import VERSION, by_vega
from kept.web.drawer import Drawer

MOST = 2000
"""How many are kept, about 20 kB each; those that were not looked at for longest go first."""
_DRAWER = Drawer()


def svg(chart: Chart, width: int) -> str:
    """A chart as SVG of a width in pixels, without the words that a page shows beside it."""
    return charts.svg(chart, width, heading=False, draw=_drawn)


def begin() -> None:
    """Have the drawer begin, which takes it a second, before somebody waits for a drawing."""
    _DRAWER.draw('{"mark": "bar"}', VERSION)


def forget() -> None:
    """Delete all that are kept."""
    shutil.rmtree(_folder(), ignore_errors=True)


def _drawn(spec: str) -> str:
    path = _folder() / f"{sha256(f'{VERSION}:{spec}'.encode()).hexdigest()}.svg"
    try:
        known = path.read_text(encoding="utf-8")
        os.utime(path)
    except OSError:
        known = ""
    if known.endswith("</svg>"):  # else it is cut short
        return known
    made = _DRAWER.draw(spec, VERSION) or by_vega(spec)
    _keep(path, made)
    return made


def _keep(path: Path, drawn: str) -> None:
    """All at once, so that nobody reads half of it; where nothing can be written it is drawn again next time."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(drawn, encoding="utf-8")
        unfinished.chmod(0o600)
        unfinished.replace(path)
        _delete_oldest(path.parent)
    except OSError:
        pass


def _delete_oldest(folder: Path) -> None:
    """A quarter of them, where there are too many."""
    there = list(os.scandir(folder))
    if len(there) > MOST:
        for one in sorted(there, key=lambda each: each.stat().st_mtime)[: MOST // 4]:
            os.unlink(one.path)


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.home) / "drawings"
