"""Ballots: questions before the answers, objections that can be mended, rounds, parking, and evidence."""

import pytest

from domain import ballot_views, views
from domain import commands as c
from domain.measurement import MetricResult
from domain.state import gauges
from tests.unit.journeys import Play, evidence, failing, measured
from tests.unit.voting import (
    BAD,
    DAY,
    OUTCOME,
    asked,
    changed,
    everybody,
    last,
    optimizing,
    refused,
    say,
    the,
    until_it_closes,
)
from workflows import details

ASK = c.AskQuestion(by="Ben", question="which offices take part?")
ANSWER = c.AnswerQuestion(by="Ana", question="q1", answer="all but Bern")
OBJECT = {"objection": "harms_outcome", "reason": "too soon"}


def target(play: Play, value: float, **more: object) -> c.ProposeAmendment:
    """Return an amendment of the target."""
    other = changed(play, outcome=play.state.charter.outcome.model_copy(update={"target": value}))
    return c.ProposeAmendment(by="Ana", reason="we learned", charter=other, **more)


def veto(play: Play, kind: str, **more: str) -> None:
    ballot = the(play, kind).id
    play.do(c.RaiseObjection(by="Ben", ballot=ballot, **(OBJECT | more)))
    everybody(play, kind, "Ben")


def test_a_question_keeps_what_everybody_consented_to_open_until_it_is_answered() -> None:
    play = asked()
    say(play, ASK)
    everybody(play, "advance")
    assert play.state.stage == "stability"
    assert say(play, ANSWER).startswith("question_answered ballot_closed stage_entered")
    assert last(play).ballot.questions[0].said == "q1 of Ben: which offices take part? (Ana: all but Bern)"


def test_who_asked_can_take_the_question_back_and_nobody_else() -> None:
    play = asked()
    say(play, ASK)
    everybody(play, "advance")
    assert "Ben asked q1" in str(refused(play, c.WithdrawQuestion(by="Ana", question="q1")))
    assert "stage_entered" in say(play, c.WithdrawQuestion(by="Ben"))


def test_when_time_is_up_a_question_makes_it_no_decision_and_says_so() -> None:
    play = asked()
    say(play, ASK)
    everybody(play, "advance", "Chloe")
    play.now += 4 * DAY
    play.pass_time()
    play.do(c.GiveConsent(by="Chloe"))
    play.now += 2 * DAY
    play.pass_time()
    reminded = [event for event in play.events if event.kind == "members_reminded"]
    assert [event.waiting_for for event in reminded] == [("Chloe",), ("Ana", "Chloe")]
    until_it_closes(play)
    assert (last(play).outcome, last(play).reason) == (
        "no_decision",
        "time is up, with the question q1 of Ben unanswered",
    )
    assert play.state.stage == "stability"


def test_an_objection_closes_a_ballot_whatever_is_still_asked() -> None:
    play = asked()
    say(play, ASK)
    veto(play, "advance")
    assert last(play).outcome == "objected"


def test_questions_are_open_named_and_told_apart() -> None:
    play = asked()
    say(play, ASK)
    assert say(play, ASK) == ""  # the same words once more are the same question
    say(play, c.AskQuestion(by="Chloe", question="until when?"))
    assert "Several questions" in str(refused(play, c.AnswerQuestion(by="Ana", answer="June")))
    assert "'q7'" in str(refused(play, c.AnswerQuestion(by="Ana", question="q7", answer="June")))
    say(play, ANSWER)
    assert "Ana answered q1 already" in str(
        refused(play, ANSWER.model_copy(update={"by": "Chloe", "answer": "none"}))
    )
    assert say(play, ANSWER) == ""
    view = ballot_views.ballots(play.state).open[0]
    assert [question.answered_by for question in view.questions] == ["Ana", ""]
    assert "which offices take part? (Ana: all but Bern)" in details.details(play.state)
    assert "until when? (not answered yet)" in details.details(play.state)
    assert "answer Chloe's question q2 on b1, if you can" in views.status(play.state).duties["Ana"]


