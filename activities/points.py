"""Observations in the form that `evidence` takes, and its limits in the form that the state carries.

An observation is what a source says of a period; a mark is a point of a chart. They are the same but where
events are rare: there a period says how many there were, and each mark is the time between two of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from math import nan
from operator import attrgetter

import numpy as np

from domain.charter import Direction, Measure
from domain.charting import BETWEEN_EVENTS, BY_CASES, OF_DURATIONS, Chart, ChartChoice
from domain.measurement import FrozenLimits, MetricRequest, Observation, Point
from domain.periods import Calendar, label, noun
from domain.rare_events import between_events
from evidence.charts import CHART_FOR, all_to_scale, check_range
from evidence.limits import Limits, freeze_limits
from evidence.quantise import quantise
from evidence.series import BadSeries

# What a measure is charted by when its source gives no number of cases.
_WITHOUT_CASES: dict[Measure, Chart] = {"share": "individuals", "rate": "individuals"}


def chart_of(request: MetricRequest, points: Sequence[Point] | Sequence[Observation]) -> Chart:
    """Return the chart: the frozen one, the one that the charter names, or the one that fits the measure."""
    if request.limits is not None:
        return request.limits.chart
    if request.chart.kind is not None:
        return request.chart.kind
    cases = any(point.denominator is not None for point in points)
    return (
        CHART_FOR[request.measure]
        if cases
        else _WITHOUT_CASES.get(request.measure, CHART_FOR[request.measure])
    )


def refuse_misfits(chart: Chart, measure: Measure, points: Sequence[Observation], calendar: Calendar) -> None:
    """Refuse points that are no such measure, or have no place on its chart, before one is recorded.

    Raises:
        BadSeries: naming the period, and what would fit.
    """
    for point in points:
        flaw = _no_share(point) if measure == "share" else ""
        flaw = flaw or _flaw(chart, point, calendar)
        if flaw:
            raise BadSeries(f"{label(point.period, calendar)} is {_shown(point)}: {flaw}")


def _flaw(chart: Chart, point: Observation, calendar: Calendar) -> str:
    """Return why a point has no place on the chart, and the way out; nothing when it has one."""
    value = point.value
    if chart in OF_DURATIONS and value <= 0:
        return (
            "a duration is above 0. Leave the period out where nothing was finished, or call the measure "
            "an amount."
        )
    if chart in BY_CASES and point.denominator is None:
        return (
            f"a {chart} chart needs the cases behind each value, and they must go on coming: return "
            "numerator and denominator (a share), or total and exposure (a rate)."
        )
    if chart in BETWEEN_EVENTS:
        return _no_count(chart, value, calendar)
    try:
        check_range(chart, value, value)
    except BadSeries as refusal:
        return f"{refusal} Correct the query, or name another chart."
    return ""


def _no_share(point: Observation) -> str:
    if 0 <= point.value <= 1:
        return ""
    return "a share lies between 0 and 1. Divide percentages by 100, or call the measure an amount."


def _no_count(chart: Chart, value: float, calendar: Calendar) -> str:
    period = noun(calendar.cadence)
    if value < 0 or value != int(value):
        return f"rare events are counted: a whole number for each {period}, 0 where there was none."
    if chart == "t" and value > 1:
        return f"a t chart holds one event a {period} at most: take chart g, or measure more often."
    return ""


def _shown(point: Observation) -> str:
    return f"{point.value:g}" + ("" if point.denominator is None else f" of {point.denominator:g}")


def unexplained(points: tuple[Point, ...], explained: frozenset[int]) -> tuple[Point, ...]:
    """Return the points of the periods that count."""
    return tuple(point for point in points if point.period not in explained) if explained else points


def since(points: tuple[Point, ...], begin: int) -> tuple[Point, ...]:
    """Return those from a period on, of points in order of time."""
    return points[bisect_left(points, begin, key=attrgetter("period")) :]


def marks_of(
    points: tuple[Point, ...], chart: Chart, explained: frozenset[int] = frozenset()
) -> tuple[Point, ...]:
    """Return the points of the chart that count: explained ones are left out; see `domain.rare_events`."""
    if chart not in BETWEEN_EVENTS:
        return unexplained(points, explained)
    return between_events(points, chart, explained)[0]


def open_mark(
    points: Sequence[Point], chart: Chart, explained: frozenset[int], centre: float
) -> tuple[Point, ...]:
    """Return the time since the last event as a mark once it is beyond the centre: it only gets longer."""
    if chart not in BETWEEN_EVENTS or not points:
        return ()
    open_ = between_events(points, chart, explained)[1]
    return () if open_ is None or open_.value <= centre else (open_,)


def better_on(chart: Chart, direction: Direction) -> Direction:
    """Return which way is better on the chart: fewer events are more time between them."""
    if chart not in BETWEEN_EVENTS:
        return direction
    return "up" if direction == "down" else "down"


def values_of(points: Sequence[Point]) -> list[float]:
    """Return the values, in order."""
    return [point.value for point in points]


def on_scale(values: Sequence[float], chart: Chart) -> list[float]:
    """Return values of the chart where it is roughly normal: durations as logarithms."""
    found: list[float] = all_to_scale(chart, np.array(values)).tolist()
    return found


def scaled(points: Sequence[Point], chart: Chart) -> list[float]:
    """Return the values of points where their chart is roughly normal."""
    return on_scale(values_of(points), chart)


def sizes_of(points: Sequence[Point], chart: Chart) -> list[float] | None:
    """Return the denominators where the chart uses them; one that is missing never passes a judgement."""
    if chart not in BY_CASES:
        return None
    return [nan if point.denominator is None else point.denominator for point in points]


def frozen(points: Sequence[Point], chart: Chart, choice: ChartChoice) -> FrozenLimits:
    """Return limits frozen on the points, rounded as they will be recorded.

    Raises:
        NotEnoughPoints, BadSeries: as `evidence.limits.freeze_limits`.
    """
    found = freeze_limits(
        values_of(points),
        sizes_of(points, chart),
        chart,
        moving_range=choice.moving_range,
        screen=choice.screen,
    )
    return FrozenLimits(
        chart=chart,
        centre=quantise(found.centre),
        sigma=quantise(found.sigma),
        sigma_z=quantise(found.sigma_z),
        n=found.n,
        first=points[0].period,
        last=points[-1].period,
        moving_range=found.moving_range,
        screened=found.screened,
    )


def plain(limits: FrozenLimits) -> Limits:
    """Return the limits as `evidence` takes them."""
    return Limits(limits.chart, limits.centre, limits.sigma, limits.sigma_z, limits.n)
