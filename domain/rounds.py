"""The rounds of a member's proposal: which one it is, how it differs from the one before, and parking.

A round failed when it was objected to or when time was up without a
decision. Whoever proposes on the same subject again begins its next round,
and after the charter's number of rounds the subject rests until a member
brings it back.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from pydantic import Field

from domain.ballots import (
    Advance,
    Amendment,
    Ballot,
    BallotOutcome,
    Dissolution,
    Exemption,
    Explanation,
    Proposal,
    Rebase,
)
from domain.charter import Charter
from domain.differences import changes
from domain.model import Carried
from domain.periods import label

# Failed proposals that a state has room for; parked ones stay longest (each has up to 2 KB).
ATTEMPTS_KEPT = 6
# Changed keys of a failed amendment that are kept to compare the next one with.
TERMS_KEPT = 12


class Attempt(Carried):
    """A proposal of a member whose last round failed."""

    ballot: str = Field(description="Its last round.")
    kind: str
    rounds: int = Field(description="Failed in a row.")
    outcome: BallotOutcome
    terms: dict[str, str] = Field(description="What it said, to compare the next one with.")

    def parked(self, charter: Charter) -> bool:
        """Whether its rounds are used up."""
        return self.rounds >= charter.ballots.rounds


def subject(proposal: Proposal) -> str:
    """Return what a proposal is about: two open ballots on the same are one too many."""
    if isinstance(proposal, Explanation):
        return f"explain:{proposal.metric}:{proposal.period}"
    if isinstance(proposal, Rebase):
        return f"rebase:{proposal.metric}"
    return proposal.kind


def line_of(ballot: Ballot) -> str:
    """Return under which name the rounds of a proposal are counted; amendments may be about anything."""
    if isinstance(ballot.proposal, Amendment):
        return f"amend:{ballot.first or ballot.id}"
    return subject(ballot.proposal)


def former(
    attempts: Mapping[str, Attempt], proposal: Proposal, charter: Charter
) -> tuple[str, Attempt] | None:
    """Return the failed proposal that this one would repeat, said or not; an amendment by its changes."""
    if not isinstance(proposal, Amendment):
        found = attempts.get(subject(proposal))
        return None if found is None else (subject(proposal), found)
    wanted = _without_reason(terms(proposal, charter))
    same = (
        (name, one)
        for name, one in attempts.items()
        if one.kind == "amend" and _without_reason(one.terms) == wanted
    )
    return next(same, None)


def _without_reason(said: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in said.items() if key != "reason"}


def terms(proposal: Proposal, charter: Charter) -> dict[str, str]:
    """Return what a proposal says, key by key, as far as a round may change it."""
    match proposal:
        case Explanation():
            return {"cause": proposal.cause}
        case Rebase():
            return {"since": label(proposal.period, charter.calendar), "cause": proposal.cause}
        case Dissolution():
            return {"reason": proposal.reason, "lesson": proposal.lesson}
        case Exemption():
            return {"reason": proposal.reason, "until": proposal.until.date().isoformat()}
        case Amendment(charter=other):
            found = () if other is None else changes(charter, other)
            said = {change.place: change.after or "removed" for change in islice(found, TERMS_KEPT)}
            return {"reason": proposal.reason} | said
        case Advance():
            return {}


def revised(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Return how a proposal differs from the one it mends: a line per key, old -> new."""
    return tuple(_lines(before, after)) or ("nothing: it is proposed as it was",)


def _lines(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in after:
            yield f"{key}: {before[key]} -> not changed any more"
        elif key not in before:
            yield f"{key}: not changed before -> {after[key]}"
        elif before[key] != after[key]:
            yield f"{key}: {before[key]} -> {after[key]}"


def failed(
    attempts: Mapping[str, Attempt], ballot: Ballot, outcome: BallotOutcome, charter: Charter
) -> dict[str, Attempt]:
    """Return the failed proposals after one more round of one failed."""
    key = line_of(ballot)
    attempt = Attempt(
        ballot=ballot.id,
        kind=ballot.proposal.kind,
        rounds=ballot.round,
        outcome=outcome,
        terms=terms(ballot.proposal, charter),
    )
    kept = {name: known for name, known in attempts.items() if name != key} | {key: attempt}
    while len(kept) > ATTEMPTS_KEPT:
        oldest = next((name for name, one in kept.items() if not one.parked(charter)), next(iter(kept)))
        kept.pop(oldest)
    return kept
