"""The charter: what a team promises, who it is, how it is measured, and when its gates open.

Only the shape is checked here. Whether the outcome is one that people can
recognise is judged by `domain.lint`; where in the file a mistake stands is
found by `bst.charter_file`.
"""

from datetime import timedelta
from operator import not_
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.charting import ChartChoice
from domain.criterion import Criteria
from domain.drift_rules import DriftRules
from domain.forming import Forming
from domain.model import Sent, TeamName, silent
from domain.periods import Cadence, Calendar
from domain.pulses.rules import PulseRules
from domain.signatures import PublicKey
from domain.sources import Source
from domain.values import Day, Name, Number, Sentence, Span, Whole
from domain.zones import TimeZone

Measure = Literal["share", "duration", "count", "rate", "amount", "rare"]
Direction = Literal["up", "down"]
Layer = Literal["outcome", "efficiency", "guardrail", "support"]
Stage = Literal["forming", "stability", "optimization", "innovation", "completed", "dissolved"]
_MEASURE = (
    "What kind of number it is, which chooses its chart: share (0 to 1, a numerator of a denominator), "
    "duration, count, rate (a total per exposure), amount, or rare (how often something rare happened)."
)
_CHART = "How it is charted, where that is not to follow from the measure."
_CRITERIA = "Criteria of the team's own, beside the standard ones."
# A quarter of weeks, or half a day of hours: late bookings and corrections mostly come within it (periods).
RESTATED_WITHIN = 12
GatedStage = Literal["stability", "optimization", "innovation"]
GATED_STAGES: tuple[GatedStage, ...] = ("stability", "optimization", "innovation")


class Metric(Sent):
    """One number per period that is not the outcome: efficiency, guardrail or support."""

    name: Name = Field(description="What is counted or measured.", examples=["hours of work per claim"])
    layer: Literal["efficiency", "guardrail", "support"] = Field(
        description="efficiency (what one outcome costs), guardrail (what must not get worse) or support "
        "(a function's own number, shown and never decisive)."
    )
    function: Name | None = Field(default=None, description="Whose own layer it is, for support metrics.")
    unit: Name = Field(description="What one of it is.", examples=["hours", "share", "EUR"])
    direction: Direction = Field(description="Which way is better, up or down.")
    measure: Measure = Field(default="amount", description=_MEASURE)
    chart: ChartChoice = Field(default=ChartChoice(), description=_CHART, exclude_if=ChartChoice().__eq__)
    margin: Number = Field(
        default=0.0,
        ge=0,
        description="Efficiency: how much better it must get. Guardrail: how much worse is still accepted.",
    )
    source: Source = Field(
        description="Where its numbers come from.", examples=[{"kind": "files", "path": "claims.csv"}]
    )


class Outcome(Sent):
    """The one outcome of the team: a statement and the number that will prove it."""

    statement: Sentence = Field(
        description="Who will have what, by how much, by when, in words that anyone understands.",
        examples=["A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2027"],
    )
    beneficiary: Name = Field(
        description="Who outside the team is better off.", examples=["customers who file a simple claim"]
    )
    metric: Name = Field(
        description="What is measured, once per period.", examples=["days from claim to payment"]
    )
    unit: Name = Field(description="What one of it is.", examples=["days", "share", "orders"])
    direction: Direction = Field(description="Which way is better, up or down.")
    measure: Measure = Field(default="amount", description=_MEASURE)
    chart: ChartChoice = Field(default=ChartChoice(), description=_CHART, exclude_if=ChartChoice().__eq__)
    baseline: Number | None = Field(default=None, description="Where it stands today.", examples=[11])
    baseline_by: Day | None = Field(
        default=None,
        description="When the baseline will have been measured, where it is not known yet.",
        examples=["2027-01-31"],
    )
    target: Number = Field(description="Where it will be at the deadline.", examples=[3])
    deadline: Day = Field(description="By when.", examples=["2027-06-30"])
    promise: Number | None = Field(
        default=None, description="What every period should keep: at least (up) or at most (down) this value."
    )
    source: Source = Field(
        description="Where its numbers come from.", examples=[{"kind": "files", "path": "claims.csv"}]
    )


