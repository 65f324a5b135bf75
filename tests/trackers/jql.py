"""Enough of JQL to choose issues by: and, or, parentheses, `=`, `!=`, `>=`, `<`.

Times are read by the clock of the user who asks, as Jira does (support.atlassian.com, "JQL fields"); what
is wrong is refused in Jira's words.
"""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.trackers.histories import Ticket

Holds = Callable[[Ticket], bool]
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|>=|!=|[()=<]|[^\s()=<>!\"']+")


class BadJql(Exception):
    """What Jira says about a JQL."""


def parsed(jql: str, zone: str, gone: bool) -> Holds:
    """Return what a JQL chooses of the project CLAIMS; `gone` when there is no such project any more."""
    tokens = _TOKEN.findall(jql)
    if not tokens:
        raise BadJql(
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        )
    holds = _any(tokens, zone, gone)
    if tokens:
        raise BadJql(f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{tokens[0]}'.")
    return holds


def _any(tokens: list[str], zone: str, gone: bool) -> Holds:
    parts = [_all(tokens, zone, gone)]
    while tokens and tokens[0].lower() == "or":
        tokens.pop(0)
        parts.append(_all(tokens, zone, gone))
    return lambda issue: any(part(issue) for part in parts)


def _all(tokens: list[str], zone: str, gone: bool) -> Holds:
    parts = [_clause(tokens, zone, gone)]
    while tokens and tokens[0].lower() == "and":
        tokens.pop(0)
        parts.append(_clause(tokens, zone, gone))
    return lambda issue: all(part(issue) for part in parts)


def _clause(tokens: list[str], zone: str, gone: bool) -> Holds:
    name = tokens.pop(0) if tokens else ""
    if name == "(":
        inner = _any(tokens, zone, gone)
        if not tokens or tokens.pop(0) != ")":
            raise BadJql("Error in the JQL Query: Expecting ')' before the end of the query.")
        return inner
    if name in (")", "=", "<", ">=", "!="):
        raise BadJql(f"Error in the JQL Query: Expecting a field name but got '{name}'.")
    if len(tokens) < 2:
        raise BadJql(
            f"Error in the JQL Query: Expecting operator but got the end of the query after '{name}'."
        )
    operator, value = tokens.pop(0), tokens.pop(0).strip("\"'")
    if name in ("resolved", "created"):
        limit = datetime.strptime(value, "%Y/%m/%d %H:%M").replace(tzinfo=ZoneInfo(zone))
        return lambda i: _compare(i.created if name == "created" else i.finished, operator, limit)
    if name == "project":
        if value != "CLAIMS" or gone:
            raise BadJql(f"The value '{value}' does not exist for the field 'project'.")
        return lambda _: True
    if name == "labels":
        return lambda i: (
            (value in (*i.labels, *(("caused-incident",) if i.failed else ()))) == (operator == "=")
        )
    raise BadJql(f"Field '{name}' does not exist or you do not have permission to view it.")


def _compare(at: datetime | None, operator: str, limit: datetime) -> bool:
    if at is None:
        return False
    return at >= limit if operator == ">=" else at < limit
