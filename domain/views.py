"""What may be read of a journey: with `domain.ballot_views` the only ways out of its state."""

from datetime import datetime

from pydantic import Field

from domain import notices
from domain.ballot_views import BallotView, open_view
from domain.ballots import BallotOutcome
from domain.charter import Direction, Layer, Measure, Stage
from domain.duties import duties
from domain.events import Event, GateEvaluated, Measured
from domain.measurement import FrozenLimits, MetricEvidence, Series
from domain.model import Carried, Finite
from domain.periods import Cadence, Calendar, label
from domain.pulses.views import PulseView, pulse
from domain.readback.views import ReadBackView, read_back
from domain.schedule import next_wake
from domain.sentences import describe
from domain.state import Delegation, Exempt, Gauge, Phase, State, gating, gauges
from domain.telling import details, told
from domain.verdicts import Verdict

# Finer than any unit, and free of what binary subtraction leaves behind.
GAP_DECIMALS = 9


class FailedRound(Carried):
    """A proposal of a member whose last round failed."""

    ballot: str
    kind: str
    rounds: int
    outcome: BallotOutcome
    parked: bool = Field(description="Its rounds are used up: a member brings it back first.")


class Status(Carried):
    """Where the team stands, and why."""

    team: str
    statement: str
    stage: Stage
    entered_at: datetime
    outcome_version: int
    gate_open: bool
    verdicts: tuple[Verdict, ...]
    metric: str
    unit: str
    measure: Measure
    value: Finite | None
    period: str | None
    target: Finite
    gap: Finite | None = Field(description="Still to go to the target; zero or less when reached.")
    told: str = Field(default="", description="What the outcome's newest numbers say, in a sentence.")
    functions: tuple[str, ...]
    ballots: tuple[BallotView, ...]
    waiting: tuple[str, ...] = Field(description="What people have to do, one sentence each.")
    duties: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Member: what they have yet to do, the most urgent first."
    )
    absent: dict[str, Delegation] = Field(
        default_factory=dict, description="Absent member: who may answer for them, until when."
    )
    exempt: Exempt | None = Field(default=None, description="From regression: until when, and why.")
    failed: tuple[FailedRound, ...] = Field(
        default=(), description="Members' proposals whose last round failed: what may be mended."
    )
    attention: tuple[str, ...] = Field(description="Codes, such as `source` or `grace`.")
    notes: tuple[str, ...] = Field(description="A sentence for everything that is not as it should be.")
    milestones: dict[str, bool]
    measured_at: datetime | None = Field(default=None, description="When the sources were last read.")
    next_at: datetime | None
    ended: str = ""
    pulse: PulseView | None = Field(default=None, description="None where the charter asks for none.")
    read_back: ReadBackView | None = Field(default=None, description="None where there was none.")


class MetricView(Carried):
    """One metric with its newest points and evidence."""

    name: str
    layer: Layer
    function: str | None
    unit: str
    measure: Measure
    direction: Direction
    target: Finite | None
    periods: tuple[str, ...]
    series: Series
    limits: FrozenLimits | None
    evidence: MetricEvidence | None
    trouble: str | None
    explained: dict[str, str]
    phases: dict[str, Phase] = Field(description="By first period: limits frozen anew, who, why.")
    told: str = Field(description="What the newest numbers say, in a sentence.")
    details: tuple[str, ...] = Field(description="What that should be read with, a line each.")


class Evidence(Carried):
    """The numbers behind the gate, the outcome first."""

    team: str
    cadence: Cadence
    time_zone: str = "UTC"
    metrics: tuple[MetricView, ...]

    @property
    def calendar(self) -> Calendar:
        """The calendar that the periods are of."""
        return Calendar(self.cadence, self.time_zone)


class Receipt(Carried):
    """What an update did: a sentence per event. No sentence when it was recorded before."""

    said: tuple[str, ...]
    stage: Stage


