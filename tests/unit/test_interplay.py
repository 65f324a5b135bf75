"""Where rules meet: a hold while evidence is computed, an amendment beside a ballot, an end in between."""

from datetime import timedelta
from typing import Any

import pytest

from domain import ballot_views, schedule
from domain import commands as c
from domain import events as e
from domain.ballots import Ballot
from domain.charter import Stage
from domain.evolve import evolve
from domain.measurement import MetricResult
from domain.periods import label
from tests.unit.journey_scripts import amended
from tests.unit.journeys import MEMBERS, Play, begun, control, evidence
from workflows import details

OUTCOME = "days to payment"
OUTSIDE = control(outside=(2925,), bad=(2925,))
EXPLAIN = c.ExplainSignal(by="Ana", period="2026-01-19", cause="a storm")


def ballot_of(play: Play, kind: str) -> Ballot:
    return next(ballot for ballot in play.state.ballots if ballot.proposal.kind == kind)


def stage_of(play: Play) -> Stage:
    return play.state.stage


def consent(play: Play, ballot: Ballot, *members: str) -> None:
    for member in members or tuple(play.state.charter.members):
        play.do(c.GiveConsent(by=member, ballot=ballot.id))


def asked_and_explaining() -> Play:
    """Innovation, with a ballot on the end and one on a signal for the better."""
    play = begun().to("innovation")
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(control=control(runs=(2925,)))))
    play.do(EXPLAIN)
    return play


def agree(play: Play, what: str) -> None:
    play.do(c.ProposeAmendment(by="Ana", reason="we learned", charter=amended(play.state, what)))
    consent(play, ballot_of(play, "amend"))


def test_consent_does_not_count_while_the_evidence_is_being_computed_anew() -> None:
    play = asked_and_explaining()
    consent(play, ballot_of(play, "explain"))  # from here on the evidence is of yesterday
    consent(play, ballot_of(play, "advance"))
    assert stage_of(play) == "innovation"
    assert not ballot_of(play, "advance").waiting_for
    play.measure()
    assert stage_of(play) == "completed"


def test_a_hold_in_between_withdraws_what_everybody_consented_to() -> None:
    play = asked_and_explaining()
    consent(play, ballot_of(play, "explain"))
    play.do(c.HoldJourney(by="Chloe", reason="wait"))
    consent(play, ballot_of(play, "advance"))
    play.measure()
    assert (play.state.stage, play.state.advance_ballot) == ("innovation", None)
    assert play.state.last_closed is not None
    assert play.state.last_closed.outcome == "withdrawn"


def test_evidence_that_shuts_the_gate_in_between_withdraws_it_too() -> None:
    play = asked_and_explaining()
    consent(play, ballot_of(play, "explain"))
    consent(play, ballot_of(play, "advance"))
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(at_target=3)))
    assert stage_of(play) == "innovation"
    assert play.state.advance_ballot is None


def test_a_complete_ballot_whose_time_is_up_waits_for_the_evidence_alone() -> None:
    play = asked_and_explaining()
    consent(play, ballot_of(play, "explain"))
    consent(play, ballot_of(play, "advance"))
    play.now += timedelta(days=30)
    play.pass_time()
    assert play.state.advance_ballot is not None
    assert schedule.next_due(play.state) <= play.now  # the measurement


def test_an_answer_after_the_close_does_not_count_even_before_the_clock_was_served() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    play.now += timedelta(days=7)
    consent(play, play.state.ballots[0])
    assert play.refused == ["no_such_ballot"] * len(MEMBERS)


def test_a_held_team_does_not_leave_forming() -> None:
    play = begun()
    play.do(c.HoldJourney(by="Ana", reason="wait"))
    play.confirm_all()
    assert stage_of(play) == "forming"
    play.do(c.ResumeJourney(by="Ben"))
    assert stage_of(play) == "stability"


def test_an_amendment_while_forming_withdraws_what_was_asked_of_the_old_team() -> None:
    play = begun()
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(control=OUTSIDE)))
    play.do(EXPLAIN)
    assert [ballot.id for ballot in play.state.ballots] == ["b1"]
    agree_at_once = c.ProposeAmendment(by="Ben", reason="legal", charter=amended(play.state, "members"))
    events = play.do(agree_at_once)
    assert [event.kind for event in events] == ["ballot_closed", "charter_amended", "gate_evaluated"]
    assert play.state.ballots == ()


