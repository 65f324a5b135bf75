"""A margin in the unit of a metric as a step on its chart's scale."""

from domain.charting import OF_DURATIONS
from domain.measurement import FrozenLimits, MetricRequest
from evidence.charts import to_scale
from evidence.series import BadSeries


def margin_on_scale(
    margin: float, limits: FrozenLimits, request: MetricRequest, *, towards_better: bool
) -> float:
    """Return the margin on the chart's scale.

    A margin in days is a step from the frozen centre. On logarithms, from 10 days, 2 days less is
    log(10/8), and 2 days more, which a guardrail would still accept, is log(12/10).

    Raises:
        BadSeries: the step leads to a duration of 0 or less.
    """
    if limits.chart not in OF_DURATIONS:
        return margin
    shorter = towards_better == (request.direction == "down")
    centre = limits.centre_in_unit
    there = centre - margin if shorter else centre + margin
    if there <= 0:
        raise BadSeries(
            f"The margin of {margin:g} {request.unit} is not below the frozen centre of {centre:.4g} "
            f"{request.unit}: no duration could pass it. Lower the margin."
        )
    return abs(to_scale(limits.chart, there) - limits.centre)
