"""From the first event of a journal to its last: each decision, decided again.

An event either is what somebody brought, or it follows. So the journal is read as
a row of decisions: the first event says which command it was, the rules of the
journal's version say what that leads to, and that must be what is stored, to the
letter. What a measurement brought is computed again first.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import ValidationError

from bst.journal_sealed import is_sealed, sealed
from bst.verification.differing import NOTHING, Differing, first_difference
from bst.verification.findings import Counts, Difference, Verification
from bst.verification.measurements import Moments, VersionUnknown, difference_in
from domain import events as e
from domain.envelope import Entry, body_text, check_chain
from domain.errors import BstError
from domain.events.shapes import ByMember
from domain.parsing import parse_event
from domain.policies import POLICIES, Policy
from domain.reconstruction import NoCommand, command_of
from domain.state import State
from signing.ed25519 import verify as verify_signature

_ANSWERS: Final = (e.ConsentGiven, e.ObjectionRaised)


def verify(
    team: str, entries: Sequence[Entry], origin: Literal["journey", "rehearsal"] = "journey"
) -> Verification:
    """Return whether one team's record holds, from its first event on.

    Raises:
        VersionUnknown: it was written by a version of the rules or statistics that is not here.
    """
    chain = check_chain(team, entries)
    walk = _Walk(entries)
    found: Difference | None = None
    if not chain.ok:
        seq = chain.first_bad_seq or 1
        at = next((entry for entry in entries if entry.seq == seq), None)
        found = Difference(
            seq=seq,
            at="" if at is None else at.at,
            kind="" if at is None else at.kind,
            where="",
            sentence=chain.sentence,
        )
    else:
        found = walk.to_the_end()
    told = [entry for entry in sealed(entries) if entry.hash] if chain.ok else []
    return Verification(
        team=team,
        ok=found is None,
        origin=origin,
        count=len(entries),
        begins_at=entries[0].at if entries else "",
        ends_at=entries[-1].at if entries else "",
        last_hash=told[-1].hash if told else "",
        hashed=told[-1].seq if told else 0,
        counts=walk.counts,
        difference=found,
    )


class _DiffersError(Exception):
    """Event `position` is not as it must be."""

    def __init__(self, position: int, differing: Differing | str) -> None:
        super().__init__(str(differing))
        self.position, self.differing = position, differing


class _Walk:
    """Where a verification is: the state so far, and the states that the next measurement may be of."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._position = 0
        self._policy: Policy = POLICIES[1]
        self._state: State | None = None
        self._moments = Moments()
        self.counts = Counts()

    def to_the_end(self) -> Difference | None:
        """Decide everything again; return the first difference."""
        try:
            while self._position < len(self._entries):
                self._step()
        except _DiffersError as found:
            return self._told(found)
        return None

    def _step(self) -> None:
        """Decide one decision again."""
        begin = self._position
        at = self._moment(begin)
        first, *ahead = self._ahead(begin)
        if self._state is None and isinstance(first, e.JourneyStarted):
            self._policy = _policy(first)
        if isinstance(first, e.Measured) and self._state is not None:
            self._compute(first, self._state, at)
        expected = self._decided(first, ahead, at)
        for offset, event in enumerate(expected):
            self._compare(begin + offset, event, begin)
        self._state = self._policy.fold(self._state, expected)
        assert self._state is not None  # the first event of a journey makes its state
        self._moments.add(at, self._state, measured=isinstance(first, e.Measured))
        self._position += len(expected)
        self.counts = _counted(self.counts, expected)

    def _moment(self, position: int) -> datetime:
        try:
            return datetime.fromisoformat(self._entries[position].at)
        except ValueError:
            raise _DiffersError(position, "its time is in no calendar.") from None

    def _compute(self, first: e.Measured, state: State, at: datetime) -> None:
        """Compute a measurement again."""
        try:
            differing = difference_in(first.result, self._moments, state, at)
        except BstError:
            raise
        except Exception as error:  # noqa: BLE001 - forged observations may be what no source ever gave
            why = f"no evidence can be computed from its observations ({type(error).__name__})."
            raise _DiffersError(self._position, why) from None
        if differing is not None:
            raise _DiffersError(self._position, differing._replace(where=f"result.{differing.where}"))

    def _ahead(self, begin: int) -> list[e.Event]:
        """Return the first event of a decision, and those after it that its command may depend on."""
        found: list[e.Event] = []
        for position in range(begin, len(self._entries)):
            found.append(self._event(position))
            if not isinstance(found[-1], e.BallotClosed):
                break
        return found

    def _event(self, position: int) -> e.Event:
        entry = self._entries[position]
        try:
            event = parse_event(json.loads(entry.body))
        except (ValueError, RecursionError) as error:
            why = _first(error) if isinstance(error, ValidationError) else "no JSON"
            raise _DiffersError(position, f"its body is none of a {entry.kind}: {why}") from None
        if event is None:
            raise VersionUnknown(
                f"Event {entry.seq} is a {entry.kind}, which this program does not know: a later one "
                "wrote the journal. Verify with that."
            )
        return event

    def _decided(self, first: e.Event, ahead: Sequence[e.Event], at: datetime) -> tuple[e.Event, ...]:
        """Return what the first event's command leads to, itself included."""
        begin = self._position
        try:
            expected = self._policy.decide(
                self._state, command_of(self._state, (first, *ahead)), at, verify_signature
            )
        except BstError as refusal:
            raise _DiffersError(begin, f"the rules did not allow it then: {refusal}") from None
        except NoCommand as none:
            raise _DiffersError(begin, f"{none}.") from None
        except ValidationError as misfit:
            raise _DiffersError(begin, f"no command says this: {_first(misfit)}") from None
        except Exception as error:  # noqa: BLE001 - a forged event may hold what no journey ever had
            raise _DiffersError(begin, f"the rules cannot decide it ({type(error).__name__}).") from None
        if not expected:
            raise _DiffersError(begin, "it changes nothing, and is stored all the same.")
        return expected

    def _compare(self, position: int, event: e.Event, begin: int) -> None:
        """Hold what was decided against what is stored."""
        first = self._entries[begin]
        if position >= len(self._entries):
            raise _DiffersError(
                position - 1,
                f"the record ends within a decision: event {first.seq}, {first.kind}, led to {event.kind} as "
                f"event {first.seq + position - begin} too. Events may still be on their way to the journal.",
            )
        entry = self._entries[position]
        body = event.model_dump(mode="json")
        if entry.kind != event.kind:
            raise _DiffersError(position, Differing("kind", entry.kind, event.kind))
        if entry.at != first.at:
            raise _DiffersError(position, Differing("at", entry.at, first.at))
        if entry.body != body_text(body):
            found = first_difference(json.loads(entry.body), body)
            raise _DiffersError(position, found or "its body is written in another way than events are.")

    def _told(self, found: _DiffersError) -> Difference:
        """Say what differs; of an answer on an open ballot only that it does."""
        entry, differing = self._entries[found.position], found.differing
        place = f"Event {entry.seq}, {entry.kind}, at {entry.at}"
        if is_sealed(entry, self._entries[found.position :]):
            sentence = f"{place}: an answer that does not hold; it is sealed until its ballot closes."
            return Difference(seq=entry.seq, at=entry.at, kind=entry.kind, where="", sentence=sentence)
        if isinstance(differing, str):
            sentence, differing = f"{place}: {differing}", Differing("", None, None)
        else:
            sentence = f"{place}: {differing.sentence}"
        return Difference(
            seq=entry.seq,
            at=entry.at,
            kind=entry.kind,
            where=differing.where,
            stored=None if differing.stored is NOTHING else differing.stored,
            recomputed=None if differing.recomputed is NOTHING else differing.recomputed,
            sentence=sentence,
        )


