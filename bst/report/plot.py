"""What a control chart shows, as numbers: points, their limits, the panel beneath; nothing is drawn here."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bst.report.history import History
from bst.report.tracks import Phase, Track, phase_at
from domain.charter import Measure
from domain.charting import BETWEEN_EVENTS, BY_CASES, Chart
from domain.limits import limits_at, lowest
from domain.measurement import FrozenLimits, Observation, Series
from domain.periods import Calendar, noun
from domain.rare_events import drawn
from domain.readings import Meaning
from evidence.limits import Limits
from evidence.rangechart import range_chart

# Ten years of weeks. More points than that cannot be told apart on a screen; the data has them all (periods).
DRAWN_AT_MOST: Final = 520
# Under so many points limits are called trial limits, as in "Making Data Count".
TRIAL_BELOW: Final = 12
# A target further away than that many times the height of the data would flatten all that is drawn.
_FAR: Final = 2.5
# Room above and below the data, in parts of their height.
_MARGIN: Final = 0.06

Look = Literal["common", "better", "worse", "neutral", "explained"]
# Steps of values as they are, and of their logarithms; others are on a scale of their chart's own.
_SCALES: Final[dict[Chart, Literal["unit", "logarithms", "own"]]] = {
    "individuals": "unit",
    "log_individuals": "logarithms",
}
_LOOKS: Final[dict[Meaning, Look]] = {"improvement": "better", "concern": "worse", "neutral": "neutral"}


@dataclass(frozen=True, slots=True)
class Dot:
    """One point: what it is, what it means, and how many cases stand behind it."""

    period: int
    value: float
    look: Look
    cases: float | None


@dataclass(frozen=True, slots=True)
class Bound:
    """The limits of one period, cut to what a value can be."""

    period: int
    low: float
    centre: float
    high: float


@dataclass(frozen=True, slots=True)
class Span:
    """The periods that limits were frozen on."""

    first: int
    last: int
    n: int

    @property
    def trial(self) -> bool:
        """Whether the limits rest on so few points that they are for trial."""
        return self.n < TRIAL_BELOW


@dataclass(frozen=True, slots=True)
class Step:
    """How far one point lies from the one before, on the chart's scale."""

    period: int
    size: float
    beyond: bool


