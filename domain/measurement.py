"""What the `measure` activity is asked and what it answers: the facts that a gate decides on.

Statistics run in the activity, once; what it answers is rounded there to six
significant digits and recorded, and the rules only compare it with thresholds.
So replay and verification never depend on a processor or a library's version.
"""

from datetime import datetime, timedelta

from pydantic import Field

from domain.charter import Direction, Layer, Measure, OptimizationGate, StabilityGate, Stage, Stages
from domain.charting import Chart, ChartChoice, MovingRange, RuleSet, in_unit
from domain.criterion import Measured
from domain.envelope import Envelope
from domain.model import Carried, Finite, first, silent
from domain.periods import Cadence, Calendar
from domain.readings import (
    Association,
    Assurance,
    CapabilityFound,
    ChangeProposed,
    Diagnostics,
    KeptFound,
    Reading,
    SignalFound,
    Variation,
)
from domain.restatement import Restatement
from domain.series import SHARE_DIGITS, TAIL_PERIODS, Observation, Point, Series, absent, share_of
from domain.sources import Source

__all__ = [
    "EVIDENCE_VERSION", "SHARE_DIGITS", "TAIL_PERIODS", "Baseline", "Chart", "Control", "FrozenLimits",
    "Improvement", "MeasureAnswer", "MeasureRequest", "MeasureResult", "MeasureTask", "MetricEvidence",
    "MetricRequest", "MetricResult", "Observation", "PassedGate", "Point", "Rejudged", "Series",
    "SourceTrouble", "share_of",
]  # fmt: skip

# Which version of the statistics a worker computes with; see `activities.evidence_versions`.
EVIDENCE_VERSION = 1


def _usual(value: str) -> bool:
    """Whether a choice is the usual one, which goes without saying."""
    return value in {"mean", "gate"}


def _absent(value: int | None) -> bool:
    return value is None


class FrozenLimits(Carried):
    """Control limits frozen on the points of `first`..`last`; see `evidence.limits.Limits`."""

    chart: Chart
    centre: Finite
    sigma: Finite
    sigma_z: Finite = 1.0
    n: int
    first: int
    last: int
    moving_range: MovingRange = Field(default="mean", exclude_if=_usual)
    screened: int = Field(
        default=0, description="Moving ranges that were left out as beyond chance.", exclude_if=silent
    )

    @property
    def centre_in_unit(self) -> float:
        """The centre as people read it; on a log chart the geometric mean."""
        return in_unit(self.chart, self.centre)


class Baseline(Carried):
    """The points, and their limits, that an improvement is compared with."""

    limits: FrozenLimits
    series: Series


class MetricRequest(Carried):
    """One metric to fetch and to judge."""

    name: str
    layer: Layer
    unit: str
    direction: Direction
    measure: Measure
    margin: Finite = 0.0
    promise: Finite | None = None
    target: Finite | None = None
    source: Source
    series: Series = Series()
    limits: FrozenLimits | None = None
    baseline: Baseline | None = None
    explained: tuple[int, ...] = ()
    chart: ChartChoice = ChartChoice()
    phase_from: int | None = Field(default=None, description="First period of the present phase, if rebased.")
    criteria: tuple[Measured, ...] = Field(default=(), description="What the stage's own criteria ask of it.")
    recorded: tuple[Observation, ...] = Field(default=(), description="What people recorded by hand.")


class PassedGate(Carried):
    """What a gate was judged by when the team passed it, so that it can be judged again."""

    stage: Stage
    as_of: datetime
    since: int | None
    through: int
    oldest: int = Field(description="The first period that its window or its comparison looked at.")
    stages: Stages
    promise: Finite | None
    margins: dict[str, Finite]
    limits: dict[str, FrozenLimits]
    baselines: dict[str, Baseline] = Field(default_factory=dict)
    criteria: dict[str, tuple[Measured, ...]] = Field(default_factory=dict)


class MeasureRequest(Carried):
    """Everything that one measurement needs: pure input, so that a retry judges the same window."""

    team: str
    serves: int = Field(default=0, description="Which wish to measure this serves; the answer repeats it.")
    cadence: Cadence
    zone: str = Field(default="UTC", description="Time zone of the periods, an IANA name.")
    as_of: datetime = Field(description="The journey's own clock; data after it does not exist yet.")
    settle: timedelta = Field(default=timedelta(0), description="Until the gates' data are complete.")
    ahead: int = Field(default=1, description="How many closings to come the answer names.")
    stage: Stage
    stage_since: int | None = Field(default=None, description="First period of the stage.")
    import_from: int = Field(description="Oldest period to import when nothing was seen yet.")
    stability: StabilityGate
    optimization: OptimizationGate
    at_target_of: int
    restated_within: int = Field(default=0, description="Periods already seen that are read again.")
    passed: tuple[PassedGate, ...] = ()
    metrics: tuple[MetricRequest, ...]

    @property
    def calendar(self) -> Calendar:
        """The calendar that the periods are of."""
        return Calendar(self.cadence, self.zone)


