"""The journal when its writers are killed, and when many write at once."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine

from activities import journal_engine
from activities.journal_errors import JournalConflict, JournalUnavailable
from activities.journal_store import JournalStore
from tests.journal_events import TEAM, event, events

ROOT = Path(__file__).parents[2]
WRITERS = 8


def writer(url: str, team: str, last: int, batch: int) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        str(ROOT / "tests" / "faults" / "journal_writer.py"),
        url,
        team,
        str(last),
        str(batch),
    ]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill_after(process: "subprocess.Popen[str]", answers: int, pause: float) -> int:
    """Read this many answers, wait a moment, kill -9; return the last seq that was said to be stored."""
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(answers)]
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
        assert process.wait(timeout=20) == -signal.SIGKILL
    return [int(line) for line in said if line.endswith("\n")][-1]


def test_a_killed_writer_loses_nothing_and_its_successor_doubles_nothing(journal_url: str) -> None:
    random = Random(20260105)
    batch, last = 3, 300_000  # more than can be written before the kill
    with closing(JournalStore(journal_url)) as store:
        stored = 0
        for turn in range(3):
            said = kill_after(writer(journal_url, TEAM, last, batch), 4 + 10 * turn, random.uniform(0, 0.02))
            stored = store.last_seq(TEAM)
            assert stored >= said > 0
            assert stored % batch == 0  # a batch is stored as a whole or not at all
            assert store.verify_chain(TEAM, expected_last=stored).count == stored
        assert store.append(events(1, stored + 5)) == stored + 5
        assert tuple(row.envelope() for row in store.read(TEAM)) == events(1, stored + 5)
        assert store.verify_chain(TEAM, expected_last=stored + 5).ok


def finish(process: "subprocess.Popen[str]") -> None:
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors


@pytest.mark.parametrize("same_team", [True, False], ids=["one_team", "a_team_each"])
def test_eight_processes_that_begin_at_once_leave_one_whole_record(
    journal_url: str, *, same_team: bool
) -> None:
    teams = [TEAM if same_team else f"team-{n}" for n in range(WRITERS)]
    started = [writer(journal_url, team, 40, 1 + n) for n, team in enumerate(teams)]
    for process in started:
        finish(process)
    with closing(JournalStore(journal_url)) as store:
        assert store.teams() == tuple(sorted(set(teams)))
        for team in set(teams):
            assert tuple(row.envelope() for row in store.read(team)) == events(1, 40, team)
            assert store.verify_chain(team, expected_last=40).ok


def test_eight_threads_share_a_store(journal_url: str) -> None:
    with closing(JournalStore(journal_url)) as store, ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(lambda first: store.append(events(1, 5 + first)), range(WRITERS)))
        assert max(answers) == 5 + WRITERS - 1
        assert tuple(row.envelope() for row in store.read(TEAM)) == events(1, 5 + WRITERS - 1)


def test_of_eight_that_claim_the_same_number_one_is_kept_and_seven_are_told(journal_url: str) -> None:
    def claim(member: int) -> str:
        try:
            store.append([event(1, body={"member": member})])
        except JournalConflict:
            return "conflict"
        return "stored"

    with closing(JournalStore(journal_url)) as store, ThreadPoolExecutor(WRITERS) as pool:
        assert Counter(pool.map(claim, range(WRITERS))) == {"stored": 1, "conflict": WRITERS - 1}
        assert store.verify_chain(TEAM, expected_last=1).ok


def test_a_writer_that_is_kept_waiting_too_long_is_told_and_can_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_engine, "WAIT_SECONDS", 0.05)
    store = JournalStore(f"sqlite:///{tmp_path}/journal.db")
    store.append(events(1, 1))
    with closing(sqlite3.connect(tmp_path / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnavailable, match="database is locked"):
            store.append(events(2, 2))
        assert store.last_seq(TEAM) == 1  # readers are never kept waiting
        other.execute("ROLLBACK")
    assert store.append(events(2, 2)) == 2


def test_connections_that_the_server_dropped_are_replaced(fresh_postgres_url: str) -> None:
    admin = create_engine(fresh_postgres_url, isolation_level="AUTOCOMMIT")
    with closing(JournalStore(fresh_postgres_url)) as store:
        store.append(events(1, 1))
        with admin.connect() as connection:
            dropped = connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).all()
        admin.dispose()
        assert len(dropped) == 1
        assert store.append(events(1, 2)) == 2
