"""The journal's tables, and the triggers with which the database itself refuses to change the past.

Plain DDL rather than SQLAlchemy's: most of it is triggers, which each database
writes in its own way, and a reader of the database should find here what is there.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, inspect, select, text

from activities.journal_errors import JournalTooNew
from domain.envelope import GENESIS

# Raised whenever what is stored changes its form; every number gets its steps from the one before.
SCHEMA_VERSION = 1

_tables = MetaData()
JOURNAL = Table(
    "journal",
    _tables,
    Column("team", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
_VERSION = Table("journal_schema", _tables, Column("version", Integer, nullable=False))

_CHANGES = "the journal is append-only: add a later event instead of changing or removing one"
_BREAKS = "this row does not follow the last one of its team, or is there already: see the hash chain"
# Nothing but constants goes into these statements.
_BROKEN_LINK = f"""
    EXISTS (SELECT 1 FROM journal WHERE team = NEW.team AND seq = NEW.seq)
    OR NEW.previous <> CASE WHEN NEW.seq = 1 THEN '{GENESIS}' ELSE coalesce(
        (SELECT hash FROM journal WHERE team = NEW.team AND seq = NEW.seq - 1), '') END
"""  # noqa: S608

# WITHOUT ROWID: rows lie in the order of their key, which is the order in which they are read.
# The insert trigger also stops INSERT OR REPLACE, which in SQLite deletes without firing a delete trigger.
_SQLITE = (
    "CREATE TABLE journal_schema (version INTEGER NOT NULL)",
    """CREATE TABLE journal (
    team TEXT NOT NULL CHECK (typeof(team) = 'text'),
    seq INTEGER NOT NULL CHECK (typeof(seq) = 'integer' AND seq >= 1),
    at TEXT NOT NULL CHECK (typeof(at) = 'text'),
    kind TEXT NOT NULL CHECK (typeof(kind) = 'text'),
    body TEXT NOT NULL CHECK (typeof(body) = 'text'),
    previous TEXT NOT NULL CHECK (typeof(previous) = 'text'),
    hash TEXT NOT NULL CHECK (typeof(hash) = 'text'),
    PRIMARY KEY (team, seq)
) WITHOUT ROWID""",
    f"""CREATE TRIGGER journal_only_follows BEFORE INSERT ON journal WHEN {_BROKEN_LINK}
BEGIN SELECT RAISE(ABORT, '{_BREAKS}'); END""",
    f"""CREATE TRIGGER journal_never_updates BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, '{_CHANGES}'); END""",
    f"""CREATE TRIGGER journal_never_deletes BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, '{_CHANGES}'); END""",
)

_POSTGRESQL = (
    "CREATE TABLE journal_schema (version INTEGER NOT NULL)",
    """CREATE TABLE journal (
    team TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 1),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (team, seq)
)""",
    f"""CREATE FUNCTION journal_only_follows() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$ BEGIN
IF ({_BROKEN_LINK}) THEN RAISE EXCEPTION '{_BREAKS}'; END IF;
RETURN NEW;
END $$""",
    f"""CREATE FUNCTION journal_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_CHANGES}'; END $$""",
    """CREATE TRIGGER journal_only_follows BEFORE INSERT ON journal
FOR EACH ROW EXECUTE FUNCTION journal_only_follows()""",
    """CREATE TRIGGER journal_never_changes BEFORE UPDATE OR DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_never_changes()""",
    """CREATE TRIGGER journal_never_truncates BEFORE TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_never_changes()""",
)


def stored_version(connection: Connection) -> int | None:
    """Return the version of the journal in this database, or None when there is none.

    Raises JournalTooNew for a version that this program does not know: writing
    on would mix two forms in one record.
    """
    if not inspect(connection).has_table("journal_schema"):
        return None
    version = connection.execute(select(_VERSION.c.version)).scalar_one_or_none()
    if version is not None and version > SCHEMA_VERSION:
        raise JournalTooNew(
            f"The journal was written by a later version of this program (schema {version}; this one knows "
            f"up to {SCHEMA_VERSION}). Nothing was read or written. Upgrade this program."
        )
    return version


def create_missing(connection: Connection) -> None:
    """Lay out the journal unless it is there; to be called under `lock` in a writing transaction."""
    if stored_version(connection) is not None:
        return
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.execute(_VERSION.insert().values(version=SCHEMA_VERSION))


def lock(connection: Connection, parts: Iterable[str]) -> None:
    """Let one transaction at a time go on for these names, until it ends.

    Two writers of one team would otherwise both chain to the same row. SQLite's
    BEGIN IMMEDIATE is this lock already; for PostgreSQL it is an advisory one,
    which needs no row to lock and no right but to connect.
    """
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256("\n".join(("bst journal", *parts)).encode()).digest()
        key = int.from_bytes(digest[:8], signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
