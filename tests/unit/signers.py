"""Members with keys, made anew for each run of the tests, and commands signed with them."""

from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain import commands as c
from domain.decide import decide, fold
from domain.errors import Refused
from domain.events import Event
from domain.signatures import Signature
from domain.state import State
from domain.statement import Standing, standing, statement
from signing.ed25519 import public_half, sign, verify
from tests.unit.journeys import MEMBERS, Play, begun

# Of each member, and one that is new.
PRIVATE = {name: Ed25519PrivateKey.generate() for name in (*MEMBERS, "Dora", "new")}
PUBLIC = {name: public_half(key) for name, key in PRIVATE.items()}
KEYS = {member: PUBLIC[member] for member in MEMBERS}

_Command = TypeVar("_Command", bound=c.Signable)


def signed(
    about: State | Standing,
    command: _Command,
    by: str | None = None,
    number: int | None = None,
    key: str | None = None,
) -> _Command:
    """Return the command with the signature that the member's program would give it, or a wrong one."""
    known = about if isinstance(about, Standing) else standing(about)
    name: str = by or command.by  # type: ignore[attr-defined]
    which = known.next_number(name) if number is None else number
    value = sign(PRIVATE[key or name], statement(known, command, name, which))
    return command.model_copy(update={"signature": Signature(number=which, ed25519=value)})


class SignedPlay(Play):
    """A journey of a team with keys: what members do is signed with theirs, if it is not signed already."""

    def do(self, command: c.Command) -> tuple[Event, ...]:
        """Sign, decide and fold; a refusal is remembered and changes nothing."""
        if isinstance(command, c.Signable) and command.signature is None:
            command = signed(self.state, self.explicit(command), by=self.speaker(command))
        return self.sent(command)

    def sent(self, command: c.Command) -> tuple[Event, ...]:
        """Decide and fold a command as it comes."""
        try:
            events = decide(self.state, command, self.now, verify)
        except Refused as error:
            self.refused.append(error.code)
            return ()
        after = fold(self.state, events)
        assert after is not None
        self.state, self.events = after, (*self.events, *events)
        return events

    def explicit(self, command: _Command) -> _Command:
        """Name what may be left out where nobody signs."""
        open_now = {ballot.id: ballot.digest for ballot in self.state.ballots}
        ballot = getattr(command, "ballot", None) or next(iter(open_now), None)
        named: dict[str, Any] = {
            "version": self.state.outcome_version,
            "ballot": ballot,
            "digest": open_now.get(ballot or ""),
        }
        missing = {name: value for name, value in named.items() if getattr(command, name, "") is None}
        return command.model_copy(update=missing)

    def speaker(self, command: c.Signable) -> str:
        """Return who has to sign."""
        by: str | None = getattr(command, "by", None)
        return by or self.state.charter.milestones[command.name]  # type: ignore[attr-defined]


def begun_with_keys(**changes: Any) -> SignedPlay:
    """Return a journey of a team whose charter lists everybody's key, and that has just started."""
    play = begun(**{"keys": KEYS, **changes})
    return SignedPlay(state=play.state.model_copy(update={"journey": "first run"}), events=play.events)
