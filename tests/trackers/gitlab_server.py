"""GitLab's REST API, as docs.gitlab.com/api has it: one project, `example/claims`.

It is asked for by its encoded path. Pages by `page` and `per_page` with `x-next-page` and a `Link` header;
`updated_after` is about `updated_at`, and goes with `order_by=updated_at` for deployments; every answer tells
what is left of the rate limit.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.trackers.deliveries import Delivery, World
from tests.trackers.histories import START, Ticket
from tests.trackers.serving import Request, Response, paged

_LIMIT = {"RateLimit-Limit": "2000", "RateLimit-Remaining": "1990", "RateLimit-Reset": "1767600000"}
_STATES = {"success": "success", "failure": "failed", "error": "canceled", "none": "running"}


@dataclass
class Gitlab:
    """Merge requests and issues from tickets: one whose number is even is a merge request."""

    tickets: list[Ticket] = field(default_factory=list)
    world: World = field(default_factory=lambda: World([], [], []))
    login: str = "Bearer s3cret"
    created: datetime = START - timedelta(days=30)
    page: int = 100
    gone: bool = False
    links: bool = True

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != self.login:
            return Response(401, {"message": "401 Unauthorized"})
        base = "/api/v4/projects/example%2Fclaims"
        if self.gone or not f"{request.path}/".startswith(f"{base}/"):
            return Response(404, {"message": "404 Project Not Found"})
        return self._below(request.path.removeprefix(base).strip("/").split("/"), request)

    def _below(self, parts: list[str], request: Request) -> Response:
        match parts:
            case [""]:
                return Response(200, {"id": 7, "created_at": _told(self.created)}, _LIMIT)
            case ["merge_requests"]:
                entries = [self._request(ticket) for ticket in self._chosen(request, even=True)]
            case ["issues"]:
                entries = self._issues(request)
            case ["deployments"]:
                if "updated_after" in request.query and request.query.get("order_by") != "updated_at":
                    said = "400 Bad request - `updated_at` filter and `updated_at` sorting must be paired"
                    return Response(400, {"message": said})
                entries = self._deployments(request)
            case ["deployments", number, "merge_requests"]:
                entries = self._brought(int(number))
            case _:
                return Response(404, {"error": "404 Not Found"})
        return self._listed(entries, request)

    def _listed(self, entries: list[dict[str, Any]], request: Request) -> Response:
        after = request.query.get("updated_after")
        if after is not None:
            entries = [entry for entry in entries if entry["updated_at"] >= after]
        key = request.query.get("order_by", "created_at")
        descending = request.query.get("sort", "desc") == "desc"
        ordered = sorted(entries, key=lambda entry: (entry[key], entry["id"]), reverse=descending)
        page, headers = paged(ordered, request, self.page)
        number = int(request.query.get("page", "1"))
        following = {"X-Next-Page": str(number + 1) if headers else ""}
        return Response(200, page, {**(headers if self.links else {}), **following, **_LIMIT})

    def _chosen(self, request: Request, *, even: bool) -> list[Ticket]:
        wanted = set(filter(None, request.query.get("labels", "").split(",")))
        there = [t for t in self.tickets if (t.number % 2 == 0) == even and wanted <= set(t.labels)]
        state, branch = request.query.get("state", "all"), request.query.get("target_branch")
        return [t for t in there if state in ("all", _state(t)) and branch in (None, _branch(t))]

    def _request(self, ticket: Ticket) -> dict[str, Any]:
        merged = ticket.finished if _state(ticket) == "merged" else None
        return {**_common(ticket), "merged_at": merged and _told(merged), "target_branch": _branch(ticket)}

    def _issues(self, request: Request) -> list[dict[str, Any]]:
        if request.query.get("issue_type") == "incident" or request.query.get("labels") == "outage":
            return [
                {"id": n, "iid": n, "state": "opened", "created_at": _told(at), "updated_at": _told(at)}
                for n, at in enumerate(self.world.incidents, 10**6)
            ]
        found = self._chosen(request, even=False)
        return [{**_common(t), "closed_at": t.finished and _told(t.finished)} for t in found]

    def _deployments(self, request: Request) -> list[dict[str, Any]]:
        if request.query.get("environment") != "production":
            return []
        return [self._deployment(d) for d in self.world.deliveries]

    def _deployment(self, delivery: Delivery) -> dict[str, Any]:
        ended = delivery.ended or delivery.created
        # One made through the API has no job; what it says of its end is its last change.
        by_job = delivery.number % 3 > 0
        job = {"id": 1, "finished_at": delivery.ended and _told(delivery.ended)} if by_job else None
        return {
            "id": delivery.number,
            "iid": delivery.number,
            "sha": f"{delivery.upto:040}",
            "status": _STATES[delivery.state],
            "created_at": _told(delivery.created),
            "updated_at": _told(ended + timedelta(days=2) if by_job else ended),
            "deployable": job,
        }

    def _brought(self, number: int) -> list[dict[str, Any]]:
        delivery = next(d for d in self.world.deliveries if d.number == number)
        return [
            {"id": c.number, "iid": c.number, "created_at": _told(c.committed), "merged_at": _told(c.merged)}
            for c in self.world.changes
            if c.number in delivery.brought
        ]


def _common(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": 5_000 + ticket.number,
        "iid": ticket.number,
        "state": _state(ticket),
        "created_at": _told(ticket.created),
        "updated_at": _told(ticket.updated),
    }


def _state(ticket: Ticket) -> str:
    if ticket.finished is None:
        return "opened"
    return "merged" if ticket.number % 2 == 0 and not ticket.failed else "closed"


def _branch(ticket: Ticket) -> str:
    return "main" if ticket.number % 6 else "release"


def _told(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
