"""When a journey wakes up: given this state, when it rests, then it is woken at this moment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.measure import measure_all
from domain import commands as c
from domain import schedule
from domain.ballots import Advance, Ballot, reminders_at
from domain.measurement import TAIL_PERIODS, MetricResult
from domain.periods import Calendar, end_of, last_closed, length, period_of
from domain.state import Grace, Hold, State, Trouble
from tests.unit.journeys import START, begun, charter, evidence, measured

CADENCES = ("hourly", "daily", "weekly", "monthly")
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def rested(at: datetime = MONDAY, **changes: Any) -> State:
    """Return a state whose wishes are served, measured at this moment."""
    play = begun()
    served = {"measured_at": at, "measures_served": play.state.measures_wanted, "stage": "stability"}
    return play.state.model_copy(update=served | changes)


def settled(state: State, **settle: timedelta) -> State:
    """Return the state with other settle times, by layer."""
    parts = state.charter.model_dump()
    for metric in parts["metrics"]:
        metric["source"]["settle"] = settle.get(metric["layer"], timedelta(0))
    parts["outcome"]["source"]["settle"] = settle.get("outcome", timedelta(0))
    return state.model_copy(update={"charter": charter(**parts)})


def trouble(count: int) -> Trouble:
    return Trouble(code="unreachable", message="no answer", since=MONDAY, count=count)


def ballot(opened: datetime = MONDAY, open_for: timedelta = WEEK, **changes: Any) -> Ballot:
    parts: dict[str, Any] = {
        "id": "b1", "proposal": Advance(stage="stability", to="optimization"), "digest": "d", "round": 1,
        "opened_at": opened, "closes_at": opened + open_for, "voters": ("Ana", "Ben"),
    }  # fmt: skip
    return Ballot.model_validate(parts | changes)


@pytest.mark.parametrize(
    ("measured_at", "settle", "due"),
    [
        (MONDAY, {}, MONDAY + WEEK),
        (MONDAY + timedelta(hours=1), {}, MONDAY + WEEK),
        (MONDAY + 6.9 * DAY, {}, MONDAY + WEEK),
        (MONDAY, {"outcome": 2 * DAY}, MONDAY + 2 * DAY),  # last week has not settled yet
        (MONDAY + 2 * DAY, {"outcome": 2 * DAY}, MONDAY + WEEK + 2 * DAY),
        (MONDAY, {"guardrail": 3 * DAY, "outcome": DAY}, MONDAY + 3 * DAY),
        (MONDAY, {"support": 3 * DAY}, MONDAY + WEEK),  # the support layer has no say
    ],
)
def test_the_next_period_is_measured_when_the_gates_sources_have_settled(
    measured_at: datetime, settle: dict[str, timedelta], due: datetime
) -> None:
    assert schedule.next_measure_at(settled(rested(measured_at), **settle)) == due


def test_a_wish_is_served_at_once() -> None:
    assert schedule.next_measure_at(begun().state) == START
    wanted = rested(MONDAY, measures_wanted=2)
    assert schedule.next_measure_at(wanted) == MONDAY
    assert schedule.next_due(wanted) == MONDAY


@pytest.mark.parametrize(
    ("failures", "hours"), [(1, 7), (2, 14), (3, 28), (4, 56), (5, 112), (6, 168), (7, 168), (500, 168)]
)
def test_a_failing_source_is_tried_again_ever_later_but_each_period(failures: int, hours: int) -> None:
    state = rested(MONDAY, trouble={"complaints": trouble(failures)})
    assert schedule.next_measure_at(state) == MONDAY + timedelta(hours=hours)


def test_the_source_that_failed_last_sets_the_pace() -> None:
    state = rested(MONDAY, trouble={"complaints": trouble(500), "days to payment": trouble(1)})
    assert schedule.next_measure_at(state) == MONDAY + timedelta(hours=7)


@given(st.integers(1, 500))
def test_a_support_source_that_fails_changes_no_time(count: int) -> None:
    assert schedule.next_due(rested(trouble={"portal latency": trouble(count)})) == schedule.next_due(
        rested()
    )


@given(
    st.sampled_from(CADENCES),
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - it gets one
    st.timedeltas(timedelta(0), timedelta(days=100)),
    st.integers(0, 40),
)
def test_what_was_just_measured_is_never_due_again(
    cadence: Any, at: datetime, settle: timedelta, failures: int
) -> None:
    state = settled(rested(at), outcome=settle)
    state = state.model_copy(update={"charter": state.charter.model_copy(update={"cadence": cadence})})
    if failures:
        state = state.model_copy(update={"trouble": {"complaints": trouble(failures)}})
    due = schedule.next_measure_at(state)
    assert due > at
    assert due - at <= length(cadence) + DAY  # a month has up to 31 days
    if not failures:
        newest = last_closed(due, Calendar(cadence), settle)
        assert newest == last_closed(at, Calendar(cadence), settle) + 1
        assert due == end_of(newest, Calendar(cadence)) + settle


def test_after_an_outage_one_measurement_catches_up() -> None:
    play = begun().to("stability")
    play.measure()
    seen = play.state.through
    assert seen is not None
    play.now += 10 * WEEK
    request = schedule.measure_request(play.state, play.now)
    assert {metric.series.last for metric in request.metrics} == {seen}  # everything since is asked for
    play.measure()
    assert play.state.through == seen + 10
    assert schedule.next_measure_at(play.state) > play.now


@pytest.mark.parametrize(
    ("open_for", "expected"),
    [
        (WEEK, [3.5 * DAY, 6 * DAY]),
        (2 * DAY, [DAY]),  # a day before the close is no later than half time
        (DAY, [DAY / 2]),
        (3 * DAY, [1.5 * DAY, 2 * DAY]),
    ],
)
def test_members_are_reminded_at_half_time_and_a_day_before(
    open_for: timedelta, expected: list[timedelta]
) -> None:
    assert [at - MONDAY for at in reminders_at(ballot(open_for=open_for))] == expected


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, None),
        ({"ballots": (ballot(),)}, MONDAY + 3.5 * DAY),
        ({"ballots": (ballot(reminders=1),)}, MONDAY + 6 * DAY),
        ({"ballots": (ballot(reminders=2),)}, MONDAY + WEEK),
        ({"ballots": (ballot(reminders=2), ballot(MONDAY + DAY))}, MONDAY + 4.5 * DAY),
        ({"ballots": (ballot(voters=()),)}, None),  # everybody answered: it waits for evidence
        ({"grace": Grace(streak=2, until=MONDAY + 2 * DAY)}, MONDAY + 2 * DAY),
        ({"grace": Grace(streak=2, until=MONDAY + 2 * DAY), "ballots": (ballot(),)}, MONDAY + 2 * DAY),
        (
            {
                "grace": Grace(streak=2, until=MONDAY + DAY),
                "hold": Hold(by="Ana", reason="x", at=MONDAY),
            },
            None,
        ),
    ],
)
def test_ballots_and_a_grace_period_have_their_moments(changes: dict[str, Any], due: datetime | None) -> None:
    state = rested(MONDAY, **changes)
    assert schedule.next_timer_at(state) == due
    regular = schedule.next_measure_at(state)
    assert schedule.next_due(state) == (regular if due is None else min(due, regular))


def test_two_reminders_that_an_outage_delayed_are_both_served() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    opened, before = play.state.ballots[0].opened_at, len(play.events)
    play.now = opened + 6.5 * DAY
    play.pass_time()
    assert [event.kind for event in play.events[before:]] == ["members_reminded", "members_reminded"]
    assert schedule.next_timer_at(play.state) == opened + WEEK


@pytest.mark.parametrize("cadence", CADENCES)
def test_a_first_import_has_room_for_the_gates_points_and_fits_the_state(cadence: Any) -> None:
    play = begun(cadence=cadence)
    request = schedule.measure_request(play.state, play.now)
    now = period_of(play.now, Calendar(cadence))
    gate = play.state.charter.stages.stability
    assert gate.baseline_points + gate.judged_points <= now - request.import_from <= TAIL_PERIODS


def test_a_measurement_is_asked_for_with_what_the_rules_know() -> None:
    play = begun().to("optimization")
    play.do(c.HoldJourney(by="Ana", reason="x"))
    request = schedule.measure_request(play.state, play.now)
    assert (request.serves, request.as_of) == (play.state.measures_wanted, play.now)
    assert (request.stage, request.stage_since) == ("optimization", play.state.since)
    by_name = {metric.name: metric for metric in request.metrics}
    assert list(by_name) == ["days to payment", "cost per claim", "complaints", "portal latency"]
    assert by_name["complaints"].baseline == play.state.baselines["complaints"]
    assert by_name["portal latency"].baseline is None


def test_what_a_timer_waits_for_is_what_was_recorded() -> None:
    told = MONDAY + timedelta(days=3, hours=5)
    state = rested(closes=(told, told + WEEK))
    assert schedule.next_measure_at(state) == told
    failing = state.model_copy(update={"trouble": {"complaints": trouble(1)}})
    assert schedule.next_measure_at(failing) == MONDAY + timedelta(hours=7)


def test_a_grace_period_ends_when_it_was_recorded_that_enough_periods_close() -> None:
    play = begun(time_zone="America/New_York").to("optimization")
    told = tuple(play.now + n * WEEK + timedelta(hours=5) for n in (1, 2))
    command = measured(play.state, play.now, {"days_to_payment": bad("days to payment")})
    play.do(c.RecordMeasurement(result=command.result.model_copy(update={"closes": told})))
    assert play.state.grace is not None
    assert play.state.grace.until == told[1]


def bad(name: str) -> MetricResult:
    return MetricResult(name=name, evidence=evidence(bad_streak=2, good_streak=0))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize("cadence", CADENCES)
def test_a_measurement_tells_the_closings_of_the_zone(cadence: Any, zone: str, tmp_path: Path) -> None:
    play = begun(cadence=cadence, time_zone=zone, regression={"periods": 3})
    request = schedule.measure_request(play.state, play.now)
    found = measure_all(request.model_copy(update={"metrics": ()}), tmp_path)
    calendar = Calendar(cadence, zone)
    newest = last_closed(play.now, calendar, timedelta(0))
    assert found.closes == tuple(end_of(newest + n, calendar) for n in (1, 2, 3))
