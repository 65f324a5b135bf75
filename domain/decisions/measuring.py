"""What new facts lead to: frozen limits, and the way back to stability."""

from collections.abc import Iterator
from datetime import datetime

from domain import events as e
from domain.commands import RecordMeasurement, ReportJournal
from domain.decisions import restating
from domain.measurement import MeasureResult
from domain.periods import Calendar
from domain.schedule import closings, periods_to_recover, settle_time
from domain.state import State, gating, gauges


def record(state: State, command: RecordMeasurement, now: datetime) -> tuple[e.Event, ...]:
    """Take the facts in. An answer to an older wish is left out: the newer one reads the same facts again."""
    result = command.result
    if result.serves != state.measures_wanted:
        return ()
    measured, doubted = e.Measured(result=result), restating.doubts(state, result)
    if result.more:  # the newest points are yet to come, and they are what is judged
        frozen = _frozen(state, result) if state.charter.stages.stability.baseline_from else ()
        return (measured, *frozen, *doubted)
    return (measured, *_frozen(state, result), *_regression(state, result, now), *doubted)


def journal(state: State, command: ReportJournal, now: datetime) -> tuple[e.Event, ...]:
    """Record that the journal cannot be written, or can again: each once."""
    if command.trouble is None:
        return (e.JournalRecovered(),) if state.unwritten else ()
    return () if state.unwritten else (e.JournalFailed(reason=command.trouble[:500], at=now),)


def _frozen(state: State, result: MeasureResult) -> Iterator[e.Event]:
    known = {gauge.name for gauge in gauges(state.charter)}
    for metric in result.results:
        if metric.name in known - state.limits.keys() and metric.evidence and metric.evidence.limits:
            yield e.LimitsFrozen(metric=metric.name, limits=metric.evidence.limits)


def _regression(state: State, result: MeasureResult, now: datetime) -> Iterator[e.Event]:
    """Start or end the grace period. A failing source does neither: it is no evidence of harm.

    It takes as many good periods to end it as bad ones to start it: one lucky week is no recovery.
    """
    if state.stage not in {"optimization", "innovation"} or state.hold is not None:
        return
    outcome = gating(state.charter)[0].name
    found = next((metric for metric in result.results if metric.name == outcome), None)
    if found is None or found.trouble is not None or found.evidence is None:
        return
    rule, streak = state.charter.regression, found.evidence.bad_streak
    if state.grace is None and streak >= rule.periods and state.exempt is None:
        until = now + rule.grace if rule.grace is not None else _enough(state, result)
        yield e.RegressionFeared(streak=streak, until=until)
    elif state.grace is not None and found.evidence.good_streak >= rule.periods:
        yield e.RegressionAverted()


def _enough(state: State, result: MeasureResult) -> datetime:
    """Return when as many periods as recovery takes have been measured, however long a month is."""
    charter, periods = state.charter, periods_to_recover(state.charter)
    if len(result.closes) >= periods:
        return result.closes[periods - 1]
    return closings(result.as_of, Calendar(charter.cadence), settle_time(charter), periods)[-1]
