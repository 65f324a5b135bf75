"""ServiceNow's Table API, as its reference describes it: one table `incident`, chosen by encoded queries.

Conditions are joined by `^`, `^OR` binds to the condition before it; a condition on a field that the table
does not have is dropped, as an instance does unless it is set up otherwise. Records that the login may not
read are left out of a page after it was cut.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.trackers.histories import Ticket
from tests.trackers.serving import Request, Response

Holds = Callable[[dict[str, str]], bool]
_CONDITION = re.compile(
    r"([a-z_][a-z0-9_.]*)(>=|<=|!=|=|>|<|ISNOTEMPTY|ISEMPTY|NOTLIKE|LIKE|STARTSWITH|IN)(.*)", re.DOTALL
)
_TIMES = ("opened_at", "closed_at", "resolved_at")
_MISMATCH = {"message": "User Not Authenticated", "detail": "Required to provide Auth information"}


@dataclass
class ServiceNow:
    """The table of tickets; `zone` is the clock of the user who asks, by which times in queries are read."""

    tickets: list[Ticket]
    zone: str = "America/New_York"
    page: int = 10_000
    login: str = "Basic " + b64encode(b"maria@example.com:s3cret").decode()
    hidden: set[int] = field(default_factory=set)
    cut_short: bool = False
    gone: bool = False
    none_is_404: bool = False

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != self.login:
            return Response(401, {"error": _MISMATCH, "status": "failure"})
        table = request.path.removeprefix("/api/now/table/")
        if table != "incident" or self.gone:
            error = {"message": f"Invalid table {table}", "detail": None}
            return Response(400, {"error": error, "status": "failure"})
        assert request.query["sysparm_display_value"] == "false"
        found = self._chosen(request.query["sysparm_query"])
        size, start = int(request.query["sysparm_limit"]), int(request.query.get("sysparm_offset", "0"))
        size = min(size, self.page)
        shown = [(n, record) for n, record in found[start : start + size] if n not in self.hidden]
        wanted = request.query["sysparm_fields"].split(",")
        body: dict[str, Any] = {
            "result": [{name: record[name] for name in wanted if name in record} for _, record in shown]
        }
        if self.cut_short:
            error = {"message": "Transaction cancelled: maximum execution time exceeded", "detail": None}
            body |= {"error": error, "status": "failure"}
        if not found and self.none_is_404:
            error = {"message": "No Record found", "detail": "Records matching query not found."}
            return Response(404, {"error": error, "status": "failure"})
        headers = {"X-Total-Count": str(len(found))}
        if start + size < len(found):
            query = urlencode({**request.query, "sysparm_offset": str(start + size)})
            headers["Link"] = f'<http://{request.headers["host"]}{request.path}?{query}>;rel="next"'
        return Response(200, body, headers)

    def _chosen(self, query: str) -> list[tuple[int, dict[str, str]]]:
        parts = [part for part in query.split("^") if part and not part.startswith("ORDERBY")]
        groups: list[list[Holds]] = []
        for part in parts:
            holds = self._condition(part.removeprefix("OR"))
            if holds is None:
                continue
            if part.startswith("OR") and groups:
                groups[-1].append(holds)
            else:
                groups.append([holds])
        records = ((ticket.number, self.record(ticket)) for ticket in self.tickets)
        found = [(n, r) for n, r in records if all(any(holds(r) for holds in group) for group in groups)]
        return sorted(found, key=lambda pair: pair[1]["sys_id"]) if "ORDERBYsys_id" in query else found

    def record(self, ticket: Ticket) -> dict[str, str]:
        return {
            "sys_id": UUID(int=ticket.number * 2_654_435_761_987_654_321 % 2**128).hex,
            "number": f"INC{ticket.number:07}",
            "opened_at": _told(ticket.created),
            "resolved_at": _told(ticket.finished),
            "closed_at": _told(ticket.finished),
            "priority": "1" if ticket.labels else "3",
            "assignment_group.name": "Claims desk" if ticket.number % 4 else "Payments",
            "close_code": "unsuccessful" if ticket.failed else "successful",
        }

    def _condition(self, text: str) -> Holds | None:
        parsed = _CONDITION.fullmatch(text)
        assert parsed is not None, text
        name, operator, value = parsed.groups()
        if name not in self.record(self.tickets[0]):
            return None
        if name in _TIMES and value:
            local = datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo(self.zone))
            value = _told(local)
        return lambda record: _holds(record[name], operator, value)


def _told(when: datetime | None) -> str:
    return "" if when is None else when.astimezone(UTC).isoformat(" ", "seconds")[:19]


def _holds(there: str, operator: str, value: str) -> bool:
    match operator:
        case "ISEMPTY" | "ISNOTEMPTY":
            return (there == "") == (operator == "ISEMPTY")
        case "LIKE":
            return value.casefold() in there.casefold()
        case "IN":
            return there in value.split(",")
        case "=" | "!=":
            return (there == value) == (operator == "=")
    if there == "":  # an empty field is neither before nor after anything
        return False
    return {">=": there >= value, ">": there > value, "<": there < value, "<=": there <= value}[operator]
