"""How the answers database is opened: what is deleted is overwritten, and no log of changes is kept."""

import logging
import sqlite3
from typing import Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from activities.journal_address import JournalAddress
from activities.journal_engine import WAIT_SECONDS, postgresql_engine

WHAT: Final = "answers database"
# What SQLAlchemy would say of it by this name: statements, and at the level DEBUG every row that is read.
_SILENCED: Final = "answers"


def answers_engine(address: JournalAddress) -> Engine:
    """Return an engine that opens nothing yet; raises JournalAddressRefused when psycopg is not installed."""
    logging.getLogger(f"sqlalchemy.engine.Engine.{_SILENCED}").setLevel(logging.WARNING)
    if address.path is None:
        return postgresql_engine(address, WHAT, logging_name=_SILENCED)
    engine = create_engine(
        address.url,
        connect_args={"timeout": WAIT_SECONDS},
        poolclass=NullPool,
        hide_parameters=True,
        logging_name=_SILENCED,
    )
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def wipe(engine: Engine, tables: tuple[str, ...]) -> None:
    """Rewrite what is left of some tables into new pages, so that no earlier state of a row remains.

    PostgreSQL keeps earlier versions of a row in its file until the table is rewritten; SQLite's deleted
    bytes are zeros already, and this gives their pages back. It may be done again at any time.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM")
        finally:
            raw.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM FULL {table}")


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    connection.execute("PRAGMA synchronous=FULL")  # an answer that was thanked for survives a power cut
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted or replaced becomes zeros
    # No write-ahead log, which would keep every earlier state of a page until it is folded back.
    connection.execute("PRAGMA journal_mode=DELETE")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