@pytest.mark.parametrize(
    ("before", "after"), [("hourly", "weekly"), ("hourly", "monthly"), ("weekly", "hourly")]
)
@pytest.mark.parametrize("stage", ["forming", "stability", "optimization"])
def test_periods_of_another_cadence_do_not_live_on(stage: Any, before: str, after: str) -> None:
    play = begun(cadence=before)
    if stage != "forming":
        play.to(stage)
    through = 2930 if play.state.through is None else play.state.through
    period = label(through, play.state.charter.calendar)
    bad = control(through, outside=(through,), bad=(through,))
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(through, control=bad)))
    play.do(c.ExplainSignal(by="Ana", period=period, cause="a storm"))
    other = play.state.charter.model_copy(update={"cadence": after})
    play.do(c.ProposeAmendment(by="Ana", reason="another rhythm", charter=other))
    if stage != "forming":
        consent(play, ballot_of(play, "amend"))
    assert play.state.charter.cadence == after
    assert (play.state.since, play.state.through) == (None, None)
    assert details.details(play.state)
    assert details.measure_summary(play.state)
    assert ballot_views.ballots(play.state).open == ()


@pytest.mark.parametrize(
    ("stage", "what", "then"),
    [
        ("optimization", "unit", "stability"),  # another number for the outcome
        ("innovation", "unit", "stability"),
        ("optimization", "cadence", "stability"),
        ("optimization", "target", "optimization"),  # the same number, another threshold
        ("optimization", "members", "optimization"),
        ("optimization", "metrics", "optimization"),  # a guardrail less
        ("optimization", "redraw", "optimization"),
    ],
)
def test_a_number_that_was_never_stable_leads_back_to_stability(stage: Any, what: str, then: str) -> None:
    play = begun().to(stage)
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(improvement=None, at_target=0)))
    agree(play, what)
    assert play.state.charter == amended(begun().state, what)
    assert stage_of(play) == then


def test_a_new_guardrail_needs_a_baseline_and_so_stability() -> None:
    play = begun().to("optimization")
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(improvement=None)))
    more = play.state.charter.metrics[1].model_copy(update={"name": "returns"})
    other = play.state.charter.model_copy(update={"metrics": (*play.state.charter.metrics, more)})
    play.do(c.ProposeAmendment(by="Ana", reason="watch returns", charter=other))
    consent(play, ballot_of(play, "amend"))
    assert stage_of(play) == "stability"
    play.to("optimization")
    assert "returns" in play.state.baselines


def test_a_round_that_an_amendment_withdrew_is_not_counted() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    agree(play, "target")
    play.measure()
    assert play.state.advance_ballot is not None
    assert play.state.advance_ballot.round == 1


def test_an_amendment_that_was_consented_to_is_the_last_ballot_that_closed() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    agree(play, "target")
    last = ballot_views.ballots(play.state).last
    assert last is not None
    assert (last.kind, last.outcome) == ("amend", "consented")


def test_what_was_reached_counts_no_longer_when_it_was_taken_out_of_the_charter() -> None:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    without = play.state.charter.model_copy(
        update={"milestones": {"pilot": "Ana"}, "stages": begun(stages={}).state.charter.stages}
    )
    play.do(c.ProposeAmendment(by="Ana", reason="no runbook", charter=without))
    consent(play, ballot_of(play, "amend"))
    assert play.state.milestones == {}


def test_the_end_of_the_journey_closes_every_ballot() -> None:
    play = asked_and_explaining()
    consent(play, ballot_of(play, "advance"))
    assert stage_of(play) == "completed"
    closed = [event for event in play.events if isinstance(event, e.BallotClosed)]
    assert [(event.outcome, event.reason) for event in closed[-2:]] == [
        ("withdrawn", "the journey ended"),
        ("consented", "every member consented"),
    ]
    assert play.state.ballots == ()


def test_a_lost_grace_period_closes_an_open_ballot_once() -> None:
    play = begun().to("optimization")
    play.measure()
    assert play.state.advance_ballot is not None
    feared = e.RegressionFeared(streak=2, until=play.state.advance_ballot.closes_at)
    after = evolve(play.state, feared)
    assert after is not None
    late = Play(state=after, now=feared.until)
    late.do(c.PassTime())
    assert [event.kind for event in late.events] == ["ballot_closed", "stage_entered"]
