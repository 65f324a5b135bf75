"""What a measurement must have answered, computed again from the observations that it recorded.

What a source said is a fact, and so is that it failed: neither can be asked again
years later. All else follows from these facts and from the journey's state, which
is what the measurement was asked with. What members counted by hand is in that
state, so even the observations of such a metric are computed again.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from activities.contribution import with_contributions
from activities.judge import judge_metric
from activities.reading import due_through, read, span
from activities.restating import corrected, rejudged, restated
from activities.sources.window import Window
from domain.measurement import (
    MeasureRequest,
    MeasureResult,
    MetricEvidence,
    MetricRequest,
    MetricResult,
    Observation,
)
from domain.restatement import Restatement
from domain.schedule import closings
from evidence.series import BadSeries, NotEnoughPoints

# A zone's rules may be others by now than when a measurement named the ends of periods to come: laws have
# moved clocks by an hour, and a whole zone across the date line by a day.
_ZONE_MOVES = timedelta(days=1)

_log = logging.getLogger(__name__)


def recomputed(request: MeasureRequest, told: MeasureResult) -> MeasureResult:
    """Return what the answer to the request must be, given the facts that `told` recorded.

    Equal to `told` where nothing was changed. Of observations only those are taken that the request asked
    for, of restatements only those that say something else than the series has.
    """
    given = {result.name: result for result in told.results}
    results = with_contributions(
        tuple(_metric(metric, given.get(metric.name), request) for metric in request.metrics), request
    )
    more = told.more and any(
        result.observations and result.observations[-1].period < due_through(metric, request)
        for metric, result in zip(request.metrics, results, strict=True)
    )
    return MeasureResult(
        serves=request.serves,
        as_of=request.as_of,
        through=_through(request, told.through, more=more),
        results=results,
        closes=_closes(request, told.closes),
        more=more,
        rejudged=rejudged(request, results),
        evidence_version=told.evidence_version,
    )


def _metric(metric: MetricRequest, told: MetricResult | None, request: MeasureRequest) -> MetricResult:
    if told is None:
        return MetricResult(name=metric.name)
    if told.trouble is not None:
        return MetricResult(name=metric.name, evidence=_so_far(metric, request), trouble=told.trouble)
    again, new = _facts(metric, told, request)
    try:
        evidence = judge_metric(corrected(metric, again, request), new, request)
    except (BadSeries, NotEnoughPoints):
        evidence = None  # such numbers are trouble of their metric, never an answer
    return MetricResult(name=metric.name, observations=new, restated=again, evidence=evidence)


def _facts(
    metric: MetricRequest, told: MetricResult, request: MeasureRequest
) -> tuple[tuple[Restatement, ...], tuple[Observation, ...]]:
    """Return the restatements and the new observations that such a request may have found."""
    if metric.source.kind == "manual":
        found = read(metric, request, _nobody)
        return found.restated, found.new
    oldest, begin = span(metric, request)
    newest = due_through(metric, request)
    new = {o.period: o for o in told.observations if begin <= o.period <= newest}
    if not told.restated:
        return (), tuple(new.values())
    known = {o.period: o for o in metric.series.observations() if o.period >= oldest}
    said = known | {r.period: _after(r) for r in told.restated if oldest <= r.period < begin}
    points = [said[period] for period in sorted(said) if said[period] is not None]
    return restated(metric.series, [o for o in points if o is not None], newest), tuple(new.values())


def _nobody(metric: MetricRequest, request: MeasureRequest, window: Window) -> tuple[Observation, ...]:
    """Answer for a source that is not asked: what members count is in the request itself."""
    raise AssertionError(f"{metric.name} of {request.team} is counted by members: no source has {window}")


def _after(change: Restatement) -> Observation | None:
    if change.after is None:
        return None
    return Observation(period=change.period, value=change.after, denominator=change.after_of)


def _so_far(metric: MetricRequest, request: MeasureRequest) -> MetricEvidence | None:
    """Return what the points seen before still say, as a measurement does whose source fails."""
    try:
        return judge_metric(metric, (), request)
    except Exception:  # noqa: BLE001 - the measurement had nothing to say then, whatever was wrong
        _log.debug("the earlier points of %s cannot be judged", metric.name, exc_info=True)
        return None


def _through(request: MeasureRequest, told: int, *, more: bool) -> int:
    """Return the outcome's newest period that was read; with more to come it may be an earlier one."""
    outcomes = [due_through(metric, request) for metric in request.metrics if metric.layer == "outcome"]
    due = max(outcomes, default=request.import_from - 1)
    return told if more and request.import_from <= told <= due else due


def _closes(request: MeasureRequest, told: Sequence[datetime]) -> tuple[datetime, ...]:
    """Return the ends of the periods to come, as recorded where only the zone's rules were others."""
    now = closings(request.as_of, request.calendar, request.settle, request.ahead)
    if request.zone == "UTC" or len(told) != len(now):
        return now
    near = all(abs(then - today) <= _ZONE_MOVES for then, today in zip(told, now, strict=True))
    return tuple(told) if near else now
