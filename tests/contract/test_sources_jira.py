"""The `jira` source against servers that answer as Jira Cloud and Jira Data Center do."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.sources import Source
from tests.trackers.asking import BASIC, BEARER, approximate, days, failure, fetched, parts, source, values
from tests.trackers.histories import Ticket, counted, medians, shares, tickets, week_of
from tests.trackers.jira_server import Jira
from tests.trackers.serving import Served, serving

ISSUES = tickets(seed=7, count=420)
DONE = [(issue, issue.finished) for issue in ISSUES if issue.finished is not None]


@pytest.fixture(scope="module", params=["cloud", "data_center"])
def jira(request: pytest.FixtureRequest) -> Iterator[tuple[Served, str]]:
    """A Jira of each kind; Data Center's user reads times by another clock and has an access token."""
    cloud = request.param == "cloud"
    zone, login = ("America/Los_Angeles", Jira.login) if cloud else ("Pacific/Kiritimati", "Bearer s3cret")
    with serving(Jira(ISSUES, edition=request.param, zone=zone, login=login).answer) as served:
        yield served, request.param


def asked(jira: tuple[Served, str], **keys: Any) -> Source:
    served, edition = jira
    auth = BASIC if edition == "cloud" else BEARER
    plain = {"kind": "jira", "url": served.url, "edition": edition, "auth": auth, "jql": "project = CLAIMS"}
    return source(**plain | keys)


def test_throughput_is_what_was_resolved_in_each_week(jira: tuple[Served, str]) -> None:
    found = fetched(asked(jira, measure="throughput"))

    assert list(values(found).values()) == counted(at for _, at in DONE)


@pytest.mark.parametrize(("since", "through"), [(3, 3), (5, 9), (None, 11)])
def test_any_window_tells_the_same(jira: tuple[Served, str], since: int | None, through: int) -> None:
    found = values(fetched(asked(jira, measure="throughput"), since=since, through=through))

    truth = dict(enumerate(counted(at for _, at in DONE)))
    assert {week: n for week, n in found.items() if week >= (since or 0)} == {
        week: n for week, n in truth.items() if (since or 0) <= week <= through
    }


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_weeks_are_those_of_the_zone(jira: tuple[Served, str], zone: str) -> None:
    found = values(fetched(asked(jira, measure="throughput"), zone=zone))

    truth = counted((at for _, at in DONE), zone)
    assert list(found.values()) == truth
    assert truth != counted(at for _, at in DONE)


def test_only_the_window_s_issues_are_fetched(jira: tuple[Served, str]) -> None:
    served, _ = jira
    served.requests.clear()

    fetched(asked(jira, measure="throughput"), since=11)

    pages = [r for r in served.requests if r.query.get("maxResults") != "1"]
    assert len(pages) <= 2  # a week and a day on each side: some fifty of 360


def test_jql_chooses(jira: tuple[Served, str]) -> None:
    either = "project = CLAIMS AND labels = defect OR labels = nothing"
    found = fetched(asked(jira, measure="throughput", jql=either))

    assert list(values(found).values()) == counted(at for issue, at in DONE if "defect" in issue.labels)


def test_cycle_time_begins_when_work_first_started(jira: tuple[Served, str]) -> None:
    truth = medians((at, at - issue.started) for issue, at in DONE if issue.started is not None)

    assert values(fetched(asked(jira, measure="cycle_time"))) == pytest.approx(truth)
    named = asked(jira, measure="cycle_time", started=["in progress"])
    assert values(fetched(named)) == pytest.approx(truth)


def test_cycle_time_may_begin_when_an_issue_was_created(jira: tuple[Served, str]) -> None:
    found = fetched(asked(jira, measure="cycle_time", clock="created", unit="hours"))

    truth = medians((at, at - issue.created) for issue, at in DONE)
    assert values(found) == pytest.approx({week: 24 * value for week, value in truth.items()})


