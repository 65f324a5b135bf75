"""When a journey has to wake up, and what it measures then.

Everything is absolute and derived from the state, because timers do not
survive continue-as-new.
"""

from datetime import datetime, timedelta
from typing import Literal

from domain.ballots import reminders_at
from domain.charter import GATED_STAGES, Charter
from domain.criteria.own import asked_of, own_leaves
from domain.measurement import (
    TAIL_PERIODS,
    MeasureRequest,
    MeasureResult,
    MetricRequest,
    MetricResult,
    Series,
    SourceTrouble,
)
from domain.once import once
from domain.periods import Calendar, end_of, last_closed, length, period_of, period_of_day
from domain.pulses.timing import next_pulse_at, next_task_at
from domain.readback.standing import next_task_at as next_read_back_at
from domain.state import Gauge, State, gating, gauges

# A failing source is tried again after this part of a period, then twice as long, and so on up to a period.
RETRY_PART = 24
# Two periods: one to see the next number, one to answer it.
GRACE_PERIODS = 2
# A gate's points are imported with as many periods again, for weekends, gaps and what has not settled yet.
IMPORT_ROOM = 2
_UNANSWERED = "the measurement failed: "


def settle_time(charter: Charter) -> timedelta:
    """Return how long the slowest gating source may still deliver after a period's end.

    The support layer has no say in when a gate is judged: what settles later is read a period later.
    """
    return max(gauge.source.settle for gauge in gating(charter))


def next_measure_at(state: State) -> datetime:
    """Return when the sources are read next; at once when a measurement is wanted."""
    if state.measured_at is None or state.measures_served < state.measures_wanted:
        return state.measured_at or state.entered_at
    cadence = state.charter.cadence
    # Read from what was recorded: the rules of a time zone may be others when a history is replayed. Where
    # nobody answered there is no record, and the periods of UTC, whose rules never change, keep time.
    closes = state.closes or closings(state.measured_at, Calendar(cadence), settle_time(state.charter), 1)
    regular = closes[0]
    failing = [state.trouble[gauge.name] for gauge in gating(state.charter) if gauge.name in state.trouble]
    if not failing:
        return regular
    failures = min(trouble.count for trouble in failing)
    period = length(cadence)
    return min(
        regular, state.measured_at + min(period, period / RETRY_PART * (1 << min(failures - 1, RETRY_PART)))
    )


def closings(now: datetime, calendar: Calendar, settle: timedelta, count: int) -> tuple[datetime, ...]:
    """Return when the next periods after the last closed one will be closed and settled."""
    newest = last_closed(now, calendar, settle)
    return tuple(end_of(newest + ahead, calendar) + settle for ahead in range(1, count + 1))


def periods_to_recover(charter: Charter) -> int:
    """Return how many periods a grace period has unless the charter says otherwise."""
    return max(GRACE_PERIODS, charter.regression.periods)


def next_timer_at(state: State) -> datetime | None:
    """Return when a ballot, a grace period, an absence, an exemption or a promise is due next."""
    due: list[datetime] = [given.until for given in state.delegations.values()]
    for ballot in (b for b in state.ballots if not b.complete):  # a complete one waits for evidence alone
        due.extend(reminders_at(ballot)[ballot.reminders :])
        due.append(ballot.closes_at)
    if state.exempt is not None:
        due.append(state.exempt.until)
    elif state.grace is not None and state.hold is None:
        due.append(state.grace.until)
    due.extend(commitment.until for commitment in state.together.commitments.open)
    if (pulse := next_pulse_at(state)) is not None:
        due.append(pulse)
    return min(due, default=None)


def next_due(state: State) -> datetime:
    """Return the next moment at which the journey has something to do by itself."""
    measure, timer = next_measure_at(state), next_timer_at(state)
    return measure if timer is None else min(measure, timer)


def step(state: State, now: datetime) -> Literal["measure", "pass_time", "rest"]:
    """Return what a journey does by itself at this moment; what it does then may leave more to do."""
    if now >= next_measure_at(state):
        return "measure"
    return "pass_time" if now >= next_due(state) else "rest"


def next_wake(state: State) -> datetime:
    """Return the next moment at which the journey has something to do, the answers database included."""
    tasks = (next_task_at(state), next_read_back_at(state))
    return min([next_due(state), *(at for at in tasks if at is not None)])


def measure_request(state: State, now: datetime) -> MeasureRequest:
    """Return everything that one measurement needs."""
    charter = state.charter
    gate = charter.stages.stability
    imported = min(_wanted(charter), TAIL_PERIODS)
    start = period_of(state.entered_at if state.measured_at is None else state.measured_at, charter.calendar)
    oldest = start - imported
    oldest = min([oldest, *state.frozen_from.values()])
    if gate.baseline_from is not None:
        oldest = min(oldest, period_of_day(gate.baseline_from, charter.calendar))
    return MeasureRequest(
        team=charter.team,
        serves=state.measures_wanted,
        cadence=charter.cadence,
        settle=settle_time(charter),
        ahead=periods_to_recover(charter),
        zone=charter.time_zone,
        as_of=now,
        stage=state.stage,
        stage_since=state.since,
        import_from=oldest,
        stability=gate,
        optimization=charter.stages.optimization,
        at_target_of=charter.stages.innovation.of,
        restated_within=charter.restated_within,
        passed=tuple(state.passed.values()),
        metrics=tuple(_metric_request(state, gauge) for gauge in gauges(charter)),
    )


def unanswered(state: State, serves: int, now: datetime, why: str) -> MeasureResult:
    """Return what is measured where no worker answered: every metric in trouble, and nothing else changed."""
    charter = state.charter
    trouble = SourceTrouble(code="no_answer", message=f"{_UNANSWERED}{why}")
    newest = last_closed(now, charter.calendar, settle_time(charter))
    return MeasureResult(
        serves=serves,
        as_of=now,
        through=newest if state.through is None else state.through,
        results=tuple(MetricResult(name=gauge.name, trouble=trouble) for gauge in gauges(charter)),
    )


def why_unanswered(result: MeasureResult) -> str | None:
    """Return why no worker answered a measurement, or None where one did."""
    trouble = result.results[0].trouble if result.results else None
    unasked = trouble is not None and trouble.code == "no_answer"
    return trouble.message.removeprefix(_UNANSWERED) if trouble is not None and unasked else None


@once
def _wanted(charter: Charter) -> int:
    """Return how many periods the rules look at, or all that are kept where events are rare."""
    gate = charter.stages.stability
    if any(gauge.measure == "rare" for gauge in gauges(charter)):
        return TAIL_PERIODS
    windows = (getattr(leaf, "of", 0) for stage in GATED_STAGES for leaf in own_leaves(charter, stage))
    return max(IMPORT_ROOM * (gate.baseline_points + gate.judged_points), *windows, 0)


def _metric_request(state: State, gauge: Gauge) -> MetricRequest:
    return MetricRequest(
        name=gauge.name,
        layer=gauge.layer,
        unit=gauge.unit,
        direction=gauge.direction,
        measure=gauge.measure,
        margin=gauge.margin,
        promise=gauge.promise,
        target=gauge.target,
        source=gauge.source,
        series=state.series.get(gauge.name, Series()),
        limits=state.limits.get(gauge.name),
        baseline=state.baselines.get(gauge.name),
        explained=tuple(sorted(state.explained.get(gauge.name, {}))),
        recorded=tuple(state.recorded.get(gauge.name, {}).values()),
        chart=gauge.chart,
        phase_from=state.frozen_from.get(gauge.name),
        criteria=asked_of(state.charter, state.stage, gauge.name),
    )
