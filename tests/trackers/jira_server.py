"""Jira, as its documents describe it: Cloud's `search/jql` and Data Center's `search`.

Cloud: developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search (`nextPageToken`, `isLast`;
an unbounded JQL is refused; a changelog of 40) and api-group-issues (`/issue/{id}/changelog`).
Data Center: docs.atlassian.com/software/jira/docs/api/REST (`startAt`, `total`, the whole changelog).
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.trackers.histories import Ticket
from tests.trackers.jql import BadJql, parsed
from tests.trackers.serving import Request, Response

# Status: its id and the key of its category.
STATUSES = {"To Do": ("1", "new"), "In Progress": ("3", "indeterminate"), "Done": ("5", "done")}
_INLINE = 40
# Entries of a changelog per page, fewer than are asked for: the server may give fewer.
_CHANGES = 30


@dataclass
class Jira:
    """The project CLAIMS with its issues; `zone` is the clock of the user who asks."""

    issues: list[Ticket]
    edition: str = "cloud"
    zone: str = "America/Los_Angeles"
    page: int = 50
    login: str = "Basic " + b64encode(b"maria@example.com:s3cret").decode()
    gone: bool = False

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != self.login:
            return Response(
                401, b"Client must be authenticated to access this resource.", {"Content-Type": "text/plain"}
            )
        cloud = self.edition == "cloud"
        path = request.path.removeprefix(f"/rest/api/{'3' if cloud else '2'}/")
        if path == "status":
            return Response(200, [_status(name) for name in STATUSES])
        if path.endswith("/changelog") and cloud:
            return self._changelog(path.split("/")[1], request)
        if path != ("search/jql" if cloud else "search"):
            return Response(404, {"errorMessages": [f"No endpoint {request.path}"], "errors": {}})
        jql, _, order = request.query["jql"].partition(" ORDER BY ")
        assert order == "key ASC"
        try:
            holds = parsed(jql, self.zone, self.gone)
        except BadJql as error:
            return Response(400, {"errorMessages": [str(error)], "errors": {}})
        found = [issue for issue in sorted(self.issues, key=lambda i: i.number) if holds(issue)]
        return Response(200, (self._after_token if cloud else self._from_start)(found, request))

    def _after_token(self, found: list[Ticket], request: Request) -> dict[str, Any]:
        # A token is a place in the order, not a count: what leaves the list shifts nothing.
        size = min(int(request.query["maxResults"]), self.page)
        after = int(request.query.get("nextPageToken", "t0")[1:])
        rest = [issue for issue in found if issue.number > after]
        body: dict[str, Any] = {"issues": [self._issue(issue, request) for issue in rest[:size]]}
        if len(rest) <= size:
            return {**body, "isLast": True}
        return {**body, "isLast": False, "nextPageToken": f"t{rest[size - 1].number}"}

    def _from_start(self, found: list[Ticket], request: Request) -> dict[str, Any]:
        size, start = min(int(request.query["maxResults"]), self.page), int(request.query.get("startAt", "0"))
        issues = [self._issue(issue, request) for issue in found[start : start + size]]
        return {"startAt": start, "maxResults": size, "total": len(found), "issues": issues}

    def _issue(self, issue: Ticket, request: Request) -> dict[str, Any]:
        fields = {
            "created": self._told(issue.created),
            "resolutiondate": issue.finished and self._told(issue.finished),
        }
        wanted = request.query["fields"].split(",")
        made: dict[str, Any] = {
            "id": str(10_000 + issue.number),
            "key": f"CLAIMS-{issue.number}",
            "fields": {name: value for name, value in fields.items() if name in wanted},
        }
        if request.query.get("expand") == "changelog":
            newest = self._histories(issue)[::-1]
            inline = newest[:_INLINE] if self.edition == "cloud" else newest
            size = {"startAt": 0, "maxResults": len(inline), "total": len(newest)}
            made["changelog"] = {**size, "histories": inline}
        return made

    def _changelog(self, number: str, request: Request) -> Response:
        histories = self._histories(next(i for i in self.issues if str(10_000 + i.number) == number))
        start, size = int(request.query.get("startAt", "0")), min(int(request.query["maxResults"]), _CHANGES)
        about = {"startAt": start, "maxResults": size, "total": len(histories)}
        last = start + size >= len(histories)
        return Response(200, {**about, "isLast": last, "values": histories[start : start + size]})

    def _histories(self, issue: Ticket) -> list[dict[str, Any]]:
        """Return all changes, oldest first: of the status, then others, one of a field called status."""
        made = [(at, _status_change(old, new)) for at, old, new in issue.moves]
        for n in range(issue.noise):
            fields = ("status", "customfield_10077") if n == 0 else ("assignee", "assignee")
            other = {"field": fields[0], "fieldId": fields[1], "from": "3", "to": "3"}
            made.append((issue.updated + timedelta(seconds=n), other))
        resolution = {"field": "resolution", "fieldId": "resolution", "from": None, "to": "1"}
        return [
            {"id": f"{issue.number}{n:03}", "created": self._told(at), "items": [resolution, item]}
            for n, (at, item) in enumerate(made)
        ]

    def _told(self, when: datetime) -> str:
        return when.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%dT%H:%M:%S.000%z")


def _status(name: str) -> dict[str, Any]:
    number, key = STATUSES[name]
    return {"id": number, "name": name, "statusCategory": {"id": 4, "key": key, "name": name}}


def _status_change(old: str, new: str) -> dict[str, str]:
    names = {"fromString": old, "toString": new}
    return {"field": "status", "fieldId": "status", "from": STATUSES[old][0], "to": STATUSES[new][0], **names}
