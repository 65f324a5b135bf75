"""What members count by hand: given what is recorded, when a value comes, then it is taken in or refused."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from activities.measure import measure_all
from domain import commands as c
from domain.decide import decide, fold
from domain.errors import NotAMember, NotUnderstood
from domain.events import ValueRecorded
from domain.measurement import Observation
from domain.notices import waiting
from domain.schedule import measure_request
from domain.sentences import describe
from domain.views import evidence
from tests.unit.journeys import MEMBERS, Play, begun, charter
from workflows.details import details

OUTCOME = "days to payment"
MANUAL = {"kind": "manual"}


def counting(**changes: Any) -> Play:
    """Return a journey whose outcome is counted by hand; it began on Monday 2026-01-05."""
    time_zone = changes.pop("time_zone", "UTC")
    outcome = charter().outcome.model_dump() | {"source": MANUAL} | changes
    return begun(outcome=outcome, time_zone=time_zone)


def said(period: str = "2025-12-29", by: str = "Ana", **parts: Any) -> c.RecordValue:
    return c.RecordValue(by=by, period=period, **(parts or {"value": 12.0}))


def measure(play: Play, root: Path) -> None:
    """Measure as the journey does, until no wish is left."""
    while play.state.measures_served < play.state.measures_wanted:
        answer = measure_all(measure_request(play.state, play.now), root)
        assert play.do(c.RecordMeasurement(result=answer))


@pytest.mark.parametrize("by", MEMBERS)
def test_any_member_may_and_it_is_named_dated_and_noted(by: str) -> None:
    play = counting()
    [event] = play.do(said(by=by, value=12.0, note="from the ledger"))
    assert isinstance(event, ValueRecorded)
    assert (event.by, event.at, event.before, event.note) == (by, play.now, None, "from the ledger")
    assert describe(event, play.state.charter) == (
        f"{by} recorded days to payment of 2025-12-29, 12 days: from the ledger"
    )


def test_it_is_measured_at_once_and_no_person_stands_beside_it(tmp_path: Path) -> None:
    play = counting()
    measure(play, tmp_path)
    assert OUTCOME not in play.state.trouble  # nobody has counted yet: no source fails
    play.do(said(by="Chloe", value=12.0))
    measure(play, tmp_path)
    assert play.state.series[OUTCOME].observations() == (Observation(period=2922, value=12.0),)
    assert "Chloe" not in evidence(play.state).model_dump_json()
    assert "Chloe" not in play.state.series[OUTCOME].model_dump_json()
    assert "Chloe recorded" not in details(play.state)


def test_a_correction_is_a_restatement_that_names_who_corrected(tmp_path: Path) -> None:
    play = counting()
    play.do(said(value=12.0))
    measure(play, tmp_path)
    [event] = play.do(said(by="Ben", value=13.0))
    assert describe(event, play.state.charter) == (
        "Ben recorded days to payment of 2025-12-29, 13 days instead of 12 days"
    )
    measure(play, tmp_path)
    result = play.events[-1]
    [restated] = [e.result.results[0].restated for e in play.events if e.kind == "measured"][-1:]
    assert [(r.before, r.after) for r in restated] == [(12.0, 13.0)], result
    assert play.state.series[OUTCOME].values == (13.0,)


def test_the_same_again_is_no_news() -> None:
    play = counting()
    play.do(said(value=12.0))
    assert play.do(said(by="Ben", value=12.0)) == ()


def test_what_is_counted_in_any_order_is_all_there(tmp_path: Path) -> None:
    play = counting()
    for period, value in (("2025-12-29", 1.0), ("2025-12-08", 2.0), ("2025-12-15", 3.0), ("2024-01-01", 4.0)):
        play.do(said(period, value=value))
        measure(play, tmp_path)
    found = play.state.series[OUTCOME].observations()
    assert [(2922 - o.period, o.value) for o in found] == [(104, 4.0), (3, 2.0), (2, 3.0), (0, 1.0)]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            said("2026-01-05"),
            "is not over: the newest that can be recorded is 2025-12-29",
        ),
        (said("2023-01-02"), "more than 120 weeks ago: what is carried begins with 2023-09-18"),
        (said("yesterday"), "'yesterday' is no date"),
        (
            said(metric="complaints", value=3.0),
            "comes from a source of kind files: correct it there",
        ),
        (said(metric="complants", value=3.0), "There is no metric 'complants'"),
        (said(numerator=3, denominator=4), "is no share (its measure is amount): record its value"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_the_way_out(command: c.RecordValue, told: str) -> None:
    play = counting()
    with pytest.raises(NotUnderstood) as refused:
        decide(play.state, command, play.now)
    assert told in str(refused.value)


def test_only_members_record() -> None:
    play = counting()
    with pytest.raises(NotAMember):
        decide(play.state, said(by="Eve"), play.now)


@pytest.mark.parametrize(
    "parts",
    [
        {}, {"numerator": 3}, {"denominator": 3}, {"value": 1, "numerator": 1, "denominator": 2},
        {"numerator": 0, "denominator": 0}, {"value": True},
        {"value": float("nan")}, {"value": "12"},
    ],
)  # fmt: skip
def test_a_value_is_one_number_or_so_many_of_so_many(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        c.RecordValue(by="Ana", period="2025-12-29", **parts)


SHARE = {"measure": "share", "unit": "share", "baseline": 0.5, "target": 0.1}


def test_a_share_goes_on_as_it_began() -> None:
    play = counting(**SHARE)
    play.do(said(numerator=1, denominator=3))
    assert play.state.recorded[OUTCOME][2922] == Observation(period=2922, value=0.333333333, denominator=3)
    with pytest.raises(NotUnderstood, match="recorded with numerator and denominator so far"):
        decide(play.state, said("2025-12-22", value=0.5), play.now)
    with pytest.raises(NotUnderstood, match=r"write 0\.85 for 85 %"):
        decide(counting(**SHARE).state, said(value=85), play.now)
    with pytest.raises(NotUnderstood, match="3 of 2 is more than all"):
        decide(counting(**SHARE).state, said(numerator=3, denominator=2), play.now)


@pytest.mark.parametrize(
    ("changes", "parts", "told"),
    [
        ({"measure": "duration"}, {"value": 0}, "A duration is more than 0"),
        ({"measure": "rare"}, {"value": 1.5}, "Rare events are counted: a whole number"),
        ({"measure": "rare", "chart": {"kind": "t"}}, {"value": 2}, "one event a period at most"),
        (SHARE | {"chart": {"kind": "p"}}, {"value": 0.5}, "The p chart of days to payment needs numerator"),
    ],
)
def test_what_no_chart_could_take_is_refused_before_it_stays(
    changes: dict[str, Any], parts: dict[str, Any], told: str
) -> None:
    with pytest.raises(NotUnderstood, match=told):
        decide(counting(**changes).state, said(**parts), counting().now)


def test_a_rate_is_counted_over_its_exposure() -> None:
    play = counting(measure="rate")
    play.do(said(numerator=12, denominator=5))
    assert play.state.recorded[OUTCOME][2922] == Observation(period=2922, value=2.4, denominator=5)


def test_a_period_is_over_when_its_own_clocks_say_so() -> None:
    east, west = counting(time_zone="Asia/Tokyo"), counting(time_zone="America/New_York")
    for play in (east, west):
        play.now -= timedelta(hours=3)  # Sunday, 21:00 of UTC
    assert east.do(said())
    with pytest.raises(NotUnderstood, match="is not over"):
        decide(west.state, said(), west.now)


def test_people_are_told_what_nobody_has_counted(tmp_path: Path) -> None:
    play = counting()
    measure(play, tmp_path)
    assert "somebody to record days to payment of 2025-12-29" in waiting(play.state)
    play.do(said(value=0.1))
    assert not [line for line in waiting(play.state) if "record" in line]


def test_what_was_counted_is_kept_when_the_time_zone_changes(tmp_path: Path) -> None:
    play = counting()
    play.do(said(value=12.0))
    measure(play, tmp_path)
    play.to("stability")
    other = play.state.charter.model_copy(update={"time_zone": "Europe/Berlin"})
    play.do(c.ProposeAmendment(by="Ana", reason="our Mondays", charter=other))
    play.consent_all(-1)
    assert (play.state.charter, play.state.series) == (other, {})
    measure(play, tmp_path)
    assert play.state.series[OUTCOME].values == (12.0,)
    slower = other.model_copy(update={"cadence": "monthly"})
    play.do(c.ProposeAmendment(by="Ana", reason="months", charter=slower))
    play.consent_all(-1)
    assert play.state.recorded == {}


def test_events_fold_to_the_state() -> None:
    play = counting()
    play.do(said(value=12.0))
    assert fold(None, play.events) == play.state
