"""`kept series`: figures that are kept elsewhere, brought in, listed and shown with who keeps them."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from kept.cli.output import print_json, say, table
from kept.cli.records import opened_or_created
from kept.engine.wording import short_moment
from kept.measures.series.importing import Imported, Taken, import_file
from kept.measures.series.mapping import SeriesMapping
from kept.measures.series.periods import Period
from kept.measures.series.stored import Change, open_series, put_series, stored_ids
from kept.measures.series.values import Point, Series, shares
from kept.measures.statistics.values import Estimate
from kept.records.store import Store

_REASONS_SHOWN = 10
_NOTHING = "–"


def import_series(options: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    found = import_file(options.file, SeriesMapping.load(options.mapping), now)
    changes = put_series(opened_or_created(options.store), found.series, now, options.wait)
    if options.json:
        print_json({"figures": [asdict(one) for one in found.taken], "series": [asdict(one) for one in changes]})
        return
    say("\n".join(_in_words(found, changes)))


def _in_words(found: Imported, changes: Sequence[Change]) -> Iterator[str]:
    columns = ("figure", "rows", "accepted", "refused", "outside")
    yield table(columns, [[getattr(one, name) for name in columns] for one in found.taken])
    yield "\nrows = accepted + refused + outside what `where` asks for."
    for one in found.taken:
        yield from _of_figure(one)
    points = {name: sum(getattr(one, name) for one in changes) for name in ("new", "revised", "unchanged")}
    counted = f"{points['new']:,} new, {points['revised']:,} revised, {points['unchanged']:,} as they stood"
    yield f"{len(changes)} series; points: {counted}."


def _of_figure(one: Taken) -> Iterator[str]:
    if one.below_nought:
        where = _rows(one.below_nought, one.examples)
        counts = "1 count" if one.below_nought == 1 else f"{one.below_nought:,} counts"
        yield f"{one.figure}: {counts} below zero taken with the rest, as revisions by their keeper ({where})."
    for refused in one.reasons[:_REASONS_SHOWN]:
        yield f"{one.figure}: {refused.rows:,} × {refused.why} ({_rows(refused.rows, refused.examples)})"
    if len(one.reasons) > _REASONS_SHOWN:
        yield f"{one.figure}: … and {len(one.reasons) - _REASONS_SHOWN} reasons more; --json prints them all."


def _rows(number: int, examples: Sequence[int]) -> str:
    more = ", …" if number > len(examples) else ""
    return f"{'row' if number == 1 else 'rows'} {', '.join(map(str, examples))}{more}"


# -- list ------------------------------------------------------------------------------------------------------------


def list_all(options: argparse.Namespace) -> None:
    store = Store.open(options.store)
    found = [open_series(store, one) for one in stored_ids(store)]
    if options.json:
        print_json([_about(one) for one in found])
        return
    if not found:
        say("There is no series in this store yet: kept series import brings one in.")
        return
    print(table(("id", "title", "unit", "periods", "from", "to", "revised", "source"), map(_line, found)))


def _line(one: Series) -> tuple[object, ...]:
    ends = [point.period.label for point in (*one.standing[:1], *one.standing[-1:])]
    return (one.id, one.title, one.unit, len(one.standing), *ends, len(one.revised), one.source)


def _about(one: Series) -> dict[str, Any]:
    names = ("id", "title", "unit", "source", "direction", "holds", "of")
    return {**{name: getattr(one, name) for name in names}, "points": len(one.standing), "revised": len(one.revised)}


# -- show ------------------------------------------------------------------------------------------------------------


def show(options: argparse.Namespace) -> None:
    store = Store.open(options.store)
    one = open_series(store, options.series)
    share = _shares(store, one)
    if options.json:
        points = [_data(point) | _share_data(share[point.period]) for point in one.standing]
        print_json({**_about(one), "points": points, "revised": [_data(point) for point in one.revised]})
        return
    say("\n".join(_shown(one, share)))


def _shares(store: Store, one: Series) -> Mapping[Period, Estimate | None]:
    """The share of each period; of a total only where that is in this store."""
    return shares(one, open_series(store, one.of) if one.of in stored_ids(store) else None)


def _shown(one: Series, share: Mapping[Period, Estimate | None]) -> Iterator[str]:
    yield f"{one.title} ({one.unit})\nSource: {one.source}\n"
    yield _standing(one, share)
    if any(point.missing for point in one.standing):
        yield "\nRows that were refused are not in the value, so it is not the whole."
    if one.revised:
        yield "\nRevised:\n"
        yield table(("period", "value", "imported", "until"), [_revision(one, point) for point in one.revised])


def _standing(one: Series, share: Mapping[Period, Estimate | None]) -> str:
    """The points that hold, with only such columns as say something."""
    cells: dict[str, list[object]] = {
        "period": [point.period.label for point in one.standing],
        "value": [_value(one, point) for point in one.standing],
        f"share of {one.of}": [_percent(share[point.period]) for point in one.standing] if one.of else [],
        "interval": [_between(share[point.period]) for point in one.standing],
        "n": [point.n for point in one.standing],
        "rows refused": [point.missing or None for point in one.standing],
    }
    said = {name: column for name, column in cells.items() if any(cell is not None for cell in column)}
    rows = zip(*said.values(), strict=True)
    return table(tuple(said), [[_NOTHING if cell is None else cell for cell in row] for row in rows])


def _revision(one: Series, point: Point) -> tuple[object, ...]:
    until = short_moment(point.revised_at) if point.revised_at else ""
    return (point.period.label, _value(one, point), short_moment(point.since), until)


def _value(one: Series, point: Point) -> int | str:
    if one.holds == "counts":
        return int(point.value)
    return f"{point.value:,.15g}{' %' if one.holds == 'percentages' else ''}"


def _percent(share: Estimate | None) -> str | None:
    return f"{100 * share.value:.2f} %" if share else None


def _between(share: Estimate | None) -> str | None:
    return f"{100 * share.interval.low:.2f} to {100 * share.interval.high:.2f} %" if share else None


def _share_data(share: Estimate | None) -> dict[str, Any]:
    if share is None:
        return {"share": None, "interval": None}
    return {"share": share.value, "interval": [share.interval.low, share.interval.high]}


def _data(point: Point) -> dict[str, Any]:
    return {**asdict(point), "period": point.period.label, "first": point.period.first, "last": point.period.last}
