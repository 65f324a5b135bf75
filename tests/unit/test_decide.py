"""What each command leads to, in every situation: its events, or the code with which it is refused."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from domain import commands as c
from domain.decide import decide
from domain.errors import BstError
from domain.measurement import MetricResult
from tests.unit.journey_scripts import amended
from tests.unit.journeys import START, Play, begun, charter, control, evidence, measured

OUTSIDE = control(outside=(2925,), bad=(2925,))
PERIOD = "2026-01-19"  # the period 2925, which is outside


def found(**changes: Any) -> MetricResult:
    """Return what the outcome's source gives, with other evidence."""
    return MetricResult(name="days to payment", evidence=evidence(**changes))


def forming() -> Play:
    return begun()


def stable() -> Play:
    play = begun().to("stability")
    play.measure()
    return play


def asked() -> Play:
    """Stability, with a ballot open on the next stage."""
    play = stable()
    play.do(c.ReachMilestone(name="runbook"))
    return play


def later() -> Play:
    """A minute after the newest measurement: another may be wanted."""
    play = stable()
    play.now += timedelta(minutes=1)
    return play


def wanting() -> Play:
    play = later()
    play.do(c.MeasureNow(by="Ben"))
    return play


def signalled() -> Play:
    """Stability, with a point that is out of control."""
    play = stable()
    play.measure(days_to_payment=found(control=OUTSIDE))
    return play


def optimizing() -> Play:
    play = begun().to("optimization")
    play.measure(days_to_payment=found(improvement=None))
    return play


def feared() -> Play:
    play = optimizing()
    play.measure(days_to_payment=found(control=OUTSIDE, bad_streak=2, good_streak=0))
    return play


def held() -> Play:
    play = asked()
    play.do(c.HoldJourney(by="Chloe", reason="an audit"))
    return play


def parked() -> Play:
    play = asked()
    for _ in range(play.state.charter.ballots.rounds):
        play.now += play.state.charter.ballots.open_for
        play.pass_time()
        play.measure()
    return play


def completed() -> Play:
    return begun().to("completed")


