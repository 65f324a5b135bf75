"""A journey's state with the events that made it and that the journal does not have yet."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.charter import Charter
from domain.commands import Command, StartJourney
from domain.envelope import Envelope
from domain.errors import BstError
from domain.events import Event, JourneyStarted
from domain.policies import policy_of
from domain.state import State
from domain.views import Receipt, receipt
from signing.ed25519 import verify
from workflows.messages import CarriedJourney

# More than can be in flight when a journey continues as new (the server allows 10 updates at once, and a
# client asks again for minutes); bounded because the answers are carried.
RECEIPTS_KEPT = 100
# Characters of all of them, an eighth of what a run may carry with its quotes; of answers longer than usual
# fewer are kept, but more than can be in flight.
RECEIPTS_ROOM = 8_000
RECEIPTS_AT_LEAST = 20
# One append stays below the server's 2 MB per payload: an event of ten metrics has about 6 KB, and one that
# catches up with a long outage up to 700 KB, which goes by itself (characters).
APPENDED_AT_ONCE = 100
APPENDED_ROOM = 700_000
# An ordinary period's events ride to the journal with the next measurement: a period costs one activity.
ORDINARY = frozenset({"measured", "gate_evaluated", "limits_frozen", "journal_failed", "journal_recovered"})


@dataclass
class Ledger:
    """The only place where a journey's state is replaced: by deciding and folding, at once."""

    team: str
    state: State
    sequence: int = 0
    outbox: tuple[Envelope, ...] = ()
    receipts: dict[str, Receipt] = field(default_factory=dict)

    def do(self, command: Command, now: datetime) -> tuple[Event, ...]:
        """Decide, fold, and keep the events for the journal.

        Raises:
            Refused: the rules do not allow it; nothing has changed.
        """
        policy = policy_of(self.state)
        events = policy.decide(self.state, command, now, verify)
        after = policy.fold(self.state, events)
        assert after is not None  # a journey that has started stays started
        self._keep(events, now)  # first, because it alone could fail, and an event must not be lost then
        self.state = after
        return events

    def answer(self, update_id: str, command: Command, now: datetime) -> Receipt:
        """Do what an update asks, once: an id that was answered gets its old answer."""
        if update_id not in self.receipts:
            events = self.do(command, now)
            answer = receipt(self.state, events)
            self.receipts = dict(_newest([*self.receipts.items(), (update_id, answer)]))
        return self.receipts[update_id]

    def journaled(self, last: int) -> None:
        """Let go of the events that the journal has."""
        self.outbox = tuple(envelope for envelope in self.outbox if envelope.seq > last)

    @property
    def pending(self) -> tuple[Envelope, ...]:
        """What the next append takes: the oldest event, and those after it that have room."""
        room = APPENDED_ROOM
        for taken, envelope in enumerate(self.outbox[:APPENDED_AT_ONCE]):
            room -= len(envelope.model_dump_json())
            if taken and room < 0:
                return self.outbox[:taken]
        return self.outbox[:APPENDED_AT_ONCE]

    @property
    def urgent(self) -> bool:
        """Whether something waits for the journal that people did or decided."""
        return any(envelope.kind not in ORDINARY for envelope in self.outbox)

    def _keep(self, events: tuple[Event, ...], now: datetime) -> None:
        self.outbox += tuple(
            enveloped(self.team, seq, now, event) for seq, event in enumerate(events, self.sequence + 1)
        )
        self.sequence += len(events)


def enveloped(team: str, seq: int, at: datetime, event: Event) -> Envelope:
    """Return an event with its place in the team's record."""
    return Envelope(team=team, seq=seq, at=at, kind=event.kind, body=event.model_dump(mode="json"))


def resumed(carried: CarriedJourney) -> Ledger:
    """Return the ledger as the run before left it."""
    team = carried.state.charter.team
    return Ledger(team, carried.state, carried.sequence, carried.outbox, dict(carried.receipts))


def _newest(receipts: list[tuple[str, Receipt]]) -> list[tuple[str, Receipt]]:
    """Return the newest answers that have room, in their order."""
    kept, room = receipts[-RECEIPTS_AT_LEAST:], RECEIPTS_ROOM
    for start in range(len(receipts) - 1, max(len(receipts) - RECEIPTS_KEPT, 0) - 1, -1):
        update_id, answer = receipts[start]
        room -= len(update_id) + sum(map(len, answer.said))
        if room < 0:
            break
        kept = max(kept, receipts[start:], key=len)
    return kept


def begun(charter: Charter, now: datetime, journey: str) -> tuple[Ledger, BstError | None]:
    """Return the ledger of a journey that begins, and why it must not begin if its charter is refused.

    `journey` tells it from any other of the same name.

    A refused one has a state too, because messages may come before the workflow gets to fail.
    """
    policy = policy_of(None)
    refused: BstError | None = None
    try:
        events = policy.decide(None, StartJourney(charter=charter, journey=journey), now, verify)
    except BstError as error:
        events, refused = (JourneyStarted(charter=charter, at=now, journey=journey),), error
    state = policy.fold(None, events)
    assert state is not None  # the first event of a journey makes its state
    ledger = Ledger(team=charter.team, state=state)
    ledger._keep(events, now)  # noqa: SLF001 - the same module's own
    return ledger, refused
