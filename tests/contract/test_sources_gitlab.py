"""The `gitlab` source against a server that answers as GitLab's REST API does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.sources import Source
from tests.trackers.asking import BEARER, approximate, days, failure, fetched, parts, source, values
from tests.trackers.deliveries import world
from tests.trackers.gitlab_server import Gitlab
from tests.trackers.histories import START, Ticket, counted, medians, shares, tickets
from tests.trackers.serving import Served, serving

TICKETS = tickets(seed=4, count=500)
WORLD = world(seed=8)
Closed = list[tuple[Ticket, datetime]]
MERGED: Closed = [(t, t.finished) for t in TICKETS if t.finished and t.number % 2 == 0 and not t.failed]
CLOSED: Closed = [(t, t.finished) for t in TICKETS if t.finished and t.number % 2 == 1]


@pytest.fixture(scope="module")
def gitlab() -> Iterator[Served]:
    with serving(Gitlab(TICKETS, WORLD).answer) as served:
        yield served


def asked(served: Served, **keys: Any) -> Source:
    return source(**{"kind": "gitlab", "url": served.url, "project": "example/claims", "auth": BEARER} | keys)


@pytest.mark.parametrize(("of", "truth"), [("merge_requests", MERGED), ("issues", CLOSED)])
class TestMergeRequestsAndIssues:
    def test_throughput_counts_what_was_merged_or_closed(
        self, gitlab: Served, of: str, truth: Closed
    ) -> None:
        found = fetched(asked(gitlab, of=of, measure="throughput"))

        assert list(values(found).values()) == counted(at for _, at in truth)

    @pytest.mark.parametrize(("since", "through"), [(3, 3), (None, 11)])
    def test_any_window_tells_the_same(
        self, gitlab: Served, of: str, truth: Closed, since: int | None, through: int
    ) -> None:
        found = values(fetched(asked(gitlab, of=of, measure="throughput"), since=since, through=through))

        weeks = {w: n for w, n in enumerate(counted(at for _, at in truth)) if (since or 0) <= w <= through}
        assert {week: n for week, n in found.items() if week >= (since or 0)} == weeks

    def test_cycle_time_is_from_opening_to_the_end(self, gitlab: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(gitlab, of=of, measure="cycle_time"))

        assert values(found) == pytest.approx(medians((at, at - ticket.created) for ticket, at in truth))

    def test_a_share_within_the_promise(self, gitlab: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(gitlab, of=of, measure="share_within", within="4 days"))

        assert parts(found) == approximate(shares((at, at - t.created <= days(4)) for t, at in truth))

    def test_labels_choose(self, gitlab: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(gitlab, of=of, measure="throughput", labels=["defect"]))

        assert list(values(found).values()) == counted(at for t, at in truth if "defect" in t.labels)


def test_a_page_that_is_named_without_a_link_is_read() -> None:
    with serving(Gitlab(TICKETS, links=False).answer) as served:
        found = fetched(asked(served, of="merge_requests", measure="throughput"))

    assert list(values(found).values()) == counted(at for _, at in MERGED)
    assert len(served.asked("/merge_requests")) == 2


def test_a_target_branch_chooses(gitlab: Served) -> None:
    found = fetched(asked(gitlab, of="merge_requests", measure="throughput", target_branch="main"))

    assert list(values(found).values()) == counted(at for t, at in MERGED if t.number % 6)


def test_only_what_changed_since_is_fetched(gitlab: Served) -> None:
    gitlab.requests.clear()

    fetched(asked(gitlab, of="merge_requests", measure="throughput"), since=11)

    assert len(gitlab.asked("/merge_requests")) == 1


class TestDeployments:
    def test_throughput_counts_those_that_succeeded(self, gitlab: Served) -> None:
        found = fetched(asked(gitlab, of="deployments", measure="throughput"))

        assert list(values(found).values()) == counted(ended for _, ended in WORLD.placed())

    def test_those_that_failed_are_a_share_and_those_cancelled_are_none(self, gitlab: Served) -> None:
        found = fetched(asked(gitlab, of="deployments", measure="deployment_failure_share"))

        ended = [(at, d.state == "failure") for d, at in WORLD.ended() if d.state in ("success", "failure")]
        assert parts(found) == approximate(shares(ended))

    @pytest.mark.parametrize("since", [0, 6])
    def test_lead_time_is_from_the_merge_to_the_deployment_that_brought_it(
        self, gitlab: Served, since: int
    ) -> None:
        found = values(fetched(asked(gitlab, of="deployments", measure="lead_time"), since=since))

        assert found == pytest.approx({w: v for w, v in medians(WORLD.waits()).items() if w >= since})

    def test_a_share_within_the_promise_is_of_merge_requests(self, gitlab: Served) -> None:
        found = fetched(asked(gitlab, of="deployments", measure="share_within", within="12 hours"))

        assert parts(found) == approximate(shares((at, span <= days(0.5)) for at, span in WORLD.waits()))

    @pytest.mark.parametrize("label", [{}, {"incidents": "outage"}])
    def test_a_deployment_that_an_incident_followed_failed(
        self, gitlab: Served, label: dict[str, str]
    ) -> None:
        keys = {"measure": "change_failure_share", "within": "1 day", "settle": "1 day", **label}
        found = fetched(asked(gitlab, of="deployments", **keys))

        truth = shares(WORLD.followed(timedelta(days=1)))
        assert parts(found) == approximate(truth)
        assert sum(share for share, _ in truth.values()) > 0


def test_weeks_before_the_project_have_no_value() -> None:
    late = [ticket for ticket, at in CLOSED if at > START + timedelta(weeks=6)]
    with serving(Gitlab(late, created=START + timedelta(days=14)).answer) as served:
        found = values(fetched(asked(served, of="issues", measure="throughput"), since=-8, through=12))

    truth = counted(at for ticket, at in CLOSED if ticket in late)
    assert found == {week: truth[week] if week < 12 else 0 for week in range(2, 13)}


@pytest.mark.parametrize(
    "keys",
    [
        {"of": "issues", "labels": ["mispelt"]},
        {"of": "deployments", "environment": "productoin"},
        {"of": "merge_requests", "target_branch": "mian"},
    ],
)
def test_a_name_that_nothing_has_gives_no_value_instead_of_none(gitlab: Served, keys: dict[str, Any]) -> None:
    assert fetched(asked(gitlab, measure="throughput", **keys)) == ()


def test_a_project_that_is_not_there_is_said(gitlab: Served) -> None:
    code, sentence = failure(asked(gitlab, of="issues", measure="throughput", project="example/sub/claims"))

    assert (code, "404 Project Not Found" in sentence) == ("not_found", True)


def test_a_wrong_login_is_said(gitlab: Served) -> None:
    code, sentence = failure(asked(gitlab, of="issues", measure="throughput", auth={"bearer": "${USER}"}))

    assert (code, "401 Unauthorized" in sentence) == ("login_refused", True)
