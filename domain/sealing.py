"""What an answer on an open ballot reads as, whatever it says: who has answered, and not what."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from domain.envelope import Envelope

# Stands for the kind of an event that is sealed.
SEALED: Final = "answered_sealed"
ANSWERS: Final = frozenset({"consent_given", "objection_raised"})


def sealed_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left of an answer's event: whose it is, who gave it, on which ballot."""
    told = {"kind": SEALED, "by": body.get("by"), "ballot": body.get("ballot")}
    absent = body.get("on_behalf_of")
    return told | ({"on_behalf_of": absent} if absent else {})


def sealed_sentence(body: Mapping[str, Any]) -> str:
    """Say a sealed answer: that it was given."""
    absent = f" for {body['on_behalf_of']}" if body.get("on_behalf_of") else ""
    return f"{body.get('by')} answered {body.get('ballot')}{absent}; sealed until all have or it closes"


def sealed_envelopes(envelopes: tuple[Envelope, ...], open_ballots: Collection[str]) -> tuple[Envelope, ...]:
    """Return the events with the answers on open ballots sealed."""
    return tuple(
        envelope.model_copy(update={"kind": SEALED, "body": sealed_body(envelope.body)})
        if envelope.kind in ANSWERS and envelope.body.get("ballot") in open_ballots
        else envelope
        for envelope in envelopes
    )
