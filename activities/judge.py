"""The evidence about one metric: what its numbers say, without saying what follows from it.

Pure: the same request and the same new observations give the same evidence, so
a retry, a replay and a rehearsal agree. Whether a gate opens is decided in
`domain`, from these numbers.
"""

import math
from collections.abc import Sequence
from itertools import takewhile

from activities.comparison import improvement
from activities.points import chart_of, frozen, plain, refuse_misfits, sizes_of, values_of
from domain.charter import Direction
from domain.measurement import (
    Chart,
    Control,
    FrozenLimits,
    Improvement,
    MeasureRequest,
    MetricEvidence,
    MetricRequest,
    Observation,
)
from domain.periods import last_closed, period_of_day
from evidence.diagnostics import lag1, longest_gap
from evidence.limits import limits_at
from evidence.quantise import quantise
from evidence.series import BadSeries, NotEnoughPoints
from evidence.signals import judge

# In these stages the present level is judged from the stage's beginning on; in stability, from the frozen
# points on, however often the team comes back to it.
_LATER_STAGES = frozenset({"optimization", "innovation"})


def judge_metric(
    request: MetricRequest, new: tuple[Observation, ...], context: MeasureRequest
) -> MetricEvidence:
    """Return the evidence on the series with its new observations; every float has six significant digits.

    Raises:
        BadSeries: numbers that no chart can be made of; the sentence names the period.
    """
    series = request.series.extended(new)
    points = series.observations()
    chart = chart_of(request, points)
    refuse_misfits(chart, new, context.calendar)
    explained = frozenset(request.explained)
    counted = [point for point in points if point.period not in explained]
    staged = [point for point in counted if _since_stage(point, context)]
    # Before the tail is cut: after a long import the points that limits begin with may lie behind it.
    whole = [*request.series.observations(), *new]
    limits = request.limits or _first_limits([p for p in whole if p.period not in explained], chart, context)
    judged = _judged(counted, limits, context)
    reached = _at_target(points, request, context)
    compared, obstacle = _compared(request, staged, context)
    bad_streak, good_streak = _streaks(staged, limits, request)
    return MetricEvidence(
        n=len(counted),
        last_period=series.last,
        last_value=quantise(points[-1].value) if points else None,
        stage_points=len(staged) if context.stage_since is not None else 0,
        limits=limits,
        control=_control(judged, limits, request.direction, context.stability.run_length),
        bad_streak=bad_streak,
        good_streak=good_streak,
        promise_kept=None if request.promise is None else sum(_kept(point, request) for point in judged),
        longest_gap=_gap(points, limits, request, context),
        lag1=_memory(counted, limits, chart),
        improvement=compared,
        obstacle=obstacle,
        at_target=None if reached is None else sum(reached),
        at_target_of=None if reached is None else len(reached),
    )


def _compared(
    request: MetricRequest, staged: Sequence[Observation], context: MeasureRequest
) -> tuple[Improvement | None, str | None]:
    """Return the comparison, or why there cannot be one; the rest of the evidence stands either way."""
    if context.stage_since is None:
        return None, None
    try:
        return improvement(request, staged, context), None
    except (BadSeries, NotEnoughPoints) as reason:
        return None, str(reason)


def _since_stage(point: Observation, context: MeasureRequest) -> bool:
    return context.stage_since is None or point.period >= context.stage_since


def _first_limits(
    counted: Sequence[Observation], chart: Chart, context: MeasureRequest
) -> FrozenLimits | None:
    """Freeze limits as soon as there are enough points.

    They begin at the period that the charter names, or else so late that no more than the judged points come
    after them: imported history may be long, and its start tells little about today.
    """
    gate = context.stability
    if gate.baseline_from is not None:
        begin = period_of_day(gate.baseline_from, context.calendar)
        points = [point for point in counted if point.period >= begin]
    else:
        points = list(counted[-(gate.baseline_points + gate.judged_points) :])
    base = points[: gate.baseline_points]
    return frozen(base, chart) if len(base) == gate.baseline_points else None


