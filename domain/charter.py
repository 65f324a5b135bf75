"""The charter: what a team promises, who it is, how it is measured, and when its gates open.

Only the shape is checked here. Whether the outcome is one that people can
recognise is judged by `domain.lint`; where in the file a mistake stands is
found by `bst.charter_file`.
"""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from domain.duration import parse_duration, print_duration
from domain.model import Finite, Name, Sent, Sentence, TeamName
from domain.periods import Cadence

Span = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(print_duration, return_type=str),
    Field(json_schema_extra={"type": "string", "examples": ["2 days", "36 hours"]}),
]
Measure = Literal["share", "duration", "count", "rate", "amount"]
Direction = Literal["up", "down"]
Layer = Literal["outcome", "efficiency", "guardrail", "support"]
Stage = Literal["forming", "stability", "optimization", "innovation", "completed", "dissolved"]
GatedStage = Literal["stability", "optimization", "innovation"]
GATED_STAGES: tuple[GatedStage, ...] = ("stability", "optimization", "innovation")


class FilesSource(Sent):
    """Rows from CSV, Parquet or JSON-lines files, by one SQL query over them.

    The files are the table `data`. The query returns columns `period` (a date
    or time in the period) and `value`, or `period`, `numerator` and `denominator`.
    """

    kind: Literal["files"]
    path: Name = Field(description="A file or a glob, relative to the worker's data folder.")
    query: str = Field(
        default="select * from data",
        max_length=20_000,
        description="SQL over the table `data`; columns period, value or period, numerator, denominator.",
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")


class SqlSource(Sent):
    """Rows from a database, by one SQL query, through SQLAlchemy (SQLite or PostgreSQL)."""

    kind: Literal["sql"]
    url: str = Field(
        max_length=500,
        description="SQLAlchemy URL; ${NAME} is filled in by the worker, so that no password stands here.",
    )
    query: str = Field(
        max_length=20_000,
        description="Columns period, value or period, numerator, denominator; may use :since, :until.",
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")


Source = Annotated[FilesSource | SqlSource, Field(discriminator="kind")]


class Metric(Sent):
    """One number per period that is not the outcome: efficiency, guardrail or support."""

    name: Name
    layer: Literal["efficiency", "guardrail", "support"]
    function: Name | None = Field(default=None, description="Whose own layer it is, for support metrics.")
    unit: Name
    direction: Direction = Field(description="Which way is better.")
    measure: Measure = "amount"
    margin: Finite = Field(
        default=0.0,
        ge=0,
        description="Efficiency: how much better it must get. Guardrail: how much worse is still accepted.",
    )
    source: Source


class Outcome(Sent):
    """The one outcome of the team: a statement and the number that will prove it."""

    statement: Sentence
    beneficiary: Name = Field(description="Who outside the team is better off.")
    metric: Name
    unit: Name
    direction: Direction = Field(description="Which way is better.")
    measure: Measure = "amount"
    baseline: Finite | None = Field(default=None, description="Where it stands today.")
    baseline_by: date | None = Field(default=None, description="When the baseline will have been measured.")
    target: Finite
    deadline: date
    promise: Finite | None = Field(
        default=None, description="What every period should keep: at least (up) or at most (down) this value."
    )
    source: Source


class StabilityGate(Sent):
    """The process runs consistently: limits frozen, later points inside them, the promise kept."""

    baseline_points: int = Field(default=20, ge=8, le=60, description="Points that the limits are frozen on.")
    baseline_from: date | None = Field(
        default=None,
        description="First period of the frozen points; moving it is a rebase that the team signs.",
    )
    judged_points: int = Field(default=10, ge=5, le=40, description="Later points, all of which are judged.")
    run_length: int = Field(default=8, ge=6, le=12, description="A run on one side this long is a signal.")
    promise_kept: int = Field(default=9, ge=1, le=40, description="In how many of the judged points.")
    max_gap: int = Field(default=2, ge=0, le=12, description="Periods in a row that may be missing.")
    milestones: tuple[Name, ...] = ()

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

    after_points: int = Field(default=12, ge=6, le=52, description="Points per planned look.")
    margin: Finite = Field(
        default=0.0, ge=0, description="The smallest improvement that counts, in the unit."
    )
    alpha: Finite = Field(default=0.05, gt=0, le=0.2, description="Error of all looks together.")
    milestones: tuple[Name, ...] = ()


class InnovationGate(Sent):
    """The target is kept, and what the team promised to try was done."""

    at_target: int = Field(default=9, ge=1, le=52, description="Periods at or past the target, ...")
    of: int = Field(default=12, ge=1, le=52, description="... of this many newest ones.")
    milestones: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _k_of_n(self) -> "InnovationGate":
        if self.at_target > self.of:
            msg = f"at_target is {self.at_target} of {self.of}: take at most {self.of}"
            raise ValueError(msg)
        return self


class Stages(Sent):
    """The gates of the three stages."""

    stability: StabilityGate = StabilityGate()
    optimization: OptimizationGate = OptimizationGate()
    innovation: InnovationGate = InnovationGate()


class Regression(Sent):
    """When a team goes back to stability."""

    periods: int = Field(
        default=2, ge=1, le=12, description="Bad periods in a row that start the grace period."
    )
    grace: Span | None = Field(
        default=None, description="Time to recover; two periods unless said otherwise."
    )


class BallotRules(Sent):
    """How long a ballot is open."""

    open_for: Span = Field(default=timedelta(days=7), description="Then it closes without a decision.")
    rounds: int = Field(default=3, ge=1, le=10, description="Rounds on one proposal before it is parked.")


class Charter(Sent):
    """Everything that defines a team. What is not said has the default of the reference."""

    team: TeamName
    outcome: Outcome
    members: dict[Name, Name] = Field(min_length=2, max_length=50, description="Name: function.")
    functions: tuple[Name, ...] = Field(
        default=(),
        description="Functions that must be on the team; those of the members unless said otherwise.",
    )
    metrics: tuple[Metric, ...] = Field(default=(), max_length=50)
    cadence: Cadence = "weekly"
    stages: Stages = Stages()
    regression: Regression = Regression()
    ballots: BallotRules = BallotRules()
    milestones: dict[Name, Name] = Field(
        default_factory=dict, description="Milestone: the member who answers for it."
    )
    glossary: dict[Name, Sentence] = Field(default_factory=dict, description="Acronym: what it means.")
    links: dict[Name, Annotated[str, Field(pattern=r"^https?://", max_length=500)]] = Field(
        default_factory=dict, description="Title: address, shown with the journey."
    )

    @property
    def required_functions(self) -> tuple[str, ...]:
        """The functions without which the team is incomplete, in the charter's order."""
        return self.functions or tuple(dict.fromkeys(self.members.values()))
