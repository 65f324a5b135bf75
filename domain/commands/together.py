"""What members tell one another: posts, work, promises, whose turn it is. Each speaks for themselves."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from domain.commands.shapes import Signable, Words
from domain.together.records import FlagKind, Turn
from domain.values import Day, Name, Sentence, one_line

# A post is read by everybody, more than once, and carried from run to run (characters).
POST_LENGTH = 200
# More people than a team has, and a form that stays small (names).
_PEOPLE_AT_MOST = 50
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=POST_LENGTH),
    BeforeValidator(one_line),
]
Lines = Annotated[tuple[Line, ...], Field(max_length=5)]
People = Annotated[tuple[Name, ...], Field(min_length=1, max_length=_PEOPLE_AT_MOST)]
# `w12`, `c3`: a letter and a count.
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]


class PostToExchange(Signable):
    """Say what my function needs, cannot do, and can do."""

    kind: Literal["post_to_exchange"] = "post_to_exchange"
    by: Name
    need: Lines = Field(default=(), description="What the function needs of the others.")
    limitation: Lines = Field(default=(), description="What it cannot do.")
    capability: Lines = Field(default=(), description="What it can do.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.need or self.limitation or self.capability):
            msg = "nothing is posted: say a need, a limitation or a capability"
            raise ValueError(msg)
        return self


class WithdrawPost(Signable):
    """Take back a post of my function, such as one that is true no longer."""

    kind: Literal["withdraw_post"] = "withdraw_post"
    by: Name
    post: Line = Field(description="Its id, or its words.")


class AcknowledgePosts(Signable):
    """I have read what the others need, cannot do and can do."""

    signed_names: ClassVar = ("exchange",)

    kind: Literal["acknowledge_posts"] = "acknowledge_posts"
    by: Name
    functions: tuple[Name, ...] = Field(
        default=(), max_length=_PEOPLE_AT_MOST, description="Whose posts; all others' when left out."
    )
    exchange: int | None = Field(default=None, description="Which version of the exchange was read.")


class AddWorkItem(Signable):
    """Take on work, with what it is meant to change about the outcome."""

    kind: Literal["add_work_item"] = "add_work_item"
    by: Name
    title: Name
    defined_by: People = Field(description="Members who say what it is.")
    executed_by: People = Field(description="Members who do it.")
    hypothesis: Line = Field(description="Which step of the work it changes, and to what effect.")
    metric: Name | None = Field(default=None, description="That shows it; the outcome's when left out.")
    reason_single: Words = Field(default="", description="Why one function alone defines it.")


class CloseWorkItem(Signable):
    """Say that a work item is done, or dropped."""

    kind: Literal["close_work_item"] = "close_work_item"
    by: Name
    item: Id
    how: Literal["done", "dropped"]
    note: Words = ""


class RecordRetrospective(Signable):
    """Say what the team made of a flag; it takes two members of different functions."""

    kind: Literal["record_retrospective"] = "record_retrospective"
    by: Name
    flag: FlagKind
    reason: Sentence


class MakeCommitment(Signable):
    """Promise something by a day. Nobody promises for somebody else."""

    kind: Literal["make_commitment"] = "make_commitment"
    by: Name
    what: Line
    due: Day


class CloseCommitment(Signable):
    """Say that what I promised is done, or will not be."""

    signed_names: ClassVar = ("commitment",)

    kind: Literal["close_commitment"] = "close_commitment"
    by: Name
    commitment: Id | None = Field(default=None, description="Its id; my only open one when left out.")
    how: Literal["done", "missed"]
    note: Words = ""


class PassFacilitation(Signable):
    """Hand the facilitation on: to the next, past somebody, or to me instead."""

    kind: Literal["pass_facilitation"] = "pass_facilitation"
    by: Name
    how: Turn = "next"
    note: Words = ""


OfTogether = (
    PostToExchange
    | WithdrawPost
    | AcknowledgePosts
    | AddWorkItem
    | CloseWorkItem
    | RecordRetrospective
    | MakeCommitment
    | CloseCommitment
    | PassFacilitation
)
