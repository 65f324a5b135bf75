"""Trackers that fail, limit and change: the right numbers, or a refusal that says why."""

import copy
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.sources.trackers import github as github_reader
from activities.sources.trackers import gitlab as gitlab_reader
from activities.sources.trackers import servicenow as servicenow_reader
from domain.sources import Source
from tests.trackers.asking import BASIC, BEARER, failure, fetched, source, values
from tests.trackers.deliveries import world
from tests.trackers.github_server import Github
from tests.trackers.gitlab_server import Gitlab
from tests.trackers.histories import END, WEEKS, Ticket, counted, tickets, week_of
from tests.trackers.jira_server import Jira
from tests.trackers.servicenow_server import ServiceNow
from tests.trackers.serving import Response, Served, before, broken_off, instead, serving

TICKETS = tickets(seed=21, count=240)
KINDS = ["cloud", "data_center", "servicenow", "github", "gitlab"]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for reader in (github_reader, gitlab_reader):
        monkeypatch.setattr(reader, "_PAGE", "20")
    monkeypatch.setattr(servicenow_reader, "_PAGE", 20)


def tracker(kind: str, there: list[Ticket]) -> Jira | ServiceNow | Github | Gitlab:
    match kind:
        case "cloud" | "data_center":
            return Jira(there, edition=kind, page=20)
        case "servicenow":
            return ServiceNow(there)
        case "github":
            return Github(there)
    return Gitlab(there)


def asked(kind: str, served: Served, **keys: Any) -> Source:
    plain: dict[str, dict[str, Any]] = {
        "cloud": {"kind": "jira", "auth": BASIC, "jql": "project = CLAIMS"},
        "data_center": {"kind": "jira", "auth": BASIC, "jql": "project = CLAIMS", "edition": "data_center"},
        "servicenow": {"kind": "servicenow", "auth": BASIC, "table": "incident"},
        "github": {"kind": "github", "auth": BEARER, "repository": "example/claims", "of": "pull_requests"},
        "gitlab": {"kind": "gitlab", "auth": BEARER, "project": "example/claims", "of": "merge_requests"},
    }
    return source(**{"url": served.url, "measure": "throughput"} | plain[kind] | keys)