@pytest.mark.parametrize(("statistic", "percent"), [("p85", 85), ("p95", 95)])
def test_a_percentile_is_a_time_that_was_there(
    jira: tuple[Served, str], statistic: str, percent: int
) -> None:
    found = values(fetched(asked(jira, measure="cycle_time", statistic=statistic)))

    for week, value in found.items():
        spans = [
            (at - issue.started) / days(1) for issue, at in DONE if issue.started and week_of(at) == week
        ]
        assert any(span == pytest.approx(value) for span in spans)
        assert sum(span <= value + 1e-6 for span in spans) >= len(spans) * percent / 100
        assert sum(span < value - 1e-6 for span in spans) < len(spans) * percent / 100


def test_the_mean_is_the_mean(jira: tuple[Served, str]) -> None:
    found = values(fetched(asked(jira, measure="cycle_time", statistic="mean"), since=4, through=4))

    spans = [(at - issue.started) / days(1) for issue, at in DONE if issue.started and week_of(at) == 4]
    assert found == {4: pytest.approx(sum(spans) / len(spans))}


def test_a_share_within_the_promise_has_what_was_timed_as_its_whole(jira: tuple[Served, str]) -> None:
    found = fetched(asked(jira, measure="share_within", within="3 days"))

    truth = shares((at, at - i.started <= days(3)) for i, at in DONE if i.started is not None)
    assert parts(found) == approximate(truth)


def test_failed_changes_are_those_that_match(jira: tuple[Served, str]) -> None:
    found = fetched(asked(jira, measure="change_failure_share", failed="labels = caused-incident"))

    truth = shares((at, issue.failed) for issue, at in DONE)
    assert parts(found) == approximate(truth)


def test_a_reopened_issue_counts_once_when_it_was_resolved_last() -> None:
    again = [issue for issue, _ in DONE if sum(new == "Done" for _, _, new in issue.moves) > 1]
    assert len(again) > 10
    with serving(Jira(again).answer) as served:
        found = values(fetched(asked((served, "cloud"), measure="throughput")))

    truth = counted(issue.moves[-1][0] for issue in again)
    assert [found.get(week, 0) for week in range(12)] == truth


@pytest.mark.parametrize("edition", ["cloud", "data_center"])
def test_a_week_without_an_issue_is_none_only_after_the_first_one(edition: str) -> None:
    lone = Ticket(1, DONE[0][0].created, finished=DONE[0][1])
    week = week_of(DONE[0][1])
    with serving(Jira([lone], edition=edition).answer) as served:
        source = asked((served, edition), measure="throughput", auth=BASIC)
        found = values(fetched(source, since=0))
        later = values(fetched(source, since=week + 2))

    assert found == {week: 1} | dict.fromkeys(range(week + 1, 12), 0)
    assert later == dict.fromkeys(range(week + 2, 12), 0)


def test_refusals_have_jira_s_own_words(jira: tuple[Served, str]) -> None:
    cases = {
        "sprint = 5": "Field 'sprint' does not exist",
        "project = NOWHERE": "The value 'NOWHERE' does not exist for the field 'project'",
        "project = CLAIMS AND": "Expecting",
    }
    for jql, words in cases.items():
        code, sentence = failure(asked(jira, measure="throughput", jql=jql))
        assert (code, words in sentence) == ("query_failed", True), sentence


def test_a_status_that_is_not_there_is_named_with_the_nearest(jira: tuple[Served, str]) -> None:
    code, sentence = failure(asked(jira, measure="cycle_time", started=["In Progres"]))

    assert code == "no_such_column"
    assert "Did you mean In Progress?" in sentence


def test_issues_of_which_none_was_started_have_no_cycle_time() -> None:
    straight = [issue for issue, _ in DONE if issue.started is None]
    with serving(Jira(straight).answer) as served:
        code, sentence = failure(asked((served, "cloud"), measure="cycle_time"))

    assert code == "empty"
    assert f"{len([i for i in straight if 0 <= week_of(i.finished or i.created) < 12])} finished" in sentence


def test_a_wrong_login_is_said(jira: tuple[Served, str]) -> None:
    wrong = {"user": "${USER}", "password": "${USER}"} if jira[1] == "cloud" else {"bearer": "${USER}"}

    assert failure(asked(jira, measure="throughput", auth=wrong))[0] == "login_refused"