def _policy(first: e.JourneyStarted) -> Policy:
    policy = POLICIES.get(first.policy_version)
    if policy is None:
        known = ", ".join(map(str, sorted(POLICIES)))
        raise VersionUnknown(
            f"The journal was decided by version {first.policy_version} of the rules, and this program has "
            f"{known}. Verify with a later program."
        )
    return policy


def _counted(counts: Counts, events: Sequence[e.Event]) -> Counts:
    """Return the counts with one more decision."""
    results = [event.result for event in events if isinstance(event, e.Measured)]
    evidence = [m.evidence for r in results for m in r.results if m.evidence is not None]
    evidence += [found for r in results for again in r.rejudged for found in again.evidence.values()]
    return Counts(
        events=counts.events + len(events),
        decisions=counts.decisions + 1,
        measurements=counts.measurements + len(results),
        observations=counts.observations + sum(len(m.observations) for r in results for m in r.results),
        evidence=counts.evidence + len(evidence),
        values=counts.values + sum(_leaves(found.model_dump(mode="json")) for found in evidence),
        ballots=counts.ballots + sum(isinstance(event, e.BallotOpened) for event in events),
        answers=counts.answers + sum(isinstance(event, _ANSWERS) for event in events),
        signatures=counts.signatures
        + sum(isinstance(event, ByMember) and event.signed is not None for event in events),
    )


def _leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list) else 1


def _first(error: ValidationError) -> str:
    detail = error.errors()[0]
    return f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"
