"""GitHub's REST API, as github/rest-api-description has it: one repository, `example/claims`.

Pages by `page` and `per_page` with a `Link` header; issues have pull requests among them; `since` is about
`updated_at`; deployments are listed newest first; every answer tells what is left of the rate limit.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.trackers.deliveries import Delivery, World
from tests.trackers.histories import START, Ticket
from tests.trackers.serving import Request, Response, paged

_LIMIT = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4990", "X-RateLimit-Reset": "1767600000"}


@dataclass
class Github:
    """Pull requests and issues from tickets: one whose number is even is a pull request."""

    tickets: list[Ticket] = field(default_factory=list)
    world: World = field(default_factory=lambda: World([], [], []))
    login: str = "Bearer s3cret"
    created: datetime = START - timedelta(days=30)
    page: int = 100
    gone: bool = False
    in_order: bool = True
    """Whether deployments are listed newest first, as GitHub does."""
    rewritten: set[int] = field(default_factory=set)
    """Numbers of changes that are not in the repository any more."""

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != self.login:
            return Response(
                401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"}
            )
        base = "/repos/example/claims"
        if self.gone or not f"{request.path}/".startswith(f"{base}/"):
            return Response(
                404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"}
            )
        return self._below(request.path.removeprefix(base).strip("/").split("/"), request)

    def _below(self, parts: list[str], request: Request) -> Response:
        match parts:
            case [""]:
                about = {"id": 1, "full_name": "example/claims", "created_at": _told(self.created)}
                return Response(200, about, _LIMIT)
            case ["compare", pair]:
                return self._compared(pair, request)
            case ["pulls"]:
                entries = [self._pull(ticket) for ticket in self._pulls(request)]
            case ["issues"]:
                issues = [self._issue(ticket) for ticket in self._issues(request)]
                entries = issues + self._incidents(request)
            case ["deployments"]:
                entries = self._deployments(request)
            case ["deployments", number, "statuses"]:
                entries = _statuses(self._delivery(number))
            case _:
                return Response(404, {"message": "Not Found"})
        return self._listed(entries, request)

    def _listed(self, entries: list[dict[str, Any]], request: Request) -> Response:
        page, headers = paged(_sorted(entries, request), request, self.page)
        return Response(200, page, {**headers, **_LIMIT})

    def _pulls(self, request: Request) -> list[Ticket]:
        found = [
            t for t in self.tickets if t.number % 2 == 0 and _in_state(t, request.query.get("state", "open"))
        ]
        base = request.query.get("base")
        return [ticket for ticket in found if base in (None, _base(ticket))]

    def _issues(self, request: Request) -> list[Ticket]:
        wanted = set(filter(None, request.query.get("labels", "").split(",")))
        found = [
            t
            for t in self.tickets
            if wanted <= set(t.labels) and _in_state(t, request.query.get("state", "open"))
        ]
        since = request.query.get("since")
        return [t for t in found if since is None or _told(t.updated) >= since]

    def _incidents(self, request: Request) -> list[dict[str, Any]]:
        if request.query.get("labels") != "incident":
            return []
        since = request.query.get("since", "")
        return [
            {
                "id": 10**6 + n,
                "number": 10**6 + n,
                "state": "open",
                "created_at": _told(at),
                "updated_at": _told(at),
            }
            for n, at in enumerate(self.world.incidents)
            if _told(at) >= since
        ]

    def _pull(self, ticket: Ticket) -> dict[str, Any]:
        merged = (
            None if ticket.failed else ticket.finished
        )  # those that failed were closed without being merged
        return {
            **_common(ticket),
            "merged_at": merged and _told(merged),
            "base": {"ref": _base(ticket)},
            "labels": [{"id": 1, "name": label} for label in ticket.labels],
        }

    def _issue(self, ticket: Ticket) -> dict[str, Any]:
        more = {"pull_request": {"url": "https://api.github.com/..."}} if ticket.number % 2 == 0 else {}
        done = "not_planned" if ticket.failed else "completed" if ticket.number % 3 else None
        return {**_common(ticket), "state_reason": ticket.finished and done, **more}

    def _deployments(self, request: Request) -> list[dict[str, Any]]:
        if request.query.get("environment") != "production":
            return []
        newest = sorted(self.world.deliveries, key=lambda d: d.created, reverse=True)
        newest = newest if self.in_order else self.world.deliveries
        return [
            {
                "id": d.number,
                "sha": self._sha(d.upto),
                "created_at": _told(d.created),
                "environment": "production",
            }
            for d in newest
        ]

    def _delivery(self, number: str) -> Delivery:
        return next(d for d in self.world.deliveries if d.number == int(number))

    def _sha(self, upto: int) -> str:
        return self.world.changes[upto - 1].sha if upto else "0" * 40

    def _compared(self, pair: str, request: Request) -> Response:
        base, head = pair.split("...")
        numbers = {self._sha(n): n for n in range(len(self.world.changes) + 1)}
        if {numbers[base], numbers[head]} & self.rewritten:
            return Response(404, {"message": f"No common ancestor between {base} and {head}."})
        ahead = self.world.changes[numbers[base] : numbers[head]]
        commits = [
            {"sha": c.sha, "commit": {"committer": {"name": "Kim", "date": _told(c.committed)}}}
            for c in ahead
        ]
        page, headers = paged(commits, request, self.page)
        status = "ahead" if ahead else "behind" if numbers[head] < numbers[base] else "identical"
        return Response(
            200, {"status": status, "total_commits": len(ahead), "commits": page}, {**headers, **_LIMIT}
        )


def _sorted(entries: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    field_name = request.query.get("sort")
    if field_name is None:
        return entries
    key = {"updated": "updated_at", "created": "created_at"}[field_name]
    return sorted(
        entries, key=lambda e: (e[key], e["id"]), reverse=request.query.get("direction", "desc") == "desc"
    )


def _statuses(delivery: Delivery) -> list[dict[str, Any]]:
    """Return the statuses of a deployment, newest first, with the `inactive` that comes at last."""
    states: list[tuple[str, datetime]] = [("in_progress", delivery.created)]
    if delivery.ended is not None:
        states += [(delivery.state, delivery.ended), ("inactive", delivery.ended + timedelta(days=1))]
    return [{"id": n, "state": state, "created_at": _told(at)} for n, (state, at) in enumerate(states)][::-1]


def _common(ticket: Ticket) -> dict[str, Any]:
    closed = ticket.finished
    return {
        "id": 5_000 + ticket.number,
        "number": ticket.number,
        "state": "open" if closed is None else "closed",
        "created_at": _told(ticket.created),
        "updated_at": _told(ticket.updated),
        "closed_at": closed and _told(closed),
    }


def _base(ticket: Ticket) -> str:
    return "main" if ticket.number % 6 else "release"


def _in_state(ticket: Ticket, state: str) -> bool:
    return state == "all" or (state == "closed") == (ticket.finished is not None)


def _told(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
