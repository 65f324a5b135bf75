"""What members told one another, and what the detectors found in it."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain.events.shapes import ByMember
from domain.model import Carried, silent
from domain.together.records import FlagKind, Post, Trace, Turn, WorkItem


class PostsMade(ByMember):
    """A function said what it needs, cannot do or can do."""

    kind: Literal["posts_made"] = "posts_made"
    by: str
    function: str
    posts: tuple[Post, ...]


class PostWithdrawn(ByMember):
    """A function took a post back."""

    kind: Literal["post_withdrawn"] = "post_withdrawn"
    by: str
    function: str
    post: Post


class PostsAcknowledged(ByMember):
    """A member has read what other functions posted, as it is now."""

    kind: Literal["posts_acknowledged"] = "posts_acknowledged"
    by: str
    functions: tuple[str, ...]
    version: int


class WorkItemAdded(ByMember):
    """Work was taken on."""

    kind: Literal["work_item_added"] = "work_item_added"
    item: WorkItem
    trace: Trace


class WorkItemClosed(ByMember):
    """Work is done, or dropped."""

    kind: Literal["work_item_closed"] = "work_item_closed"
    by: str
    item: str
    title: str
    how: Literal["done", "dropped"]
    note: str = ""


class DriftFlagged(Carried):
    """The team drifts from being one of equals."""

    kind: Literal["drift_flagged"] = "drift_flagged"
    flag: FlagKind
    why: str
    at: datetime


class DriftHeld(Carried):
    """A flag is unresolved for two cycles: the next gate stays shut."""

    kind: Literal["drift_held"] = "drift_held"
    flag: FlagKind
    at: datetime


class RetrospectiveRecorded(ByMember):
    """A member said what the team made of a flag."""

    kind: Literal["retrospective_recorded"] = "retrospective_recorded"
    flag: FlagKind
    by: str
    function: str
    reason: str


class DriftResolved(Carried):
    """A flag was lifted: by two functions, or by the numbers."""

    kind: Literal["drift_resolved"] = "drift_resolved"
    flag: FlagKind
    by: tuple[str, ...] = Field(default=(), description="Who recorded it; nobody when the share fell.")
    reason: str
    at: datetime


class CommitmentMade(ByMember):
    """A member promised something by a day."""

    kind: Literal["commitment_made"] = "commitment_made"
    id: str
    by: str
    what: str
    due: date
    until: datetime


class CommitmentClosed(ByMember):
    """A promise is done, or missed; without a name its day has passed."""

    kind: Literal["commitment_closed"] = "commitment_closed"
    id: str
    owner: str
    what: str
    how: Literal["done", "missed"]
    late: bool = Field(default=False, exclude_if=silent)
    by: str | None = None
    note: str = ""


class FacilitatorNamed(ByMember):
    """It is somebody's turn to facilitate."""

    kind: Literal["facilitator_named"] = "facilitator_named"
    by: str
    how: Turn
    member: str
    previous: str | None
    offered: tuple[str, ...] = Field(description="Who has been offered a turn in this round.")
    note: str = ""


TogetherEvent = (
    PostsMade
    | PostWithdrawn
    | PostsAcknowledged
    | WorkItemAdded
    | WorkItemClosed
    | DriftFlagged
    | DriftHeld
    | RetrospectiveRecorded
    | DriftResolved
    | CommitmentMade
    | CommitmentClosed
    | FacilitatorNamed
)
