"""What a journey knows of its read-backs, and what it asks of the answers database: counts, and no reader."""

from datetime import datetime

from pydantic import Field

from domain.charter import Charter
from domain.model import Carried
from domain.readback.rules import ReadBack
from domain.verdicts import digest_of


class OpenReadBack(Carried):
    """A read-back that readers answer, or will once the answers database knows of it."""

    number: int
    about: str = Field(description="Digest of the outcome and the situations that are read.")
    opened_at: datetime
    ready: bool = False
    closing: bool = Field(default=False, description="A member wants it counted.")
    trouble: str = ""
    retry_at: datetime | None = None
    so_far: str = Field(default="", description="Why it could not be counted yet.")


class ClosedReadBack(Carried):
    """The newest counted read-back."""

    number: int
    version: int = Field(description="Of the outcome.")
    about: str
    closed_at: datetime
    people: int
    functions: int
    right: int = Field(description="How many picked the situation that is meant.")
    passed: bool


class ReadBacks(Carried):
    """A journey's read-backs."""

    opened: int = 0
    open: OpenReadBack | None = None
    last: ClosedReadBack | None = None


class OpenReadBackTask(Carried):
    """Take answers of readers; asking again changes nothing."""

    team: str
    number: int
    opened_at: datetime
    statement: str
    situations: tuple[str, ...]


class CountReadBackTask(Carried):
    """Count, if there are enough; then take no more answers. Asking again gives the same."""

    team: str
    number: int
    opened_at: datetime
    people: int
    functions: int


class ReadBackCount(Carried):
    """What the answers database says; `choices` only when there are enough readers."""

    people: int
    functions: int
    choices: tuple[int, ...] | None = Field(description="How often each situation was picked.")
    lost: bool = Field(default=False, description="The database knows nothing of this read-back.")


def about(charter: Charter) -> str:
    """Return the digest of what readers read: when it changes, what they said counts no longer."""
    rules = charter.forming.read_back
    assert rules is not None  # asked only where there is one
    return digest_of(
        charter.outcome.statement, ReadBack.model_dump_json(rules, include={"situations", "met"})
    )