def dissolved() -> Play:
    play = forming()
    play.do(c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier"))
    return play


@cache
def situation(make: Callable[[], Play]) -> Play:
    return make()


def outcome_of(make: Callable[[], Play], command: c.Command, after: timedelta = timedelta(0)) -> list[str]:
    """Return the kinds of the events, or the code of the refusal alone."""
    play = situation(make)
    try:
        return [event.kind for event in decide(play.state, command, play.now + after)]
    except BstError as error:
        return [f"! {error.code}"]


AMENDED = c.ProposeAmendment(by="Ana", reason="we learned", charter=amended(begun().state, "target"))
EXPLAINED = c.ExplainSignal(by="Ana", period=PERIOD, cause="a storm")
DISSOLVED = c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier")
CONSENT, OBJECT = c.GiveConsent(by="Ana"), c.RaiseObjection(by="Ana", objection="harms_outcome", reason="no")
MEASURE = c.MeasureNow(by="Ana")
HOLD, RESUME = c.HoldJourney(by="Ana", reason="an audit"), c.ResumeJourney(by="Ana")
WITHOUT_IT = charter(members={"Ana": "sales", "Ben": "legal"})
PROPOSED = ["ballot_opened", "consent_given"]

TABLE: list[tuple[Callable[[], Play], c.Command, list[str]]] = [
    (forming, c.ConfirmOutcome(by="Ana"), ["outcome_confirmed", "gate_evaluated"]),
    (forming, c.ConfirmOutcome(by="ana"), ["outcome_confirmed", "gate_evaluated"]),
    (forming, c.ConfirmOutcome(by="Ana", version=1), ["outcome_confirmed", "gate_evaluated"]),
    (forming, c.ConfirmOutcome(by="Ana", version=2), ["! stale_evidence"]),
    (forming, c.ConfirmOutcome(by="Mallory"), ["! not_a_member"]),
    (stable, c.ConfirmOutcome(by="Ana"), []),
    (forming, CONSENT, ["! no_such_ballot"]),
    (asked, CONSENT, ["consent_given"]),
    (asked, c.GiveConsent(by="Mallory"), ["! not_a_member"]),
    (asked, c.GiveConsent(by="Ana", ballot="b9"), ["! no_such_ballot"]),
    (asked, c.GiveConsent(by="Ana", digest="0" * 64), ["! stale_evidence"]),
    (held, CONSENT, ["! no_such_ballot"]),
    (parked, CONSENT, ["! no_such_ballot"]),
    (forming, OBJECT, ["! no_such_ballot"]),
    (asked, OBJECT, ["objection_raised"]),
    (asked, c.RaiseObjection(by="Eve", objection="irreversible", reason="x"), ["! not_a_member"]),
    (stable, EXPLAINED, ["! not_understood"]),
    (signalled, EXPLAINED, PROPOSED),
    (signalled, c.ExplainSignal(by="Ana", period="someday", cause="x"), ["! not_understood"]),
    (signalled, c.ExplainSignal(by="Ana", period="0001-01-01T00:00+14:00", cause="x"), ["! not_understood"]),
    (signalled, c.ExplainSignal(by="Ana", period=PERIOD, cause="x", metric="luck"), ["! not_understood"]),
    (signalled, c.ExplainSignal(by="Eve", period=PERIOD, cause="x"), ["! not_a_member"]),
    (forming, AMENDED, ["charter_amended", "gate_evaluated"]),
    (stable, AMENDED, PROPOSED),
    (held, AMENDED, PROPOSED),
    (stable, AMENDED.model_copy(update={"by": "Eve"}), ["! not_a_member"]),
    (stable, AMENDED.model_copy(update={"charter": charter()}), ["! not_understood"]),
    (stable, AMENDED.model_copy(update={"charter": charter(team="other")}), ["! not_understood"]),
    (stable, AMENDED.model_copy(update={"charter": WITHOUT_IT}), ["! charter_refused"]),
    (later, MEASURE, ["measurement_wanted"]),
    (later, c.MeasureNow(by="Eve"), ["! not_a_member"]),
    (stable, MEASURE, ["! wrong_stage"]),
    (wanting, MEASURE, []),
    (forming, MEASURE, []),
    (stable, HOLD, ["journey_held", "gate_evaluated"]),
    (asked, HOLD, ["journey_held", "gate_evaluated", "ballot_closed"]),
    (held, HOLD, ["! wrong_stage"]),
    (stable, c.HoldJourney(by="Eve", reason="x"), ["! not_a_member"]),
    (stable, RESUME, ["! wrong_stage"]),
    (held, RESUME, ["journey_resumed"]),
    (parked, RESUME, ["proposal_brought_back", "ballot_opened"]),
    (forming, DISSOLVED, ["team_dissolved"]),
    (stable, DISSOLVED, PROPOSED),
    (stable, DISSOLVED.model_copy(update={"by": "Eve"}), ["! not_a_member"]),
    (stable, c.ReachMilestone(name="runbook"), ["milestone_reached", "gate_evaluated", "ballot_opened"]),
    (stable, c.ReachMilestone(name="picnic"), ["! not_understood"]),
    (stable, c.ReachMilestone(name="runbook", by="Eve"), ["! not_a_member"]),
    (asked, c.ReachMilestone(name="runbook"), []),
    (stable, c.RefuseMessage(message="milestone", reason="x"), ["message_refused"]),
    (completed, c.RefuseMessage(message="milestone", reason="x"), ["message_refused"]),
    (stable, c.StartJourney(charter=charter()), ["! wrong_stage"]),
    (stable, c.PassTime(), []),
    (completed, c.PassTime(), []),
]  # fmt: skip


@pytest.mark.parametrize(("make", "command", "expected"), TABLE)
def test_a_command_leads_to_its_events_or_is_refused(
    make: Callable[[], Play], command: c.Command, expected: list[str]
) -> None:
    assert outcome_of(make, command) == expected


@pytest.mark.parametrize("make", [completed, dissolved])
@pytest.mark.parametrize(
    "command",
    [c.ConfirmOutcome(by="Ana"), CONSENT, OBJECT, EXPLAINED, AMENDED, MEASURE, HOLD, RESUME, DISSOLVED],
)
def test_nothing_is_decided_after_the_end(make: Callable[[], Play], command: c.Command) -> None:
    assert outcome_of(make, command) == ["! journey_over"]


@pytest.mark.parametrize("make", [completed, dissolved])
def test_a_measurement_that_was_under_way_at_the_end_is_left_out(make: Callable[[], Play]) -> None:
    assert outcome_of(make, measured(situation(make).state, situation(make).now, {})) == []


def test_without_a_journey_everything_but_a_start_is_refused() -> None:
    with pytest.raises(BstError, match="start it with a charter"):
        decide(None, c.PassTime(), START)
    with pytest.raises(BstError, match="C1"):
        decide(None, c.StartJourney(charter=charter(members={"A": "sales", "B": "legal"})), START)
    events = decide(None, c.StartJourney(charter=charter()), START)
    assert [event.kind for event in events] == ["journey_started", "gate_evaluated"]


def test_a_measurement_that_serves_an_older_wish_is_left_out() -> None:
    play = stable()
    old = measured(play.state, play.now, {})
    play.measure()
    play.do(HOLD)
    play.do(RESUME)
    assert play.do(old) == ()


@pytest.mark.parametrize(
    ("make", "after", "expected"),
    [
        (asked, timedelta(days=3.4), []),
        (asked, timedelta(days=3.5), ["members_reminded"]),
        (asked, timedelta(days=7), ["ballot_closed"]),
        (feared, timedelta(days=13.9), []),
        (feared, timedelta(days=14), ["stage_entered"]),
    ],
)
def test_time_brings_reminders_closes_and_the_end_of_a_grace_period(
    make: Callable[[], Play], after: timedelta, expected: list[str]
) -> None:
    assert outcome_of(make, c.PassTime(), after) == expected


def test_silence_and_an_objection_are_no_consent() -> None:
    for answer, outcome in ((None, "no_decision"), (OBJECT, "objected")):
        play = asked()
        for member in ("Ben", "Chloe"):
            play.do(c.GiveConsent(by=member))
        if answer is not None:
            play.do(answer)
        play.now += timedelta(days=7)
        play.pass_time()
        assert play.state.last_closed is not None
        assert play.state.last_closed.outcome == outcome
        assert play.state.stage == "stability"
