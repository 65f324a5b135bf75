"""What a database behind the `sql` source offers, and what it is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from activities.sources.address import Address
from activities.sources.allowance import Allowance
from domain.errors import SourceCode, SourceFailed


@dataclass(frozen=True, slots=True)
class Question:
    """One query with what it may use: `moments` are aware, in the zone whose days they are."""

    query: str
    place: Address
    allowance: Allowance
    zone: str
    moments: Mapping[str, datetime]
    hourly: bool
    word: str

    def values(self, moment: Callable[[datetime], object]) -> dict[str, object]:
        """Return the parameters, each moment as the database takes it."""
        return {**{name: moment(at) for name, at in self.moments.items()}, "period": self.word}


class Verdict(NamedTuple):
    """What a database's refusal means: a code and the way out."""

    code: SourceCode
    cure: str


class Database(Protocol):
    """One kind of database, reached through SQLAlchemy."""

    NAME: str
    STREAMS: bool
    """Whether rows are taken from the server as they are needed, instead of all at once."""

    def engine(self, place: Address, allowance: Allowance) -> Engine:
        """Return what connects, within the allowance."""

    def moment(self, at: datetime, *, hourly: bool) -> object:
        """Return the beginning of a period as a parameter."""

    def begin(self, connection: Connection, question: Question) -> Callable[[], None]:
        """Begin to read and nothing else; return what ends a running statement from another thread."""

    def sent(self, question: Question) -> str:
        """Return the query as it is sent.

        Raises:
            SourceFailed: it must not be sent.
        """

    def no_connection(self, error: DBAPIError, place: Address, allowance: Allowance) -> SourceFailed:
        """Say in our own words why there is no connection: the driver's name hosts and users."""

    def words(self, cause: BaseException) -> str:
        """Return what the database said about the query."""

    def verdict(self, cause: BaseException, said: str) -> Verdict | None:
        """Return what that means, None if there is nothing special about it."""
