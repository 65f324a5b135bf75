"""A team's journal as a file: JSON lines that can be kept, sent, and verified years later on any machine.

The first line is the manifest, then comes one line for each event exactly as it is
stored, and the last line holds the SHA-256 of every byte before it::

    {"manifest":{"format":1,"team":"claims",...,"count":312,"last_hash":"..."}}
    {"team":"claims","seq":1,"at":"...","kind":"journey_started","body":"{...}","previous":"...","hash":"..."}
    {"digest":"..."}

There is one way only to write each line, and each ends with one line feed. So every
bit counts: one that flips, in a space, a line's end or the digest itself, is found.
A record that is not whole is never written, and no file is ever overwritten: an
older export is what shows that a newer one continues it.
"""

import hashlib
import io
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from pydantic import AwareDatetime, ConfigDict, Field, ValidationError

from domain.envelope import GENESIS, LARGEST_SEQ, Entry, check_chain
from domain.errors import BadInput, DidNotHold
from domain.measurement import EVIDENCE_VERSION
from domain.model import Sent, TeamName
from domain.state import POLICY_VERSION, SCHEMA_VERSION

FORMAT_VERSION: Final = 1
# An event comes from one payload of at most 2 MB, and its quotes are escaped once more (bytes).
LINE_AT_MOST: Final = 16 * 2**20
# Ten years of hours with ten metrics, 6 KB an hour, take half of it (bytes).
FILE_AT_MOST: Final = 2**30

_COLUMNS: Final = tuple(field.name for field in fields(Entry))
_KEEP: Final = "Keep this file for whoever looks into it, and take another copy."
_NOT_ONE: Final = "A journal's file is made by: bst export TEAM"


class JournalFileRefused(BadInput):
    """It is no journal's file, or cannot be read or written here."""

    code = "journal_file_refused"


class JournalFileChanged(DidNotHold):
    """It was a journal's file, and is not as it was written."""

    code = "journal_file_changed"


class Manifest(Sent):
    """What a file holds, and with which versions it was written."""

    model_config = ConfigDict(strict=True)

    format: int = FORMAT_VERSION
    team: TeamName
    origin: Literal["journey", "rehearsal"] = Field(description="A rehearsal is no journey of a team.")
    count: int = Field(ge=1, le=LARGEST_SEQ, description="Events in the file.")
    last_hash: str = Field(pattern="^[0-9a-f]{64}$", description="Hash of the last of them.")
    held_back: int = Field(
        ge=0, description="Later events that are not in the file, because they hold sealed answers."
    )
    exported_at: AwareDatetime
    program: str
    schema_version: int
    policy_version: int
    evidence_version: int
    python: str
    numpy: str
    scipy: str


@dataclass(frozen=True, slots=True)
class JournalFile:
    """A file that is as it was written: whether its record is true is for `bst verify` to say."""

    manifest: Manifest
    entries: tuple[Entry, ...]


def write(
    target: Path | BinaryIO,
    entries: Sequence[Entry],
    *,
    origin: Literal["journey", "rehearsal"] = "journey",
    held_back: int = 0,
    now: datetime | None = None,
) -> Manifest:
    """Write one team's whole record, from its first event on, and return the manifest.

    Raises:
        DidNotHold: the record is not whole; nothing was written.
        JournalFileRefused: there is no event, the file is there already, or it cannot be written.
    """
    if not entries:
        raise JournalFileRefused("There is no event to write: a journal's file holds one at least.")
    team = entries[0].team
    chain = check_chain(team, entries)
    if not chain.ok:
        raise DidNotHold(f"{chain.sentence} Nothing was written.")
    if stray := next((entry for entry in entries if entry.team != team), None):
        raise JournalFileRefused(f"Event {stray.seq} is of {stray.team!r}, the others are of {team!r}.")
    manifest = Manifest(
        team=team,
        origin=origin,
        count=len(entries),
        last_hash=chain.last_hash,
        held_back=held_back,
        exported_at=(now or datetime.now(UTC)).astimezone(UTC),
        program=version("business-service-teams"),
        schema_version=SCHEMA_VERSION,
        policy_version=POLICY_VERSION,
        evidence_version=EVIDENCE_VERSION,
        python=platform.python_version(),
        numpy=version("numpy"),
        scipy=version("scipy"),
    )
    try:
        if isinstance(target, Path):
            _write_new(target, manifest, entries)
        else:
            _write(target, manifest, entries)
    except UnicodeEncodeError:
        raise DidNotHold(f"{team}: an event holds bytes that are no text. Nothing was written.") from None
    return manifest


def read(source: Path | BinaryIO) -> JournalFile:
    """Return what a file holds, every byte of it checked.

    Raises:
        JournalFileRefused: it cannot be read, is no journal's file, or of a later format.
        JournalFileChanged: something in it is not as it was written; the sentence names the line.
    """
    name, raw = _content(source)
    lines = _lines(raw, name)
    manifest = _manifest(lines[0], name)
    if len(lines) < 3 or lines[-1] != _digest_line(b"".join(lines[:-1])):  # noqa: PLR2004 - manifest, event, digest
        raise JournalFileChanged(f"{name}: {_what_changed(manifest, lines)} {_KEEP}")
    # From here on the bytes are those that somebody wrote with a digest: what is wrong was written so.
    entries = tuple(_entry(line, number, name) for number, line in enumerate(lines[1:-1], 2))
    if len(entries) != manifest.count or entries[-1].hash != manifest.last_hash:
        raise JournalFileChanged(
            f"{name}, line 1: the manifest tells of {manifest.count} events, the last with the hash "
            f"{manifest.last_hash}; there are {len(entries)}, the last with {entries[-1].hash}. {_KEEP}"
        )
    for number, entry in enumerate(entries, 2):
        if entry.team != manifest.team:
            raise JournalFileChanged(
                f"{name}, line {number}: an event of {entry.team!r} in a file of {manifest.team!r}. {_KEEP}"
            )
    return JournalFile(manifest, entries)