def status(state: State) -> Status:
    """Return where the team stands."""
    outcome, gauge = state.charter.outcome, gating(state.charter)[0]
    newest = newest_value(state, gauge.name)
    return Status(
        team=state.charter.team,
        statement=outcome.statement,
        stage=state.stage,
        entered_at=state.entered_at,
        outcome_version=state.outcome_version,
        gate_open=state.gate.open if state.gate else False,
        verdicts=state.gate.verdicts if state.gate else (),
        metric=gauge.name,
        unit=gauge.unit,
        measure=gauge.measure,
        value=None if newest is None else newest[1],
        period=None if newest is None else label(newest[0], state.charter.calendar),
        target=outcome.target,
        gap=gap(state),
        told=told_of(state, gauge),
        functions=tuple(sorted(set(state.charter.members.values()))),
        ballots=tuple(open_view(state, ballot) for ballot in state.ballots),
        waiting=notices.waiting(state),
        duties=duties(state),
        absent=state.delegations,
        exempt=state.exempt,
        failed=tuple(
            FailedRound(
                ballot=one.ballot,
                kind=one.kind,
                rounds=one.rounds,
                outcome=one.outcome,
                parked=one.parked(state.charter),
            )
            for one in state.attempts.values()
        ),
        attention=tuple(notices.attention(state)),
        notes=notices.notes(state),
        milestones={name: name in state.milestones for name in state.charter.milestones},
        measured_at=state.measured_at,
        next_at=None if state.over else next_wake(state),
        ended="" if state.ending is None else state.ending.reason,
        pulse=pulse(state),
        read_back=read_back(state),
    )


def evidence(state: State) -> Evidence:
    """Return the numbers behind the gate."""
    return Evidence(
        team=state.charter.team,
        cadence=state.charter.cadence,
        time_zone=state.charter.time_zone,
        metrics=tuple(_metric_view(state, gauge) for gauge in gauges(state.charter)),
    )


def receipt(state: State, events: tuple[Event, ...]) -> Receipt:
    """Return what an update did."""
    quiet = (Measured, GateEvaluated)
    said = tuple(describe(event, state.charter) for event in events if not isinstance(event, quiet))
    return Receipt(said=said, stage=state.stage)


def newest_value(state: State, metric: str) -> tuple[int, float] | None:
    """Return the newest period with a value, and the value."""
    seen = state.series.get(metric, Series()).points()
    return (seen[-1].period, seen[-1].value) if seen else None


def gap(state: State) -> float | None:
    """Return how far the outcome still has to go; zero or less when the target is reached."""
    outcome, newest = state.charter.outcome, newest_value(state, state.charter.outcome.metric)
    if newest is None:
        return None
    left = outcome.target - newest[1] if outcome.direction == "up" else newest[1] - outcome.target
    return round(left, GAP_DECIMALS)


def told_of(state: State, gauge: Gauge) -> str:
    """Return what a metric's newest numbers say, in a sentence."""
    found, limits = state.evidence.get(gauge.name), state.limits.get(gauge.name)
    return told(gauge, found, limits, state.charter.calendar)


def _metric_view(state: State, gauge: Gauge) -> MetricView:
    series, calendar = state.series.get(gauge.name, Series()), state.charter.calendar
    trouble, found = state.trouble.get(gauge.name), state.evidence.get(gauge.name)
    return MetricView(
        name=gauge.name,
        layer=gauge.layer,
        function=gauge.function,
        unit=gauge.unit,
        measure=gauge.measure,
        direction=gauge.direction,
        target=gauge.target,
        periods=tuple(label(series.first + i, calendar) for i in range(len(series.values))),
        series=series,
        limits=state.limits.get(gauge.name),
        evidence=found,
        trouble=None if trouble is None else trouble.message,
        explained={label(p, calendar): cause for p, cause in state.explained.get(gauge.name, {}).items()},
        phases={label(phase.first, calendar): phase for phase in state.phases.get(gauge.name, ())},
        told=told_of(state, gauge),
        details=() if found is None else tuple(details(gauge, found, state.limits.get(gauge.name), calendar)),
    )
