"""Observations in the form that `evidence` takes, and its limits in the form that the state carries."""

from collections.abc import Sequence
from math import nan

from domain.measurement import Chart, FrozenLimits, MetricRequest, Observation
from domain.periods import Calendar, label
from evidence.limits import Limits, freeze_limits
from evidence.quantise import quantise
from evidence.series import BadSeries


def chart_of(request: MetricRequest, points: Sequence[Observation]) -> Chart:
    """Return the chart that fits the measure: the frozen one, or the one that limits will be frozen on."""
    if request.limits is not None:
        return request.limits.chart
    if request.measure == "duration":
        return "log_individuals"
    if request.measure == "share" and any(point.denominator is not None for point in points):
        return "p_prime"
    return "individuals"


def refuse_misfits(chart: Chart, points: Sequence[Observation], calendar: Calendar) -> None:
    """Refuse points that have no place on the chart, before one is recorded.

    Raises:
        BadSeries: naming the period.
    """
    for point in points:
        at = label(point.period, calendar)
        if chart == "log_individuals" and point.value <= 0:
            raise BadSeries(
                f"{at} is {point.value:g}: a duration is above 0. Leave the period out where nothing was "
                "finished, or call the measure an amount."
            )
        if chart == "p_prime" and (point.denominator is None or not 0 <= point.value <= 1):
            raise BadSeries(
                f"{at} is {point.value:g} of {point.denominator}: this share was measured with numerator and "
                "denominator so far, and must go on so."
            )


def values_of(points: Sequence[Observation]) -> list[float]:
    """Return the values, in order."""
    return [point.value for point in points]


def sizes_of(points: Sequence[Observation], chart: Chart) -> list[float] | None:
    """Return the denominators where the chart uses them; one that is missing never passes a judgement."""
    if chart != "p_prime":
        return None
    return [nan if point.denominator is None else point.denominator for point in points]


def frozen(points: Sequence[Observation], chart: Chart) -> FrozenLimits:
    """Return limits frozen on the points, rounded as they will be recorded.

    Raises:
        NotEnoughPoints, BadSeries: as `evidence.limits.freeze_limits`.
    """
    found = freeze_limits(values_of(points), sizes_of(points, chart), chart)
    return FrozenLimits(
        chart=chart,
        centre=quantise(found.centre),
        sigma=quantise(found.sigma),
        sigma_z=quantise(found.sigma_z),
        n=found.n,
        first=points[0].period,
        last=points[-1].period,
    )


def plain(limits: FrozenLimits) -> Limits:
    """Return the limits as `evidence` takes them."""
    return Limits(limits.chart, limits.centre, limits.sigma, limits.sigma_z, limits.n)
