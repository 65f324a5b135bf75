"""What a source says otherwise: given a series and an answer, then these restatements and no others."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.restating import corrected, rejudged, restated
from domain import commands as c
from domain.charter import Stages
from domain.events import Event, GateAffirmed, GateDoubted
from domain.measurement import (
    TAIL_PERIODS,
    Baseline,
    MetricRequest,
    MetricResult,
    Observation,
    PassedGate,
    Rejudged,
    Series,
)
from domain.notices import attention, notes
from domain.periods import Calendar, end_of
from domain.restatement import Restatement
from domain.sentences import describe
from evidence.series import BadSeries
from tests.judging import CALM, LIMITS, calm
from tests.measuring import metric, request, series
from tests.unit.journeys import Play, begun, control, evidence, measured

WEEKS = Calendar("weekly")
OUTCOME = "days to payment"


def points(**values: float) -> list[Observation]:
    return [Observation(period=int(name[1:]), value=value) for name, value in values.items()]


def changes(known: Series, said: list[Observation], through: int = 99) -> list[tuple[Any, ...]]:
    return [(r.period, r.before, r.after) for r in restated(known, said, through)]


KNOWN = series([1.0, None, 3.0, 4.0], first=10)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (points(p10=1, p12=3, p13=4), []),
        (points(p10=1, p12=3.5, p13=4), [(12, 3.0, 3.5)]),
        (points(p10=1, p11=2, p12=3, p13=4), [(11, None, 2.0)]),  # late, into a gap
        (points(p10=1, p12=3), [(13, 4.0, None)]),  # the newest has vanished
        (points(p10=1, p13=4), [(12, 3.0, None)]),
        (points(p12=3, p13=4), []),  # it does not reach back to what it does not say
        ([], []),  # it says nothing at all
        (points(p12=3.000000001, p13=4 - 1e-12), []),  # sums in another order
        (points(p12=3.0001, p13=4), [(12, 3.0, 3.0001)]),
    ],
)
def test_only_what_is_said_otherwise_is_restated(said: list[Observation], expected: list[Any]) -> None:
    assert changes(KNOWN, said) == expected


def test_periods_that_were_not_asked_for_have_not_vanished() -> None:
    assert changes(KNOWN, points(p10=1, p12=3), through=12) == []


def test_a_denominator_alone_is_a_restatement() -> None:
    known = series([0.5, 0.25], [10, 20], first=3)
    said = [Observation(period=p, value=v, denominator=n) for p, v, n in ((3, 0.5, 12), (4, 0.25, 20))]
    [found] = restated(known, said, 4)
    assert (found.period, found.before_of, found.after_of) == (3, 10, 12)
    assert known.corrected((found,)).denominators == (12, 20)


VALUES = st.one_of(st.none(), st.floats(0.001, 1000).map(lambda x: float(f"{x:.9g}")))


@given(st.lists(VALUES, min_size=1, max_size=TAIL_PERIODS), st.lists(VALUES, max_size=40), st.integers(0, 9))
def test_a_series_that_was_corrected_is_what_the_source_says(
    known: list[float | None], now: list[float | None], first: int
) -> None:
    before = Series(first=first, values=tuple(known))
    assert before.last is not None
    start = before.last + 1 - min(len(now), len(known))
    said = [Observation(period=start + i, value=v) for i, v in enumerate(now) if v is not None]
    old = [o for o in said if o.period <= before.last]
    after = before.corrected(restated(before, old, before.last))
    assert (after.first, len(after.values)) == (before.first, len(before.values))
    assert restated(after, old, before.last) == ()
    if old:
        kept = [o for o in before.observations() if o.period < old[0].period]
        assert list(after.observations()) == [*kept, *old]
    else:
        assert after == before


def test_what_people_count_later_may_be_older_than_the_series() -> None:
    changed = (Restatement(period=7, before=None, after=2.0),)
    assert KNOWN.corrected(changed) == series([2.0, None, None, 1.0, None, 3.0, 4.0], first=7)


def test_a_value_that_has_no_place_on_the_chart_is_refused_before_it_is_taken_in() -> None:
    about = metric(measure="duration", series=series(list[float | None](calm(12))))
    with pytest.raises(BadSeries, match="a duration is above 0"):
        corrected(about, (Restatement(period=3, before=1.0, after=0.0),), request())


def gate(through: int = 29, **changed: Any) -> PassedGate:
    parts: dict[str, Any] = {
        "stage": "stability",
        "as_of": end_of(through, WEEKS),
        "since": None,
        "through": through,
        "oldest": through - 9,
        "stages": Stages(),
        "promise": None,
        "margins": {},
        "limits": {"late days": LIMITS},
    }
    return PassedGate.model_validate(parts | changed)


def asked(about: MetricRequest, *passed: PassedGate) -> Any:
    return request(
        about,
        passed=passed,
        stage="optimization",
        stage_since=30,
        as_of=end_of(33, WEEKS),
        restated_within=12,
    )


@pytest.mark.parametrize(
    ("period", "value", "outside"),
    [
        (25, 30.0, (25,)),
        (25, 10.5, ()),
        (32, 30.0, None),
        (15, 30.0, None),
    ],  # after the gate; before its window
)
def test_a_passed_gate_is_judged_again_on_its_own_window(
    period: int, value: float, outside: tuple[int, ...] | None
) -> None:
    about = metric(series=series(list[float | None](calm(34))))
    change = Restatement(period=period, before=CALM[period % len(CALM)], after=value)
    found = rejudged(asked(about, gate()), [MetricResult(name="late days", restated=(change,))])
    if outside is None:
        assert found == ()
    else:
        [again] = found
        seen = again.evidence["late days"]
        assert seen.control is not None
        assert (seen.control.window, seen.control.outside) == ((20, 29), outside)
        assert (seen.last_period, seen.longest_gap) == (29, 0)


@pytest.mark.parametrize(("value", "shift"), [(6.0, 4.0), (40.0, 4.0)])
def test_an_improvement_is_compared_again_at_the_look_that_opened_the_gate(
    value: float, shift: float
) -> None:
    values: list[float | None] = [*calm(30), *calm(12, 6.0), *calm(3, 99.0)]
    about = metric(series=Series(values=tuple(values)))
    base = Baseline(limits=LIMITS, series=Series(values=tuple(values[:30])))
    passed = gate(41, stage="optimization", since=30, oldest=30, baselines={"late days": base})
    change = Restatement(period=36, before=values[36], after=value)
    context = request(about, passed=(passed,), stage="innovation", stage_since=42, as_of=end_of(44, WEEKS))

    [again] = rejudged(context, [MetricResult(name="late days", restated=(change,))])

    look = again.evidence["late days"].improvement
    assert look is not None
    assert (look.n_before, look.n_after, look.look) == (30, 12, 1)
    assert look.shift == pytest.approx(4.0, abs=0.6)
    assert look.in_control is (value < 40)  # the three bad weeks after the gate are no matter of it


def test_a_gate_whose_points_are_not_carried_any_more_cannot_be_judged() -> None:
    about = metric(series=series(list[float | None](calm(10)), first=24))
    change = Restatement(period=25, before=10.0, after=30.0)
    found = rejudged(asked(about, gate()), [MetricResult(name="late days", restated=(change,))])
    assert found == (Rejudged(stage="stability", evidence={}),)


def in_optimization() -> Play:
    return begun().to("optimization")


def restating(play: Play, again: dict[str, Any], *, after: float = 30.0) -> tuple[Event, ...]:
    """Measure, and let the newest period that the passed gate stood on be restated."""
    passed = play.state.passed["stability"]
    change = Restatement(period=passed.through, before=11.0, after=after)
    command = measured(
        play.state,
        play.now,
        {"days_to_payment": MetricResult(name=OUTCOME, restated=(change,), evidence=evidence())},
    )
    found = {name: evidence(passed.through) for name in ("cost per claim", "complaints")}
    found[OUTCOME] = evidence(passed.through, **again)
    result = command.result.model_copy(update={"rejudged": (Rejudged(stage="stability", evidence=found),)})
    return play.do(c.RecordMeasurement(result=result))


def test_the_team_is_told_when_a_passed_gate_would_not_have_opened() -> None:
    play = in_optimization()
    through = play.state.passed["stability"].through
    bad = {"control": control(through, outside=(through,), bad=(through,))}

    events = restating(play, bad)

    [doubted] = [event for event in events if isinstance(event, GateDoubted)]
    assert doubted.doubt.restated == {OUTCOME: (through,)}
    assert "doubt" in attention(play.state)
    assert play.state.stage == "optimization"  # nothing moves back by itself
    words = describe(doubted, play.state.charter)
    assert "days to payment was restated for the week of 2025-12-29" in words
    assert "outside" in words
    assert any("Nothing moves back by itself" in note for note in notes(play.state))
    assert not [event for event in restating(play, bad) if isinstance(event, GateDoubted)]  # told once

    again = restating(play, {}, after=11.2)
    assert [type(event) for event in again if isinstance(event, GateDoubted | GateAffirmed)] == [GateAffirmed]
    assert "doubt" not in attention(play.state)


def test_a_gate_that_would_have_opened_all_the_same_is_in_no_doubt() -> None:
    play = in_optimization()
    events = restating(play, {})
    assert not [event for event in events if isinstance(event, GateDoubted | GateAffirmed)]
    assert [note for note in notes(play.state) if "was restated" in note]


def test_milestones_and_people_of_then_are_no_doubt_of_numbers() -> None:
    play = in_optimization()
    play.do(c.HoldJourney(by="Ana", reason="an audit"))
    assert not [event for event in restating(play, {}) if isinstance(event, GateDoubted)]


def test_a_team_that_begins_again_has_passed_no_gate() -> None:
    play = in_optimization()
    bad = {"control": control(2930, outside=(2930,), bad=(2930,))}
    restating(play, bad)
    assert play.state.doubts
    for _ in range(6):
        play.measure(
            days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(bad_streak=9, good_streak=0))
        )
    assert play.state.stage == "stability"
    assert (play.state.passed, play.state.doubts) == ({}, {})


def test_the_numbers_of_a_gate_are_final_when_nobody_reads_them_again() -> None:
    play = in_optimization()
    for _ in range(play.state.charter.restated_within):
        assert "stability" in play.state.passed
        play.measure()
    play.measure()
    assert play.state.passed == {}


def test_frozen_points_that_were_restated_are_named_and_the_limits_stay() -> None:
    play = begun().to("stability")
    play.measure()
    frozen = play.state.limits[OUTCOME]
    change = Restatement(period=frozen.last, before=11.0, after=12.0)
    play.measure(days_to_payment=MetricResult(name=OUTCOME, restated=(change,), evidence=evidence()))
    assert play.state.limits[OUTCOME] == frozen
    assert any(
        "points that its limits are frozen on" in n or "its limits are frozen on" in n
        for n in notes(play.state)
    )


def test_a_ballot_that_restated_numbers_shut_says_so() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    assert play.state.advance_ballot is not None
    through = play.state.through
    assert through is not None
    change = Restatement(period=through, before=11.0, after=30.0)
    out = control(through, outside=(through,), bad=(through,))
    play.now += timedelta(days=1)
    play.do(
        measured(
            play.state,
            play.now,
            {
                "days_to_payment": MetricResult(
                    name=OUTCOME, restated=(change,), evidence=evidence(control=out)
                )
            },
        )
    )
    closed = play.state.last_closed
    assert closed is not None
    assert closed.outcome == "withdrawn"
    assert "days to payment was restated for the week of" in closed.reason


def test_explained_points_stay_explained_when_they_are_restated() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    signal = control(2930, outside=(2930,), bad=(2930,))
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(control=signal)))
    play.do(c.ExplainSignal(by="Ana", period="2026-02-23", cause="a storm"))
    play.consent_all(-1)
    assert play.state.explained == {OUTCOME: {2930: "a storm"}}
    change = Restatement(period=2930, before=11.0, after=None)
    play.measure(days_to_payment=MetricResult(name=OUTCOME, restated=(change,), evidence=evidence()))
    assert play.state.explained == {OUTCOME: {2930: "a storm"}}
