"""What a source says now about periods that were recorded, and what a passed gate says about that.

Pure. A difference is one in what is recorded: nine significant digits. What is
smaller is how sums come out in another order, and no news.
"""

from collections.abc import Mapping, Sequence

from activities.judge import judge_metric
from activities.points import chart_of, refuse_misfits
from domain.measurement import (
    SHARE_DIGITS,
    MeasureRequest,
    MetricEvidence,
    MetricRequest,
    MetricResult,
    Observation,
    PassedGate,
    Point,
    Rejudged,
    Series,
)
from domain.restatement import Restatement
from evidence.series import BadSeries, NotEnoughPoints


def restated(series: Series, said: Sequence[Observation], through: int) -> tuple[Restatement, ...]:
    """Return where a source now says something else than the series, in order.

    `said` is what it says of the periods that were read again, up to `through`. A source that begins
    later than it was asked for does not reach back so far, and one that says nothing at all says nothing of
    any period: only a value that is missing after one that is there has vanished.
    """
    now = {point.period: point for point in said}
    known = {point.period: point for point in series.points()}
    if not now or series.last is None:
        return ()
    span = range(min(now), min(series.last, through) + 1)
    return tuple(
        _restatement(period, known.get(period), now.get(period))
        for period in span
        if _differ(known.get(period), now.get(period))
    )


def corrected(
    metric: MetricRequest, changes: tuple[Restatement, ...], context: MeasureRequest
) -> MetricRequest:
    """Return the request with its series as the source has it now.

    Raises:
        BadSeries: a restated value that has no place on the chart; the series stays as it is then.
    """
    if not changes:
        return metric
    values = tuple(
        Observation(period=change.period, value=change.after, denominator=change.after_of)
        for change in changes
        if change.after is not None
    )
    refuse_misfits(chart_of(metric, metric.series.points()), metric.measure, values, context.calendar)
    return metric.model_copy(update={"series": metric.series.corrected(changes)})


def rejudged(request: MeasureRequest, results: Sequence[MetricResult]) -> tuple[Rejudged, ...]:
    """Return the evidence of each passed gate that stood on a period which is restated now."""
    changes = {result.name: result.restated for result in results}
    gating = [metric.name for metric in request.metrics if metric.layer != "support"]
    periods = [change.period for name in gating for change in changes.get(name, ())]
    return tuple(
        _again(gate, request, changes)
        for gate in request.passed
        if any(gate.oldest <= period <= gate.through for period in periods)
    )


def _again(
    gate: PassedGate, request: MeasureRequest, changes: Mapping[str, tuple[Restatement, ...]]
) -> Rejudged:
    """Judge as it was judged then: the gate's own moment, windows and frozen limits, on the points of now."""
    context = request.model_copy(
        update={
            "stage": gate.stage,
            "stage_since": gate.since,
            "as_of": gate.as_of,
            "stability": gate.stages.stability,
            "optimization": gate.stages.optimization,
            "at_target_of": gate.stages.innovation.of,
        }
    )
    found: dict[str, MetricEvidence] = {}
    for metric in request.metrics:
        if metric.layer == "support":
            continue
        series = metric.series.corrected(changes.get(metric.name, ()))
        if series.values and series.first > gate.oldest:
            return Rejudged(stage=gate.stage, evidence={})  # its points are not carried any more
        then = metric.model_copy(
            update={
                "series": _until(series, gate.through),
                "limits": gate.limits.get(metric.name),
                "baseline": gate.baselines.get(metric.name),
                "criteria": gate.criteria.get(metric.name, ()),
                "margin": gate.margins.get(metric.name, metric.margin),
                "promise": gate.promise if metric.layer == "outcome" else metric.promise,
            }
        )
        try:
            found[metric.name] = judge_metric(then, (), context)
        except (BadSeries, NotEnoughPoints):
            continue  # a gate does not open without a metric's evidence
    return Rejudged(stage=gate.stage, evidence=found)


def _until(series: Series, period: int) -> Series:
    count = max(0, period + 1 - series.first)
    return Series(first=series.first, values=series.values[:count], denominators=series.denominators[:count])


def _restatement(period: int, before: Point | None, after: Observation | None) -> Restatement:
    return Restatement(
        period=period,
        before=None if before is None else before.value,
        before_of=None if before is None else before.denominator,
        after=None if after is None else after.value,
        after_of=None if after is None else after.denominator,
    )


def _differ(before: Point | None, after: Observation | None) -> bool:
    """Whether they are told differently; mostly they are the very same numbers."""
    if before is None or after is None:
        return (before is None) != (after is None)
    same = (before.value, before.denominator) == (after.value, after.denominator)
    return not same and _shown(before) != _shown(after)


def _shown(point: Point | Observation) -> tuple[str, str]:
    size = "" if point.denominator is None else f"{point.denominator:.{SHARE_DIGITS}g}"
    return f"{point.value + 0.0:.{SHARE_DIGITS}g}", size
