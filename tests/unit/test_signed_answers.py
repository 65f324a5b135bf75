"""In a team with keys, only what the named member signed counts, once, and as it was signed."""

import base64
import random
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from domain import commands as c
from domain.ballots import Ballot
from domain.decide import decide
from domain.errors import BadSignature, NotSigned, NotUnderstood, Refused, StaleSignature
from domain.events.shapes import ByMember
from domain.signatures import Signature
from domain.state import State
from domain.statement import Standing, standing
from signing.ed25519 import verify
from tests.unit.journeys import MEMBERS, Play
from tests.unit.signers import KEYS, SignedPlay, begun_with_keys, signed

OTHER = {"Ana": "Ben", "Ben": "Chloe", "Chloe": "Ana"}


def asked() -> SignedPlay:
    """A ballot on the next stage is open, and nobody has answered."""
    play = begun_with_keys()
    play.to("stability")
    play.do(c.ReachMilestone(name="runbook", by="Ben"))
    play.measure()
    assert [ballot.proposal.kind for ballot in play.state.ballots] == ["advance"]
    return play


def the_ballot(play: Play) -> Ballot:
    return play.state.ballots[-1]


def consent(play: Play, by: str, note: str = "") -> c.GiveConsent:
    """Return what a member who read the ballot says, not signed yet."""
    ballot = the_ballot(play)
    return c.GiveConsent(by=by, ballot=ballot.id, digest=ballot.digest, note=note)


def refusal(play: Play, command: c.Command) -> type[Refused] | None:
    """Return how a command is refused, or None when it is taken."""
    try:
        decide(play.state, command, play.now, verify)
    except Refused as error:
        return type(error)
    return None


def test_a_team_with_keys_goes_through_a_gate_on_signed_answers() -> None:
    play = asked()
    for member in MEMBERS:
        play.do(consent(play, member))
    assert play.state.stage == "optimization"
    assert play.refused == []
    kept = [event for event in play.events if isinstance(event, ByMember) and event.signed is not None]
    assert {event.kind for event in kept} == {"outcome_confirmed", "milestone_reached", "consent_given"}
    assert play.state.signed == {"Ana": 2, "Ben": 3, "Chloe": 2}


def test_the_same_team_without_signatures_stays_where_it_is() -> None:
    play = asked()
    for member in MEMBERS:
        with pytest.raises(NotSigned, match=f"{member} has to sign this"):
            decide(play.state, consent(play, member), play.now, verify)


def test_without_a_verifier_no_signature_counts() -> None:
    play = asked()
    with pytest.raises(BadSignature, match="not Ben's signature"):
        decide(play.state, signed(play.state, consent(play, "Ben")), play.now)


# A way to make an answer that its member did not give: of a member, and a signed answer of theirs.
Forgery = Callable[[SignedPlay, str, c.GiveConsent, random.Random], c.Command]


