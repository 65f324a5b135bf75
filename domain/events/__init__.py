"""What has happened, in the past tense: only so a state changes. Each event is complete in itself.

journey.py    the journey itself: how it begins, moves between stages, is held and ends
measuring.py  numbers: what the sources and the members gave, and what the gate makes of it
deciding.py   ballots: what everybody was asked, who answered, and the charter that came of it
together.py   posts, work, flags of drift, promises and whose turn it is
asking.py     ballots: what members wanted to know first, and what they were told
membership.py members who were absent, and who left
exempting.py  exemptions from regression
shapes.py     what events have in common that begin with a member
pulses.py     pulses: when answers are taken, and what is released
readback.py   the read-back: opened, counted
"""

from domain.events.asking import AskingEvent, QuestionAnswered, QuestionAsked, QuestionWithdrawn
from domain.events.deciding import (
    BallotClosed,
    BallotOpened,
    CharterAmended,
    ConsentGiven,
    DecidingEvent,
    MembersReminded,
    ObjectionRaised,
    ProposalBroughtBack,
    ProposalParked,
)
from domain.events.exempting import (
    ExemptingEvent,
    ExemptionExpired,
    ExemptionGranted,
    ExemptionRevoked,
)
from domain.events.journey import (
    JournalFailed,
    JournalRecovered,
    JourneyEvent,
    JourneyHeld,
    JourneyResumed,
    JourneyStarted,
    MessageRefused,
    MilestoneReached,
    OutcomeConfirmed,
    RegressionAverted,
    RegressionFeared,
    StageEntered,
    TeamDissolved,
)
from domain.events.measuring import (
    GateAffirmed,
    GateDoubted,
    GateEvaluated,
    LimitsFrozen,
    LimitsRebased,
    Measured,
    MeasurementWanted,
    MeasuringEvent,
    SignalExplained,
    ValueRecorded,
)
from domain.events.membership import (
    DelegationEnded,
    MemberLeft,
    MembershipEvent,
    VoiceDelegated,
    VoiceTakenBack,
)
from domain.events.pulses import PulseClosed, PulseEvent, PulseHindered, PulseOpened, PulseReadied
from domain.events.readback import (
    ReadBackCloseWanted,
    ReadBackContinued,
    ReadBackCounted,
    ReadBackEvent,
    ReadBackHindered,
    ReadBackLost,
    ReadBackOpened,
    ReadBackReadied,
)
from domain.events.together import (
    CommitmentClosed,
    CommitmentMade,
    DriftFlagged,
    DriftHeld,
    DriftResolved,
    FacilitatorNamed,
    PostsAcknowledged,
    PostsMade,
    PostWithdrawn,
    RetrospectiveRecorded,
    TogetherEvent,
    WorkItemAdded,
    WorkItemClosed,
)

Event = (
    JourneyEvent
    | MeasuringEvent
    | DecidingEvent
    | AskingEvent
    | MembershipEvent
    | ExemptingEvent
    | TogetherEvent
    | PulseEvent
    | ReadBackEvent
)

__all__ = [
    "AskingEvent",
    "BallotClosed",
    "BallotOpened",
    "CharterAmended",
    "CommitmentClosed",
    "CommitmentMade",
    "ConsentGiven",
    "DecidingEvent",
    "DelegationEnded",
    "DriftFlagged",
    "DriftHeld",
    "DriftResolved",
    "Event",
    "ExemptingEvent",
    "ExemptionExpired",
    "ExemptionGranted",
    "ExemptionRevoked",
    "FacilitatorNamed",
    "GateAffirmed",
    "GateDoubted",
    "GateEvaluated",
    "JournalFailed",
    "JournalRecovered",
    "JourneyEvent",
    "JourneyHeld",
    "JourneyResumed",
    "JourneyStarted",
    "LimitsFrozen",
    "LimitsRebased",
    "Measured",
    "MeasurementWanted",
    "MeasuringEvent",
    "MemberLeft",
    "MembersReminded",
    "MembershipEvent",
    "MessageRefused",
    "MilestoneReached",
    "ObjectionRaised",
    "OutcomeConfirmed",
    "PostWithdrawn",
    "PostsAcknowledged",
    "PostsMade",
    "ProposalBroughtBack",
    "ProposalParked",
    "PulseClosed",
    "PulseEvent",
    "PulseHindered",
    "PulseOpened",
    "PulseReadied",
    "QuestionAnswered",
    "QuestionAsked",
    "QuestionWithdrawn",
    "ReadBackCloseWanted",
    "ReadBackContinued",
    "ReadBackCounted",
    "ReadBackEvent",
    "ReadBackHindered",
    "ReadBackLost",
    "ReadBackOpened",
    "ReadBackReadied",
    "RegressionAverted",
    "RegressionFeared",
    "RetrospectiveRecorded",
    "SignalExplained",
    "StageEntered",
    "TeamDissolved",
    "TogetherEvent",
    "ValueRecorded",
    "VoiceDelegated",
    "VoiceTakenBack",
    "WorkItemAdded",
    "WorkItemClosed",
]
