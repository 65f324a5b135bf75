"""A journey's state: everything the rules need, small enough to be carried from run to run."""

from datetime import datetime, timedelta
from operator import not_

from pydantic import Field

from domain.ballots import Ballot, ClosedBallot
from domain.charter import Charter, Direction, Layer, Measure, Stage
from domain.charting import ChartChoice
from domain.measurement import Baseline, FrozenLimits, MetricEvidence, Observation, PassedGate, Series
from domain.model import Carried, Finite, silent
from domain.once import once
from domain.pulses.cycles import Pulses
from domain.readback.records import ReadBacks
from domain.restatement import Doubt, Restated
from domain.rounds import Attempt
from domain.sources import Source
from domain.together.records import Together
from domain.verdicts import GateEvaluation

SCHEMA_VERSION = 1
POLICY_VERSION = 1


class Reached(Carried):
    """A milestone that was reached."""

    by: str
    at: datetime
    note: str = ""


class Trouble(Carried):
    """A source that fails, since when, and how often in a row."""

    code: str
    message: str
    since: datetime
    count: int


class Grace(Carried):
    """Time to recover before the team goes back to stability."""

    streak: int
    until: datetime


class Hold(Carried):
    """Somebody stopped the line."""

    by: str
    reason: str
    at: datetime


class Delegation(Carried):
    """Who answers ballots for a member who is absent, until when. Only that member gave it."""

    to: str
    until: datetime


class Exempt(Carried):
    """The team agreed to stay in its stage for a time, whatever the numbers say."""

    by: str
    reason: str
    until: datetime
    at: datetime
    grace_left: timedelta | None = Field(
        default=None, description="Of a grace period that was running; it goes on when this ends."
    )


class Refusal(Carried):
    """A signal that could not be used."""

    message: str
    reason: str
    at: datetime


class Unwritten(Carried):
    """Why the journal cannot be written, and since when."""

    reason: str
    at: datetime


class Ending(Carried):
    """How the journey ended."""

    at: datetime
    reason: str
    lesson: str = ""


class Gauge(Carried):
    """One metric of the charter, whatever its layer, as the rules see it."""

    name: str
    layer: Layer
    function: str | None = None
    unit: str
    direction: Direction
    measure: Measure
    margin: Finite = 0.0
    promise: Finite | None = None
    target: Finite | None = None
    source: Source
    chart: ChartChoice = ChartChoice()


class Phase(Carried):
    """The limits were frozen anew from a period on: signed by the team, with its cause."""

    first: int = Field(description="First period of the new frozen points.")
    at: datetime
    by: str = Field(description="Who proposed it; everybody consented.")
    cause: str
    before: FrozenLimits | None = Field(default=None, description="The limits until then.")


class State(Carried):
    """One journey. Built by folding events with `evolve`, never changed in place."""

    schema_version: int = SCHEMA_VERSION
    policy_version: int = POLICY_VERSION
    charter: Charter
    journey: str = Field(
        default="", description="What tells it from any other journey of this team.", exclude_if=silent
    )
    signed: dict[str, int] = Field(
        default_factory=dict, description="How many signatures of a member have counted.", exclude_if=not_
    )
    outcome_version: int = 1
    stage: Stage = "forming"
    entered_at: datetime
    since: int | None = None
    through: int | None = Field(default=None, description="The newest period measured.")
    measured_at: datetime | None = None
    closes: tuple[datetime, ...] = Field(
        default=(), description="When the next periods will be closed and settled."
    )
    measures_wanted: int = Field(default=1, description="Measurements asked for, besides those of the clock.")
    measures_served: int = 0
    confirmations: dict[str, int] = Field(default_factory=dict)
    series: dict[str, Series] = Field(default_factory=dict)
    limits: dict[str, FrozenLimits] = Field(default_factory=dict)
    baselines: dict[str, Baseline] = Field(default_factory=dict)
    evidence: dict[str, MetricEvidence] = Field(default_factory=dict)
    trouble: dict[str, Trouble] = Field(default_factory=dict)
    recorded: dict[str, dict[int, Observation]] = Field(
        default_factory=dict, description="What people recorded by hand, of the periods that are carried."
    )
    restated: dict[str, Restated] = Field(default_factory=dict, description="By sources, lately.")
    passed: dict[Stage, PassedGate] = Field(default_factory=dict, description="Gates on the way here.")
    doubts: dict[Stage, Doubt] = Field(default_factory=dict, description="Of them, on numbers restated.")
    phases: dict[str, tuple[Phase, ...]] = Field(
        default_factory=dict, description="Of the metrics that were rebased.", exclude_if=silent
    )
    frozen_from: dict[str, int] = Field(
        default_factory=dict,
        description="First period of the frozen points, where the team decided it.",
        exclude_if=silent,
    )
    explained: dict[str, dict[int, str]] = Field(default_factory=dict, description="Period: cause.")
    gate: GateEvaluation | None = None
    ballots: tuple[Ballot, ...] = ()
    ballots_opened: int = 0
    last_closed: ClosedBallot | None = None
    round: int = Field(default=0, description="Rounds that the present gate's proposal has had.")
    cooling: bool = Field(default=False, description="A round failed: the next waits for new data.")
    parked: bool = False
    milestones: dict[str, Reached] = Field(default_factory=dict)
    grace: Grace | None = None
    hold: Hold | None = None
    attempts: dict[str, Attempt] = Field(
        default_factory=dict, description="Members' proposals whose last round failed.", exclude_if=not_
    )
    delegations: dict[str, Delegation] = Field(
        default_factory=dict, description="Absent member: who answers for them.", exclude_if=not_
    )
    missing_since: dict[str, datetime] = Field(
        default_factory=dict, description="Function whose last member left: when.", exclude_if=not_
    )
    exempt: Exempt | None = Field(default=None, exclude_if=silent)
    refusals: tuple[Refusal, ...] = ()
    unwritten: Unwritten | None = None
    read_backs: ReadBacks | None = Field(default=None, exclude_if=silent)
    pulses: Pulses | None = Field(default=None, exclude_if=silent)
    ending: Ending | None = None
    together: Together = Field(
        default=Together(),
        description="What the team has of itself besides its outcome.",
        exclude_if=Together().__eq__,
    )

    @property
    def over(self) -> bool:
        """Whether the journey has ended."""
        return self.stage in {"completed", "dissolved"}

    @property
    def advance_ballot(self) -> Ballot | None:
        """The open ballot on the next stage, if there is one."""
        return next((ballot for ballot in self.ballots if ballot.proposal.kind == "advance"), None)


@once
def gauges(charter: Charter) -> tuple[Gauge, ...]:
    """Return the charter's metrics, the outcome's first."""
    outcome = charter.outcome
    first = Gauge(
        name=outcome.metric,
        layer="outcome",
        unit=outcome.unit,
        direction=outcome.direction,
        measure=outcome.measure,
        margin=charter.stages.optimization.margin,
        promise=outcome.promise,
        target=outcome.target,
        source=outcome.source,
        chart=outcome.chart,
    )
    others = (
        Gauge(
            name=metric.name,
            layer=metric.layer,
            function=metric.function,
            unit=metric.unit,
            direction=metric.direction,
            measure=metric.measure,
            margin=metric.margin,
            source=metric.source,
            chart=metric.chart,
        )
        for metric in charter.metrics
    )
    return (first, *others)


@once
def gating(charter: Charter) -> tuple[Gauge, ...]:
    """Return the metrics that may hold a gate: never one of the support layer."""
    return tuple(gauge for gauge in gauges(charter) if gauge.layer != "support")
