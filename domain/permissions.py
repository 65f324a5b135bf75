"""The one permission table: what members may do, read off the commands that there are.

There is no column for who may: a command has no role, so every member may do every one of them.
"""

import inspect
from typing import get_args

from domain import commands as c
from domain.model import Carried


class Permission(Carried):
    """What every member of a team may do."""

    command: str
    does: str
    signed: bool
    ballot: bool


def permissions() -> tuple[Permission, ...]:
    """Return a row for each command of members, those that decide alone first."""
    rows = [_row(kind) for kind in (*get_args(c.OfMembers), c.ReachMilestone)]
    return tuple(sorted(rows, key=lambda row: row.ballot))


def _row(kind: type[c.OfMembers | c.ReachMilestone]) -> Permission:
    return Permission(
        command=kind.model_fields["kind"].default,
        does=inspect.cleandoc(kind.__doc__ or "").partition("\n")[0],
        signed=issubclass(kind, c.Signable),
        ballot=issubclass(kind, c.Signable) and kind.asks_everybody,
    )
