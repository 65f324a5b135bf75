"""Short series with known limits, and a short way to have them judged."""

from collections.abc import Sequence
from typing import Any

from activities.judge import judge_metric
from domain.measurement import FrozenLimits, MeasureRequest, MetricEvidence, MetricRequest, Observation
from domain.periods import Calendar, end_of
from tests.measuring import metric, request, series

# Sixteen calm points around 10 with a mean moving range of 1, to be repeated.
CALM = [10.0, 11.0, 10.0, 9.0, 10.0, 9.0, 10.0, 11.0, 10.0, 9.0, 10.0, 11.0, 10.0, 11.0, 10.0, 9.0]
LIMITS = FrozenLimits(chart="individuals", centre=10.0, sigma=1.0, n=20, first=0, last=19)


def calm(n: int, centre: float = 10.0) -> list[float]:
    return [CALM[i % len(CALM)] - 10.0 + centre for i in range(n)]


def context(through: int, **changes: Any) -> MeasureRequest:
    return request(as_of=end_of(through, Calendar("weekly")), **changes)


def judged(
    values: Sequence[float | None],
    new: tuple[Observation, ...] = (),
    *,
    about: MetricRequest | None = None,
    denominators: list[float] | None = None,
    through: int | None = None,
    **changes: Any,
) -> MetricEvidence:
    """Judge values of the periods 0, 1, ... (None is a gap), all closed."""
    about = (about or metric()).model_copy(update={"series": series(list(values), denominators)})
    last = through if through is not None else max([len(values) - 1, *(o.period for o in new)])
    return judge_metric(about, new, context(last, **changes))
