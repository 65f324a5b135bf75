"""The answers database at one address: transactions that write, that read, and what leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from activities.answers.engine import WHAT, answers_engine, wipe
from activities.answers.errors import AnswersUnavailable, NothingAsked
from activities.answers.schema import create_missing, stored_version
from activities.journal_address import journal_address
from activities.journal_engine import make_file, told_in_one_line


class AnswersDatabase:
    """Nothing is opened before the first use. Raises AnswersUnavailable and AnswersTooNew."""

    def __init__(self, url: str) -> None:
        self.address = journal_address(url, WHAT)
        self._engine = answers_engine(self.address)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def wipe(self, table: str) -> None:
        """Leave no earlier state of a table's rows behind."""
        with told_in_one_line(self.address, WHAT, AnswersUnavailable):
            wipe(self._engine, (table,))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes, the tables laid out first."""
        with told_in_one_line(self.address, WHAT, AnswersUnavailable):
            if self.address.path is not None:
                make_file(self.address.path)
            with self._engine.execution_options(writing=True).begin() as connection:
                if stored_version(connection) is None:
                    create_missing(connection)
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads; raises NothingAsked where there is no database yet."""
        path = self.address.path
        if path is not None and not path.exists():  # connecting would make an empty file
            raise NothingAsked("Nobody is asked anything yet: no pulse has opened.")
        with told_in_one_line(self.address, WHAT, AnswersUnavailable), self._engine.begin() as connection:
            if stored_version(connection) is None:
                raise NothingAsked("Nobody is asked anything yet: no pulse has opened.")
            yield connection
