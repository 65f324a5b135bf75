"""Rare events: from how many there were in each period to the time between them, which is what is charted."""

from collections.abc import Sequence

from domain.charting import BETWEEN_EVENTS, Chart
from domain.measurement import Point, Series


def between_events(
    points: Sequence[Point], chart: Chart, explained: frozenset[int] = frozenset()
) -> tuple[tuple[Point, ...], Point | None]:
    """Return the times between events, each at the period of the later one, and the time since the last.

    For `g` the number of periods without an event since the one before (0 for a second one in a period), for
    `t` the number of periods from one to the next. An explained period counts as one without an event, and a
    time across a period without data is not known. The time since the last event is None while it is 0.
    """
    found: list[Point] = []
    event: int | None = None
    before: int | None = None
    for point in points:
        if before is not None and point.period != before + 1:
            event = None
        before, count = point.period, 0 if point.period in explained else int(point.value)
        if not count:
            continue
        if event is not None:
            free = point.period - event - (1 if chart == "g" else 0)
            found.append(Point(point.period, float(free)))
        if chart == "g":
            found += [Point(point.period, 0.0)] * (count - 1)
        event = point.period
    if event is None or before is None or before == event:
        return tuple(found), None
    return tuple(found), Point(before, float(before - event))


def drawn(series: Series, chart: Chart, explained: frozenset[int]) -> Series:
    """Return what a chart draws: the series itself, or for rare events the shortest time at each of them."""
    if chart not in BETWEEN_EVENTS or not series.values:
        return series
    found, since = between_events(series.points(), chart, explained)
    shortest: dict[int, float] = {}
    for mark in (*found, *(() if since is None else (since,))):
        shortest[mark.period] = min(mark.value, shortest.get(mark.period, mark.value))
    span = range(series.first, series.first + len(series.values))
    return Series(first=series.first, values=tuple(shortest.get(period) for period in span))