class StabilityGate(Sent):
    """The process runs consistently: limits frozen, later points inside them, the promise kept."""

    baseline_points: Whole = Field(
        default=20, ge=8, le=60, description="Points that the limits are frozen on."
    )
    baseline_from: Day | None = Field(
        default=None,
        description="First period of the frozen points; moving it is a rebase that the team signs.",
    )
    judged_points: Whole = Field(
        default=10, ge=5, le=40, description="Later points, all of which are judged."
    )
    run_length: Whole = Field(default=8, ge=6, le=12, description="A run on one side this long is a signal.")
    promise_kept: Whole = Field(
        default=9, ge=1, le=40, description="In how many of the judged points; all of them if they are fewer."
    )
    max_gap: Whole = Field(default=2, ge=0, le=12, description="Periods in a row that may be missing.")
    milestones: tuple[Name, ...] = Field(
        default=(), description="Milestones that must be reached in this stage."
    )
    criteria: Criteria = Field(default=(), description=_CRITERIA, exclude_if=silent)

    @model_validator(mode="after")
    def _promise_fits(self) -> "StabilityGate":
        if "promise_kept" in self.model_fields_set and self.promise_kept > self.judged_points:
            msg = (
                f"promise_kept is {self.promise_kept}, but only {self.judged_points} points are judged: "
                f"take at most {self.judged_points}"
            )
            raise ValueError(msg)
        return self

    @property
    def promises_needed(self) -> int:
        """How many of the judged points must keep the promise, never more than there are."""
        return min(self.promise_kept, self.judged_points)


class OptimizationGate(Sent):
    """The process got better than its frozen baseline, by a margin that was set beforehand."""

    after_points: Whole = Field(default=12, ge=6, le=52, description="Points per planned look.")
    margin: Number = Field(
        default=0.0, ge=0, description="The smallest improvement that counts, in the outcome's unit."
    )
    alpha: Number = Field(default=0.05, gt=0, le=0.2, description="Error of all looks together.")
    milestones: tuple[Name, ...] = Field(
        default=(), description="Milestones that must be reached in this stage."
    )
    criteria: Criteria = Field(default=(), description=_CRITERIA, exclude_if=silent)


class InnovationGate(Sent):
    """The target is kept, and what the team promised to try was done."""

    at_target: Whole = Field(default=9, ge=1, le=52, description="Periods at or past the target, ...")
    of: Whole = Field(default=12, ge=1, le=52, description="... of this many newest ones.")
    milestones: tuple[Name, ...] = Field(
        default=(), description="Milestones that must be reached in this stage."
    )
    criteria: Criteria = Field(default=(), description=_CRITERIA, exclude_if=silent)

    @model_validator(mode="after")
    def _k_of_n(self) -> "InnovationGate":
        if self.at_target > self.of:
            msg = f"at_target is {self.at_target} of {self.of}: take at most {self.of}"
            raise ValueError(msg)
        return self


class Stages(Sent):
    """The gates of the three stages."""

    stability: StabilityGate = Field(default=StabilityGate(), description="When stability is proven.")
    optimization: OptimizationGate = Field(
        default=OptimizationGate(), description="When the improvement is proven."
    )
    innovation: InnovationGate = Field(default=InnovationGate(), description="When the journey is complete.")


class Regression(Sent):
    """When a team goes back to stability."""

    periods: Whole = Field(
        default=2, ge=1, le=12, description="Bad periods in a row that start the grace period."
    )
    grace: Span | None = Field(
        default=None, description="Time to recover; two periods, or `periods` if that is more."
    )


