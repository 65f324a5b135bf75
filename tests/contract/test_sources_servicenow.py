"""The `servicenow` source against a server that answers as ServiceNow's Table API does."""

from collections.abc import Iterator
from typing import Any

import pytest

from activities.sources.trackers import servicenow as reader
from domain.sources import Source
from tests.trackers.asking import BASIC, approximate, days, failure, fetched, parts, source, values
from tests.trackers.histories import counted, medians, shares, tickets, week_of
from tests.trackers.servicenow_server import ServiceNow
from tests.trackers.serving import Served, serving

TICKETS = tickets(seed=11, count=450)
CLOSED = [(ticket, ticket.finished) for ticket in TICKETS if ticket.finished is not None]


@pytest.fixture(scope="module")
def instance() -> Iterator[Served]:
    with serving(ServiceNow(TICKETS).answer) as served:
        yield served


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_PAGE", 30)


def asked(served: Served, **keys: Any) -> Source:
    plain = {"kind": "servicenow", "url": served.url, "auth": BASIC, "table": "incident"}
    return source(**plain | keys)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_throughput_is_what_was_closed_in_each_week_whatever_the_users_clock(zone: str) -> None:
    with serving(ServiceNow(TICKETS, zone=zone).answer) as served:
        found = fetched(asked(served, measure="throughput"))

    assert list(values(found).values()) == counted(at for _, at in CLOSED)


@pytest.mark.parametrize(("since", "through"), [(0, 0), (5, 9), (None, 11)])
def test_any_window_tells_the_same(instance: Served, since: int | None, through: int) -> None:
    found = values(fetched(asked(instance, measure="throughput"), since=since, through=through))

    truth = {w: n for w, n in enumerate(counted(at for _, at in CLOSED)) if (since or 0) <= w <= through}
    assert {week: n for week, n in found.items() if week >= (since or 0)} == truth


def test_only_the_window_is_fetched_in_pages_that_follow_one_another(instance: Served) -> None:
    instance.requests.clear()

    fetched(asked(instance, measure="throughput"), since=9)

    assert 1 < len(instance.requests) <= 6  # three weeks and a day on each side: a third of all, 30 on a page
    assert "sys_id>" not in instance.requests[0].query["sysparm_query"]
    assert "sys_id>" in instance.requests[1].query["sysparm_query"]


def test_an_encoded_query_chooses_and_its_or_stays_inside(instance: Served) -> None:
    query = "priority=1^ORassignment_group.name=Payments"
    found = fetched(asked(instance, measure="throughput", query=query))

    assert list(values(found).values()) == counted(at for t, at in CLOSED if t.labels or t.number % 4 == 0)


def test_cycle_time_is_from_one_field_to_another(instance: Served) -> None:
    found = fetched(asked(instance, measure="cycle_time", closed="resolved_at"))

    assert values(found) == pytest.approx(medians((at, at - ticket.created) for ticket, at in CLOSED))


def test_a_share_within_the_promise(instance: Served) -> None:
    found = fetched(asked(instance, measure="share_within", within="5 days"))

    truth = shares((at, at - ticket.created <= days(5)) for ticket, at in CLOSED)
    assert parts(found) == approximate(truth)


def test_failed_changes_are_those_that_match(instance: Served) -> None:
    found = fetched(asked(instance, measure="change_failure_share", failed="close_code=unsuccessful"))

    truth = shares((at, ticket.failed) for ticket, at in CLOSED)
    assert parts(found) == approximate(truth)


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"query": "priorty=1"}, "priorty"),
        ({"query": "priority=1^ORassignment_group.nme=Payments"}, "assignment_group.nme"),
        ({"query": "active=false"}, "active"),
        ({"closed": "ended_at"}, "ended_at"),
        ({"measure": "cycle_time", "opened": "begun_at"}, "begun_at"),
        ({"measure": "change_failure_share", "failed": "close_cod=unsuccessful"}, "close_cod"),
    ],
)
def test_a_field_that_is_not_there_is_never_dropped_in_silence(
    instance: Served, keys: dict[str, str], field: str
) -> None:
    code, sentence = failure(asked(instance, **{"measure": "throughput"} | keys))

    assert code == "no_such_column"
    assert f"no field {field}" in sentence


def test_a_table_that_is_not_there_is_said_in_its_own_words(instance: Served) -> None:
    code, sentence = failure(asked(instance, measure="throughput", table="incidents"))

    assert (code, "Invalid table incidents" in sentence) == ("query_failed", True)


def test_a_wrong_login_is_said(instance: Served) -> None:
    wrong = {"user": "${USER}", "password": "${USER}"}
    code, sentence = failure(asked(instance, measure="throughput", auth=wrong))

    assert (code, "User Not Authenticated" in sentence) == ("login_refused", True)


def test_pages_that_a_login_sees_little_of_are_not_the_end() -> None:
    some = TICKETS[:150]
    hidden = {ticket.number for ticket in some if ticket.number % 9}
    with serving(ServiceNow(some, hidden=hidden, page=7).answer) as served:
        found = values(fetched(asked(served, measure="throughput"), since=None))

    truth = counted(t.finished for t in some if t.finished and t.number not in hidden)
    assert [found.get(week, 0) for week in range(12)] == truth
    assert sum(truth) > 5


def test_an_instance_that_says_404_for_no_record_has_none() -> None:
    early = [ticket for ticket, at in CLOSED if week_of(at) < 4]
    with serving(ServiceNow(early, none_is_404=True).answer) as served:
        found = values(fetched(asked(served, measure="throughput"), since=6))
        before = fetched(asked(served, measure="throughput"), since=-20, through=-10)

    assert found == dict.fromkeys(range(6, 12), 0)
    assert before == ()


def test_an_answer_that_was_cut_short_is_refused() -> None:
    with serving(ServiceNow(TICKETS, cut_short=True).answer) as served:
        code, sentence = failure(asked(served, measure="throughput"))

    assert (code, "maximum execution time exceeded" in sentence) == ("partial_answer", True)


def test_a_record_that_ends_before_it_begins_is_named() -> None:
    backwards = [ticket for ticket, _ in CLOSED][:3]
    with serving(ServiceNow(backwards).answer) as served:
        code, sentence = failure(
            asked(served, measure="cycle_time", opened="closed_at", closed="opened_at"), since=None
        )

    assert code == "bad_series"
    assert "INC" in sentence
