"""What may be read of a journey: open ballots stay sealed on every way out; closed ones are told."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from temporalio.common import TypedSearchAttributes

from domain import ballot_views, views
from domain import commands as c
from domain.evolve import fold
from domain.state import State
from tests.unit.journey_scripts import Step, run, steps
from tests.unit.journeys import Play, begun
from workflows import details
from workflows.attributes import attributes_of

SECRET = "the night shift would break"
NOTE = "a smaller step would do as well"

WAYS_OUT: dict[str, Callable[[State], str]] = {
    "status": lambda state: views.status(state).model_dump_json(),
    "evidence": lambda state: views.evidence(state).model_dump_json(),
    "ballot": lambda state: ballot_views.ballots(state).model_dump_json(),
    "page": details.details,
    "summary": details.summary,
    "timer": details.timer_summary,
    "measurement": details.measure_summary,
    "attributes": lambda state: str(attributes_of(state, TypedSearchAttributes.empty)),
}


def asked() -> Play:
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    return play


def answered() -> Play:
    """A ballot on which Ben objects and Ana consents, and Chloe has not said anything."""
    play = asked()
    play.do(c.RaiseObjection(by="Ben", objection="stops_my_work", reason=SECRET))
    play.do(c.GiveConsent(by="Ana", note=NOTE))
    return play


@pytest.mark.parametrize("way", WAYS_OUT)
def test_an_open_ballot_is_sealed(way: str) -> None:
    text = WAYS_OUT[way](answered().state)
    for told in (SECRET, NOTE, "stops_my_work", "stops my work"):
        assert told not in text


@pytest.mark.parametrize("way", WAYS_OUT)
def test_what_is_shown_of_an_open_ballot_does_not_depend_on_what_was_said(way: str) -> None:
    shown = set()
    for answer in (
        c.GiveConsent(by="Ben"),
        c.GiveConsent(by="Ben", note=NOTE),
        c.RaiseObjection(by="Ben", objection="irreversible", reason=SECRET),
    ):
        play = asked()
        play.do(answer)
        shown.add(WAYS_OUT[way](play.state))
    assert len(shown) == 1


def test_who_has_answered_and_how_often_is_no_secret() -> None:
    play = answered()
    play.do(c.GiveConsent(by="Ben"))
    view = ballot_views.ballots(play.state).open[0]
    assert (view.answered, view.waiting_for) == (("Ana", "Ben"), ("Chloe",))
    assert view.revisions == {"Ana": 1, "Ben": 2}
    assert (view.answers, view.outcome) == (None, None)


def test_a_receipt_tells_a_member_their_own_answer_alone() -> None:
    play = asked()
    play.do(c.RaiseObjection(by="Ben", objection="stops_my_work", reason=SECRET))
    events = play.do(c.GiveConsent(by="Ana", note=NOTE))
    told = " ".join(views.receipt(play.state, events).said)
    assert NOTE in told
    assert SECRET not in told


def test_answers_are_told_when_all_have_answered() -> None:
    play = answered()
    play.do(c.GiveConsent(by="Chloe"))
    last = ballot_views.ballots(play.state).last
    assert last is not None
    assert last.answers is not None
    assert (last.outcome, last.answers["Ben"].words) == ("objected", SECRET)
    assert SECRET in details.details(play.state)


def test_answers_are_told_when_the_time_is_up() -> None:
    play = answered()
    play.now += play.state.charter.ballots.open_for
    play.pass_time()
    last = ballot_views.ballots(play.state).last
    assert last is not None
    assert last.answers is not None
    assert (set(last.answers), last.waiting_for) == ({"Ana", "Ben"}, ("Chloe",))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(steps)
def test_no_way_out_ever_tells_a_sealed_answer(script: list[Step]) -> None:
    play = begun()
    for step in script:
        run(play, [step])
        words = {
            answer.words
            for ballot in play.state.ballots
            for answer in ballot.answers.values()
            if answer.choice == "objection"
        }
        told = play.state.last_closed
        if words and (told is None or not told.ballot.answers):
            assert not [way for way, read in WAYS_OUT.items() if any(w in read(play.state) for w in words)]


def test_a_status_says_who_has_to_do_what() -> None:
    play = begun()
    assert views.status(play.state).waiting == ("Ana, Ben and Chloe to confirm the outcome",)
    play = answered()
    (waiting,) = views.status(play.state).waiting
    assert waiting.startswith("Chloe to answer b1 by ")


def test_nothing_is_waited_for_after_the_end() -> None:
    play = begun().to("completed")
    status = views.status(play.state)
    assert (status.waiting, status.ballots, status.next_at) == ((), (), None)
    assert status.ended


def test_reading_changes_nothing() -> None:
    play = answered()
    before = play.state.model_dump_json()
    for read in WAYS_OUT.values():
        read(play.state)
    assert play.state.model_dump_json() == before
    assert fold(None, play.events) == play.state
