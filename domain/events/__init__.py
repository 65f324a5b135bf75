"""What has happened, in the past tense: only so a state changes. Each event is complete in itself.

journey.py    the journey itself: how it begins, moves between stages, is held and ends
measuring.py  numbers: what the sources and the members gave, and what the gate makes of it
deciding.py   ballots: what everybody was asked, who answered, and the charter that came of it
pulses.py     pulses: when answers are taken, and what is released
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
from domain.events.pulses import PulseClosed, PulseEvent, PulseHindered, PulseOpened, PulseReadied

Event = JourneyEvent | MeasuringEvent | DecidingEvent | PulseEvent

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
    "PulseClosed",
    "PulseEvent",
    "PulseHindered",
    "PulseOpened",
    "PulseReadied",
    "RegressionAverted",
    "RegressionFeared",
    "SignalExplained",
    "StageEntered",
    "TeamDissolved",
    "ValueRecorded",
]
