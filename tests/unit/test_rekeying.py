"""Members' keys change with everybody's consent, or with that of the others where one is lost."""

from datetime import timedelta
from typing import Any

import pytest

from domain import commands as c
from domain.charter import Charter
from domain.decide import decide
from domain.errors import BadSignature
from signing.ed25519 import verify
from tests.unit.journeys import MEMBERS, charter
from tests.unit.signers import KEYS, PUBLIC, SignedPlay, begun_with_keys, signed

MEMBERS_OF = charter().members


def formed(**changes: Any) -> SignedPlay:
    play = begun_with_keys(**changes)
    play.to("stability")
    return play


def rekeyed(play: SignedPlay, who: str = "Ben", **changes: Any) -> Charter:
    """Return the charter with another key of a member, and with whatever else is changed."""
    keys = {**play.state.charter.keys, who: PUBLIC["new"]}
    return play.state.charter.model_copy(update={"keys": keys, **changes})


def propose(play: SignedPlay, by: str, charter: Charter) -> None:
    play.do(c.ProposeAmendment(by=by, reason="a new key", charter=charter))
    assert play.state.ballots[-1].proposal.kind == "amend", play.refused


def answer(play: SignedPlay, *members: str) -> None:
    ballot = play.state.ballots[-1]
    for member in members:
        play.do(c.GiveConsent(by=member, ballot=ballot.id, digest=ballot.digest))


def time_is_up(play: SignedPlay) -> None:
    play.now += timedelta(days=8)
    play.pass_time()


def test_a_member_lists_a_new_key_with_the_old_one_and_everybodys_consent() -> None:
    play = formed()
    propose(play, "Ben", rekeyed(play))
    answer(play, "Ana", "Chloe")
    assert play.state.charter.keys["Ben"] == PUBLIC["new"]
    play.sent(signed(play.state, c.HoldJourney(by="Ben", reason="an audit")))
    assert play.refused == [BadSignature.code]  # by the old key
    play.sent(signed(play.state, c.HoldJourney(by="Ben", reason="an audit"), key="new"))
    assert play.state.hold is not None


def test_a_lost_key_is_replaced_by_the_others_when_time_is_up_and_not_before() -> None:
    play = formed()
    propose(play, "Ana", rekeyed(play))
    answer(play, "Chloe")
    assert play.state.charter.keys == KEYS  # Ben may still object
    time_is_up(play)
    assert play.state.charter.keys["Ben"] == PUBLIC["new"]


def test_who_has_the_key_still_keeps_it_by_an_objection() -> None:
    play = formed()
    propose(play, "Ana", rekeyed(play))
    answer(play, "Chloe")
    play.do(c.RaiseObjection(by="Ben", ballot=play.state.ballots[-1].id, digest=play.state.ballots[-1].digest,
                             objection="stops_my_work", reason="I have it, and I am here"))  # fmt: skip
    time_is_up(play)
    assert play.state.charter.keys == KEYS


def test_the_others_are_all_others() -> None:
    play = formed()
    propose(play, "Ana", rekeyed(play))
    time_is_up(play)  # without Chloe
    assert play.state.charter.keys == KEYS


@pytest.mark.parametrize("also", ["target", "another key"])
def test_nothing_else_comes_about_by_the_silence_of_who_lost_a_key(also: str) -> None:
    play = formed()
    other = rekeyed(play)
    if also == "target":
        outcome = other.outcome.model_copy(update={"target": 4.0})
        other = other.model_copy(update={"outcome": outcome})
    else:
        other = other.model_copy(update={"keys": {**other.keys, "Ana": PUBLIC["Dora"]}})
    propose(play, "Ana", other)
    answer(play, "Chloe")
    time_is_up(play)
    assert play.state.charter.keys == KEYS


def test_in_a_team_of_two_nobody_takes_the_others_voice() -> None:
    two = {"Ana": "claims handling", "Ben": "IT"}
    keys = {name: KEYS[name] for name in two}
    play = begun_with_keys(members=two, keys=keys, milestones={}, stages={})
    play.to("stability")
    propose(play, "Ana", rekeyed(play))
    time_is_up(play)
    assert play.state.charter.keys["Ben"] == KEYS["Ben"]


