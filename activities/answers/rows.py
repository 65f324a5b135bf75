"""The one row of a team in a table of the answers database: locked, written, and told from an earlier one."""

from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from domain.pulses.cycles import ClosePulseTask, OpenPulseTask
from domain.readback.records import CountReadBackTask


def row_of(connection: Connection, table: Table, team: str) -> RowMapping | None:
    """Return the team's row; in a writing transaction locked against other writers until it ends."""
    wanted = select(table).where(table.c.team == team)
    if connection.get_execution_options().get("writing"):
        wanted = wanted.with_for_update()  # SQLite has its one lock already, and ignores this
    return connection.execute(wanted).mappings().one_or_none()


def write(connection: Connection, table: Table, team: str, **values: Any) -> None:
    """Write some columns of the team's row."""
    connection.execute(table.update().where(table.c.team == team).values(**values))


def same(row: RowMapping, task: OpenPulseTask | ClosePulseTask | CountReadBackTask) -> bool:
    """Whether the row is of what the task is about, and not of an earlier one."""
    return (row["number"], row["opened_at"]) == (task.number, task.opened_at.isoformat())
