"""What people and the clock may ask of a journey, in the imperative.

No command has a role parameter: every member may do everything that any
member may do. `by` is a member's name as it stands in the charter.

journey.py    the journey itself: confirm, hold, resume, milestones
measuring.py  numbers: read now, record, explain, rebase
deciding.py   ballots: consent, object, amend, dissolve
pulses.py     pulses: open one; what the answers database said
program.py    what the program asks itself: start, measurements, the journal, time
shapes.py     what people write into a command
"""

from domain.commands.deciding import (
    DissolveTeam,
    GiveConsent,
    OfDeciding,
    ProposeAmendment,
    RaiseObjection,
)
from domain.commands.journey import (
    ConfirmOutcome,
    HoldJourney,
    OfJourney,
    ReachMilestone,
    ResumeJourney,
)
from domain.commands.measuring import (
    ExplainSignal,
    MeasureNow,
    OfMeasuring,
    ProposeRebase,
    RecordValue,
)
from domain.commands.program import (
    OfProgram,
    PassTime,
    RecordMeasurement,
    RefuseMessage,
    ReportJournal,
    StartJourney,
)
from domain.commands.pulses import OfPulses, OpenPulse, RecordPulse
from domain.commands.shapes import BallotId, Words

# What members ask by an update: each has `by`, and every one of them may do it.
OfMembers = OfJourney | OfMeasuring | OfDeciding | OfPulses
# What needs a journey that has started.
Handled = OfMembers | ReachMilestone | OfProgram | RecordPulse
Command = StartJourney | Handled

__all__ = [
    "BallotId",
    "Command",
    "ConfirmOutcome",
    "DissolveTeam",
    "ExplainSignal",
    "GiveConsent",
    "Handled",
    "HoldJourney",
    "MeasureNow",
    "OfDeciding",
    "OfJourney",
    "OfMeasuring",
    "OfMembers",
    "OfProgram",
    "OfPulses",
    "OpenPulse",
    "PassTime",
    "ProposeAmendment",
    "ProposeRebase",
    "RaiseObjection",
    "ReachMilestone",
    "RecordMeasurement",
    "RecordPulse",
    "RecordValue",
    "RefuseMessage",
    "ReportJournal",
    "ResumeJourney",
    "StartJourney",
    "Words",
]
