r"""The journal's format: how an event is written, and how each is chained to the one before.

The format is documented for other languages in `docs/decisions/journal.md`, with a
worked example that a test recomputes. In short::

    canonical = {"at":"<at>","body":<body>,"kind":"<kind>","seq":<seq>,"team":"<team>"}
    hash      = sha256(previous + "\n" + canonical), in lower-case hexadecimal

`at`, `kind` and `team` never need escaping, and `body` is kept as the text that
was hashed, so whoever verifies a journal never has to write JSON, only to
concatenate what is stored: no other language has to print numbers as Python does.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue, StringConstraints

from domain.model import Carried, TeamName

# What the first event of a team carries as the hash of the one before: there is none (64 zeros).
GENESIS = "0" * 64
# Enough to tell two events of a journal apart at a glance (of 64 hexadecimal digits); git shows as many.
SHORT_HASH = 12
# SQL's BIGINT, and JSON readers that keep integers as doubles, both hold this exactly (events of one team).
LARGEST_SEQ = 2**53 - 1

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}")
_RESTORE = "Restore the journal from a backup and keep this file for whoever looks into it."

# Letters that need no escaping in JSON: a verifier may paste a kind between quotes as it is.
Kind = Annotated[str, StringConstraints(pattern=f"^{_KIND.pattern}$")]


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _writable(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that can be written as UTF-8; half of a surrogate pair cannot be."""
    try:
        body_text(body).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"holds half of a surrogate pair ({error.object[error.start : error.end]!a}), "
            "which UTF-8 cannot write; give whole characters"
        ) from None
    return body


class Envelope(Carried):
    """One domain event with its place in a team's record.

    `seq` counts 1, 2, ... per team. `at` is any aware time and is kept in UTC
    (microseconds). `body` holds JSON values only: what `model_dump(mode="json")`
    gives. Numbers that are not finite, and anything JSON would have to guess at
    (tuples, dates, keys that are no strings), are refused.
    """

    team: TeamName
    seq: int = Field(ge=1, le=LARGEST_SEQ)
    at: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    kind: Kind
    body: Annotated[dict[str, JsonValue], AfterValidator(_writable)]


class AppendEvents(Carried):
    """What the activity `append_events` is asked: consecutive events of one team, oldest first."""

    team: TeamName
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal exactly as it is stored; every field but `seq` is text.

    Text, because a row that somebody changed must still be readable to be found.
    """

    team: str
    seq: int
    at: str
    kind: str
    body: str
    previous: str
    hash: str

    @classmethod
    def of(cls, envelope: Envelope, previous: str) -> Self:
        """Return the row for an envelope that follows the row with the hash `previous`."""
        return cls(
            team=envelope.team,
            seq=envelope.seq,
            at=at_text(envelope.at),
            kind=envelope.kind,
            body=body_text(envelope.body),
            previous=previous,
            hash=chain_hash(previous, envelope),
        )

    def envelope(self) -> Envelope:
        """Return the event that this row holds; raises ValueError when the row was damaged."""
        return Envelope(
            team=self.team,
            seq=self.seq,
            at=datetime.fromisoformat(self.at),
            kind=self.kind,
            body=json.loads(self.body),
        )

    def recomputed_hash(self) -> str:
        """Return the hash that the stored texts give; another one in `hash` means a changed row."""
        canonical_row = _joined(self.team, self.seq, self.at, self.kind, self.body)
        return _sha256(self.previous, canonical_row.encode(errors="surrogateescape"))


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of one team's record found.

    `count` is how many rows there are, `first_bad_seq` the first event that is
    missing or does not fit (None when all do), `last_hash` the hash to keep
    elsewhere: whoever holds it notices a rewritten or shortened record.
    """

    team: str
    count: int
    ok: bool
    first_bad_seq: int | None
    last_hash: str
    sentence: str


def at_text(at: datetime) -> str:
    """Return the one way in which a time is written: RFC 3339, UTC, six decimals, Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def body_text(body: dict[str, Any]) -> str:
    """Return a body as JSON without spaces; raises ValueError for NaN and infinities.

    Its keys stay in their order, which says something: members are asked, and named, as the charter has them.
    """
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(envelope: Envelope) -> bytes:
    """Return the bytes that are hashed for an event: JSON, UTF-8, its own keys sorted, no spaces."""
    return _joined(
        envelope.team, envelope.seq, at_text(envelope.at), envelope.kind, body_text(envelope.body)
    ).encode()


def chain_hash(previous: str, envelope: Envelope) -> str:
    """Return the hash of an event that follows one with the hash `previous` (GENESIS for the first)."""
    return _sha256(previous, canonical(envelope))


def check_chain(team: str, entries: Iterable[Entry], expected_last: int | None = None) -> ChainReport:
    """Say whether the rows of one team, in order of seq, are whole and unchanged.

    A chain cannot show by itself that its end was cut off: `expected_last` is
    the seq that the journey knows to be stored, and a shorter record fails. A
    record without any event fails too: nothing was checked.
    """
    count, previous, finding = 0, GENESIS, None
    for entry in entries:
        count += 1
        finding = finding or _fault(entry, count, previous)
        previous = entry.hash
    if finding is None and count < (expected_last or 1):
        finding = (count + 1, _missing_end(count, expected_last))
    if finding is None:
        sentence = f"All {count} events of {team} are whole: each carries the hash of the one before."
        return ChainReport(team, count, ok=True, first_bad_seq=None, last_hash=previous, sentence=sentence)
    seq, why = finding
    return ChainReport(
        team, count, ok=False, first_bad_seq=seq, last_hash=previous, sentence=f"{team}: {why}"
    )


def _joined(team: str, seq: int, at: str, kind: str, body: str) -> str:
    return f'{{"at":"{at}","body":{body},"kind":"{kind}","seq":{seq},"team":"{team}"}}'


def _sha256(previous: str, canonical_row: bytes) -> str:
    return hashlib.sha256(previous.encode(errors="surrogateescape") + b"\n" + canonical_row).hexdigest()


def _fault(entry: Entry, expected_seq: int, previous: str) -> tuple[int, str] | None:
    """Return the seq and the sentence of what is wrong with a row, or None."""
    seq = entry.seq
    if seq != expected_seq:
        return expected_seq, f"event {expected_seq} is missing: event {seq} comes in its place. {_RESTORE}"
    if not _well_formed(entry) or entry.recomputed_hash() != entry.hash:
        return seq, f"event {seq} was changed: its hash does not fit its content. {_RESTORE}"
    if entry.previous != previous:
        return seq, f"event {seq} does not follow event {seq - 1}: one of them was replaced. {_RESTORE}"
    return None


def _well_formed(entry: Entry) -> bool:
    """Say whether text cannot have been moved between columns without changing what is hashed."""
    return bool(_AT.fullmatch(entry.at) and _KIND.fullmatch(entry.kind))


def _missing_end(count: int, expected_last: int | None) -> str:
    if not expected_last:
        return "the journal holds no event of this team. Check the team's name and the journal's address."
    return f"the record ends with event {count}, but the journey has stored {expected_last}. {_RESTORE}"