def by_another_key(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return signed(play.state, answer, key=rng.choice([OTHER[by], "new"]))


def in_another_name(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return answer.model_copy(update={"by": OTHER[by]})


def in_capitals(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return answer.model_copy(update={"by": OTHER[by].upper()})


def unsigned(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return answer.model_copy(update={"signature": None})


def with_another_note(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return answer.model_copy(update={"note": f"note {rng.random()}"})


def turned_into_an_objection(
    play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random
) -> c.Command:
    said = answer.model_dump(include={"by", "ballot", "digest"})
    no = c.RaiseObjection(**said, objection="irreversible", reason="no way back")
    return no.model_copy(update={"signature": answer.signature})


def of_another_number(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    assert answer.signature is not None
    number = answer.signature.number + rng.choice([-1, 1, 2, 1000])
    return answer.model_copy(
        update={"signature": answer.signature.model_copy(update={"number": max(number, 0)})}
    )


def about(play: SignedPlay, **other: Any) -> Standing:
    return standing(play.state).model_copy(update=other)


def of_another_journey(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return signed(about(play, journey=f"run {rng.random()}"), answer)


def of_another_team(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return signed(about(play, team="claims2"), answer)


def of_another_round(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    return signed(about(play, rounds={the_ballot(play).id: the_ballot(play).round + 1}), answer)


def of_another_ballot(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    other = signed(play.state, answer.model_copy(update={"ballot": f"b{rng.randrange(2, 99)}"}))
    return other.model_copy(update={"ballot": answer.ballot})


def of_other_evidence(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    other = signed(play.state, answer.model_copy(update={"digest": f"{rng.getrandbits(256):064x}"}))
    return other.model_copy(update={"digest": answer.digest})


def with_a_bit_turned(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    assert answer.signature is not None
    raw = bytearray(base64.b64decode(answer.signature.ed25519))
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    value = base64.b64encode(raw).decode()
    return answer.model_copy(update={"signature": answer.signature.model_copy(update={"ed25519": value})})


def made_up(play: SignedPlay, by: str, answer: c.GiveConsent, rng: random.Random) -> c.Command:
    value = base64.b64encode(rng.randbytes(64)).decode()
    assert answer.signature is not None
    return answer.model_copy(update={"signature": Signature(number=answer.signature.number, ed25519=value)})


FORGERIES: tuple[Forgery, ...] = (
    by_another_key, in_another_name, in_capitals, unsigned, with_another_note, turned_into_an_objection,
    of_another_number, of_another_journey, of_another_team, of_another_round, of_another_ballot,
    of_other_evidence, with_a_bit_turned, made_up,
)  # fmt: skip
OF_EACH = 72


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_of_a_thousand_forged_and_altered_answers_none_counts(forge: Forgery) -> None:
    assert OF_EACH * len(FORGERIES) >= 1000
    rng, play = random.Random(forge.__name__), asked()
    before, answer = play.state, signed(play.state, consent(play, "Ana"))
    for time in range(OF_EACH):
        by = MEMBERS[time % len(MEMBERS)]
        answer = signed(play.state, consent(play, by, note="" if time % 2 else "good enough"))
        forged = forge(play, by, answer, rng)
        assert play.sent(forged) == (), forged
    assert len(play.refused) == OF_EACH
    assert set(play.refused) <= {BadSignature.code, NotSigned.code, StaleSignature.code}
    assert play.state == before
    assert play.sent(answer)  # the last one, as its member signed it


def test_no_replayed_answer_counts() -> None:
    """Every signature that ever counted is sent again, to every later ballot that it could be meant for."""
    play, kept = begun_with_keys(), list[c.Command]()

    def do(command: c.OfDeciding | c.ConfirmOutcome | c.ReachMilestone) -> None:
        again = signed(play.state, play.explicit(command), by=play.speaker(command))
        if play.sent(again):
            kept.append(again)

    for member in MEMBERS:
        do(c.ConfirmOutcome(by=member))
    for stage in ("stability", "optimization", "innovation"):
        for name, owner in play.state.charter.milestones.items():
            do(c.ReachMilestone(name=name, by=owner))
        play.measure()
        do(consent(play, "Ana", note=f"of {stage}"))
        do(c.RaiseObjection(by="Ana", ballot=the_ballot(play).id, digest=the_ballot(play).digest,
                            objection="harms_outcome", reason=f"wait, {stage}"))  # fmt: skip
        do(consent(play, "Ana", note="now it is good"))
        _all_refused(play, kept[:-1])
        for member in ("Ben", "Chloe"):
            do(consent(play, member))
        _all_refused(play, kept)
    assert play.state.stage == "completed"
    assert len(kept) == 3 + 2 + 3 * 5


def _all_refused(play: SignedPlay, kept: list[c.Command]) -> None:
    """Nothing of what was said counts again; once the journey is over nothing does at all."""
    before = play.state
    for command in kept:
        newest = command is kept[-1]
        assert play.sent(command) == () or newest, command
    assert play.state == before


def test_the_newest_answer_delivered_twice_is_one_answer() -> None:
    play = asked()
    answer = signed(play.state, consent(play, "Ana"))
    assert [event.kind for event in play.sent(answer)] == ["consent_given"]
    before = play.state
    assert play.sent(answer) == ()
    assert play.refused == []
    assert play.state == before


def test_an_older_answer_is_not_played_over_a_newer_one() -> None:
    play = asked()
    yes = signed(play.state, consent(play, "Ana"))
    play.sent(yes)
    play.do(c.RaiseObjection(by="Ana", objection="irreversible", reason="I looked again"))
    with pytest.raises(StaleSignature, match="it was used before, or Ana has signed something else"):
        decide(play.state, yes, play.now, verify)
    assert the_ballot(play).answers["Ana"].choice == "objection"


def test_an_open_answer_is_not_guessed_from_what_is_refused() -> None:
    """Without a signature, the same words as the sealed answer are refused as any others are."""
    play = asked()
    play.do(consent(play, "Ana"))
    for note in ("", "something else"):
        with pytest.raises(NotSigned):
            decide(play.state, consent(play, "Ana", note), play.now, verify)


def test_another_members_key_is_named() -> None:
    play = asked()
    with pytest.raises(BadSignature, match="signed with the key of Ana, and says that it comes from Ben"):
        decide(play.state, signed(play.state, consent(play, "Ben"), key="Ana"), play.now, verify)


@pytest.mark.parametrize("left_out", ["ballot", "digest"])
def test_what_is_signed_says_what_it_is_about(left_out: str) -> None:
    play = asked()
    vague = consent(play, "Ana").model_copy(update={left_out: None})
    with pytest.raises(NotUnderstood, match=f"has to name its {left_out}"):
        decide(play.state, signed(play.state, vague), play.now, verify)


def test_a_name_in_other_letters_is_the_same_member() -> None:
    play = asked()
    answer = signed(play.state, consent(play, "Ana")).model_copy(update={"by": "ANA"})
    assert play.sent(answer)
    assert play.state.signed["Ana"] == 2


def test_what_the_rules_refuse_is_told_before_the_signature() -> None:
    play = asked()
    gone = consent(play, "Ana").model_copy(update={"ballot": "b99"})
    assert refusal(play, signed(play.state, gone)).__name__ == "NoSuchBallot"  # type: ignore[union-attr]


def test_a_team_without_keys_takes_no_signature() -> None:
    play = asked()
    bare = play.state.model_copy(update={"charter": play.state.charter.model_copy(update={"keys": {}})})
    with pytest.raises(BadSignature, match="lists no keys"):
        decide(bare, signed(play.state, consent(play, "Ana")), play.now, verify)


# The form of a signature and of a key: one way to write each.
GOOD = base64.b64encode(bytes(range(64))).decode()


@pytest.mark.parametrize(
    "value",
    [
        GOOD[:-2],
        GOOD[:-4],
        GOOD + "AAAA",
        GOOD + "=",
        GOOD.replace("A", " A", 1),
        GOOD[:-3] + "x==",  # bits that are not zero
        GOOD.replace("+", "-").replace("/", "_") if "+" in GOOD or "/" in GOOD else GOOD + "\n",
        "",
        "0x" + "00" * 64,
    ],
)
def test_a_signature_in_another_form_is_none(value: str) -> None:
    Signature(number=1, ed25519=GOOD)
    with pytest.raises(ValidationError):
        Signature(number=1, ed25519=value)
    assert not verify(KEYS["Ana"], b"message", value)


@pytest.mark.parametrize("number", [0, -1, 1.0, True, "1", 2**53])
def test_a_number_is_a_whole_one(number: object) -> None:
    with pytest.raises(ValidationError):
        Signature.model_validate({"number": number, "ed25519": GOOD})


def test_the_state_carries_no_more_than_a_number_per_member() -> None:
    play = asked()
    assert State.model_validate_json(play.state.model_dump_json()) == play.state
    assert play.state.model_dump()["signed"] == {"Ana": 1, "Ben": 2, "Chloe": 1}
