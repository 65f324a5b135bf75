"""In a team with keys, only what the named member signed counts, once, and as it was signed."""

import pytest

from domain import commands as c
from domain.decide import decide
from domain.errors import BadSignature, NotSigned, StaleSignature
from signing.ed25519 import verify
from tests.unit.journeys import Play, begun
from tests.unit.signers import KEYS, signed


def forming() -> Play:
    return begun(keys=KEYS)


def test_a_signed_confirmation_counts_and_keeps_its_signature() -> None:
    play = forming()
    command = signed(play.state, c.ConfirmOutcome(by="Ben", version=1))
    events = decide(play.state, command, play.now, verify)
    assert events[0].signed is not None  # type: ignore[union-attr]
    assert command.signature is not None
    assert events[0].signed.ed25519 == command.signature.ed25519  # type: ignore[union-attr]


def test_without_a_verifier_no_signature_counts() -> None:
    play = forming()
    with pytest.raises(BadSignature, match="not Ben's signature"):
        decide(play.state, signed(play.state, c.ConfirmOutcome(by="Ben", version=1)), play.now)


def test_an_unsigned_confirmation_is_refused() -> None:
    play = forming()
    with pytest.raises(NotSigned, match="Ben has to sign"):
        decide(play.state, c.ConfirmOutcome(by="Ben", version=1), play.now, verify)


def test_a_number_that_is_not_the_next_is_refused() -> None:
    play = forming()
    with pytest.raises(StaleSignature, match="signature 2 of Ben, and 1 is the next"):
        decide(
            play.state, signed(play.state, c.ConfirmOutcome(by="Ben", version=1), number=2), play.now, verify
        )


def test_another_members_key_is_named() -> None:
    play = forming()
    command = signed(play.state, c.ConfirmOutcome(by="Ben", version=1), key="Ana")
    with pytest.raises(BadSignature, match="signed with the key of Ana"):
        decide(play.state, command, play.now, verify)
