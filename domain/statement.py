"""What a member signs: everything that a command says, and where it says it, in one way to write it.

A statement holds for one team, one journey, one member and one number. So a signature
counts once: not in another team, not in a later journey of the same name, not on
another ballot or round, not about other evidence, and not over a newer one. The form
is documented for other programs in `docs/decisions/signatures.md`.
"""

import json
from typing import Any, Final

from pydantic import Field

from domain.charter import Charter
from domain.commands.shapes import Signable
from domain.model import Carried
from domain.state import State
from domain.verdicts import digest_of

# The first line of every statement: no other program signs it, and another form gets another one.
HEAD: Final = "business-service-teams statement 1"
# What the statement says in a place of its own, or not at all.
_APART: Final = frozenset({"kind", "by", "signature"})


class Standing(Carried):
    """What a signature is about besides the command's own words."""

    team: str
    journey: str = Field(description="Which journey of this team's name.")
    members: tuple[str, ...]
    keys: dict[str, str] = Field(description="Members' public keys; none where nobody signs.")
    numbers: dict[str, int] = Field(description="How many signatures of each member have counted.")
    outcome_version: int
    outcome: str = Field(description="SHA-256 of the present outcome.")
    rounds: dict[str, int] = Field(description="Open ballots, and which round each is.")

    def next_number(self, member: str) -> int:
        """Return the number that the member's next signature has to have."""
        return self.numbers.get(member, 0) + 1


def standing(state: State) -> Standing:
    """Return what signatures are about now."""
    return Standing(
        team=state.charter.team,
        journey=state.journey,
        members=tuple(state.charter.members),
        keys=state.charter.keys,
        numbers=state.signed,
        outcome_version=state.outcome_version,
        outcome=digest_of(state.charter.outcome),
        rounds={ballot.id: ballot.round for ballot in state.ballots},
    )


def statement(standing: Standing, command: Signable, by: str, number: int) -> bytes:
    """Return what `by` signs with this number: a line that says what it is, and JSON with sorted keys."""
    said = _words(command)
    about: dict[str, Any] = {}
    if "ballot" in said:
        about["round"] = standing.rounds.get(said["ballot"])
    if "version" in said:
        about["outcome"] = standing.outcome
    signed = {
        "about": about,
        "act": command.kind,
        "by": by,
        "journey": standing.journey,
        "number": number,
        "said": said,
        "team": standing.team,
    }
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"{HEAD}\n{text}".encode()


def _words(command: Signable) -> dict[str, Any]:
    """Return what a command says, as JSON; a charter, which is long, as its SHA-256.

    What is as it is by default is left out, so that a field that later versions add changes no statement.
    """
    charters = {name: value for name, value in command if isinstance(value, Charter)}
    said = command.model_dump(mode="json", exclude={*_APART, *charters}, exclude_defaults=True)
    return said | {name: digest_of(charter) for name, charter in charters.items()}