def read_manifest(source: Path | BinaryIO) -> Manifest:
    """Return the manifest of a file, or of its first line where only that was kept; raises as `read` does."""
    name, raw = _content(source)
    lines = _lines(raw, name)
    return _manifest(lines[0], name) if len(lines) == 1 else read(io.BytesIO(raw)).manifest


def _write_new(path: Path, manifest: Manifest, entries: Sequence[Entry]) -> None:
    """Write a file that was not there; what cannot be finished is taken away again."""
    try:
        # For its owner alone, like the journal itself: it holds names, and what people said.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise JournalFileRefused(_there_already(path, manifest)) from None
    except OSError as error:
        raise JournalFileRefused(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _write(stream, manifest, entries)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise JournalFileRefused(f"{path} cannot be written: {error.strerror}.") from None
        raise


def _there_already(path: Path, manifest: Manifest) -> str:
    said = f"{path} is there already, and is never overwritten: say another name with -o, or move it away."
    if manifest.origin == "rehearsal":
        return said  # one play continues no other
    return f"{said} An older export can show that a later one continues it: bst verify TEAM --against {path}"


def _write(stream: BinaryIO, manifest: Manifest, entries: Sequence[Entry]) -> None:
    digest = hashlib.sha256()
    for line in (_manifest_line(manifest), *map(_entry_line, entries)):
        digest.update(line)
        stream.write(line)
    stream.write(_line({"digest": digest.hexdigest()}))


def _content(source: Path | BinaryIO) -> tuple[str, bytes]:
    """Return what the source is called, and its bytes."""
    name = str(source) if isinstance(source, Path) else "the journal's file"
    try:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                raw = stream.read(FILE_AT_MOST + 1)
        else:
            raw = source.read(FILE_AT_MOST + 1)
    except OSError as error:
        raise JournalFileRefused(f"{name} cannot be read: {error.strerror}. {_NOT_ONE}") from None
    if len(raw) > FILE_AT_MOST:
        raise JournalFileRefused(f"{name} has more than {FILE_AT_MOST:,} bytes: no journal is so long.")
    return name, raw


def _lines(raw: bytes, name: str) -> list[bytes]:
    """Return the lines, each with its end, which the last one may lack."""
    lines = io.BytesIO(raw).readlines()
    if not raw.startswith(b'{"manifest":'):
        raise JournalFileRefused(f"{name}, line 1: there is no manifest. {_NOT_ONE}")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_AT_MOST:
            raise JournalFileRefused(f"{name}, line {number}: more than {LINE_AT_MOST:,} bytes: no event.")
    return lines


def _manifest(line: bytes, name: str) -> Manifest:
    try:
        told = json.loads(line)["manifest"]
        if isinstance(told, dict) and type(told.get("format")) is int and told["format"] != FORMAT_VERSION:
            raise JournalFileRefused(
                f"{name}, line 1: the file has the format {told['format']}, and this program knows "
                f"{FORMAT_VERSION}. Read it with the program that wrote it, or a later one."
            )
        manifest = Manifest.model_validate_json(json.dumps(told))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the manifest"
        raise JournalFileChanged(f"{name}, line 1: {where}: {first['msg']}. {_KEEP}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise JournalFileChanged(f"{name}, line 1: the manifest cannot be read. {_KEEP}") from None
    if line.rstrip(b"\n") != _manifest_line(manifest).rstrip(b"\n"):
        raise JournalFileChanged(f"{name}, line 1: the manifest is not as it was written. {_KEEP}")
    return manifest


def _entry(line: bytes, number: int, name: str) -> Entry:
    try:
        told = json.loads(line)
        entry = Entry(**told)
        well = type(entry.seq) is int and all(isinstance(told[c], str) for c in _COLUMNS if c != "seq")
        if well and _entry_line(entry) == line:
            return entry
    except (ValueError, TypeError, RecursionError):
        pass
    raise JournalFileChanged(f"{name}, line {number}: this is no event as it is written. {_KEEP}")


def _what_changed(manifest: Manifest, lines: Sequence[bytes]) -> str:
    """Say as closely as can be said which line is not as it was written."""
    previous = GENESIS
    for number, line in enumerate(lines[1 : manifest.count + 1], 2):
        try:
            entry = _entry(line, number, "")
        except JournalFileChanged:
            return f"line {number} is not as it was written."
        if entry.recomputed_hash() != entry.hash or (entry.seq, entry.previous) != (number - 1, previous):
            return f"line {number}, event {number - 1}, is not as it was written."
        previous = entry.hash
    if len(lines) != manifest.count + 2:
        return f"it has {len(lines)} lines and was written with {manifest.count + 2}: part of it is missing."
    return "the events are as they were written, but the manifest (line 1) or the digest (last line) is not."


def _manifest_line(manifest: Manifest) -> bytes:
    return _line({"manifest": manifest.model_dump(mode="json")})


def _entry_line(entry: Entry) -> bytes:
    return _line(asdict(entry))


def _digest_line(before: bytes) -> bytes:
    return _line({"digest": hashlib.sha256(before).hexdigest()})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
