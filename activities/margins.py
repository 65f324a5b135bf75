"""A margin in the unit of a metric as a step on its chart's scale."""

import math

from domain.measurement import FrozenLimits, MetricRequest
from evidence.series import BadSeries


def margin_on_scale(
    margin: float, limits: FrozenLimits, request: MetricRequest, *, towards_better: bool
) -> float:
    """Return the margin on the chart's scale.

    A margin in days is a step from the frozen centre (a geometric mean). From 10 days, 2 days less is
    log(10/8), and 2 days more, which a guardrail would still accept, is log(12/10).

    Raises:
        BadSeries: the step leads to a duration of 0 or less.
    """
    if limits.chart != "log_individuals":
        return margin
    shorter = towards_better == (request.direction == "down")
    part = margin / math.exp(limits.centre)
    if not shorter:
        return math.log1p(part)
    if part >= 1:
        raise BadSeries(
            f"The margin of {margin:g} {request.unit} is not below the frozen centre of "
            f"{math.exp(limits.centre):.4g} {request.unit}: no duration could pass it. Lower the margin."
        )
    return -math.log1p(-part)
