"""The read-back: opened, counted, with counts and nobody's answer."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.events.shapes import ByMember
from domain.model import Carried


class ReadBackOpened(ByMember):
    """People outside the team are asked."""

    kind: Literal["read_back_opened"] = "read_back_opened"
    by: str
    number: int
    at: datetime
    version: int = Field(description="Of the outcome.")
    about: str = Field(description="Digest of the outcome and the situations that are read.")


class ReadBackReadied(Carried):
    """The answers database takes readers' answers."""

    kind: Literal["read_back_readied"] = "read_back_readied"
    number: int


class ReadBackHindered(Carried):
    """The answers database could not be asked; it is tried again."""

    kind: Literal["read_back_hindered"] = "read_back_hindered"
    number: int
    reason: str
    retry_at: datetime


class ReadBackCloseWanted(ByMember):
    """A member wants it counted."""

    kind: Literal["read_back_close_wanted"] = "read_back_close_wanted"
    by: str
    number: int
    at: datetime


class ReadBackContinued(Carried):
    """There are too few readers to count: it goes on, and what they answered stays unknown."""

    kind: Literal["read_back_continued"] = "read_back_continued"
    number: int
    people: int
    functions: int
    reason: str


class ReadBackCounted(Carried):
    """It was counted: whether people outside recognise the outcome."""

    kind: Literal["read_back_counted"] = "read_back_counted"
    number: int
    at: datetime
    version: int
    people: int
    functions: int
    right: int
    passed: bool


class ReadBackLost(Carried):
    """The answers database knows nothing of it any more: open another."""

    kind: Literal["read_back_lost"] = "read_back_lost"
    number: int


ReadBackEvent = (
    ReadBackOpened
    | ReadBackReadied
    | ReadBackHindered
    | ReadBackCloseWanted
    | ReadBackContinued
    | ReadBackCounted
    | ReadBackLost
)
