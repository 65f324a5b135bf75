"""The present code goes on with the states that earlier versions carried."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from domain import commands as c
from domain import notices, schedule, views
from domain.state import SCHEMA_VERSION, State
from tests.contract.record_state import STATES
from tests.unit.journeys import Play
from workflows import details
from workflows.ledger import Ledger
from workflows.messages import CarriedJourney

STORED = sorted(STATES.glob("v*.json"))


def loaded(path: Path) -> CarriedJourney:
    return CarriedJourney.model_validate_json(path.read_text(encoding="utf-8"))


def holding(carried: CarriedJourney) -> Play:
    """Return the journey at the moment when it was stored."""
    at = carried.state.measured_at
    assert at is not None
    return Play(state=carried.state, now=at)


def test_there_is_a_state_of_each_version() -> None:
    assert [path.stem for path in STORED] == [f"v{version}" for version in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_state_loses_nothing(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    carried = loaded(path)
    assert carried.state.schema_version == SCHEMA_VERSION
    if stored["state"]["schema_version"] == SCHEMA_VERSION:
        assert _lost(stored, carried.model_dump(mode="json")) == []


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_state_says_what_it_said(path: Path) -> None:
    state = loaded(path).state
    status = views.status(state)
    assert (status.team, status.stage, status.metric) == ("claims", "optimization", "days to payment")
    assert {"hold", "grace", "source", "refused"} <= set(status.attention)
    assert views.evidence(state).metrics[0].explained == {"2026-01-19": "a storm"}
    assert [ballot.kind for ballot in status.ballots] == ["dissolve"]
    assert state.baselines.keys() >= {"days to payment", "cost per claim", "complaints"}
    assert details.details(state)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_state_folds_on(path: Path) -> None:
    carried = loaded(path)
    play = holding(carried)
    play.do(c.ResumeJourney(by="Ana"))
    play.measure()
    assert "grace" not in notices.attention(play.state)
    assert [ballot.proposal.kind for ballot in play.state.ballots] == ["dissolve", "advance"]
    play.consent_all(-1)
    assert play.state.stage == "innovation"
    assert schedule.measure_request(play.state, play.now).stage == "innovation"


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_answers_and_events_on_their_way_are_carried(path: Path) -> None:
    carried = loaded(path)
    ledger = Ledger("claims", carried.state, carried.sequence, carried.outbox, dict(carried.receipts))
    now = holding(carried).now
    old = ledger.answer("consent-Chloe-2", c.GiveConsent(by="Chloe"), now)
    assert old == carried.receipts["consent-Chloe-2"]  # not asked anew
    assert ledger.outbox == carried.outbox
    ledger.answer("resume", c.ResumeJourney(by="Ana"), now + timedelta(seconds=1))
    assert [envelope.seq for envelope in ledger.outbox] == list(
        range(carried.outbox[0].seq, carried.outbox[0].seq + len(ledger.outbox))
    )


# Parts that came after the file, with a default.
LATER = {
    "attempts",
    "delegations",
    "missing_since",
    "exempt",
    "signed",
    "journey",
    "together",
    "pulses",
    "read_backs",
} | {
    "phases",
    "frozen_from",
    "closes",
    "recorded",
    "restated",
    "passed",
    "doubts",
}


def test_the_newest_stored_state_has_something_in_every_part() -> None:
    state = loaded(STORED[-1]).state
    empty = {name for name in State.model_fields if not _filled(getattr(state, name))}
    assert empty <= {"ending", "parked", "cooling", "round", "unwritten"} | LATER  # what it cannot be in


def _filled(value: Any) -> bool:
    return isinstance(value, BaseModel) or bool(value)


def _lost(before: Any, after: Any, where: str = "") -> list[str]:
    """Return the places whose value is gone or another one; what is new does no harm."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            place
            for key, value in before.items()
            for place in (
                _lost(value, after[key], f"{where}.{key}") if key in after else [f"{where}.{key} is gone"]
            )
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [place for i, (a, b) in pairs for place in _lost(a, b, f"{where}[{i}]")]
    return [] if before == after else [f"{where}: {before!r} became {after!r}"]
