"""How facts change the state: what sources gave, what people counted, and what a passed gate stood on.

A part of `domain.evolve`, and as total as it is.
"""

from datetime import datetime
from typing import Any

from domain import events as e
from domain.criteria.own import asked_of
from domain.measurement import (
    TAIL_PERIODS,
    MeasureResult,
    MetricResult,
    PassedGate,
    Series,
)
from domain.restatement import Restated
from domain.state import State, Trouble, gating, gauges

# Restated periods of a metric that a page names; the event has all of them.
RESTATED_KEPT = 12


def measured(state: State, result: MeasureResult) -> State:
    """Return the state with what the sources gave."""
    series, evidence, trouble = dict(state.series), dict(state.evidence), dict(state.trouble)
    known = {gauge.name for gauge in gauges(state.charter)}
    for unread in known - {metric.name for metric in result.results}:
        evidence.pop(unread, None)  # what was found before is not what is
    for metric in result.results:
        if metric.name not in known:
            continue  # measured just before an amendment took the metric away
        before = series.get(metric.name, Series())
        series[metric.name] = before.corrected(metric.restated).extended(metric.observations)
        if metric.evidence is not None:
            evidence[metric.name] = metric.evidence
        elif metric.trouble is None:
            evidence.pop(metric.name, None)  # nobody vouches for what was found before
        found = _trouble(state.trouble.get(metric.name), metric, result.as_of)
        if found is None:
            trouble.pop(metric.name, None)
        else:
            trouble[metric.name] = found
    changes: dict[str, Any] = {
        "through": result.through,
        "measured_at": result.as_of,
        "closes": result.closes,
        "measures_served": result.serves,
        "measures_wanted": state.measures_wanted + result.more,
        "series": series,
        "evidence": evidence,
        "trouble": trouble,
        "restated": _restated(state, result),
        "passed": {stage: gate for stage, gate in state.passed.items() if not _final(state, gate, series)},
        "explained": {name: _kept(state, name, causes, series) for name, causes in state.explained.items()},
        "recorded": {
            name: {p: o for p, o in values.items() if p >= series.get(name, Series()).first}
            for name, values in state.recorded.items()
        },
        "cooling": state.cooling and not _news(state, series),
    }
    return state.model_copy(update=changes)


def _news(state: State, series: dict[str, Series]) -> bool:
    """Whether a metric that may hold the gate has other numbers than before: asking for them is no news."""
    names = [gauge.name for gauge in gating(state.charter)]
    return any(series.get(name, Series()) != state.series.get(name, Series()) for name in names)


def recorded(state: State, event: e.ValueRecorded) -> State:
    """Return the state with what a member counted; the measurement that follows takes it in."""
    values = {**state.recorded.get(event.metric, {}), event.observation.period: event.observation}
    newest = sorted(values.items())[-TAIL_PERIODS:]
    return state.model_copy(
        update={
            "recorded": {**state.recorded, event.metric: dict(newest)},
            "measures_wanted": state.measures_wanted + 1,
        }
    )


def passed(state: State, event: e.StageEntered) -> dict[str, Any]:
    """Return what is known of the gates on the way; a team that begins again has passed none."""
    if event.stage == "stability":
        return {"passed": {}, "doubts": {}}
    if state.measured_at is None or state.through is None:
        return {}
    names = [gauge.name for gauge in gating(state.charter)]
    asked = {name: asked_of(state.charter, state.stage, name) for name in names}
    spans = [getattr(leaf, "of", 0) for leaves in asked.values() for leaf in leaves]
    gate = PassedGate(
        stage=state.stage,
        as_of=state.measured_at,
        since=state.since,
        through=state.through,
        oldest=_oldest(state, state.through, spans),
        stages=state.charter.stages,
        promise=state.charter.outcome.promise,
        margins={gauge.name: gauge.margin for gauge in gating(state.charter)},
        limits={name: state.limits[name] for name in names if name in state.limits},
        baselines={name: state.baselines[name] for name in names if name in state.baselines},
        criteria={name: leaves for name, leaves in asked.items() if leaves},
    )
    return {"passed": {**state.passed, state.stage: gate}}


def _oldest(state: State, through: int, spans: list[int]) -> int:
    """Return the first period, of those that are carried, that the present gate's criteria looked at."""
    names = [gauge.name for gauge in gating(state.charter)]
    found = (state.evidence.get(name) for name in names)
    begins = [one.control.window[0] for one in found if one is not None and one.control is not None]
    begins += [through - span + 1 for span in spans]
    if state.stage == "optimization" and state.since is not None:
        begins.append(state.since)
    carried = [state.series[name].first for name in names if name in state.series]
    return max([min(begins, default=through), *carried])


def after_amendment(state: State, event: e.CharterAmended) -> dict[str, Any]:
    """Return what of the facts still means the same under the amended charter."""
    before, after = gauges(state.charter), gauges(event.charter)
    same = {gauge.name for gauge in after} - set(event.changed)
    asked = [{g.name for g in gating(charter)} for charter in (state.charter, event.charter)]
    unmoved = asked[0] == asked[1] and asked[0] <= same - set(event.rebased)
    # What people counted cannot be read again: a day, week or month keeps its name in another zone.
    counted = {g.name: g for g in before if g.source.kind == "manual"}
    cadence = event.charter.cadence
    kept = {
        gauge.name
        for gauge in after
        if gauge.name in counted
        and gauge.source == counted[gauge.name].source
        and (gauge.unit, gauge.measure) == (counted[gauge.name].unit, counted[gauge.name].measure)
        and cadence == state.charter.cadence
        and (cadence != "hourly" or event.charter.calendar == state.charter.calendar)
    }
    return {
        "restated": {name: what for name, what in state.restated.items() if name in same},
        "recorded": {name: values for name, values in state.recorded.items() if name in kept},
        "passed": state.passed if unmoved else {},
        "doubts": state.doubts if unmoved else {},
    }


def _restated(state: State, result: MeasureResult) -> dict[str, Restated]:
    """Return what was restated lately: until a later period has been measured without any."""
    said = {metric.name: metric.restated for metric in result.results if metric.restated}
    newer = state.through is None or result.through > state.through
    found = {} if newer else dict(state.restated)
    for name, restated in said.items():
        limits, periods = state.limits.get(name), tuple(r.period for r in restated)
        frozen = 0 if limits is None else sum(limits.first <= p <= limits.last for p in periods)
        found[name] = Restated(periods=periods[-RESTATED_KEPT:], count=len(periods), frozen=frozen)
    return found


def _final(state: State, gate: PassedGate, series: dict[str, Series]) -> bool:
    """Whether no source is asked again about any period that the gate was judged on."""
    for gauge in gating(state.charter):
        last = series.get(gauge.name, Series()).last
        reach = TAIL_PERIODS if gauge.source.kind == "manual" else state.charter.restated_within
        if last is None or last - reach < gate.through:
            return False
    return True


def _kept(state: State, name: str, causes: dict[int, str], series: dict[str, Series]) -> dict[int, str]:
    """Leave out what is explained of points that are on no chart and in no baseline any more."""
    baseline, shown = state.baselines.get(name), series.get(name, Series())
    then = set() if baseline is None else {point.period for point in baseline.series.points()}
    return {period: cause for period, cause in causes.items() if period >= shown.first or period in then}


def _trouble(before: Trouble | None, metric: MetricResult, at: datetime) -> Trouble | None:
    if metric.trouble is None:
        return None
    return Trouble(
        code=metric.trouble.code,
        message=metric.trouble.message,
        since=at if before is None else before.since,
        count=1 if before is None else before.count + 1,
    )
