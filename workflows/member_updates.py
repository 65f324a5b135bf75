"""The updates by which members act: one row each, and every one of them is handled and checked alike."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

from temporalio import workflow

from domain import commands as c
from domain.views import Receipt
from workflows.edges import checked

_Class = TypeVar("_Class", bound=type[Any])


class MemberUpdate(NamedTuple):
    """One update: its name, what it takes, and the sentence that the Temporal UI shows beside it."""

    name: str
    command: type[c.OfMembers]
    description: str


MEMBER_UPDATES: Final = (
    MemberUpdate("confirm", c.ConfirmOutcome, "A member stands behind the outcome as it is written."),
    MemberUpdate("consent", c.GiveConsent, "A member consents on an open ballot."),
    MemberUpdate("object", c.RaiseObjection, "A member objects on an open ballot, with a reason."),
    MemberUpdate("ask", c.AskQuestion, "A member asks on an open ballot: no consent until it is answered."),
    MemberUpdate("clarify", c.AnswerQuestion, "A member answers a question on an open ballot."),
    MemberUpdate("withdraw_question", c.WithdrawQuestion, "A member takes their own question back."),
    MemberUpdate("delegate", c.DelegateVoice, "A member who will be absent lets another answer ballots."),
    MemberUpdate("take_back", c.TakeBackVoice, "A member is back, and nobody answers for them any more."),
    MemberUpdate("leave", c.LeaveTeam, "A member leaves the team, at once."),
    MemberUpdate("exempt", c.ProposeExemption, "A member proposes an exemption from regression."),
    MemberUpdate("revoke_exemption", c.RevokeExemption, "A member ends an exemption before its day."),
    MemberUpdate("measure_now", c.MeasureNow, "A member wants the sources read at once."),
    MemberUpdate("explain", c.ExplainSignal, "A member proposes to take a signal as explained."),
    MemberUpdate("record_value", c.RecordValue, "A member records what only people can count."),
    MemberUpdate("rebase", c.ProposeRebase, "A member proposes to freeze limits anew, with the cause."),
    MemberUpdate("amend", c.ProposeAmendment, "A member proposes another charter."),
    MemberUpdate("hold", c.HoldJourney, "A member stops the line: gates stay shut."),
    MemberUpdate("resume", c.ResumeJourney, "A member lifts the hold, or brings a parked proposal back."),
    MemberUpdate("post", c.PostToExchange, "A member says what the function needs, cannot do and can do."),
    MemberUpdate("withdraw_post", c.WithdrawPost, "A member takes back a post of the own function."),
    MemberUpdate("acknowledge", c.AcknowledgePosts, "A member has read what the others posted."),
    MemberUpdate("add_work", c.AddWorkItem, "A member takes on work, with what it is meant to change."),
    MemberUpdate("close_work", c.CloseWorkItem, "A member says that work is done, or dropped."),
    MemberUpdate("look_back", c.RecordRetrospective, "A member says what the team made of a flag."),
    MemberUpdate("commit", c.MakeCommitment, "A member promises something by a day."),
    MemberUpdate("close_commitment", c.CloseCommitment, "A member says what came of the own promise."),
    MemberUpdate("facilitate", c.PassFacilitation, "A member hands the facilitation on."),
    MemberUpdate("open_read_back", c.OpenReadBack, "A member has people outside read the outcome."),
    MemberUpdate("close_read_back", c.CloseReadBack, "A member wants the read-back counted."),
    MemberUpdate("open_pulse", c.OpenPulse, "A member opens a pulse on trust and equality now."),
    MemberUpdate("dissolve", c.DissolveTeam, "A member proposes to end, with reason and lesson."),
)
UPDATE_NAMES: Final[dict[type[Any], str]] = {update.command: update.name for update in MEMBER_UPDATES}


def with_member_updates(journey: _Class) -> _Class:
    """Give a workflow class a handler for each member's update; its `_answer` answers, its `check` refuses.

    Every update is checked in the same way: by deciding it for its errors. A refused one leaves no trace.
    """
    for update in MEMBER_UPDATES:
        handler = workflow.update(name=update.name, description=update.description)(_handler(update))
        handler.validator(checked(update.command))
        setattr(journey, f"_on_{update.name}", handler)
    return journey


def _handler(update: MemberUpdate) -> Callable[..., Receipt]:
    def handle(self: Any, command: Any) -> Receipt:
        answer: Receipt = self._answer(command)
        return answer

    # From here the SDK reads the types of what it decodes, `self` left out by its very name.
    handle.__annotations__ = {"command": update.command, "return": Receipt}
    handle.__name__, handle.__doc__ = update.name, update.description
    return handle
