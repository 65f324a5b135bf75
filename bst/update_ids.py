"""Ids of updates that make the same call, made twice, one update.

A client that hears nothing sends again, and a journey that continues as new has a new run: only the id tells
that it is the same update. So it is made from what the call means, never at random:

- a confirmation is one per member and version: `confirm-Ana-v2`;
- an answer is one per ballot, member and revision: `answer-b3-Ana-1-<digest>`. The digest of what was
  answered is part of it, because of two different answers at the same moment both have to arrive;
- everything else is one per moment of the journey: `hold-Ana-<digest of the command, the run and its
  number of events>`. A call that is made again before anything has happened is the same update. Once
  something has happened, the same words are a new wish, such as a second hold after a resume, and the
  rules judge it: what was done already is refused with a sentence that says so.
"""

import hashlib
from typing import NamedTuple

from pydantic import BaseModel

from domain.commands import ConfirmOutcome

# Hexadecimal digits of SHA-256. 12 are 48 bits: a team sends a few thousand updates in its life.
DIGEST_LENGTH = 12


class Moment(NamedTuple):
    """How far a journey has come: its present run, and the number of events in that run's history."""

    run_id: str
    events: int


def confirm_id(command: ConfirmOutcome, by: str, version: int) -> str:
    """Return the id of a member's confirmation of one version of the outcome; each signed one has its own."""
    signed = "" if command.signature is None else f"-{_digest(command.model_dump_json())}"
    return f"confirm-{by}-v{version}{signed}"


def answer_id(command: BaseModel, by: str, ballot: str, revision: int) -> str:
    """Return the id of a member's answer; `revision` is 1 for their first on this ballot."""
    return f"answer-{ballot}-{by}-{revision}-{_digest(command.model_dump_json())}"


def moment_id(name: str, command: BaseModel, by: str, moment: Moment) -> str:
    """Return the id of any other update, sent at this moment of the journey."""
    return f"{name}-{by}-{_digest(command.model_dump_json(), moment.run_id, str(moment.events))}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:DIGEST_LENGTH]
