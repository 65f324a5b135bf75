"""Gates as a journey judges them, from numbers alone: the real request, real statistics and real rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from activities.judge import judge_metric
from domain.charter import GatedStage
from domain.gates import evaluate
from domain.measurement import Baseline, FrozenLimits, MetricEvidence, Series
from domain.periods import end_of
from domain.schedule import measure_request, settle_time
from domain.state import State, gauges
from domain.verdicts import GateEvaluation
from tests.unit.journeys import begun

OUTCOME = "days to payment"


def state_in(stage: GatedStage, since: int | None, **charter: Any) -> State:
    """Return a whole and confirmed team that entered the stage before this period, with no numbers yet.

    Its charter has the outcome alone, lower is better, unless `charter` says otherwise.
    """
    plain: dict[str, Any] = {"metrics": [], "milestones": {}, "stages": {}}
    play = begun(**(plain | charter))
    play.confirm_all()
    return play.state.model_copy(update={"stage": stage, "since": since})


def started_from(
    state: State, points: Mapping[str, Series], limits: Mapping[str, FrozenLimits | None]
) -> State:
    """Return the state with these frozen limits and, of the same metrics, these points as the baseline."""
    frozen = {name: found for name, found in limits.items() if found is not None}
    baselines = {
        name: Baseline(limits=found, series=points[name]) for name, found in frozen.items() if name in points
    }
    return state.model_copy(update={"limits": frozen, "baselines": baselines})


def judged_in(state: State, series: Mapping[str, Series]) -> dict[str, MetricEvidence]:
    """Return the evidence of a measurement at the end of the newest period, each metric by `judge_metric`."""
    through = max((s.last for s in series.values() if s.last is not None), default=0)
    now = end_of(through, state.charter.calendar) + settle_time(state.charter)
    request = measure_request(state.model_copy(update={"series": dict(series)}), now)
    return {metric.name: judge_metric(metric, (), request) for metric in request.metrics}


def evaluated(state: State, series: Mapping[str, Series]) -> GateEvaluation:
    """Return the gate's evaluation on these series, limits frozen where there are none yet."""
    evidence = judged_in(state, series)
    limits = {name: found.limits for name, found in evidence.items() if found.limits is not None}
    return evaluate(state.model_copy(update={"evidence": evidence, "limits": limits | state.limits}))


def column(values: Sequence[float | None], cases: Sequence[float | None] = (), first: int = 0) -> Series:
    """Return consecutive values as a series."""
    return Series(first=first, values=tuple(values), denominators=tuple(cases))


def every_metric(state: State, values: Series) -> dict[str, Series]:
    """Return the same series for every metric of the charter."""
    return {gauge.name: values for gauge in gauges(state.charter)}
