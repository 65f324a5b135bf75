"""How each support metric moves with the outcome: shown to the team, never part of a gate."""

from domain.measurement import MeasureRequest, MetricRequest, MetricResult, Point
from domain.readings import Association
from evidence.contribution import MINIMUM_PAIRS, contribution
from evidence.quantise import quantise
from evidence.series import BadSeries, NotEnoughPoints

# Periods by which the outcome may follow: a month of weeks.
_LARGEST_LAG = 4
# Significant digits of what is only read.
_DIGITS = 3


def with_contributions(
    results: tuple[MetricResult, ...], request: MeasureRequest
) -> tuple[MetricResult, ...]:
    """Return the results, those of the support layer with what they have to do with the outcome."""
    asked = {metric.name: metric for metric in request.metrics}
    outcome = next((metric for metric in request.metrics if metric.layer == "outcome"), None)
    given = {result.name: result for result in results}
    supports = any(metric.layer == "support" for metric in request.metrics)
    if outcome is None or outcome.name not in given or not supports:
        return results
    of_outcome = _observed(outcome, given[outcome.name])
    return tuple(
        result
        if result.evidence is None or asked[result.name].layer != "support"
        else result.model_copy(
            update={
                "evidence": result.evidence.model_copy(
                    update={"contribution": _association(_observed(asked[result.name], result), of_outcome)}
                )
            }
        )
        for result in results
    )


def _observed(metric: MetricRequest, result: MetricResult) -> dict[int, Point]:
    points = metric.series.corrected(result.restated).extended(result.observations).points()
    explained = frozenset(metric.explained)
    return {point.period: point for point in points if point.period not in explained}


def _association(support: dict[int, Point], outcome: dict[int, Point]) -> Association:
    """Return the strongest association over all lags, on the newest stretch in which neither has a gap."""
    both = sorted(support.keys() & outcome.keys())
    stretch: list[int] = []
    for period in reversed(both):
        if stretch and period != stretch[-1] - 1:
            break
        stretch.append(period)
    stretch.reverse()
    try:
        found = contribution(
            [support[period].value for period in stretch],
            [outcome[period].value for period in stretch],
            largest_lag=_LARGEST_LAG,
        )[0]
    except NotEnoughPoints:
        need = MINIMUM_PAIRS + _LARGEST_LAG
        return Association(
            pairs=len(stretch), refusal=f"{len(stretch)} of {need} periods in a row with both numbers"
        )
    except BadSeries as refusal:
        return Association(pairs=len(stretch), refusal=str(refusal))
    return Association(
        lag=found.lag,
        correlation=quantise(found.correlation, _DIGITS),
        low=quantise(found.low, _DIGITS),
        high=quantise(found.high, _DIGITS),
        pairs=found.pairs,
        found=found.evidence,
    )
