"""What has happened, in the past tense: only so a state changes. Each event is complete in itself.

journey.py    the journey itself: how it begins, moves between stages, is held and ends
measuring.py  numbers: what the sources and the members gave, and what the gate makes of it
deciding.py   ballots: what everybody was asked, who answered, and the charter that came of it
shapes.py     what events have in common that begin with a member
"""

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

Event = JourneyEvent | MeasuringEvent | DecidingEvent

__all__ = [
    "BallotClosed",
    "BallotOpened",
    "CharterAmended",
    "ConsentGiven",
    "DecidingEvent",
    "Event",
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
    "MembersReminded",
    "MessageRefused",
    "MilestoneReached",
    "ObjectionRaised",
    "OutcomeConfirmed",
    "ProposalBroughtBack",
    "ProposalParked",
    "RegressionAverted",
    "RegressionFeared",
    "SignalExplained",
    "StageEntered",
    "TeamDissolved",
    "ValueRecorded",
]