class Control(Carried):
    """The newest points against frozen limits. All tuples hold periods."""

    judged: int = Field(description="How many unexplained points after the frozen ones were judged.")
    window: tuple[int, int] = Field(description="First and last period judged.")
    outside: tuple[int, ...]
    runs: tuple[int, ...]
    bad: tuple[int, ...] = Field(description="Those of `outside` and `runs` that are in the bad direction.")
    lower: Finite = Field(description="Lower limit at the newest point.")
    upper: Finite = Field(description="Upper limit at the newest point.")
    rules: RuleSet = Field(default="gate", description="The rule set.", exclude_if=_usual)
    signals: tuple[SignalFound, ...] = Field(
        default=(), description="Every rule that fired, with all its points.", exclude_if=silent
    )
    once_in: int | None = Field(
        default=None,
        description="A stable process would show this about once in so many periods.",
        exclude_if=silent,
    )


class Improvement(Carried):
    """The points since the stage began against the frozen baseline, at a planned look."""

    look: int = Field(ge=1)
    alpha: Finite = Field(description="The error spent at this look.")
    n_before: int
    n_after: int
    shift: Finite = Field(description="Hodges-Lehmann shift, positive is better; log units for durations.")
    shift_low: Finite = Field(description="Its one-sided lower confidence bound.")
    margin: Finite = Field(description="What the bound is compared with, on the same scale.")
    p_value: Finite = Field(description="Of the test with effective n, compared with the look's error.")
    p_guard: Finite = Field(
        default=1.0,
        description="Of the block permutation, compared with the error of all looks: it guards against "
        "memory of another kind, and on few points it cannot get small enough for a late look.",
    )
    cliffs_delta: Finite
    detectable: Finite = Field(description="The smallest shift this window could detect at 80 % power.")
    good_signal: bool = Field(description="A signal in the good direction against the frozen limits.")
    in_control: bool = Field(description="No bad signal among the later points against their own limits.")
    no_wider: bool = Field(description="The later points scatter no more than the frozen ones.")
    limits: FrozenLimits = Field(description="Limits of the later points: the next frozen ones.")
    method: str
    seed: int


class MetricEvidence(Carried):
    """The numbers about one metric, with what they were computed from."""

    n: int
    last_period: int | None
    last_value: Finite | None
    stage_points: int = Field(default=0, description="Unexplained points since the stage began.")
    limits: FrozenLimits | None = None
    control: Control | None = None
    bad_streak: int = Field(
        default=0,
        description="Newest periods in a row out of control for the worse, or with a broken promise.",
    )
    good_streak: int = Field(default=0, description="Newest periods in a row that are neither.")
    promise_kept: int | None = Field(default=None, description="Of the judged points.")
    longest_gap: int = 0
    lag1: Finite | None = None
    improvement: Improvement | None = None
    obstacle: str | None = Field(default=None, description="Why a comparison that is due cannot be made.")
    at_target: int | None = Field(default=None, description="Of the newest `at_target_of` points.")
    at_target_of: int | None = Field(default=None, description="How many points that looked at.")
    diagnostics: Diagnostics | None = Field(default=None, exclude_if=silent)
    variation: Variation | None = Field(
        default=None, description='As in "Making Data Count".', exclude_if=silent
    )
    assurance: Assurance | None = Field(
        default=None, description="Of the target, while the process is stable.", exclude_if=silent
    )
    kept: KeptFound | None = Field(default=None, exclude_if=silent)
    capability: CapabilityFound | None = Field(default=None, exclude_if=silent)
    changes: tuple[ChangeProposed, ...] = Field(
        default=(), description="Proposed, never acted on.", exclude_if=silent
    )
    contribution: Association | None = Field(
        default=None, description="Of a support metric to the outcome.", exclude_if=silent
    )
    base: int | None = Field(
        default=None,
        description="Points that limits will be frozen on, where these are not all.",
        exclude_if=_absent,
    )
    readings: tuple[Reading, ...] = Field(default=(), exclude_if=silent)
    left_out: int | None = Field(
        default=None, description="Cases too young to count at the newest period.", exclude_if=absent
    )

    @property
    def towards_limits(self) -> int:
        """How many points there are that limits will be frozen on."""
        return self.n if self.base is None else self.base


class SourceTrouble(Carried):
    """Why a metric could not be measured: a stable code and a sentence with the way out."""

    code: str
    message: str


class MetricResult(Carried):
    """What one metric's source gave: new observations and evidence, or trouble."""

    name: str
    observations: tuple[Observation, ...] = ()
    restated: tuple[Restatement, ...] = Field(
        default=(), description="What the source says now about periods that were recorded."
    )
    evidence: MetricEvidence | None = None
    trouble: SourceTrouble | None = None


class Rejudged(Carried):
    """A passed gate's evidence on the numbers as they are now; none where its points are not carried."""

    stage: Stage
    evidence: dict[str, MetricEvidence]


class MeasureResult(Carried):
    """The answer of one measurement."""

    serves: int = 0
    as_of: datetime
    through: int = Field(description="The newest period that was closed and settled.")
    results: tuple[MetricResult, ...]
    closes: tuple[datetime, ...] = Field(
        default=(),
        description="When the next periods will be closed and settled, by the zone's rules of now.",
    )
    more: bool = Field(default=False, description="There is more to catch up with: measure again at once.")
    rejudged: tuple[Rejudged, ...] = ()
    evidence_version: int = Field(default=1, exclude_if=first)


class MeasureTask(Carried):
    """One call of the activity: measure, and take along to the journal what it does not have yet."""

    request: MeasureRequest
    pending: tuple[Envelope, ...] = ()


class MeasureAnswer(Carried):
    """What the call gave. `journaled` is the journal's newest number, None when it was not written."""

    result: MeasureResult
    journaled: int | None = None
    journal_trouble: str | None = None
