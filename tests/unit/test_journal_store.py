"""The journal's promises, kept in real SQLite files and in a real PostgreSQL."""

import re
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from activities.journal_errors import (
    JournalConflict,
    JournalDamaged,
    JournalGap,
    JournalMissing,
    JournalRefused,
    JournalTooNew,
)
from activities.journal_store import PAGE_ROWS, JournalStore
from domain.envelope import GENESIS, Envelope, chain_hash
from tests.journal_events import TEAM, event, events, run_sql


@pytest.fixture
def store(journal_url: str) -> Iterator[JournalStore]:
    with closing(JournalStore(journal_url)) as opened:
        yield opened


def test_what_was_appended_is_read_back_in_order_and_chained(store: JournalStore) -> None:
    handed_over = events(1, 5)
    assert store.append(handed_over[:2]) == 2
    assert store.append(handed_over[2:]) == 5
    rows = list(store.read(TEAM))
    assert tuple(row.envelope() for row in rows) == handed_over
    before = GENESIS
    for row, envelope in zip(rows, handed_over, strict=True):
        assert (row.previous, row.hash) == (before, chain_hash(before, envelope))
        before = row.hash
    report = store.verify_chain(TEAM, expected_last=5)
    assert (report.ok, report.count, report.last_hash) == (True, 5, before)


@pytest.mark.parametrize(
    ("first", "then", "answer"),
    [
        ((1, 3), (1, 3), 3),  # the same again
        ((1, 3), (2, 5), 5),  # some known, some new
        ((1, 3), (1, 2), 3),  # only known ones, and the answer is how far the journal is
        ((1, 3), (4, 4), 4),  # only new ones
    ],
)
def test_appending_again_stores_nothing_twice(
    store: JournalStore, first: tuple[int, int], then: tuple[int, int], answer: int
) -> None:
    store.append(events(*first))
    assert store.append(events(*then)) == answer
    assert [row.seq for row in store.read(TEAM)] == list(range(1, answer + 1))
    assert store.verify_chain(TEAM).ok


def test_the_same_event_in_another_order_of_keys_is_the_same_event(store: JournalStore) -> None:
    store.append([event(1, body={"a": 1, "b": 2})])
    assert store.append([event(1, body={"b": 2, "a": 1})]) == 1


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"body": {"member": "tom"}}, "its body differs"),
        ({"body": {"x": 1.0}}, "its body differs"),
        ({"kind": "objected"}, "its kind is consent_given there and objected here"),
        ({"at": event(9).at}, "its at is 2026-01-07T09:30:00.000002Z there and 2026-01-14T"),
    ],
)
def test_another_event_under_a_stored_number_is_a_conflict(
    store: JournalStore, changes: dict[str, Any], differs: str
) -> None:
    store.append(events(1, 3))
    with pytest.raises(JournalConflict, match=f"Event 2 of {TEAM} .*{re.escape(differs)}.*needs a new name"):
        store.append([event(2, **changes), event(3), event(4)])
    assert store.last_seq(TEAM) == 3


def test_events_before_the_first_one_must_be_there(store: JournalStore) -> None:
    with pytest.raises(JournalGap, match=r"Event 2 .* ends with event 0") as gap:
        store.append([event(2)])
    assert gap.value.details == (0,)
    store.append(events(1, 3))
    with pytest.raises(JournalGap, match=r"Event 6 .* ends with event 3.* from 4 on"):
        store.append(events(6, 7))
    assert store.last_seq(TEAM) == 3


@pytest.mark.parametrize(
    ("handed_over", "says"),
    [
        ((), "No event"),
        ((event(1), event(3)), "right after event 1"),
        ((event(2), event(1)), "right after event 2"),
        ((event(1), event(1)), "right after event 1"),
        ((event(1), event(2, team="ua-ewr")), "right after event 1"),
    ],
)
def test_only_one_teams_consecutive_events_are_taken(
    store: JournalStore, handed_over: Sequence[Envelope], says: str
) -> None:
    with pytest.raises(JournalRefused, match=says):
        store.append(handed_over)


def test_teams_have_chains_of_their_own(store: JournalStore) -> None:
    store.append(events(1, 2, team="ua-ewr"))
    store.append(events(1, 3))
    assert store.teams() == (TEAM, "ua-ewr")
    assert [store.last_seq(team) for team in (TEAM, "ua-ewr", "b6-jfk")] == [3, 2, 0]
    assert all(store.verify_chain(team).ok for team in store.teams())
    assert not store.verify_chain("b6-jfk").ok
    assert list(store.read("b6-jfk")) == []


@pytest.mark.parametrize(
    ("after", "limit", "first", "last"),
    [
        (0, None, 1, PAGE_ROWS + 3),
        (0, 2, 1, 2),
        (2, 3, 3, 5),
        (PAGE_ROWS, None, PAGE_ROWS + 1, PAGE_ROWS + 3),
        (1, PAGE_ROWS + 1, 2, PAGE_ROWS + 2),
        (PAGE_ROWS + 3, None, 1, 0),
        (0, 0, 1, 0),
    ],
)
def test_reading_pages_through(
    store: JournalStore, after: int, limit: int | None, first: int, last: int
) -> None:
    store.append(events(1, PAGE_ROWS + 3))
    assert [row.seq for row in store.read(TEAM, after, limit)] == list(range(first, last + 1))


def test_a_half_read_journal_does_not_keep_writers_waiting(store: JournalStore) -> None:
    store.append(events(1, PAGE_ROWS + 1))
    reading = store.read(TEAM)
    next(reading)
    assert store.append(events(PAGE_ROWS + 2, PAGE_ROWS + 2)) == PAGE_ROWS + 2
    assert sum(1 for _ in reading) == PAGE_ROWS + 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: list(store.read(TEAM)),
        lambda store: store.teams(),
        lambda store: store.last_seq(TEAM),
        lambda store: store.verify_chain(TEAM),
    ],
)
def test_reading_never_makes_a_journal(
    store: JournalStore, ask: Callable[[JournalStore], object], tmp_path: Path
) -> None:
    with pytest.raises(JournalMissing, match=r"There is no journal at .* yet"):
        ask(store)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_of_a_later_version_is_neither_read_nor_written(
    store: JournalStore, journal_url: str
) -> None:
    store.append(events(1, 1))
    run_sql(journal_url, "UPDATE journal_schema SET version = 2")
    for use in (lambda: store.append(events(1, 2)), lambda: list(store.read(TEAM))):
        with pytest.raises(JournalTooNew, match=r"schema 2; this one knows up to 1\).*Upgrade this program"):
            use()
    run_sql(journal_url, "UPDATE journal_schema SET version = 1")
    assert store.last_seq(TEAM) == 1


def test_a_new_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = JournalStore(f"sqlite:///{tmp_path}/kept/journal.db")
    store.append(events(1, 1))
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kept", tmp_path / "kept" / "journal.db")
    ]
    assert modes == [0o700, 0o600]
    with closing(sqlite3.connect(tmp_path / "kept" / "journal.db")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_text("notes of somebody\n" * 200)
    store = JournalStore(f"sqlite:///{path}")
    for use in (lambda: store.append(events(1, 1)), store.teams):
        with pytest.raises(JournalDamaged, match="not a database"):
            use()
    assert path.read_text() == "notes of somebody\n" * 200


def test_a_file_that_was_removed_is_a_gap_and_not_a_silent_loss(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = JournalStore(f"sqlite:///{path}")
    store.append(events(1, 2))
    path.unlink()
    with pytest.raises(JournalGap, match="ends with event 0"):
        store.append(events(3, 3))
    assert store.append(events(1, 3)) == 3
