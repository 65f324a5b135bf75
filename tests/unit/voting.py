"""Journeys with a ballot open, for the tests about ballots."""

from datetime import timedelta
from typing import Any

import pytest

from domain import commands as c
from domain.ballots import Ballot, ClosedBallot
from domain.charter import Charter, Stage
from domain.decide import decide
from domain.errors import BstError
from domain.measurement import MetricResult
from domain.state import Exempt
from tests.unit.journeys import Play, begun, control, evidence

FIVE = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance", "Dora": "claims handling", "Eli": "IT"}
OUTCOME = "days to payment"
BAD = control(outside=(2925,), bad=(2925,))


def asked(**changes: Any) -> Play:
    """Stability, with a ballot open on the next stage."""
    play = begun(**changes).to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    return play


def optimizing(**changes: Any) -> Play:
    """Optimization, with no ballot open."""
    play = begun(**changes).to("optimization")
    play.measure(days_to_payment=MetricResult(name=OUTCOME, evidence=evidence(improvement=None)))
    return play


def refused(play: Play, command: c.Command) -> BstError:
    """Return the refusal of a command."""
    with pytest.raises(BstError) as caught:
        decide(play.state, command, play.now)
    return caught.value


def say(play: Play, command: c.Command) -> str:
    """Do what is allowed, and return the kinds of what happened."""
    return " ".join(event.kind for event in (decide(play.state, command, play.now), play.do(command))[1])


def last(play: Play) -> ClosedBallot:
    assert play.state.last_closed is not None
    return play.state.last_closed


def the(play: Play, kind: str) -> Ballot:
    return next(ballot for ballot in play.state.ballots if ballot.proposal.kind == kind)


def everybody(play: Play, kind: str, *but: str) -> None:
    """Let everybody consent on the ballot of a kind, but for some."""
    ballot = the(play, kind).id
    for member in play.state.charter.members:
        if member not in but:
            play.do(c.GiveConsent(by=member, ballot=ballot))


def until_it_closes(play: Play) -> None:
    play.now = max([play.now, *(ballot.closes_at for ballot in play.state.ballots)])
    play.pass_time()


def changed(play: Play, **changes: Any) -> Charter:
    return play.state.charter.model_copy(update=changes)


def stage_of(play: Play) -> Stage:
    return play.state.stage


def exemption(play: Play) -> Exempt | None:
    return play.state.exempt


DAY = timedelta(days=1)
