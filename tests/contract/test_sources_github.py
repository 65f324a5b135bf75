"""The `github` source against a server that answers as GitHub's REST API does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.sources import Source
from tests.trackers.asking import BEARER, approximate, days, failure, fetched, parts, source, values
from tests.trackers.deliveries import Delivery, World, world
from tests.trackers.github_server import Github
from tests.trackers.histories import START, Ticket, counted, medians, shares, tickets
from tests.trackers.serving import Served, serving

TICKETS = tickets(seed=3, count=700)
WORLD = world(seed=5)
Closed = list[tuple[Ticket, datetime]]
MERGED: Closed = [(t, t.finished) for t in TICKETS if t.finished and t.number % 2 == 0 and not t.failed]
DONE: Closed = [(t, t.finished) for t in TICKETS if t.finished and t.number % 2 == 1 and not t.failed]


@pytest.fixture(scope="module")
def github() -> Iterator[Served]:
    with serving(Github(TICKETS, WORLD).answer) as served:
        yield served


def asked(served: Served, **keys: Any) -> Source:
    return source(
        **{"kind": "github", "url": served.url, "repository": "example/claims", "auth": BEARER} | keys
    )


@pytest.mark.parametrize(("of", "truth"), [("pull_requests", MERGED), ("issues", DONE)])
class TestPullRequestsAndIssues:
    def test_throughput_counts_what_was_merged_or_done(self, github: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(github, of=of, measure="throughput"))

        assert list(values(found).values()) == counted(at for _, at in truth)

    @pytest.mark.parametrize(("since", "through"), [(3, 3), (5, 9), (None, 11)])
    def test_any_window_tells_the_same(
        self, github: Served, of: str, truth: Closed, since: int | None, through: int
    ) -> None:
        found = values(fetched(asked(github, of=of, measure="throughput"), since=since, through=through))

        weeks = {w: n for w, n in enumerate(counted(at for _, at in truth)) if (since or 0) <= w <= through}
        assert {week: n for week, n in found.items() if week >= (since or 0)} == weeks

    def test_cycle_time_is_from_opening_to_the_end(self, github: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(github, of=of, measure="cycle_time"))

        assert values(found) == pytest.approx(medians((at, at - ticket.created) for ticket, at in truth))

    def test_a_share_within_the_promise(self, github: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(github, of=of, measure="share_within", within="4 days"))

        assert parts(found) == approximate(shares((at, at - t.created <= days(4)) for t, at in truth))

    def test_labels_choose(self, github: Served, of: str, truth: Closed) -> None:
        found = fetched(asked(github, of=of, measure="throughput", labels=["defect"]))

        assert list(values(found).values()) == counted(at for t, at in truth if "defect" in t.labels)


def test_a_base_branch_chooses(github: Served) -> None:
    found = fetched(asked(github, of="pull_requests", measure="throughput", base="main"))

    assert list(values(found).values()) == counted(at for t, at in MERGED if t.number % 6)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_weeks_are_those_of_the_zone(github: Served, zone: str) -> None:
    found = values(fetched(asked(github, of="pull_requests", measure="throughput"), zone=zone))

    truth = counted((at for _, at in MERGED), zone)
    assert list(found.values()) == truth
    assert truth != counted(at for _, at in MERGED)


def test_only_what_changed_since_is_fetched(github: Served) -> None:
    github.requests.clear()

    fetched(asked(github, of="issues", measure="throughput"), since=11)
    fetched(asked(github, of="pull_requests", measure="throughput"), since=11)

    assert len(github.asked("/issues")) == 1
    assert len(github.asked("/pulls")) <= 2


class TestDeployments:
    def test_throughput_counts_those_that_succeeded(self, github: Served) -> None:
        found = fetched(asked(github, of="deployments", measure="throughput"))

        assert list(values(found).values()) == counted(ended for _, ended in WORLD.placed())

    def test_those_that_failed_are_a_share_of_those_that_ended(self, github: Served) -> None:
        found = fetched(asked(github, of="deployments", measure="deployment_failure_share"))

        assert parts(found) == approximate(
            shares((ended, d.state != "success") for d, ended in WORLD.ended())
        )

    @pytest.mark.parametrize("since", [0, 6, None])
    def test_lead_time_is_from_the_commit_to_the_deployment_that_brought_it(
        self, github: Served, since: int | None
    ) -> None:
        found = values(
            fetched(asked(github, of="deployments", measure="lead_time", unit="hours"), since=since)
        )

        truth = {
            week: 24 * days for week, days in medians(WORLD.lead_times()).items() if week >= (since or 0)
        }
        assert {week: value for week, value in found.items() if week >= 0} == pytest.approx(truth)

    def test_a_share_within_the_promise_is_of_commits(self, github: Served) -> None:
        found = fetched(asked(github, of="deployments", measure="share_within", within="12 hours"))

        assert parts(found) == approximate(shares((at, span <= days(0.5)) for at, span in WORLD.lead_times()))

    @pytest.mark.parametrize("within", [6, 48])
    def test_a_deployment_that_an_incident_followed_failed(self, github: Served, within: int) -> None:
        span = f"{within} hours"
        keys = {"measure": "change_failure_share", "within": span, "settle": span, "incidents": "incident"}
        found = fetched(asked(github, of="deployments", **keys))

        truth = shares(WORLD.followed(timedelta(hours=within)))
        assert parts(found) == approximate(truth)
        assert sum(share for share, _ in truth.values()) > 0

    @pytest.mark.parametrize(
        "keys",
        [
            {"measure": "lead_time"},
            {"measure": "deployment_failure_share"},
            {
                "measure": "change_failure_share",
                "within": "1 day",
                "settle": "1 day",
                "incidents": "incident",
            },
        ],
    )
    def test_what_is_read_bit_by_bit_is_what_is_read_at_once(
        self, github: Served, keys: dict[str, Any]
    ) -> None:
        source = asked(github, of="deployments", **keys)

        bits = [fetched(source, since=since, through=since + 2) for since in (0, 3, 6, 9)]

        assert tuple(o for bit in bits for o in bit) == fetched(source)

    @pytest.mark.parametrize(("look_back", "count"), [("2 hours", 0), ("4 hours", 1)])
    def test_one_that_takes_longer_than_look_back_is_not_looked_at(self, look_back: str, count: int) -> None:
        sunday, monday = START + timedelta(weeks=6, hours=-3), START + timedelta(weeks=6, hours=1)
        made = World([], [Delivery(1, sunday, 0, monday, "success")], [])
        with serving(Github([], made).answer) as served:
            source = asked(served, of="deployments", measure="throughput", look_back=look_back)
            found = values(fetched(source, since=6, through=6))

        assert found == {6: count}

    def test_deployments_that_are_not_listed_newest_first_are_refused(self) -> None:
        made = world(seed=6, deliveries=20)
        made.deliveries.sort(key=lambda delivery: delivery.number % 3)
        with serving(Github([], made, in_order=False).answer) as served:
            code, sentence = failure(asked(served, of="deployments", measure="throughput"))

        assert (code, "newest first" in sentence) == ("bad_answer", True)

    def test_commits_that_were_rewritten_meanwhile_are_left_out(self) -> None:
        middle = WORLD.placed()[len(WORLD.placed()) // 2][0].upto
        with serving(Github([], WORLD, rewritten=set(range(1, middle + 1))).answer) as served:
            found = values(fetched(asked(served, of="deployments", measure="lead_time")))

        whole = medians(WORLD.lead_times())
        first = min(found)
        assert 3 < first < 9
        assert {w: v for w, v in found.items() if w > first} == pytest.approx(
            {w: v for w, v in whole.items() if w > first}
        )


def test_weeks_before_the_repository_have_no_value() -> None:
    late = [ticket for ticket, at in DONE if at > START + timedelta(weeks=6)]
    with serving(Github(late, created=START + timedelta(days=16)).answer) as served:
        found = values(fetched(asked(served, of="issues", measure="throughput"), since=-8, through=30))

    truth = counted(at for ticket, at in DONE if ticket in late)
    assert found == {week: truth[week] if week < 12 else 0 for week in range(3, 31)}  # 21 January: in week 2


@pytest.mark.parametrize(
    "keys",
    [
        {"of": "issues", "labels": ["mispelt"]},
        {"of": "deployments", "environment": "productoin"},
        {"of": "pull_requests", "base": "mian"},
        {"of": "pull_requests", "labels": ["mispelt"]},
    ],
)
def test_a_name_that_nothing_has_gives_no_value_instead_of_none(github: Served, keys: dict[str, Any]) -> None:
    assert fetched(asked(github, measure="throughput", **keys)) == ()


def test_a_repository_that_is_not_there_is_said(github: Served) -> None:
    code, sentence = failure(asked(github, of="issues", measure="throughput", repository="example/claim"))

    assert (code, "example/claim/issues" in sentence) == ("not_found", True)


def test_a_wrong_login_is_said(github: Served) -> None:
    code, sentence = failure(asked(github, of="issues", measure="throughput", auth={"bearer": "${USER}"}))

    assert (code, "Bad credentials" in sentence) == ("login_refused", True)
