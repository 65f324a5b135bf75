"""The journey itself: how it begins, moves between stages, is held and ends."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.charter import Charter, Stage
from domain.events.shapes import ByMember
from domain.measurement import Baseline, FrozenLimits
from domain.model import Carried, first, silent


class JourneyStarted(Carried):
    """A team began to form around a charter."""

    kind: Literal["journey_started"] = "journey_started"
    charter: Charter
    at: datetime
    warnings: tuple[str, ...] = Field(default=(), description="What the lint said without refusing.")
    policy_version: int = Field(
        default=1, description="Which version of the rules decides; see `domain.policies`.", exclude_if=first
    )
    journey: str = Field(
        default="", description="What tells it from any other journey of this team.", exclude_if=silent
    )


class OutcomeConfirmed(ByMember):
    """A member stands behind this version of the outcome."""

    kind: Literal["outcome_confirmed"] = "outcome_confirmed"
    by: str
    version: int


class StageEntered(Carried):
    """The team is in a stage: forward by consent, or back to stability."""

    kind: Literal["stage_entered"] = "stage_entered"
    stage: Stage
    previous: Stage
    at: datetime
    since: int | None = Field(description="First period that counts for the stage's own points.")
    reason: str
    limits: dict[str, FrozenLimits] = Field(default_factory=dict)
    baselines: dict[str, Baseline] = Field(default_factory=dict)


class RegressionFeared(Carried):
    """Stability is in doubt: a grace period runs."""

    kind: Literal["regression_feared"] = "regression_feared"
    streak: int
    until: datetime


class RegressionAverted(Carried):
    """The team recovered within the grace period."""

    kind: Literal["regression_averted"] = "regression_averted"


class MilestoneReached(ByMember):
    """Something the team promised is done."""

    kind: Literal["milestone_reached"] = "milestone_reached"
    name: str
    by: str
    note: str = ""
    at: datetime


class MessageRefused(Carried):
    """A signal came that could not be used; it is shown, and changed nothing else."""

    kind: Literal["message_refused"] = "message_refused"
    message: str
    reason: str
    at: datetime


class JourneyHeld(ByMember):
    """A member stopped the line."""

    kind: Literal["journey_held"] = "journey_held"
    by: str
    reason: str
    at: datetime


class JourneyResumed(ByMember):
    """A member let the journey go on."""

    kind: Literal["journey_resumed"] = "journey_resumed"
    by: str


class JournalFailed(Carried):
    """The journal could not be written; what it does not have waits in the journey's state."""

    kind: Literal["journal_failed"] = "journal_failed"
    reason: str
    at: datetime


class JournalRecovered(Carried):
    """The journal can be written again."""

    kind: Literal["journal_recovered"] = "journal_recovered"


class TeamDissolved(ByMember):
    """The journey ended before its end, with its reason and lesson."""

    kind: Literal["team_dissolved"] = "team_dissolved"
    by: str
    reason: str
    lesson: str
    at: datetime


JourneyEvent = (
    JourneyStarted
    | OutcomeConfirmed
    | StageEntered
    | RegressionFeared
    | RegressionAverted
    | MilestoneReached
    | MessageRefused
    | JourneyHeld
    | JourneyResumed
    | JournalFailed
    | JournalRecovered
    | TeamDissolved
)
