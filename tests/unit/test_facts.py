"""What the rules make of facts: whole answers only, points that count once, harm that takes evidence."""

from datetime import timedelta

import pytest

from domain import commands as c
from domain import events as e
from domain import schedule
from domain.evolve import evolve
from domain.measurement import MeasureResult, MetricResult, Observation
from tests.unit.journeys import Play, begun, calm, control, evidence, failing, measured

OUTCOME = "days to payment"
FEARED = MetricResult(
    name=OUTCOME,
    evidence=evidence(control=control(outside=(2925,), bad=(2925,)), bad_streak=2, good_streak=0),
)


def feared() -> Play:
    """Optimization, in a grace period."""
    play = begun().to("optimization")
    play.measure(days_to_payment=FEARED)
    return play


def test_a_metric_that_the_answer_leaves_out_has_no_evidence() -> None:
    play = begun().to("stability")
    play.measure()
    whole = measured(play.state, play.now, {}).result
    kept = tuple(result for result in whole.results if result.name != "complaints")
    mute = MetricResult(name=OUTCOME)  # neither evidence nor trouble
    partial = MeasureResult(
        serves=whole.serves, as_of=whole.as_of, through=whole.through, results=(mute, *kept[1:])
    )
    play.do(c.RecordMeasurement(result=partial))
    assert play.state.gate is not None
    assert {v.status for v in play.state.gate.verdicts if v.criterion in {"limits", "limits:complaints"}} == {
        "undecided"
    }


def test_a_point_belongs_to_the_baseline_or_to_the_stage_never_to_both() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    through = 2930
    newer = calm("complaints", through + 3)  # its data settles earlier than the outcome's
    play.measure(complaints=newer)
    play.consent_all()
    assert play.state.stage == "optimization"
    assert play.state.since is not None
    for name, baseline in play.state.baselines.items():
        assert baseline.series.last is not None
        assert baseline.series.last < play.state.since, name


@pytest.mark.parametrize("cadence", ["hourly", "daily", "weekly", "monthly"])
@pytest.mark.parametrize("periods", [1, 2, 3, 12])
def test_a_grace_period_is_long_enough_to_recover_in(cadence: str, periods: int) -> None:
    play = begun(cadence=cadence, regression={"periods": periods}).to("optimization")
    bad = evidence(control=control(outside=(2925,), bad=(2925,)), bad_streak=periods, good_streak=0)
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=bad))
    assert play.state.grace is not None
    for good in range(1, periods + 1):
        assert play.state.stage == "optimization", f"it fell back after {good - 1} good periods"
        play.now = schedule.next_measure_at(play.state)
        better = MetricResult(name=OUTCOME, evidence=evidence(good_streak=good))
        play.do(measured(play.state, play.now, {"days_to_payment": better}))
        play.pass_time()
    assert play.state.grace is None


def test_explanations_of_points_that_no_chart_shows_are_let_go() -> None:
    play = begun().to("stability")
    for event in (
        e.SignalExplained(metric=OUTCOME, period=2800, cause="long ago"),
        e.SignalExplained(metric=OUTCOME, period=2950, cause="lately"),
    ):
        state = evolve(play.state, event)
        assert state is not None
        play.state = state
    observations = tuple(Observation(period=2900 + i, value=11.0) for i in range(100))
    play.measure(days_to_payment=MetricResult(name=OUTCOME, observations=observations, evidence=evidence()))
    assert play.state.explained[OUTCOME] == {2950: "lately"}


def test_a_failing_source_neither_starts_nor_ends_a_grace_period() -> None:
    calm_before = begun().to("optimization")
    calm_before.measure(days_to_payment=failing(OUTCOME))
    assert calm_before.state.grace is None
    play = feared()
    play.measure(days_to_payment=failing(OUTCOME))
    assert play.state.grace is not None


def test_a_held_journey_does_not_fall_back_until_it_is_looked_at_again() -> None:
    play = feared()
    play.do(c.HoldJourney(by="Ana", reason="an audit"))
    play.now += timedelta(days=60)
    play.pass_time()
    assert play.state.stage == "optimization"
    play.do(c.ResumeJourney(by="Ana"))
    assert schedule.next_measure_at(play.state) <= play.now  # before the end of the grace period
    play.measure()
    assert (play.state.stage, play.state.grace) == ("optimization", None)