@dataclass(frozen=True, slots=True)
class Ranges:
    """The panel of moving ranges: steps, and for each stretch of limits its centre and upper limit."""

    steps: tuple[Step, ...]
    stretches: tuple[tuple[int, int, float, float], ...]
    scale: Literal["unit", "logarithms", "own"]


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything that a chart of one metric draws, oldest first; `left_out` earlier ones are not drawn.

    `between`: its points are rare events, and its values the time between them.
    """

    first: int
    last: int
    dots: tuple[Dot, ...]
    stretches: tuple[tuple[Bound, ...], ...]
    spans: tuple[Span, ...]
    low: float
    high: float
    target: float | None
    promise: float | None
    beyond: tuple[str, ...]
    ranges: Ranges | None
    between: bool
    left_out: int
    unit: str
    measure: Measure
    calendar: Calendar


def plot_of(track: Track, history: History) -> Plot | None:
    """Return what the chart of a metric draws, or None where nothing has been measured yet."""
    calendar, gauge = history.state.charter.calendar, track.gauge
    chart = track.phases[-1].limits.chart if track.phases else None
    points, unit, measure = _charted(track)
    if not points:
        return None
    between = chart in BETWEEN_EVENTS
    if between:
        unit, measure = f"{noun(calendar.cadence, 2)} between", "amount"
    last = points[-1].period
    first = max(points[0].period, last - DRAWN_AT_MOST + 1)
    shown = [point for point in points if point.period >= first]
    cases = {point.period: point.denominator for point in shown}
    stretches = tuple(
        _stretches(track.phases, cases, range(first, last + 1), -math.inf if between else lowest(measure))
    )
    levels = () if between else tuple(x for x in (gauge.target, gauge.promise) if x is not None)
    low, high, near = _window(shown, stretches, levels)
    spans = (
        Span(p.limits.first, min(p.limits.last, p.last or p.limits.last), p.limits.n) for p in track.phases
    )
    beyond = (
        name
        for name, level in (("target", gauge.target), ("promise", gauge.promise))
        if level is not None and level not in near and not between
    )
    return Plot(
        first=first,
        last=last,
        dots=tuple(Dot(p.period, p.value, _look(p.period, track), p.denominator) for p in shown),
        stretches=stretches,
        spans=tuple(span for span in spans if span.last >= first),
        low=low,
        high=high,
        target=gauge.target if gauge.target in near else None,
        promise=gauge.promise if gauge.promise in near else None,
        beyond=tuple(beyond),
        ranges=None if between else _ranges(track.phases, shown),
        between=between,
        left_out=sum(point.period < first for point in points),
        unit=unit,
        measure=measure,
        calendar=calendar,
    )


def _charted(track: Track) -> tuple[Sequence[Observation], str, Measure]:
    """Return the points of the chart: the observations, or for rare events the times between them."""
    points, gauge = track.points, track.gauge
    chart = track.phases[-1].limits.chart if track.phases else None
    if chart not in BETWEEN_EVENTS or not points:
        return points, gauge.unit, gauge.measure
    known = {point.period: point.value for point in points}
    span = range(points[0].period, points[-1].period + 1)
    series = Series(first=span.start, values=tuple(known.get(period) for period in span))
    assert chart is not None  # looked up in a set of charts
    return drawn(series, chart, frozenset(track.explained)).observations(), gauge.unit, gauge.measure


def _look(period: int, track: Track) -> Look:
    if period in track.explained:
        return "explained"
    meaning = track.meanings.get(period)
    return "common" if meaning is None else _LOOKS[meaning]


def _stretches(
    phases: Sequence[Phase], cases: dict[int, float | None], periods: range, floor: float
) -> Iterator[tuple[Bound, ...]]:
    """Yield the limits of each phase, period by period, without a break for a period without a value."""
    for phase in phases:
        end = periods.stop - 1 if phase.last is None else min(phase.last, periods.stop - 1)
        found: list[Bound] = []
        for period in range(max(phase.first, periods.start), end + 1):
            bound = _bound(period, phase.limits, cases.get(period), floor)
            if bound is not None:
                found.append(bound)
        if found:
            yield tuple(found)


def _bound(period: int, limits: FrozenLimits, cases: float | None, floor: float) -> Bound | None:
    found = limits_at(limits, cases)
    if found is None or not all(map(math.isfinite, found)):
        return None
    low, centre, high = found
    return Bound(period, max(low, min(floor, centre)), centre, high)


def _window(
    shown: Sequence[Observation], stretches: Sequence[Sequence[Bound]], levels: Sequence[float]
) -> tuple[float, float, tuple[float, ...]]:
    """Return the lowest and the highest value to draw, and the levels near enough to be drawn too."""
    values = [point.value for point in shown]
    values += [x for stretch in stretches for bound in stretch for x in (bound.low, bound.high)]
    low, high = min(values), max(values)
    room = (high - low) or abs(high) or 1.0
    near = tuple(x for x in levels if max(high, x) - min(low, x) <= _FAR * room)
    low, high = min(low, *near, low), max(high, *near, high)
    room = (high - low) or abs(high) or 1.0
    bottom = low - _MARGIN * room
    return (0.0 if low >= 0 > bottom else bottom), high + _MARGIN * room, near


def _ranges(phases: Sequence[Phase], shown: Sequence[Observation]) -> Ranges | None:
    """Return the moving ranges, or None where the chart has none: its points rest on cases, or on counts."""
    if not phases or any(p.limits.chart in BY_CASES or p.limits.chart in {"c", "g"} for p in phases):
        return None
    steps: list[Step] = []
    stretches: list[tuple[int, int, float, float]] = []
    for phase in phases:
        inside = [p for p in shown if phase_at((phase,), p.period) is not None]
        if len(inside) < 2:  # noqa: PLR2004 - a step leads from one point to the next
            continue
        found = range_chart([p.value for p in inside], _limits(phase.limits))
        beyond = frozenset(found.beyond)
        steps += [
            Step(p.period, size, i in beyond)
            for i, (p, size) in enumerate(zip(inside[1:], found.ranges, strict=True), 1)
        ]
        stretches.append((inside[0].period, inside[-1].period, found.centre, found.upper))
    charts = {phase.limits.chart for phase in phases}
    scale = _SCALES.get(next(iter(charts)), "own") if len(charts) == 1 else "own"
    return Ranges(tuple(steps), tuple(stretches), scale) if steps else None


def _limits(frozen: FrozenLimits) -> Limits:
    return Limits(
        chart=frozen.chart,
        centre=frozen.centre,
        sigma=frozen.sigma,
        sigma_z=frozen.sigma_z,
        n=frozen.n,
        moving_range=frozen.moving_range,
        screened=frozen.screened,
    )
