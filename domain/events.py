"""What has happened, in the past tense: only so a state changes. Each event is complete in itself."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.ballots import Ballot, BallotOutcome, ObjectionKind
from domain.charter import Charter, Stage
from domain.measurement import Baseline, FrozenLimits, MeasureResult, Observation
from domain.model import Carried
from domain.restatement import Doubt
from domain.verdicts import GateEvaluation


class JourneyStarted(Carried):
    """A team began to form around a charter."""

    kind: Literal["journey_started"] = "journey_started"
    charter: Charter
    at: datetime
    warnings: tuple[str, ...] = Field(default=(), description="What the lint said without refusing.")


class OutcomeConfirmed(Carried):
    """A member stands behind this version of the outcome."""

    kind: Literal["outcome_confirmed"] = "outcome_confirmed"
    by: str
    version: int


class Measured(Carried):
    """The sources were read: new observations, their evidence, or trouble."""

    kind: Literal["measured"] = "measured"
    result: MeasureResult


class MeasurementWanted(Carried):
    """A member wants the sources read at once."""

    kind: Literal["measurement_wanted"] = "measurement_wanted"
    by: str
    at: datetime


class LimitsFrozen(Carried):
    """Control limits of a metric were frozen; later points are judged against them."""

    kind: Literal["limits_frozen"] = "limits_frozen"
    metric: str
    limits: FrozenLimits


class GateEvaluated(Carried):
    """The stage's gate was judged."""

    kind: Literal["gate_evaluated"] = "gate_evaluated"
    gate: GateEvaluation


class GateDoubted(Carried):
    """A gate that the team has passed would not have opened on the numbers as its sources restated them."""

    kind: Literal["gate_doubted"] = "gate_doubted"
    stage: Stage
    doubt: Doubt


class GateAffirmed(Carried):
    """A gate that was in doubt would have opened, on the numbers as they are now."""

    kind: Literal["gate_affirmed"] = "gate_affirmed"
    stage: Stage


class ValueRecorded(Carried):
    """A member counted a metric of a period by hand, or corrected what was counted before."""

    kind: Literal["value_recorded"] = "value_recorded"
    by: str
    metric: str
    observation: Observation
    before: Observation | None = Field(description="What was recorded for the period before.")
    note: str = ""
    at: datetime


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


class BallotOpened(Carried):
    """Everybody is asked."""

    kind: Literal["ballot_opened"] = "ballot_opened"
    ballot: Ballot


class ConsentGiven(Carried):
    """A member consents."""

    kind: Literal["consent_given"] = "consent_given"
    ballot: str
    by: str
    note: str = ""


class ObjectionRaised(Carried):
    """A member objects, with a reason of a kind."""

    kind: Literal["objection_raised"] = "objection_raised"
    ballot: str
    by: str
    objection: ObjectionKind
    reason: str


class MembersReminded(Carried):
    """Those who have not answered were reminded."""

    kind: Literal["members_reminded"] = "members_reminded"
    ballot: str
    waiting_for: tuple[str, ...]
    closes_at: datetime


class BallotClosed(Carried):
    """The round is over."""

    kind: Literal["ballot_closed"] = "ballot_closed"
    ballot: str
    outcome: BallotOutcome
    reason: str
    at: datetime


class ProposalParked(Carried):
    """The rounds are used up: the proposal rests until a member brings it back."""

    kind: Literal["proposal_parked"] = "proposal_parked"
    rounds: int


class ProposalBroughtBack(Carried):
    """A member brought the parked proposal back."""

    kind: Literal["proposal_brought_back"] = "proposal_brought_back"
    by: str


class SignalExplained(Carried):
    """The team took a point as explained: it stays on the chart and stops counting."""

    kind: Literal["signal_explained"] = "signal_explained"
    metric: str
    period: int
    cause: str


class LimitsRebased(Carried):
    """The team signed that limits are frozen anew from a period on, with the cause."""

    kind: Literal["limits_rebased"] = "limits_rebased"
    metric: str
    first: int = Field(description="First period of the new frozen points.")
    by: str
    cause: str
    answered: tuple[str, ...] = Field(description="Wheeler's questions, each answered with yes.")
    at: datetime


class CharterAmended(Carried):
    """The team replaced its charter; a new outcome has a new version."""

    kind: Literal["charter_amended"] = "charter_amended"
    charter: Charter
    version: int
    confirmed: tuple[str, ...] = Field(description="Members whose consent confirms this version.")
    changed: tuple[str, ...] = Field(default=(), description="Metrics that are another number now.")
    rebased: tuple[str, ...] = Field(default=(), description="Metrics whose limits are frozen anew.")
    reason: str


class MilestoneReached(Carried):
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


class RegressionFeared(Carried):
    """Stability is in doubt: a grace period runs."""

    kind: Literal["regression_feared"] = "regression_feared"
    streak: int
    until: datetime


class RegressionAverted(Carried):
    """The team recovered within the grace period."""

    kind: Literal["regression_averted"] = "regression_averted"


class JourneyHeld(Carried):
    """A member stopped the line."""

    kind: Literal["journey_held"] = "journey_held"
    by: str
    reason: str
    at: datetime


class JourneyResumed(Carried):
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


class TeamDissolved(Carried):
    """The journey ended before its end, with its reason and lesson."""

    kind: Literal["team_dissolved"] = "team_dissolved"
    by: str
    reason: str
    lesson: str
    at: datetime


Event = (
    JourneyStarted
    | OutcomeConfirmed
    | Measured
    | MeasurementWanted
    | LimitsFrozen
    | GateEvaluated
    | GateDoubted
    | GateAffirmed
    | ValueRecorded
    | StageEntered
    | BallotOpened
    | ConsentGiven
    | ObjectionRaised
    | MembersReminded
    | BallotClosed
    | ProposalParked
    | ProposalBroughtBack
    | SignalExplained
    | LimitsRebased
    | CharterAmended
    | MilestoneReached
    | MessageRefused
    | RegressionFeared
    | RegressionAverted
    | JourneyHeld
    | JourneyResumed
    | JournalFailed
    | JournalRecovered
    | TeamDissolved
)
