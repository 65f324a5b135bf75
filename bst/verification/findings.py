"""What a verification counted and found."""

from typing import Literal

from pydantic import Field, JsonValue

from domain.model import Carried


class Counts(Carried):
    """What was checked, up to the first difference."""

    events: int = 0
    decisions: int = Field(default=0, description="Commands, told from the facts, and decided again.")
    measurements: int = 0
    observations: int = Field(default=0, description="Recorded by the measurements: facts, not checked.")
    evidence: int = Field(default=0, description="Pieces of evidence that were computed again.")
    values: int = Field(default=0, description="Numbers and words in them, each compared.")
    ballots: int = Field(default=0, description="Whose digest is that of what they were about.")
    answers: int = 0
    signatures: int = Field(default=0, description="Of members of a team with keys, on whatever they said.")


class Difference(Carried):
    """The first thing that is not as it must be."""

    seq: int
    at: str
    kind: str
    where: str = Field(description="The place in the event's body; empty for the event as a whole.")
    stored: JsonValue = None
    recomputed: JsonValue = None
    sentence: str


class Verification(Carried):
    """Whether a journal holds, what was checked, and the first difference where it does not."""

    team: str
    ok: bool
    origin: Literal["journey", "rehearsal"] = "journey"
    count: int = Field(description="Events in the journal.")
    begins_at: str
    ends_at: str
    last_hash: str = Field(
        description="To be kept elsewhere: it shows a record that was written anew. Of the last event before "
        "an answer on an open ballot: who has a later one can try out what was answered."
    )
    hashed: int = Field(description="Number of the event with that hash; 0 where there is none to tell.")
    counts: Counts
    difference: Difference | None = None