@pytest.mark.parametrize(
    "changed",
    [
        {"keys": {**KEYS, "Ben": PUBLIC["new"]}},
        {"keys": {}},
        {
            "members": {**dict.fromkeys(MEMBERS, "IT"), "Dora": "legal"},
            "keys": KEYS | {"Dora": PUBLIC["Dora"]},
        },
    ],
    ids=["a key", "all keys", "a member"],
)
def test_while_the_team_forms_keys_and_members_change_by_everybodys_signed_consent_alone(
    changed: dict[str, Any],
) -> None:
    play = begun_with_keys()
    play.do(c.ConfirmOutcome(by="Ben"))
    other = play.state.charter.model_copy(update=changed)
    propose(play, "Ana", other)
    answer(play, "Chloe")
    assert play.state.charter.keys == KEYS
    answer(play, "Ben")
    assert play.state.charter == other
    assert play.state.confirmations == dict.fromkeys(MEMBERS, 2)  # who consented confirmed that


def test_while_the_team_forms_the_rest_is_amended_at_once_and_confirmed_anew() -> None:
    play = begun_with_keys()
    play.do(c.ConfirmOutcome(by="Ben"))
    outcome = play.state.charter.outcome.model_copy(update={"target": 4.0})
    play.do(
        c.ProposeAmendment(
            by="Ana", reason="harder", charter=play.state.charter.model_copy(update={"outcome": outcome})
        )
    )
    assert (play.state.outcome_version, play.state.ballots) == (2, ())
    play.sent(signed(play.state, c.ConfirmOutcome(by="Ben", version=1)))
    assert play.refused == ["stale_evidence"]


def test_silence_of_who_lost_a_key_confirms_nothing() -> None:
    play = begun_with_keys()
    propose(play, "Ana", rekeyed(play))
    answer(play, "Chloe")
    time_is_up(play)
    assert play.state.charter.keys["Ben"] == PUBLIC["new"]
    assert play.state.confirmations == {"Ana": 2, "Chloe": 2}


def test_a_new_key_in_the_middle_of_another_ballot_asks_that_anew() -> None:
    """Answers under the old key lapse with their ballot, so none of them counts beside the new key."""
    play = formed()
    play.do(c.ReachMilestone(name="runbook", by="Ben"))
    play.measure()
    advance = play.state.ballots[0]
    old = signed(play.state, c.GiveConsent(by="Ben", ballot=advance.id, digest=advance.digest))
    play.sent(old)
    play.do(c.DissolveTeam(by="Ana", reason="over", lesson="none"))
    dissolve = play.state.ballots[-1]
    play.do(c.GiveConsent(by="Ben", ballot=dissolve.id, digest=dissolve.digest))
    propose(play, "Ana", rekeyed(play))
    answer(play, "Ben", "Chloe")
    assert play.state.charter.keys["Ben"] == PUBLIC["new"]
    assert {advance.id, dissolve.id}.isdisjoint(ballot.id for ballot in play.state.ballots)
    play.measure()
    again = play.state.ballots[-1]
    assert (again.proposal.kind, again.answers) == ("advance", {})
    with pytest.raises(BadSignature, match="another key was used than the charter's"):
        decide(play.state, signed(play.state, c.GiveConsent(by="Ben", ballot=again.id, digest=again.digest)),
               play.now, verify)  # fmt: skip


def test_who_left_and_came_back_signs_on_from_the_number_they_had() -> None:
    play = formed()
    before = play.state.signed["Ben"]
    leave = signed(play.state, c.LeaveTeam(by="Ben", reason="another task"))
    play.sent(leave)
    assert "Ben" not in play.state.charter.keys
    charter = play.state.charter.model_copy(
        update={"members": {**play.state.charter.members, "Ben": "IT"}, "keys": KEYS}
    )
    propose(play, "Ana", charter)
    answer(play, "Chloe")
    assert play.state.charter.keys == KEYS
    assert play.sent(leave) == ()  # it is no use a second time
    assert play.state.signed["Ben"] == before + 1


def test_a_delegate_answers_with_a_signature_of_their_own_that_says_for_whom() -> None:
    play = formed()
    play.do(c.DelegateVoice(by="Ana", to="Ben", until=(play.now + timedelta(days=30)).date()))
    play.do(c.ReachMilestone(name="runbook", by="Ben"))
    play.measure()
    ballot = play.state.ballots[0]
    said = {"by": "Ben", "ballot": ballot.id, "digest": ballot.digest}
    own = signed(play.state, c.GiveConsent(**said))
    assert play.sent(own.model_copy(update={"on_behalf_of": "Ana"})) == ()
    assert play.sent(signed(play.state, c.GiveConsent(**said, on_behalf_of="Ana"), key="Ana")) == ()
    assert play.refused == [BadSignature.code] * 2
    play.sent(signed(play.state, c.GiveConsent(**said, on_behalf_of="Ana")))
    assert set(play.state.ballots[0].answers) == {"Ana"}