def finished(kind: str, there: list[Ticket]) -> list[int]:
    """Return what is finished in each week, by the tickets themselves."""
    if kind in ("github", "gitlab"):
        there = [ticket for ticket in there if ticket.number % 2 == 0 and not ticket.failed]
    return counted(ticket.finished for ticket in there if ticket.finished is not None)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryTracker:
    def test_a_connection_that_breaks_in_a_page_is_made_again(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {1: broken_off, 3: broken_off, 4: instead(Response(503, b"", {}))}
            found = values(fetched(asked(kind, served)))

        assert list(found.values()) == finished(kind, TICKETS)

    def test_a_limit_that_ends_soon_is_waited_for(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {2: instead(Response(429, {}, {"Retry-After": "0"}))}
            found = values(fetched(asked(kind, served)))

        assert list(found.values()) == finished(kind, TICKETS)

    def test_a_limit_that_does_not_end_soon_is_said_with_its_end(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {2: instead(Response(429, {}, {"Retry-After": "7200"}))}
            code, sentence = failure(asked(kind, served))

        until = datetime.now(UTC) + timedelta(hours=2)
        assert code == "rate_limited"
        assert any(
            f"until {at:%Y-%m-%d %H:%M} UTC" in sentence for at in (until, until - timedelta(minutes=1))
        )

    def test_a_login_that_ends_meanwhile_is_said(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {2: instead(Response(401, {"message": "expired"}))}
            assert failure(asked(kind, served))[0] == "login_refused"

    def test_what_the_login_may_not_read_is_said(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {1: instead(Response(403, {"message": "Resource not accessible by this token"}))}
            code, sentence = failure(asked(kind, served))

        assert (code, "may not read" in sentence) == ("login_refused", True)

    @pytest.mark.parametrize("status", [200, 400, 403, 404, 500])
    def test_what_repeats_the_login_is_not_repeated(self, kind: str, status: int) -> None:
        def repeat(_: Callable[[], Response]) -> Response:
            header = served.requests[-1].headers["authorization"]
            said = f"not {header} and not s3cret"
            return Response(status, {"message": said, "errorMessages": [said], "error": {"message": said}})

        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = dict.fromkeys(range(1, 6), repeat)
            _, sentence = failure(asked(kind, served))

        assert served.requests[0].headers["authorization"].split()[1] not in sentence
        assert "s3cret" not in sentence

    def test_what_is_gone_meanwhile_is_said(self, kind: str) -> None:
        there = tracker(kind, TICKETS)

        def delete() -> None:
            there.gone = True

        with serving(there.answer) as served:
            served.faults = {2: before(delete)}
            code, sentence = failure(asked(kind, served))

        assert code == ("not_found" if kind in ("github", "gitlab") else "query_failed")
        assert "says: " in sentence

    def test_a_time_that_is_none_is_said_with_the_item(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {1: lambda answer: spoilt(answer())}
            code, sentence = failure(asked(kind, served))

        assert code == "bad_answer"
        assert "soon" in sentence

    @pytest.mark.parametrize(
        "body", [b"<html>Sign in</html>", b"[1, 2]", b'"hello"', b'{"ok": true}', b"null"]
    )
    def test_an_answer_of_another_shape_is_refused(self, kind: str, body: bytes) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {1: instead(Response(200, body))}
            code, _ = failure(asked(kind, served))

        assert code in ("bad_answer", "not_json")

    def test_a_measurement_that_is_cancelled_ends(self, kind: str) -> None:
        stop = threading.Event()
        with serving(tracker(kind, TICKETS).answer) as served:
            served.faults = {2: cancelling(stop, Response(429, {}, {"Retry-After": "50"}))}
            code, _ = failure(asked(kind, served), stop=stop)

        assert code == "timed_out"

    def test_too_many_items_are_refused(self, kind: str) -> None:
        with serving(tracker(kind, TICKETS).answer) as served:
            assert failure(asked(kind, served), rows=30)[0] == "too_many_rows"


def cancelling(stop: threading.Event, response: Response) -> Callable[[Callable[[], Response]], Response]:
    """Answer this instead, and have the measurement cancelled a moment later."""

    def fault(_: Callable[[], Response]) -> Response:
        threading.Timer(0.2, stop.set).start()
        return response

    return fault


def spoilt(answer: Response) -> Response:
    """Return the answer with words where times are."""
    body = copy.deepcopy(answer.body)
    entries = body if isinstance(body, list) else body.get("issues") or body["result"]
    for entry in entries:
        there = entry.get("fields", entry)
        for key in ("resolutiondate", "closed_at", "merged_at", "updated_at"):
            if there.get(key):
                there[key] = "soon"
    return Response(answer.status, body, answer.headers)


def counts(ticket: Ticket) -> bool:
    """Whether the ticket is of the weeks that are asked for, to every kind of tracker."""
    there = ticket.number % 2 == 0 and not ticket.failed
    return there and ticket.finished is not None and 0 <= week_of(ticket.finished) < WEEKS


# Where each tracker has an item in its list.
ORDER: dict[str, Callable[[Ticket], Any]] = {
    "cloud": lambda ticket: ticket.number,
    "data_center": lambda ticket: ticket.number,
    "servicenow": lambda ticket: ServiceNow(TICKETS).record(ticket)["sys_id"],
    "github": lambda ticket: -ticket.updated.timestamp(),
    "gitlab": lambda ticket: ticket.updated.timestamp(),
}


class TestListsThatChangeWhileTheyAreRead:
    """An item that moves between pages is neither lost nor doubled."""

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("at", [2, 4])
    def test_an_item_that_changes_moves_but_counts_once(self, kind: str, at: int) -> None:
        there = copy.deepcopy(TICKETS)

        def touch() -> None:
            for ticket in there:
                if ticket.number % 16 == 0:
                    ticket.updated = END + timedelta(seconds=ticket.number)

        with serving(tracker(kind, there).answer) as served:
            served.faults = {at: before(touch)}
            found = values(fetched(asked(kind, served)))

        assert list(found.values()) == finished(kind, TICKETS)

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("at", [2, 3])
    def test_items_that_leave_take_no_other_with_them(self, kind: str, at: int) -> None:
        there = copy.deepcopy(TICKETS)
        first = sorted((ticket for ticket in there if counts(ticket)), key=ORDER[kind])[:3]

        def reopen() -> None:
            for ticket in first:
                ticket.finished, ticket.updated = None, END

        with serving(tracker(kind, there).answer) as served:
            served.faults = {at: before(reopen)}
            found = list(values(fetched(asked(kind, served))).values())

        with_it, without = finished(kind, TICKETS), finished(kind, there)
        assert found in (with_it, without)
        assert with_it != without

    def test_a_list_that_never_holds_still_is_refused(self) -> None:
        there = copy.deepcopy(TICKETS)

        def shift() -> None:
            there.pop(0)

        with serving(Jira(there, edition="data_center", page=20).answer) as served:
            served.faults = {at: before(shift) for at in range(2, 60)}
            code, sentence = failure(asked("data_center", served))

        assert (code, "changed each of 5 times" in sentence) == ("unsteady", True)

    def test_a_token_that_leads_back_is_refused(self) -> None:
        with serving(Jira(TICKETS, page=20).answer) as served:

            def back(answer: Callable[[], Response]) -> Response:
                found = answer()
                return Response(200, {**found.body, "isLast": False, "nextPageToken": "t20"})

            served.faults = dict.fromkeys(range(1, 9), back)
            assert failure(asked("cloud", served))[0] == "page_repeats"

    def test_many_changes_at_one_moment_are_all_read(self) -> None:
        there = copy.deepcopy(TICKETS)
        for ticket in there:
            ticket.updated = END - timedelta(days=1)
        with serving(Gitlab(there).answer) as served:
            found = values(fetched(asked("gitlab", served)))

        assert list(found.values()) == finished("gitlab", TICKETS)

    def test_a_deployment_that_comes_meanwhile_doubles_no_other(self) -> None:
        made = world(seed=9, deliveries=60)
        late = made.deliveries.pop()
        with serving(Github([], made).answer) as served:
            served.faults = {12: before(lambda: made.deliveries.append(late))}
            found = values(fetched(asked("github", served, of="deployments"), through=8))

        assert list(found.values()) == counted(at for _, at in made.placed())[:9]


class TestGithubsLimits:
    """docs.github.com/rest, "Rate limits for the REST API"."""

    def test_a_primary_limit_is_waited_for_until_its_reset(self) -> None:
        spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()))}
        with serving(Github(TICKETS).answer) as served:
            served.faults = {2: instead(Response(403, {"message": "API rate limit exceeded"}, spent))}
            found = values(fetched(asked("github", served)))

        assert list(found.values()) == finished("github", TICKETS)

    def test_a_primary_limit_far_off_is_said_with_its_end(self) -> None:
        spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}  # 2100
        with serving(Github(TICKETS).answer) as served:
            served.faults = {
                1: instead(Response(403, {"message": "API rate limit exceeded for user"}, spent))
            }
            code, sentence = failure(asked("github", served))

        assert code == "rate_limited"
        assert "until 2" in sentence
        assert "API rate limit exceeded for user" in sentence

    def test_a_secondary_limit_is_known_by_its_words(self) -> None:
        said = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
        stop = threading.Event()
        with serving(Github(TICKETS).answer) as served:
            served.faults = {1: cancelling(stop, Response(403, said))}
            code, _ = failure(asked("github", served), stop=stop)

        assert code == "timed_out"  # it waits for a minute, as GitHub asks for, and was cancelled meanwhile
        assert len(served.requests) == 1
