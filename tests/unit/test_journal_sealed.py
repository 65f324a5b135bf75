"""The journal as people read it keeps the answers on an open ballot sealed."""

import json
from dataclasses import replace
from typing import Any

from bst.journal_sealed import is_sealed, sealed
from bst.journal_view import lines
from domain.envelope import GENESIS, Entry
from domain.sealing import SEALED


def row(seq: int, kind: str, **body: Any) -> Entry:
    return Entry(
        "claims", seq, "2026-01-05T00:00:00.000000Z", kind, json.dumps({"kind": kind, **body}), "", ""
    )


CONSENT = row(1, "consent_given", ballot="b1", by="Ana", note="at last")
OBJECTION = row(2, "objection_raised", ballot="b1", by="Ben", objection="irreversible", reason="no way back")
OTHER = row(3, "consent_given", ballot="b2", by="Ana", note="gladly")


def test_an_open_ballot_shows_who_has_answered_and_not_what() -> None:
    shown = sealed([CONSENT, OBJECTION])
    assert [entry.kind for entry in shown] == [SEALED, SEALED]
    text = " ".join(entry.body for entry in shown) + str(lines(shown))
    assert "Ana" in text
    assert "Ben" in text
    for secret in ("at last", "no way back", "consent", "objection", "irreversible"):
        assert secret not in text


def test_a_closed_ballot_shows_everything_and_an_open_one_beside_it_nothing() -> None:
    closed = row(4, "ballot_closed", ballot="b1", outcome="objected", reason="everybody answered")
    shown = sealed([CONSENT, OBJECTION, OTHER, closed])
    assert shown[:2] == [CONSENT, OBJECTION]
    assert "gladly" not in shown[2].body
    assert shown[3] == closed


def test_no_hash_that_covers_a_sealed_answer_is_shown() -> None:
    """Whoever has it could try out which answer fits."""
    written: list[Entry] = []
    for seq, entry in enumerate((row(1, "journey_held", by="Ben"), CONSENT, OTHER, row(4, "measured")), 1):
        envelope = replace(entry, seq=seq).envelope()
        written.append(Entry.of(envelope, written[-1].hash if written else GENESIS))
    shown = sealed(written)
    assert shown[0] == written[0]
    assert [(entry.previous, entry.hash) for entry in shown[1:]] == [("", "")] * 3


def test_answers_on_a_withdrawn_ballot_stay_sealed_and_hold_no_hash_back() -> None:
    withdrawn = replace(row(4, "ballot_closed", ballot="b1", outcome="withdrawn"), hash="abc")
    shown = sealed([CONSENT, OBJECTION, withdrawn])
    assert [entry.kind for entry in shown] == [SEALED, SEALED, "ballot_closed"]
    assert shown[2] == withdrawn
    assert "no way back" not in str(shown)
    assert "Ben answered b1; sealed for good, it was withdrawn" in str(lines(shown))
    assert is_sealed(CONSENT, [CONSENT, withdrawn])
