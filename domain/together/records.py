"""What a team keeps of itself. Bounded: what is open, and the newest of what is over; the journal has all."""

from datetime import date, datetime
from typing import Final, Literal

from pydantic import Field

from domain.model import Carried, Finite, silent

PostKind = Literal["need", "limitation", "capability"]
FlagKind = Literal["dictating", "taking_orders", "single_function"]
Standing = Literal["open", "done", "missed"]
Turn = Literal["next", "skip", "swap"]
Occasion = Literal["completed", "deadline", "dissolved"]

# In this order people say it: what I want of you, what I cannot do for you, what I can.
POST_KINDS: Final[tuple[PostKind, ...]] = ("need", "limitation", "capability")


class Post(Carried):
    """One thing that a function needs, cannot do or can do."""

    id: str
    kind: PostKind
    text: str
    by: str


class Sheet(Carried):
    """What one function has posted, and who of the others has read it as it is now."""

    version: int = Field(description="Of the whole exchange, when this sheet changed last.")
    posts: tuple[Post, ...] = ()
    acknowledged: tuple[str, ...] = ()


class Exchange(Carried):
    """The sheets of all functions."""

    version: int = 0
    posted: int = Field(default=0, description="Posts ever made, which gives each its id.")
    sheets: dict[str, Sheet] = Field(default_factory=dict)


class WorkItem(Carried):
    """Work that is open: who defined it, who does it, and what it is meant to change."""

    id: str
    title: str
    by: str
    defined_by: tuple[str, ...]
    executed_by: tuple[str, ...]
    hypothesis: str
    metric: str
    reason_single: str = Field(default="", exclude_if=silent)
    at: datetime


class Trace(Carried):
    """What the detectors keep of a work item, open or done; None once the team has talked it over."""

    id: str
    ordered: bool | None = Field(description="Defined without IT, and carried out by IT alone.")
    single: bool | None = Field(description="One function alone has to do with it.")


class Work(Carried):
    """The open items, and counts of the others."""

    items: tuple[WorkItem, ...] = ()
    traces: tuple[Trace, ...] = ()
    added: int = 0
    done: int = 0
    dropped: int = 0


class Retrospective(Carried):
    """What a member wrote about a flag, and that waits for one of another function."""

    by: str
    function: str
    reason: str


class Flag(Carried):
    """A sign that the team drifts from being equals."""

    kind: FlagKind
    why: str
    since: datetime
    held: bool = Field(default=False, description="Unresolved for two cycles: the next gate stays shut.")
    retrospective: Retrospective | None = None


class Drift(Carried):
    """What the detectors look at, newest last, and what they found."""

    worded: tuple[str, ...] = Field(default=(), description="Functions that wrote proposals first.")
    adopted: tuple[str, ...] = Field(default=(), description="Functions that raised adopted proposals.")
    took_part: tuple[str, ...] = Field(default=(), description="Who answered, proposed, posted, or added.")
    flags: dict[FlagKind, Flag] = Field(default_factory=dict)


class Commitment(Carried):
    """What one member promised by a day: a record of its own, in no outcome, no gate and no pulse."""

    id: str
    owner: str
    what: str
    due: date
    until: datetime = Field(description="When the day is over everywhere on Earth.")
    standing: Standing = "open"
    late: bool = Field(default=False, description="Done, after its day was over.")
    note: str = ""


class Commitments(Carried):
    """The open ones, and the newest of those that are closed."""

    made: int = 0
    open: tuple[Commitment, ...] = ()
    closed: tuple[Commitment, ...] = ()


class Facilitation(Carried):
    """Whose turn it is, and who was offered one in this round."""

    current: str | None = None
    offered: tuple[str, ...] = ()
    turns: int = 0


class Result(Carried):
    """Whether the outcome was reached: the whole team's, whoever that was on the day."""

    occasion: Occasion
    at: datetime
    version: int = Field(description="Of the outcome.")
    statement: str
    reached: bool
    value: Finite | None
    period: int | None
    target: Finite
    team: dict[str, str] = Field(description="Every member of that date, with the function.")


class Together(Carried):
    """All of it. An empty one is not carried."""

    exchange: Exchange = Field(default=Exchange(), exclude_if=Exchange().__eq__)
    work: Work = Field(default=Work(), exclude_if=Work().__eq__)
    drift: Drift = Field(default=Drift(), exclude_if=Drift().__eq__)
    commitments: Commitments = Field(default=Commitments(), exclude_if=Commitments().__eq__)
    facilitation: Facilitation = Field(default=Facilitation(), exclude_if=Facilitation().__eq__)
    results: tuple[Result, ...] = Field(default=(), exclude_if=silent)