class BallotRules(Sent):
    """How long a ballot is open."""

    open_for: Span = Field(default=timedelta(days=7), description="Then it closes without a decision.")
    rounds: Whole = Field(default=3, ge=1, le=10, description="Rounds on one proposal before it is parked.")


Gate = StabilityGate | OptimizationGate | InnovationGate


class Charter(Sent):
    """Everything that defines a team. What is not said has the default of the reference."""

    team: TeamName = Field(
        description="Short name of the team: small letters, digits and hyphens; part of the journey's id.",
        examples=["claims"],
    )
    outcome: Outcome = Field(description="The one outcome that the team owns together.")
    members: dict[Name, Name] = Field(
        min_length=2,
        max_length=50,
        description="Each member's name and function; at least one of IT and one who is not.",
        examples=[{"Maria": "Claims handling", "Ben": "IT"}],
    )
    keys: dict[Name, PublicKey] = Field(
        default_factory=dict,
        description="Each member's public key, as `bst key new` prints it: then only what is signed counts. "
        "Of all of them, or of none.",
        exclude_if=not_,
        examples=[{"Maria": "ed25519:...", "Ben": "ed25519:..."}],
    )
    functions: tuple[Name, ...] = Field(
        default=(),
        description="Functions that must be on the team; those of the members unless said otherwise.",
    )
    metrics: tuple[Metric, ...] = Field(
        default=(), max_length=50, description="Further metrics, none of which is the outcome."
    )
    cadence: Cadence = Field(default="weekly", description="How long a period is; one value per period.")
    time_zone: TimeZone = Field(
        default="UTC",
        description="Whose clocks days, weeks (from Monday), months and hours begin by: an IANA name. Times "
        "in the data without an offset are of this zone.",
        exclude_if="UTC".__eq__,
        examples=["Europe/Berlin"],
    )
    restated_within: Whole = Field(
        default=RESTATED_WITHIN,
        ge=0,
        le=60,
        description="How many of the newest periods are read again with each measurement, because sources "
        "correct themselves; 0 takes every value as final.",
        exclude_if=RESTATED_WITHIN.__eq__,
    )
    forming: Forming = Field(
        default=Forming(),
        description="What the team does before its first stage.",
        exclude_if=Forming().__eq__,
    )
    stages: Stages = Field(default=Stages(), description="When each stage's gate opens.")
    regression: Regression = Field(default=Regression(), description="When the team goes back to stability.")
    ballots: BallotRules = Field(default=BallotRules(), description="How the team decides.")
    drift: DriftRules | None = Field(
        default=None,
        description="When the team is told that it drifts from being equals; never when left out.",
        exclude_if=silent,
    )
    pulse: PulseRules | None = Field(
        default=None,
        description="A short anonymous survey on trust and equality; none unless it stands here.",
        exclude_if=silent,
        examples=[{"every": "91 days", "k": 5}],
    )
    milestones: dict[Name, Name] = Field(
        default_factory=dict, description="Milestone: the member who answers for it."
    )
    glossary: dict[Name, Sentence] = Field(default_factory=dict, description="Acronym: what it means.")
    links: dict[Name, Annotated[str, Field(pattern=r"^https?://", max_length=500)]] = Field(
        default_factory=dict, description="Title: address, shown with the journey."
    )

    @property
    def calendar(self) -> Calendar:
        """The periods that are measured."""
        return Calendar(self.cadence, self.time_zone)

    @property
    def required_functions(self) -> tuple[str, ...]:
        """The functions without which the team is incomplete, in the charter's order."""
        return self.functions or tuple(dict.fromkeys(self.members.values()))

    def gate_of(self, stage: GatedStage) -> Gate:
        """The gate of a stage that has one."""
        gates: dict[GatedStage, Gate] = {
            "stability": self.stages.stability,
            "optimization": self.stages.optimization,
            "innovation": self.stages.innovation,
        }
        return gates[stage]
