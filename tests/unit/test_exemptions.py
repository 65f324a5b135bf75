"""Exemptions from regression: by consent of every other function, shown, ended by time or by anybody."""

from datetime import timedelta
from typing import Any

import pytest

from domain import commands as c
from domain import schedule, views
from domain.measurement import MetricResult
from tests.unit.journeys import Play, begun, evidence
from tests.unit.voting import (
    BAD,
    DAY,
    FIVE,
    OUTCOME,
    everybody,
    exemption,
    last,
    optimizing,
    refused,
    say,
    stage_of,
    the,
)
from workflows import details
from workflows.waits import next_words


def proposal(play: Play, days: int = 60, by: str = "Ben") -> c.ProposeExemption:
    until = play.now.date() + timedelta(days=days)
    return c.ProposeExemption(by=by, reason="the payment system is replaced", until=until)


def team(**changes: Any) -> Play:
    return optimizing(members=FIVE, **changes)


def worse(play: Play, weeks: int = 1) -> None:
    for _ in range(weeks):
        bad = evidence(control=BAD, bad_streak=2, good_streak=0)
        play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=bad))


def exempt(days: int = 60) -> Play:
    play = team()
    say(play, proposal(play, days))
    everybody(play, "exempt")
    return play


def test_it_takes_every_member_of_every_other_function() -> None:
    play = team()
    say(play, proposal(play))
    ballot = the(play, "exempt")
    assert (set(ballot.voters), ballot.excused) == (set(FIVE), ("Eli",))  # Ben and Eli are from IT
    everybody(play, "exempt", "Eli")
    assert exemption(play) is None  # Eli may object until it closes
    play.now = ballot.closes_at
    play.pass_time()
    assert exemption(play) is not None
    assert last(play).outcome == "consented"


@pytest.mark.parametrize("silent", ["Ana", "Chloe", "Dora"])
def test_silence_of_another_function_is_no_decision(silent: str) -> None:
    play = team()
    say(play, proposal(play))
    everybody(play, "exempt", silent)
    play.now = the(play, "exempt").closes_at
    play.pass_time()
    assert (exemption(play), last(play).outcome) == (None, "no_decision")


@pytest.mark.parametrize("objecting", FIVE)
def test_anybodys_objection_blocks(objecting: str) -> None:
    play = team()
    say(play, proposal(play))
    play.do(c.RaiseObjection(by=objecting, ballot="b2", objection="harms_outcome", reason="too long"))
    everybody(play, "exempt", objecting)
    assert (exemption(play), last(play).outcome) == (None, "objected")


def test_while_it_lasts_no_grace_period_begins_and_afterwards_it_does() -> None:
    play = exempt(20)
    worse(play, 2)
    assert (play.state.grace, stage_of(play)) == (None, "optimization")
    given = exemption(play)
    assert given is not None
    play.now = given.until
    play.pass_time()
    assert exemption(play) is None
    assert play.events[-2].kind == "exemption_expired"  # and the gate is judged without it
    worse(play)
    assert play.state.grace is not None


def test_a_grace_period_that_runs_stands_still_and_goes_on_where_it_was() -> None:
    play = team()
    worse(play)
    assert play.state.grace is not None
    play.now += 4 * DAY
    left = play.state.grace.until - play.now
    say(play, proposal(play, 80))
    everybody(play, "exempt")
    play.now += 60 * DAY
    play.pass_time()
    assert stage_of(play) == "optimization"
    say(play, c.RevokeExemption(by="Chloe", reason="it is done"))
    assert play.state.grace is not None
    assert play.state.grace.until == play.now + left
    play.now += left
    play.pass_time()
    assert stage_of(play) == "stability"


def test_no_criterion_is_waived_by_it() -> None:
    play = exempt()
    worse(play)
    assert play.state.gate is not None
    assert not play.state.gate.open
    assert "stability" in {verdict.criterion for verdict in play.state.gate.held_by}
    shown = next(verdict for verdict in play.state.gate.verdicts if verdict.criterion == "exemption")
    assert not shown.counts


def test_a_gate_that_is_met_opens_with_it_as_without() -> None:
    play = exempt()
    play.measure()
    everybody(play, "advance")
    assert stage_of(play) == "innovation"
    assert exemption(play) is not None


def test_it_is_shown_on_gate_status_page_and_attention() -> None:
    play = exempt()
    status = views.status(play.state)
    assert "exempt" in status.attention
    assert "the payment system is replaced" in " ".join(status.notes)
    assert "exemption" in {verdict.criterion for verdict in status.verdicts}
    assert status.exempt is not None
    assert "Exempt from regression, which waives no criterion" in details.details(play.state)


def test_it_expires_by_a_timer_that_says_what_it_is() -> None:
    play = exempt(1)
    given = exemption(play)
    assert given is not None
    assert schedule.next_timer_at(play.state) == given.until
    assert next_words(play.state).startswith("exemption ends on")


@pytest.mark.parametrize("by", FIVE)
def test_any_member_revokes_it(by: str) -> None:
    play = exempt()
    assert "exemption_revoked" in say(play, c.RevokeExemption(by=by, reason="it is done"))
    assert exemption(play) is None
    assert "nothing to revoke" in str(refused(play, c.RevokeExemption(by=by, reason="again")))


def test_what_is_refused_says_what_would_be_right() -> None:
    play = team()
    assert "is over" in str(refused(play, proposal(play, -1)))
    assert "at the latest" in str(refused(play, proposal(play, 90)))
    assert refused(play, proposal(play, by="Mallory")).code == "not_a_member"
    assert "--revoke" in str(refused(exempt(), proposal(play)))
    stable = begun().to("stability")
    assert "nothing to be exempt from" in str(refused(stable, proposal(stable)))
    say(play, proposal(play))
    assert "open on this already" in str(refused(play, proposal(play)))


def test_a_stage_that_is_lost_takes_the_open_question_along() -> None:
    play = team()
    worse(play)
    assert play.state.grace is not None
    play.now = play.state.grace.until - DAY
    say(play, proposal(play))
    play.now += DAY
    play.pass_time()
    assert stage_of(play) == "stability"
    assert (last(play).outcome, last(play).reason) == ("withdrawn", "stability was lost")
