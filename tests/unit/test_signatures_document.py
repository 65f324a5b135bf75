"""docs/decisions/signatures.md has a statement to the letter, and every program can compute it again."""

import hashlib
import json
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain import commands as c
from domain.signatures import SMALL_ORDER
from domain.statement import standing, statement
from signing.ed25519 import public_half, sign, verify
from tests.unit.journeys import charter
from tests.unit.signers import begun_with_keys

PAGE = (Path(__file__).parents[2] / "docs" / "decisions" / "signatures.md").read_text(encoding="utf-8")
SHOWN, KEY_AND_SIGNATURE = re.findall(r"^```\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
# Curve25519: the field's size, and the curve's constant d (RFC 8032, 5.1).
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def test_the_statement_is_the_documents() -> None:
    play = begun_with_keys(team="claims")
    about = standing(play.state).model_copy(
        update={"journey": "019ac2f1-0000-7000-8000-000000000001", "rounds": {"b3": 2}}
    )
    answer = c.GiveConsent(by="Ben", ballot="b3", digest="9f2c" + "0" * 60, note="at last, für alle")
    assert statement(about, answer, "Ben", 7).decode() == SHOWN


def test_its_signature_is_the_documents() -> None:
    key, (public, value) = Ed25519PrivateKey.from_private_bytes(bytes(range(32))), KEY_AND_SIGNATURE.split()
    assert (public_half(key), sign(key, SHOWN.encode())) == (public, value)
    assert verify(public, SHOWN.encode(), value)
    assert not verify(public, SHOWN.encode() + b"\n", value)


def test_what_is_told_of_long_things_is_their_sha_256() -> None:
    play, other = begun_with_keys(), charter(team="claims")
    amendment = c.ProposeAmendment(by="Ana", reason="we learned", charter=other)
    confirmation = c.ConfirmOutcome(by="Ana", version=1)
    said = [
        json.loads(statement(standing(play.state), command, "Ana", 1).decode().partition("\n")[2])
        for command in (amendment, confirmation)
    ]
    whole = (other.model_dump(mode="json"), play.state.charter.outcome.model_dump(mode="json"))
    texts = [json.dumps([one], sort_keys=True, separators=(",", ":"), ensure_ascii=False) for one in whole]
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    assert said[0]["said"] == {"reason": "we learned", "charter": digests[0]}
    assert said[1]["about"] == {"outcome": digests[1]}


def test_a_key_that_everybody_could_sign_for_is_a_point_of_small_order() -> None:
    """Eight times such a point is the neutral one; and no encoding of one is left out."""
    assert {y for y in SMALL_ORDER if not _is_torsion(y % P)} == set()
    whole = {y % P for y in SMALL_ORDER}
    assert len(whole) == 5  # of orders 1, 2, 4 and twice 8, each with both signs of x
    assert {y + P for y in whole if y + P < 2**255} <= SMALL_ORDER


def _is_torsion(y: int) -> bool:
    """Whether doubling three times, by y alone, leads to the neutral point (0, 1)."""
    for _ in range(3):
        x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
        # RFC 8032's doubling: y' = (y^2 + x^2) / (2 - y^2 + x^2), on -x^2 + y^2 = 1 + d x^2 y^2.
        y = (y * y + x2) * pow(2 - y * y + x2, -1, P) % P
    return y == 1
