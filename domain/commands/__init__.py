"""What people and the clock may ask of a journey, in the imperative.

No command has a role parameter: every member may do everything that any
member may do. `by` is a member's name as it stands in the charter.

journey.py    the journey itself: confirm, hold, resume, milestones
measuring.py  numbers: read now, record, explain, rebase
deciding.py   ballots: consent, object, amend, dissolve
asking.py     ballots: questions before the answers
membership.py members who are absent, and who leave
exempting.py  exemptions from regression
together.py   posts, work, promises and whose turn it is
pulses.py     pulses: open one; what the answers database said
readback.py   the read-back: open it, have it counted; what the answers database said
program.py    what the program asks itself: start, measurements, the journal, time
shapes.py     what people write into a command, and what they sign it with
"""

from domain.commands.asking import AnswerQuestion, AskQuestion, OfAsking, WithdrawQuestion
from domain.commands.deciding import (
    DissolveTeam,
    GiveConsent,
    OfDeciding,
    ProposeAmendment,
    RaiseObjection,
)
from domain.commands.exempting import OfExempting, ProposeExemption, RevokeExemption
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
from domain.commands.membership import DelegateVoice, LeaveTeam, OfMembership, TakeBackVoice
from domain.commands.program import (
    OfProgram,
    PassTime,
    RecordMeasurement,
    RefuseMessage,
    ReportJournal,
    StartJourney,
)
from domain.commands.pulses import OfPulses, OpenPulse, RecordPulse
from domain.commands.readback import CloseReadBack, OfReadBack, OpenReadBack, RecordReadBack
from domain.commands.shapes import BallotId, Signable, Words
from domain.commands.together import (
    AcknowledgePosts,
    AddWorkItem,
    CloseCommitment,
    CloseWorkItem,
    MakeCommitment,
    OfTogether,
    PassFacilitation,
    PostToExchange,
    RecordRetrospective,
    WithdrawPost,
)

# What members ask by an update: each has `by`, and every one of them may do it.
OfMembers = (
    OfJourney
    | OfMeasuring
    | OfDeciding
    | OfAsking
    | OfMembership
    | OfExempting
    | OfTogether
    | OfPulses
    | OfReadBack
)
# What needs a journey that has started.
Handled = OfMembers | ReachMilestone | OfProgram | RecordPulse | RecordReadBack
Command = StartJourney | Handled

__all__ = [
    "AcknowledgePosts",
    "AddWorkItem",
    "AnswerQuestion",
    "AskQuestion",
    "BallotId",
    "CloseCommitment",
    "CloseReadBack",
    "CloseWorkItem",
    "Command",
    "ConfirmOutcome",
    "DelegateVoice",
    "DissolveTeam",
    "ExplainSignal",
    "GiveConsent",
    "Handled",
    "HoldJourney",
    "LeaveTeam",
    "MakeCommitment",
    "MeasureNow",
    "OfAsking",
    "OfDeciding",
    "OfExempting",
    "OfJourney",
    "OfMeasuring",
    "OfMembers",
    "OfMembership",
    "OfProgram",
    "OfPulses",
    "OfReadBack",
    "OfTogether",
    "OpenPulse",
    "OpenReadBack",
    "PassFacilitation",
    "PassTime",
    "PostToExchange",
    "ProposeAmendment",
    "ProposeExemption",
    "ProposeRebase",
    "RaiseObjection",
    "ReachMilestone",
    "RecordMeasurement",
    "RecordPulse",
    "RecordReadBack",
    "RecordRetrospective",
    "RecordValue",
    "RefuseMessage",
    "ReportJournal",
    "ResumeJourney",
    "RevokeExemption",
    "Signable",
    "StartJourney",
    "TakeBackVoice",
    "WithdrawPost",
    "WithdrawQuestion",
    "Words",
]
