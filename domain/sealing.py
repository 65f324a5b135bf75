"""What an answer on an open ballot reads as, whatever it says: who has answered, and not what."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from domain.envelope import Envelope

# Stands for the kind of an event that is sealed.
SEALED: Final = "answered_sealed"
ANSWERS: Final = frozenset({"consent_given", "objection_raised"})


def withdrawn_of(events: Iterable[tuple[str, Mapping[str, Any]]]) -> frozenset[str]:
    """Return the ballots that events, each with its kind and body, withdraw: the same may be asked again."""
    return frozenset(
        str(body.get("ballot", ""))
        for kind, body in events
        if kind == "ballot_closed" and body.get("outcome") == "withdrawn"
    )


def sealed_body(body: Mapping[str, Any], *, lapsed: bool = False) -> dict[str, Any]:
    """Return what is left of an answer's event: whose it is, who gave it, on which ballot."""
    told = {"kind": SEALED, "by": body.get("by"), "ballot": body.get("ballot")}
    absent = body.get("on_behalf_of")
    return told | ({"on_behalf_of": absent} if absent else {}) | ({"lapsed": True} if lapsed else {})


def sealed_sentence(body: Mapping[str, Any]) -> str:
    """Say a sealed answer: that it was given."""
    absent = f" for {body['on_behalf_of']}" if body.get("on_behalf_of") else ""
    until = "for good, it was withdrawn" if body.get("lapsed") else "until all have or it closes"
    return f"{body.get('by')} answered {body.get('ballot')}{absent}; sealed {until}"


def sealed_envelopes(envelopes: tuple[Envelope, ...], open_ballots: Collection[str]) -> tuple[Envelope, ...]:
    """Return the events with the answers on open ballots sealed, and those on ballots that they withdraw."""
    lapsed = withdrawn_of((envelope.kind, envelope.body) for envelope in envelopes)
    return tuple(
        envelope.model_copy(
            update={
                "kind": SEALED,
                "body": sealed_body(envelope.body, lapsed=envelope.body.get("ballot") in lapsed),
            }
        )
        if envelope.kind in ANSWERS and envelope.body.get("ballot") in lapsed.union(open_ballots)
        else envelope
        for envelope in envelopes
    )