def _judged(
    counted: Sequence[Observation], limits: FrozenLimits | None, context: MeasureRequest
) -> Sequence[Observation]:
    """Return the newest points after the frozen ones: a fixed window, as any year has some signal."""
    if limits is None:
        return ()
    begin = limits.last + 1
    if context.stage in _LATER_STAGES and context.stage_since is not None:
        begin = max(begin, context.stage_since)
    return [point for point in counted if point.period >= begin][-context.stability.judged_points :]


def _control(
    judged: Sequence[Observation], limits: FrozenLimits | None, direction: Direction, run_length: int
) -> Control | None:
    if limits is None or not judged:
        return None
    signals = judge(
        values_of(judged),
        sizes_of(judged, limits.chart),
        plain(limits),
        direction=direction,
        run_length=run_length,
    )
    lower, _, upper = limits_at(plain(limits), judged[-1].denominator)

    def periods(indices: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(judged[i].period for i in indices)

    return Control(
        judged=len(judged),
        window=(judged[0].period, judged[-1].period),
        outside=periods(signals.outside),
        runs=periods(signals.runs),
        bad=periods(signals.bad),
        lower=quantise(lower),
        upper=quantise(upper),
    )


def _streaks(
    staged: Sequence[Observation], limits: FrozenLimits | None, request: MetricRequest
) -> tuple[int, int]:
    """Count the newest bad points in a row (outside for the worse, or a broken promise), and the newest good.

    One of the two is 0. A run does not count here: it says that the centre moved, perhaps long ago, not that
    this period was bad.
    """
    later = [point for point in staged if limits is not None and point.period > limits.last]
    outside: set[int] = set()
    if limits is not None and later:
        signals = judge(
            values_of(later), sizes_of(later, limits.chart), plain(limits), direction=request.direction
        )
        outside = {later[i].period for i in signals.outside if i in signals.bad}
    bad = [point.period in outside or not _kept(point, request) for point in reversed(staged)]
    newest = sum(1 for _ in takewhile(lambda is_bad: is_bad == bad[0], bad)) if bad else 0
    return (newest, 0) if bad and bad[0] else (0, newest)


def _kept(point: Observation, request: MetricRequest) -> bool:
    """Whether the period kept the promise; without a promise none is broken."""
    return request.promise is None or _at_least(point.value, request.promise, request.direction)


def _at_least(value: float, level: float, direction: Direction) -> bool:
    return value >= level if direction == "up" else value <= level


def _at_target(
    points: Sequence[Observation], request: MetricRequest, context: MeasureRequest
) -> list[bool] | None:
    """Say of the newest points whether they are at the target or past it.

    Explained points count too: an explanation says why a period was bad, not that it was good.
    """
    if request.target is None:
        return None
    target, since = request.target, context.stage == "innovation"
    seen = [point for point in points if not since or _since_stage(point, context)]
    return [_at_least(point.value, target, request.direction) for point in seen[-context.at_target_of :]]


def _gap(
    points: Sequence[Observation],
    limits: FrozenLimits | None,
    request: MetricRequest,
    context: MeasureRequest,
) -> int:
    """Return the longest hole since the frozen points began, one at the newest end included."""
    through = last_closed(context.as_of, context.calendar, request.source.settle)
    begin = points[0].period if points else through + 1
    begin = limits.first if limits is not None else begin
    present = [point.period for point in points if point.period >= begin]
    return longest_gap([*present, through + 1]) if present else 0


def _memory(counted: Sequence[Observation], limits: FrozenLimits | None, chart: Chart) -> float | None:
    """Return the lag-1 correlation since the frozen points began, on the chart's scale."""
    values = values_of([p for p in counted if limits is None or p.period >= limits.first])
    found = lag1([math.log(value) for value in values] if chart == "log_individuals" else values)
    return None if found is None else quantise(found)