def test_what_a_state_carries_of_questions_is_bounded() -> None:
    play = asked()
    for turn in range(1, 12):
        say(play, c.AskQuestion(by="Ben", question=f"and {turn}?"))
        say(play, c.AnswerQuestion(by="Ana", answer="yes"))
    assert [q.id for q in play.state.ballots[0].questions] == ["q9", "q10", "q11"]
    for turn in range(5):
        say(play, c.AskQuestion(by="Ben", question=f"open {turn}?"))
    assert "answer one first" in str(refused(play, c.AskQuestion(by="Chloe", question="one more?")))


def test_a_failed_round_is_asked_again_for_new_data_and_not_for_measuring_again() -> None:
    play = asked()
    veto(play, "advance")
    nothing = {
        gauge.name.replace(" ", "_"): MetricResult(name=gauge.name, evidence=evidence())
        for gauge in gauges(play.state.charter)
    }
    for _ in range(3):
        play.do(c.MeasureNow(by="Ana"))
        play.do(measured(play.state, play.now, nothing))
        assert (play.state.ballots, play.state.round, play.state.parked) == ((), 1, False)
        assert any("(b1) failed: to go on is asked again" in note for note in views.status(play.state).notes)
    play.measure()
    assert the(play, "advance").round == 2
    assert not any("asked again" in note for note in views.status(play.state).notes)


def test_a_preference_is_shown_as_one_and_blocks_nothing() -> None:
    play = asked()
    play.do(c.GiveConsent(by="Ana", note="July would be better"))
    everybody(play, "advance", "Ana")
    assert play.state.stage == "optimization"
    answers = ballot_views.ballots(play.state).last.answers  # type: ignore[union-attr]
    assert answers is not None
    assert answers["Ana"].said == "consent, with a preference: July would be better"
    assert answers["Ben"].said == "consent"


def test_a_fixable_objection_leads_to_a_revised_proposal_with_its_difference() -> None:
    play = optimizing()
    say(play, target(play, 2.5))
    veto(play, "amend", fix="2.8 is within reach")
    answers = last(play).ballot.answers
    assert answers["Ben"].said == "harms outcome: too soon; it would be mended by: 2.8 is within reach"
    failed = views.status(play.state).failed
    assert [(one.ballot, one.outcome, one.rounds, one.parked) for one in failed] == [
        (last(play).ballot.id, "objected", 1, False)
    ]
    say(play, target(play, 2.8, revises=last(play).ballot.id))
    view = ballot_views.ballots(play.state).open[0]
    assert (view.round, view.revises) == (2, last(play).ballot.id)
    assert view.revised == ("outcome.target: 2.5 -> 2.8",)
    assert view.changes == ("outcome.target: 3.0 -> 2.8",)
    assert f"It mends {view.revises}" in details.details(play.state)
    everybody(play, "amend")
    assert play.state.charter.outcome.target == 2.8
    assert play.state.attempts == {}


def test_the_difference_names_what_came_and_what_went() -> None:
    play = optimizing()
    say(play, target(play, 2.5))
    veto(play, "amend")
    links = c.ProposeAmendment(
        by="Ben", reason="links first", charter=changed(play, links={"wiki": "https://x"}), revises="b2"
    )
    assert last(play).ballot.id == "b2"
    say(play, links)
    assert play.state.ballots[0].revised == (
        "reason: we learned -> links first",
        "outcome.target: 2.5 -> not changed any more",
        "links.wiki: not changed before -> https://x",
    )


def test_the_same_proposal_is_the_next_round_even_if_nobody_says_so() -> None:
    play = optimizing()
    for round_ in (1, 2, 3):
        say(play, target(play, 2.5))
        assert the(play, "amend").round == round_
        veto(play, "amend")
    assert last(play).reason.endswith("parked after 3 rounds, until a member brings it back with resume")
    name = last(play).ballot.id
    said = str(refused(play, target(play, 2.5)))
    assert f"parked since ballot {name}, after 3 rounds" in said
    assert f"bst resume claims --ballot {name}" in said
    assert "parked" in views.status(play.state).attention
    assert "parked since" in str(refused(play, target(play, 2.7, revises=name)))


