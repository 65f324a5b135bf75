"""A journal as a file: what is written is read again, and every flipped bit is found."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from bst.journal_file import JournalFileChanged, JournalFileRefused, read, read_manifest, write
from domain.envelope import GENESIS, Entry
from domain.errors import BstError, DidNotHold
from tests.journal_events import TEAM, events

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def entries(last: int = 3) -> list[Entry]:
    found: list[Entry] = []
    for envelope in events(1, last):
        found.append(Entry.of(envelope, found[-1].hash if found else GENESIS))
    return found


def written(rows: list[Entry]) -> bytes:
    stream = io.BytesIO()
    write(stream, rows, now=NOW)
    return stream.getvalue()


def test_what_is_written_is_read_again() -> None:
    rows = entries()
    rows[1] = replace(rows[1])
    found = read(io.BytesIO(written(rows)))
    assert found.entries == tuple(rows)
    assert (found.manifest.team, found.manifest.count) == (TEAM, 3)
    assert (found.manifest.last_hash, found.manifest.exported_at) == (rows[-1].hash, NOW)


def test_every_bit_of_a_file_counts() -> None:
    content = written(entries(2))
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            with pytest.raises((JournalFileChanged, JournalFileRefused)):
                read(io.BytesIO(bytes(changed)))


def test_a_file_that_was_cut_anywhere_is_found() -> None:
    content = written(entries(2))
    for length in range(len(content)):
        with pytest.raises((JournalFileChanged, JournalFileRefused)):
            read(io.BytesIO(content[:length]))
    with pytest.raises(JournalFileChanged):
        read(io.BytesIO(content + b"\n"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"n\\":2', '"n\\":7'), "line 3, event 2, is not as it was written"),
        (lambda text: text.replace('"seq":2,', '"seq": 2,'), "line 3 is not as it was written"),
        (lambda text: text.replace('"seq":2,', '"seq":two,'), "line 3 is not as it was written"),
        (lambda text: text.replace('"python":"', '"python":"4'), "the manifest (line 1) or the digest"),
        (lambda text: "".join(text.splitlines(keepends=True)[:3]), "part of it is missing"),
        (lambda text: text.replace('"count":3', '"count":"3"'), "line 1: count: "),
        (lambda text: text.replace('"count":3', '"count":3,"more":1'), "line 1: more: "),
        (lambda text: text.replace('"count":3', '"count":03'), "line 1: the manifest cannot be read"),
        (lambda text: text.replace('"count":3', '"count": 3'), "line 1: the manifest is not as it was"),
    ],
)
def test_the_line_that_was_changed_is_named(change: Callable[[str], str], said: str) -> None:
    content = written(entries()).decode()
    assert change(content) != content
    with pytest.raises(JournalFileChanged) as caught:
        read(io.BytesIO(change(content).encode()))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is no manifest"),
        (b"period,value\n2013-01-07,3\n", "there is no manifest"),
        (b'{"manifest":{"format":2}}\n', "format 2, and this program knows 1"),
    ],
)
def test_another_kind_of_file_is_refused_as_bad_input(content: bytes, said: str) -> None:
    with pytest.raises(JournalFileRefused) as caught:
        read(io.BytesIO(content))
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_what_is_no_whole_record_is_never_written(tmp_path: Path) -> None:
    rows = entries()
    for broken in ([], rows[1:], [rows[0], rows[2]], [rows[0], replace(rows[1], body="{}"), rows[2]]):
        with pytest.raises(BstError):
            write(tmp_path / "file", broken)
    odd = replace(rows[0], body='{"x":"\udc80"}')
    with pytest.raises(DidNotHold, match="no text"):
        write(tmp_path / "file", [replace(odd, hash=odd.recomputed_hash())])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("origin", "told"), [("journey", True), ("rehearsal", False)])
def test_only_a_journeys_export_is_said_to_be_continued(
    tmp_path: Path, origin: Literal["journey", "rehearsal"], told: bool
) -> None:
    path = tmp_path / "there.jsonl"
    path.touch()
    with pytest.raises(
        JournalFileRefused, match=r"is never overwritten: say another name with -o"
    ) as refused:
        write(path, entries(), origin=origin)
    assert ("--against" in str(refused.value)) is told


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    write(path, entries(2))
    before = path.read_bytes()
    with pytest.raises(JournalFileRefused, match="is there already"):
        write(path, entries(3))
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["no/where.jsonl", "."])
def test_a_place_that_cannot_be_read_or_written_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(JournalFileRefused, match="cannot be read: "):
        read(tmp_path / path)
    with pytest.raises(JournalFileRefused, match=r"cannot be written: |is there already"):
        write(tmp_path / path, entries())


def test_a_first_line_that_was_kept_alone_still_tells_of_the_file() -> None:
    content = written(entries())
    line = content.splitlines(keepends=True)[0]
    assert read_manifest(io.BytesIO(line)) == read_manifest(io.BytesIO(content))
    assert json.loads(line)["manifest"]["count"] == 3
