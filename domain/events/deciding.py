"""Ballots: what everybody was asked, who answered, and the charter that came of it."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from domain.ballots import Ballot, BallotOutcome, ObjectionKind
from domain.charter import Charter
from domain.events.shapes import ByMember
from domain.model import Carried, silent

_ABSENT: Final = "The absent member whose answer it is, when `by` gave it for them."


class BallotOpened(ByMember):
    """Everybody is asked."""

    kind: Literal["ballot_opened"] = "ballot_opened"
    ballot: Ballot


class ConsentGiven(ByMember):
    """A member consents."""

    kind: Literal["consent_given"] = "consent_given"
    ballot: str
    by: str
    note: str = ""
    on_behalf_of: str = Field(default="", description=_ABSENT, exclude_if=silent)


class ObjectionRaised(ByMember):
    """A member objects, with a reason of a kind."""

    kind: Literal["objection_raised"] = "objection_raised"
    ballot: str
    by: str
    objection: ObjectionKind
    reason: str
    fix: str = Field(default="", description="What would mend it; empty: not known.", exclude_if=silent)
    on_behalf_of: str = Field(default="", description=_ABSENT, exclude_if=silent)


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


class ProposalBroughtBack(ByMember):
    """A member brought the parked proposal back."""

    kind: Literal["proposal_brought_back"] = "proposal_brought_back"
    by: str
    ballot: str = Field(
        default="", description="Its last round; empty for the next stage.", exclude_if=silent
    )


class CharterAmended(ByMember):
    """The team replaced its charter; a new outcome has a new version."""

    kind: Literal["charter_amended"] = "charter_amended"
    charter: Charter
    version: int
    confirmed: tuple[str, ...] = Field(description="Members whose consent confirms this version.")
    changed: tuple[str, ...] = Field(default=(), description="Metrics that are another number now.")
    rebased: tuple[str, ...] = Field(default=(), description="Metrics whose limits are frozen anew.")
    reason: str


DecidingEvent = (
    BallotOpened
    | ConsentGiven
    | ObjectionRaised
    | MembersReminded
    | BallotClosed
    | ProposalParked
    | ProposalBroughtBack
    | CharterAmended
)
