"""What counts in a team with keys: only what the member signed who is named, once, and as it was signed."""

from typing import Any, Final

from domain import commands as c
from domain import events as e
from domain.commands.shapes import Signable
from domain.decisions.people import member
from domain.errors import BadSignature, NotSigned, NotUnderstood, StaleSignature
from domain.events.shapes import ByMember
from domain.reconstruction import command_of
from domain.signatures import Signed, Verify
from domain.state import State
from domain.statement import Standing, standing, statement

# What `Signed` has in a place of its own.
_APART: Final = frozenset({"by", "signature"})


def signed(
    state: State, command: c.Command, events: tuple[e.Event, ...], verify: Verify
) -> tuple[e.Event, ...]:
    """Return the events that a command leads to, with its signature on the first that a member began.

    Raises:
        NotSigned: the team has keys, and the command no signature.
        StaleSignature: it was used before, or the member has signed something else since.
        BadSignature: it is not the signature of this member under these words.
    """
    if not isinstance(command, Signable):
        return events
    found = _checked(state, command, repeated=not events, verify=verify)
    if found is None or not events:
        return events
    found = found.model_copy(update={"words": _reworded(state, command, events)})
    first = next(place for place, event in enumerate(events) if isinstance(event, ByMember))
    stamped = events[first].model_copy(update={"signed": found})
    return (*events[:first], stamped, *events[first + 1 :])


def _checked(state: State, command: Signable, *, repeated: bool, verify: Verify) -> Signed | None:
    """Return the signature that counts; None where nobody signs."""
    found, team = command.signature, state.charter.team
    if not state.charter.keys:
        if found is not None:
            raise BadSignature(f"The charter of {team} lists no keys: send it without a signature.")
        return None
    by, about = _who(state, command), standing(state)
    if found is None:
        raise NotSigned(
            f"In {team} only what is signed counts: {by} has to sign this with the charter's key for "
            f"{by}. The commands of `bst` do it with a key that `bst key list` shows, or with --key FILE."
        )
    left_out = [name for name in command.signed_names if getattr(command, name) is None]
    if left_out:
        raise NotUnderstood(f"What is signed has to name its {' and its '.join(left_out)}.")
    due = about.next_number(by)
    # Delivered twice, it is no news; so the newest is still as good as when it counted.
    if found.number != due and not (repeated and found.number == due - 1):
        raise StaleSignature(
            f"This is signature {found.number} of {by}, and {due} is the next: it was used before, or {by} "
            "has signed something else meanwhile. Look at what has happened, and sign anew."
        )
    message = statement(about, command, by, found.number)
    key = state.charter.keys.get(by, "")
    if not verify(key, message, found.ed25519):
        raise BadSignature(_why(about, by, message, found.ed25519, verify))
    return Signed(by=by, number=found.number, ed25519=found.ed25519)


def _reworded(state: State, command: Signable, events: tuple[e.Event, ...]) -> dict[str, Any]:
    """Return the words that the events say otherwise: without them nobody could check the signature later."""
    told = dict(command_of(state, events))
    names = {name for name, value in command if name not in _APART and value != told[name]}
    return command.model_dump(mode="json", include=names)


def _why(about: Standing, by: str, message: bytes, value: str, verify: Verify) -> str:
    """Say what is wrong with a signature, as far as it can be known."""
    others = (other for other, key in about.keys.items() if other != by and verify(key, message, value))
    other = next(others, None)
    if other is not None:
        return f"This is signed with the key of {other}, and says that it comes from {by}: each signs alone."
    return (
        f"This is not {by}'s signature of these words: another key was used than the charter's "
        f"({about.keys.get(by, 'none')}), or something was changed after it was signed. Sign it anew."
    )


def _who(state: State, command: Signable) -> str:
    """Return the member who speaks, as the charter has the name."""
    name: str | None = getattr(command, "by", None)
    if name is None and isinstance(command, c.ReachMilestone):
        name = state.charter.milestones[command.name]
    assert name is not None  # the rules have refused a milestone without an owner
    return member(state, name)
