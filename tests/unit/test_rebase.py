"""Limits are frozen anew only where the team signed it: with the cause, and four questions answered."""

from datetime import date
from typing import Any

import pytest

from domain import commands as c
from domain.decide import decide
from domain.decisions.rebasing import QUESTIONS
from domain.errors import NotUnderstood, WrongStage
from domain.events import LimitsRebased
from domain.measurement import MetricResult
from domain.schedule import measure_request
from domain.views import evidence as shown
from tests.unit.journey_scripts import amended
from tests.unit.journeys import LIMITS, Play, begun, evidence

OUTCOME = "days to payment"
SINCE, FIRST = "2025-12-08", 2919  # within the frozen points of `LIMITS`, 2900 to 2919
YES = dict.fromkeys(QUESTIONS, True)


def proposal(**changes: Any) -> c.ProposeRebase:
    return c.ProposeRebase.model_validate(
        {"by": "Ana", "since": SINCE, "cause": "a new till", **YES} | changes
    )


def stable() -> Play:
    play = begun().to("stability")
    play.measure()
    return play


def signed() -> Play:
    play = stable()
    play.do(proposal())
    play.consent_all(-1)
    return play


def test_limits_are_dropped_and_asked_for_from_the_signed_period() -> None:
    play = signed()
    (event,) = [event for event in play.events if isinstance(event, LimitsRebased)]
    assert (event.metric, event.first, event.by, event.answered) == (OUTCOME, FIRST, "Ana", tuple(QUESTIONS))
    assert OUTCOME not in play.state.limits
    assert set(play.state.limits) == {"cost per claim", "complaints", "portal latency"}
    (asked, *others) = measure_request(play.state, play.now).metrics
    assert asked.phase_from == FIRST
    assert [other.phase_from for other in others] == [None] * 3
    assert play.state.measures_wanted > play.state.measures_served


def test_until_there_are_limits_again_the_gate_is_shut() -> None:
    play = signed()
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(limits=None, control=None)))
    gate = play.state.gate
    assert gate is not None
    assert not gate.open
    assert next(v for v in gate.verdicts if v.criterion == "limits").status == "undecided"


def test_the_old_limits_stay_on_the_record_with_who_and_why() -> None:
    view = shown(signed().state).metrics[0]
    (phase,) = view.phases.values()
    assert list(view.phases) == [SINCE]
    assert (phase.by, phase.cause, phase.before) == ("Ana", "a new till", LIMITS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_has_to_be_answered_with_yes(question: str) -> None:
    play = stable()
    with pytest.raises(NotUnderstood) as refused:
        decide(play.state, proposal(**{question: False}), play.now)
    assert QUESTIONS[question] in str(refused.value)
    assert not [q for key, q in QUESTIONS.items() if key != question and q in str(refused.value)]


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("2025-07-28", "can begin after 2025-07-28"),
        ("2030-01-07", "up to the newest period"),
        ("soon", "is no date"),
    ],
)
def test_only_a_later_period_with_data_can_begin_new_limits(since: str, said: str) -> None:
    play = stable()
    with pytest.raises(NotUnderstood, match=said):
        decide(play.state, proposal(since=since), play.now)


def test_without_limits_there_is_nothing_to_freeze_anew() -> None:
    play = begun().to("stability")
    play.state = play.state.model_copy(update={"limits": {}})
    with pytest.raises(WrongStage, match="no frozen limits yet"):
        decide(play.state, proposal(), play.now)


def test_one_objection_keeps_the_limits() -> None:
    play = stable()
    play.do(proposal())
    play.do(c.RaiseObjection(by="Ben", objection="harms_outcome", reason="it hides the decline"))
    play.do(c.GiveConsent(by="Chloe"))
    assert play.state.limits[OUTCOME] == LIMITS
    assert not play.state.phases


def test_no_amendment_moves_the_frozen_points_without_the_questions() -> None:
    play = stable()
    gate = play.state.charter.stages.stability.model_copy(update={"baseline_from": date(2025, 12, 8)})
    stages = play.state.charter.stages.model_copy(update={"stability": gate})
    other = play.state.charter.model_copy(update={"stages": stages})
    with pytest.raises(NotUnderstood, match="bst rebase"):
        decide(play.state, c.ProposeAmendment(by="Ana", reason="newer", charter=other), play.now)


def test_limits_drawn_in_another_way_stay_those_of_the_same_time() -> None:
    play = stable()
    play.do(c.ProposeAmendment(by="Ana", reason="more points", charter=amended(play.state, "redraw")))
    play.consent_all(-1)
    assert OUTCOME not in play.state.limits
    assert {m.phase_from for m in measure_request(play.state, play.now).metrics} == {LIMITS.first}