def test_a_parked_proposal_is_brought_back_by_any_member_and_begins_anew() -> None:
    play = optimizing()
    dissolve = c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier")
    for _ in range(3):
        say(play, dissolve)
        until_it_closes(play)
    assert last(play).reason.startswith("time is up, without an answer of Ben and Chloe; parked")
    refused(play, dissolve)
    assert "parked is" in str(refused(play, c.ResumeJourney(by="Ben", parked="b99")))
    assert say(play, c.ResumeJourney(by="Ben")) == "proposal_brought_back"
    assert "parked" not in views.status(play.state).attention
    say(play, dissolve)
    assert the(play, "dissolve").round == 1
    assert the(play, "dissolve").revised == ("nothing: it is proposed as it was",)


def test_several_parked_proposals_are_told_apart() -> None:
    play = optimizing(ballots={"rounds": 1})
    say(play, target(play, 2.5))
    say(play, c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier"))
    until_it_closes(play)
    assert "Several proposals are parked: say which one, b2 and b3" in str(
        refused(play, c.ResumeJourney(by="Ben"))
    )
    say(play, c.ResumeJourney(by="Ben", parked="b3"))
    assert say(play, c.ResumeJourney(by="Ben")) == "proposal_brought_back"  # the only one that is left


@pytest.mark.parametrize(
    ("revises", "code", "words"),
    [
        ("b9", "no_such_ballot", "what can be mended is b2"),
        ("b3", "no_such_ballot", "Ballot b3 is open"),
        ("b2", "not_understood", "about something else (amend)"),
    ],
)
def test_only_a_failed_round_of_the_same_kind_can_be_mended(revises: str, code: str, words: str) -> None:
    play = optimizing()
    say(play, target(play, 2.5))
    veto(play, "amend")
    say(play, target(play, 2.9))
    proposal = c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier", revises=revises)
    error = refused(play, proposal)
    assert (error.code, words in str(error)) == (code, True)


def test_a_withdrawn_round_is_no_round_and_another_amendment_is_another_matter() -> None:
    play = optimizing()
    say(play, target(play, 2.5))
    veto(play, "amend")
    say(play, target(play, 2.9))
    assert (the(play, "amend").round, the(play, "amend").revises) == (1, "")
    say(play, c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier"))
    everybody(play, "amend")
    assert last(play).ballot.proposal.kind == "amend"
    assert list(play.state.attempts) == ["amend:b2"]  # the dissolution was withdrawn


def test_what_a_state_keeps_of_failed_proposals_is_bounded_and_parked_ones_stay_longest() -> None:
    play = optimizing(ballots={"rounds": 2})
    for _ in range(2):
        say(play, c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier"))
        veto(play, "dissolve")
    for turn in range(8):
        say(play, target(play, 2.0 + turn / 10))
        veto(play, "amend")
    assert len(play.state.attempts) == 6
    assert "dissolve" in play.state.attempts


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (
            MetricResult(name=OUTCOME, evidence=evidence(control=BAD)),
            "The newest 10 points stay within the frozen limits: ",
        ),
        (failing(OUTCOME), "Limits of days to payment are frozen: the source fails since"),
    ],
)
def test_evidence_that_changes_for_the_worse_withdraws_the_ballot_and_names_the_criterion(
    result: MetricResult, words: str
) -> None:
    play = asked()
    everybody(play, "advance", "Chloe")
    play.measure(days_to_payment=result)
    assert (last(play).outcome, play.state.stage) == ("withdrawn", "stability")
    assert words in last(play).reason
    assert refused(play, c.GiveConsent(by="Chloe")).code == "no_such_ballot"
    play.measure()
    assert the(play, "advance").round == 1  # nobody's round was used up
    assert the(play, "advance").answers == {}
