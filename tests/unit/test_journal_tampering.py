"""Whoever can write the file can change it, but not unnoticed: every column, every bit."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.journal_errors import JournalDamaged
from activities.journal_store import JournalStore
from domain.envelope import ChainReport
from tests.journal_events import TEAM, events

LAST = 4
TRIGGERS = ("journal_only_follows", "journal_never_updates", "journal_never_deletes")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    JournalStore(f"sqlite:///{path}").append(events(1, LAST))
    with closing(sqlite3.connect(path)) as raw:
        for trigger in TRIGGERS:
            raw.execute(f"DROP TRIGGER {trigger}")
        # Whoever tampers may also take away the check that a text is a text.
        raw.execute("PRAGMA ignore_check_constraints = ON")
    return path


def verify(path: Path, team: str = TEAM) -> ChainReport:
    return JournalStore(f"sqlite:///{path}").verify_chain(team, expected_last=LAST)


def test_the_triggers_do_not_have_to_be_there_for_a_whole_record_to_verify(journal: Path) -> None:
    assert verify(journal).ok


@pytest.mark.parametrize("column", ["team", "at", "kind", "body", "previous", "hash"])
@given(seq=st.integers(1, LAST), place=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_one_flipped_bit_in_any_text_is_found(
    journal: Path, column: str, seq: int, place: int, bit: int
) -> None:
    with closing(sqlite3.connect(journal)) as raw:
        raw.text_factory = bytes
        (before,) = raw.execute(
            f"SELECT {column} FROM journal WHERE team = ? AND seq = ?", (TEAM, seq)
        ).fetchone()
        changed = bytearray(before)
        changed[place % len(before)] ^= 1 << bit
        update = f"UPDATE journal SET {column} = CAST(? AS TEXT) WHERE seq = ?"
        with raw:
            raw.execute(update, (bytes(changed), seq))
        try:
            report = verify(journal)
            assert (report.ok, report.first_bad_seq) == (False, seq)
        finally:
            with raw:
                raw.execute(update, (before, seq))
    assert verify(journal).ok


@pytest.mark.parametrize("seq", range(1, LAST + 1))
@pytest.mark.parametrize("bit", [3, 5, 40])  # those that land on no other event's number
def test_one_flipped_bit_in_a_number_is_found(journal: Path, seq: int, bit: int) -> None:
    with closing(sqlite3.connect(journal)) as raw, raw:
        raw.execute("UPDATE journal SET seq = ? WHERE seq = ?", (seq ^ 1 << bit, seq))
    report = verify(journal)
    assert (report.ok, report.first_bad_seq) == (False, seq)


@pytest.mark.parametrize(
    ("statements", "first_bad"),
    [
        (("DELETE FROM journal WHERE seq = 1",), 1),
        (("DELETE FROM journal WHERE seq = 3",), 3),
        (("DELETE FROM journal WHERE seq > 2",), 3),
        (("DELETE FROM journal",), 1),
        (("DELETE FROM journal WHERE seq = 2", "UPDATE journal SET seq = seq - 1 WHERE seq > 2"), 2),
        (("UPDATE journal SET seq = seq + 7 WHERE seq = 2", "UPDATE journal SET seq = 2 WHERE seq = 3"), 2),
        (("UPDATE journal SET team = 'ua-ewr'",), 1),
        (("UPDATE journal SET team = 'ua-ewr' WHERE seq = 4",), 4),
    ],
)
def test_rows_taken_out_renumbered_or_given_away_are_found(
    journal: Path, statements: tuple[str, ...], first_bad: int
) -> None:
    with closing(sqlite3.connect(journal)) as raw, raw:
        for statement in statements:
            raw.execute(statement)
    report = verify(journal)
    assert (report.ok, report.first_bad_seq) == (False, first_bad)


def test_a_team_that_was_given_the_rows_of_another_does_not_verify(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as raw, raw:
        raw.execute("UPDATE journal SET team = 'ua-ewr'")
    report = verify(journal, "ua-ewr")
    assert (report.ok, report.first_bad_seq) == (False, 1)


# Long enough that the table has inner pages, which lead to the pages with the rows.
MANY = 400


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a journal's file, all of it in the file and none in the write-ahead log."""
    path = tmp_path_factory.mktemp("many") / "journal.db"
    with closing(JournalStore(f"sqlite:///{path}")) as store:
        store.append(events(1, MANY))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def _inner_teams(file: bytes) -> list[int]:
    """Return where the team's name lies in the table's inner page, which leads to the pages with the rows."""
    size = int.from_bytes(file[16:18], "big")  # https://www.sqlite.org/fileformat2.html: the database header
    inner = next(at for at in range(size, len(file), size) if file[at] == 2)  # 2: an inner page of an index
    return [inner + found.start() for found in re.finditer(TEAM.encode(), file[inner : inner + size])]


def test_one_flipped_bit_in_a_page_that_leads_to_the_rows_is_no_shorter_record(
    many: bytes, tmp_path: Path
) -> None:
    path, shorter = tmp_path / "journal.db", 0
    for at in _inner_teams(many):
        changed = bytearray(many)
        changed[at] ^= 0x08
        path.write_bytes(changed)
        with closing(JournalStore(f"sqlite:///{path}")) as store:
            shorter += len(list(store.read(TEAM))) < MANY  # SQLite says nothing
            with pytest.raises(JournalDamaged, match=r"is damaged.*restore it from a backup"):
                store.whole(TEAM)
    assert shorter


def test_the_newest_event_under_another_teams_name_is_missed(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as raw, raw:
        raw.execute("UPDATE journal SET team = 'dl-lgq' WHERE seq = ?", (LAST,))
    with (
        closing(JournalStore(f"sqlite:///{journal}")) as store,
        pytest.raises(JournalDamaged, match="'dl-lgq' begin with event 4, where those of 'dl-lga' end"),
    ):
        store.whole(TEAM)


def test_any_flipped_bit_in_the_layout_is_told_as_damage(many: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    for at, bit in (
        (many.index(b"previous TEXT"), 0),
        (many.index(b"hash TEXT"), 7),
        (many.index(b"CREATE"), 7),
    ):
        changed = bytearray(many)
        changed[at] ^= 1 << bit
        path.write_bytes(changed)
        with closing(JournalStore(f"sqlite:///{path}")) as store:
            for read in (store.whole, store.last_seq):
                with pytest.raises(JournalDamaged, match="Trying again does not help"):
                    read(TEAM)
