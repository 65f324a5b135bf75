"""Absent members: given and taken back by them alone, answered explicitly for them, counted once."""

from datetime import date, timedelta

import pytest

from bst.journal_view import plain_sentence
from domain import ballot_views, schedule, views
from domain import commands as c
from domain.sealing import sealed_body
from domain.sentences import describe
from tests.unit.journeys import Play
from tests.unit.voting import FIVE, asked, everybody, refused, say
from workflows import details

UNTIL = date(2026, 1, 14)
AWAY = c.DelegateVoice(by="Ana", to="Ben", until=UNTIL)
FOR_ANA = c.GiveConsent(by="Ben", on_behalf_of="ana")


def away() -> Play:
    play = asked(members=FIVE, milestones={"runbook": "Ben", "pilot": "Ana"})
    play.now = play.state.ballots[0].opened_at
    say(play, AWAY.model_copy(update={"until": play.now.date() + timedelta(days=2)}))
    return play


def test_the_delegate_answers_explicitly_and_each_voice_counts_once() -> None:
    play = away()
    say(play, c.GiveConsent(by="Ben"))
    ballot = play.state.ballots[0]
    assert (set(ballot.answers), ballot.waiting_for) == ({"Ben"}, ("Ana", "Chloe", "Dora", "Eli"))
    assert say(play, FOR_ANA) == "consent_given"
    assert say(play, FOR_ANA) == ""
    ballot = play.state.ballots[0]
    assert ballot.answers["Ana"].given_by == "Ben"
    assert ballot.answers["Ben"].given_by == ""
    everybody(play, "advance", "Ana", "Ben")
    assert play.state.stage == "optimization"
    last = ballot_views.ballots(play.state).last
    assert last is not None
    assert last.answers is not None
    assert last.answers["Ana"].said == "consent, given by Ben"
    said = [describe(event, play.state.charter) for event in play.events]
    assert "Ben, for Ana, consented on b1" in said


def test_the_delegates_objection_for_the_absent_member_blocks_too() -> None:
    play = away()
    play.do(c.RaiseObjection(by="Ben", on_behalf_of="Ana", objection="irreversible", reason="no way back"))
    everybody(play, "advance", "Ana")
    assert play.state.last_closed is not None
    assert play.state.last_closed.outcome == "objected"


def test_the_absent_members_own_answer_always_prevails() -> None:
    play = away()
    say(play, FOR_ANA)
    say(play, c.RaiseObjection(by="Ana", objection="irreversible", reason="no way back"))
    assert play.state.ballots[0].answers["Ana"].choice == "objection"
    error = refused(play, FOR_ANA)
    assert (error.code, str(error)) == (
        "not_delegated",
        "Ana has answered ballot b1 in person, and that prevails.",
    )


def test_the_same_consent_in_person_makes_it_the_members_own() -> None:
    play = away()
    say(play, FOR_ANA)
    assert say(play, c.GiveConsent(by="Ana")) == "consent_given"
    assert play.state.ballots[0].answers["Ana"].given_by == ""


def test_who_was_not_asked_answers_for_nobody() -> None:
    play = away()
    for by, absent in (("Chloe", "Ana"), ("Ben", "Chloe"), ("Ana", "Ben")):
        error = refused(play, c.GiveConsent(by=by, on_behalf_of=absent))
        assert error.code == "not_delegated"
        assert f"Only {absent} can change that" in str(error)
    assert refused(play, c.GiveConsent(by="Ben", on_behalf_of="Mallory")).code == "not_a_member"


def test_an_absence_ends_at_its_day_by_itself() -> None:
    play = away()
    until = play.state.delegations["Ana"].until
    assert until.hour == 0  # of the next day: the named one counts
    assert schedule.next_timer_at(play.state) == until
    play.now = until
    assert refused(play, FOR_ANA).code == "not_delegated"  # before the clock was served
    play.pass_time()
    assert play.state.delegations == {}
    assert [event.kind for event in play.events][-1] == "delegation_ended"


def test_only_the_absent_member_takes_it_back() -> None:
    play = away()
    assert "nothing to take back" in str(refused(play, c.TakeBackVoice(by="Ben")))
    say(play, FOR_ANA)
    assert say(play, c.TakeBackVoice(by="Ana")) == "voice_taken_back"
    assert refused(play, FOR_ANA).code == "not_delegated"
    assert play.state.ballots[0].answers["Ana"].given_by == "Ben"  # it was given while it might be


@pytest.mark.parametrize(
    ("by", "to", "until", "words"),
    [
        ("Ben", "Chloe", 3, "Ben answers for Ana until"),  # no chain by who holds a voice
        ("Chloe", "Ana", 3, "Ana is absent too (Ben answers for Ana)"),  # nor to who gave one away
        ("Chloe", "Ben", 3, "Ben answers for Ana already, and nobody answers for two"),
        ("Chloe", "Chloe", 3, "has this voice already"),
        ("Chloe", "Dora", -1, "is over"),
        ("Chloe", "Dora", 91, "at the latest"),
        ("Chloe", "Mallory", 3, "not a member"),
    ],
)
def test_no_chains_no_second_voice_and_no_endless_absence(by: str, to: str, until: int, words: str) -> None:
    play = away()
    day = play.now.date() + timedelta(days=until)
    assert words in str(refused(play, c.DelegateVoice(by=by, to=to, until=day)))


def test_another_delegate_replaces_the_first() -> None:
    play = away()
    day = play.now.date() + timedelta(days=5)
    say(play, c.DelegateVoice(by="Ana", to="Chloe", until=day))
    assert say(play, c.DelegateVoice(by="Ana", to="Chloe", until=day)) == ""
    assert refused(play, FOR_ANA).code == "not_delegated"
    assert say(play, c.GiveConsent(by="Chloe", on_behalf_of="Ana")) == "consent_given"


def test_everybody_sees_who_may_answer_for_whom_and_who_did_and_not_what() -> None:
    play = away()
    status = views.status(play.state)
    assert status.absent["Ana"].to == "Ben"
    assert any(line.startswith("answer b1 for Ana") for line in status.duties["Ben"])
    say(play, c.GiveConsent(by="Ben", on_behalf_of="Ana", note="a distinctive word"))
    view = ballot_views.ballots(play.state).open[0]
    assert view.answered_for == {"Ana": "Ben"}
    page = details.details(play.state)
    assert "Ben answered for Ana." in page
    assert "Ana is absent until" in page
    assert "distinctive" not in page + view.model_dump_json()
    body = sealed_body({"by": "Ben", "ballot": "b1", "on_behalf_of": "Ana", "note": "a distinctive word"})
    assert plain_sentence(body["kind"], body) == "Ben answered b1 for Ana; sealed until all have or it closes"


def test_who_leaves_gives_back_what_they_held_and_what_they_gave() -> None:
    for leaver in ("Ana", "Ben"):
        play = away()
        say(play, c.LeaveTeam(by=leaver, reason="another task"))
        assert play.state.delegations == {}
