"""The answers database's tables.

Whoever may read a database also sees what it keeps beside the values: SQLite the order of rows, PostgreSQL
the transaction that wrote each row (`xmin`), its place, and a write-ahead log with times. So all of an open
pulse is one row, written anew with every code and every answer: lists in alphabetical order, and answers only
as a tally. No row is about a person's answer, and no two rows are of one transaction.

In PostgreSQL that row is in an UNLOGGED table: it never reaches the write-ahead log, a base backup or a
replica. The price is that a crash of the server empties it. A pulse that lost its answers so is closed as
lost and asked again; that is better than a log which tells for ever who answered what, and when.
"""

from typing import Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, inspect, select, text

from activities.answers.errors import AnswersTooNew

# Raised whenever the tables change their form.
SCHEMA_VERSION: Final = 1
# "bst answ": two programs that lay the tables out at once wait for one another.
_LOCK: Final = int.from_bytes(b"bst answ")

_tables = MetaData()
PULSE = Table(
    "pulse_open",
    _tables,
    Column("team", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("closes_at", Text, nullable=False),
    Column("k", Integer, nullable=False),
    Column("invited", Text, nullable=False),  # names, alphabetical
    Column("drawn", Text, nullable=False),  # names that have a code, alphabetical
    Column("unused", Text, nullable=False),  # hashes of codes, in the order of the hashes
    Column("used", Text, nullable=False),  # the same
    Column("tally", Text, nullable=False),  # how often each choice was given
)
RESULT = Table(
    "pulse_closed",
    _tables,
    Column("team", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("result", Text, nullable=False),  # what was released, for a worker that asks again
)
READ_BACK = Table(
    "read_back_open",
    _tables,
    Column("team", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("situations", Text, nullable=False),
    Column("unused", Text, nullable=False),  # hashes of codes with the function that each is for
    Column("used", Text, nullable=False),  # hashes of codes alone
    Column("tally", Text, nullable=False),  # by function, how often each situation was picked
)
COUNT = Table(
    "read_back_counted",
    _tables,
    Column("team", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("result", Text, nullable=False),
)
_VERSION = Table("answers_schema", _tables, Column("version", Integer, nullable=False))
TABLES: Final = tuple(_tables.sorted_tables)
# What is rewritten by every answer, and so must leave nothing behind.
WIPED: Final = ("pulse_open", "read_back_open")


def stored_version(connection: Connection) -> int | None:
    """Return the version of the tables, or None when there are none.

    Raises:
        AnswersTooNew: a later version of this program made them.
    """
    if not inspect(connection).has_table("answers_schema"):
        return None
    version = connection.execute(select(_VERSION.c.version)).scalar_one_or_none()
    if version is not None and version > SCHEMA_VERSION:
        raise AnswersTooNew(
            f"The answers database was made by a later version of this program (schema {version}; this one "
            f"knows up to {SCHEMA_VERSION}). Nothing was read or written. Upgrade this program."
        )
    return version


def create_missing(connection: Connection) -> None:
    """Lay out the tables unless they are there; in a writing transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if stored_version(connection) is not None:
        return
    _tables.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        for name in WIPED:
            connection.exec_driver_sql(f"ALTER TABLE {name} SET UNLOGGED")
    connection.execute(_VERSION.insert().values(version=SCHEMA_VERSION))
