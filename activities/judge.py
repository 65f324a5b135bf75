"""The evidence about one metric: what its numbers say, without saying what follows from it.

Pure: the same request and the same new observations give the same evidence, so
a retry, a replay and a rehearsal agree. Whether a gate opens is decided in
`domain`, from these numbers.
"""

from collections.abc import Sequence
from typing import Any

from activities.comparison import improvement
from activities.control import at_least, control, judged_begin, keeps, streaks
from activities.described import Shown, refuse_unusable, to_read
from activities.points import (
    chart_of,
    frozen,
    marks_of,
    refuse_misfits,
    scaled,
    since,
    unexplained,
    values_of,
)
from activities.readings import Asked, readings
from domain.charting import BETWEEN_EVENTS, Chart
from domain.measurement import (
    FrozenLimits,
    Improvement,
    MeasureRequest,
    MetricEvidence,
    MetricRequest,
    Observation,
    Point,
)
from domain.periods import last_closed, period_of_day
from evidence.charts import chart_for_durations
from evidence.diagnostics import longest_gap
from evidence.quantise import quantise
from evidence.series import BadSeries, NotEnoughPoints


def judge_metric(
    request: MetricRequest, new: tuple[Observation, ...], context: MeasureRequest, *, gates_only: bool = False
) -> MetricEvidence:
    """Return the evidence on the series with its new observations; every float has six significant digits.

    With `gates_only` it is what gates look at, and leaves out what people alone read beside it.

    Raises:
        BadSeries: numbers that no chart can be made of; the sentence names the period.
    """
    series = request.series.extended(new)
    points = series.points()
    chart = chart_of(request, points)
    refuse_misfits(chart, request.measure, new, context.calendar)
    explained = frozenset(request.explained)
    counted = unexplained(points, explained)
    staged = counted if context.stage_since is None else since(counted, context.stage_since)
    marks = marks_of(points, chart, explained) if chart in BETWEEN_EVENTS else counted
    limits, base = request.limits, None
    if limits is None:
        # Before the tail is cut: after a long import the points that limits begin with may lie behind it.
        whole = marks_of((*request.series.points(), *map(Point.of, new)), chart, explained)
        base = _base(whole, request, context)
        limits = _first_limits(base, chart, request, context)
    chart = limits.chart if limits is not None else chart
    looked = control(points, marks, limits, request, context)
    judged = _judged(counted, limits, context)
    reached = _at_target(points, request, context)
    compared, obstacle = _compared(request, staged, context)
    bad_streak, good_streak = streaks(staged, looked, limits, request)
    present = marks if limits is None else since(marks, limits.first)
    scale = scaled(present, chart)
    beside: dict[str, Any] = {}
    if gates_only:
        refuse_unusable(present, scale, chart)
    else:
        beside = to_read(Shown(points, present, scale, chart, limits, looked, judged), request)
    through = last_closed(context.as_of, context.calendar, request.source.settle)
    asked = Asked(request, context, points, marks, chart, limits, through, compared)
    return MetricEvidence(
        n=len(marks),
        last_period=series.last,
        last_value=quantise(points[-1].value) if points else None,
        stage_points=len(staged) if context.stage_since is not None else 0,
        limits=limits,
        control=looked.control,
        bad_streak=bad_streak,
        good_streak=good_streak,
        promise_kept=None if request.promise is None else sum(keeps(point, request) for point in judged),
        longest_gap=_gap(points, limits, through),
        improvement=compared,
        obstacle=obstacle,
        at_target=None if reached is None else sum(reached),
        at_target_of=None if reached is None else len(reached),
        left_out=series.left_out,
        base=None if limits is not None or base is None or len(base) == len(marks) else len(base),
        readings=readings(asked),
        **beside,
    )


def _compared(
    request: MetricRequest, staged: tuple[Point, ...], context: MeasureRequest
) -> tuple[Improvement | None, str | None]:
    """Return the comparison, or why there cannot be one; the rest of the evidence stands either way."""
    if context.stage_since is None:
        return None, None
    try:
        return improvement(request, staged, context), None
    except (BadSeries, NotEnoughPoints) as reason:
        return None, str(reason)


def _base(marks: Sequence[Point], request: MetricRequest, context: MeasureRequest) -> Sequence[Point]:
    """Return the points that limits are frozen on as soon as there are enough.

    They begin at the period that the team signed or the charter names, or else so late that no more than
    the judged points come after them: imported history may be long, and its start tells little about today.
    """
    gate = context.stability
    begin = request.phase_from
    if begin is None and gate.baseline_from is not None:
        begin = period_of_day(gate.baseline_from, context.calendar)
    if begin is not None:
        chosen = [mark for mark in marks if mark.period >= begin]
    else:
        chosen = list(marks[-(gate.baseline_points + gate.judged_points) :])
    return chosen[: gate.baseline_points]


def _first_limits(
    base: Sequence[Point], chart: Chart, request: MetricRequest, context: MeasureRequest
) -> FrozenLimits | None:
    if len(base) < context.stability.baseline_points:
        return None
    if chart == "log_individuals" and request.chart.kind is None:
        chart = chart_for_durations(values_of(base))
    return frozen(base, chart, request.chart)


def _judged(
    counted: tuple[Point, ...], limits: FrozenLimits | None, context: MeasureRequest
) -> Sequence[Point]:
    """Return the newest observations after the frozen points, in which the promise is looked for."""
    if limits is None:
        return ()
    begin = judged_begin(limits, context)
    return since(counted, begin)[-context.stability.judged_points :]


def _at_target(
    points: tuple[Point, ...], request: MetricRequest, context: MeasureRequest
) -> list[bool] | None:
    """Say of the newest points whether they are at the target or past it.

    Explained points count too: an explanation says why a period was bad, not that it was good.
    """
    if request.target is None:
        return None
    seen = points
    if context.stage == "innovation" and context.stage_since is not None:
        seen = since(points, context.stage_since)
    newest = seen[-context.at_target_of :]
    return [at_least(point.value, request.target, request.direction) for point in newest]


def _gap(points: tuple[Point, ...], limits: FrozenLimits | None, through: int) -> int:
    """Return the longest hole since the frozen points began, one at the newest end included."""
    begin = points[0].period if points else through + 1
    begin = limits.first if limits is not None else begin
    present = [point.period for point in since(points, begin)]
    return longest_gap([*present, through + 1]) if present else 0
