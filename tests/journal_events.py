"""Events of a journey as the tests of the journal hand them over, and a way past the journal's own code."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine

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


def run_sql(url: str, statement: str) -> None:
    """Run SQL on the journal's database as somebody else would."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()
