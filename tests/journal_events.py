"""Events of a journey as the tests of the journal hand them over."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.envelope import Envelope

TEAM = "dl-lga"
BEGAN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def event(seq: int, team: str = TEAM, **changes: Any) -> Envelope:
    """Return the event of this number; the same number always gives the same event."""
    given = {
        "at": BEGAN + timedelta(days=seq, microseconds=seq),
        "kind": "consent_given",
        "body": {"member": "mia", "ballot": f"b-{seq}", "share": 0.8125, "evidence": {"n": seq, "ok": True}},
    }
    return Envelope(team=team, seq=seq, **(given | changes))


def events(first: int, last: int, team: str = TEAM) -> tuple[Envelope, ...]:
    """Return the events `first`..`last`, both included."""
    return tuple(event(seq, team) for seq in range(first, last + 1))
