"""What still works, and what is said, while nobody works for a journey or no server is there."""

import time

from bst.calls import QUERY_PATIENCE_S
from tests.cli.place import Place

# Seconds for a program to start on a busy machine.
STARTUP_S = 6


def test_a_journey_starts_and_is_listed_without_a_worker(unattended: Place) -> None:
    team, path = unattended.charter()
    started = unattended.bst("start", str(path))
    assert started.code == 0
    assert "No worker answers yet" in started.out

    listed = unattended.bst("list", "--json")
    row = next(row for row in listed.json if row["team"] == team)
    assert (row["stage"], row["execution"]) == ("forming", "running")
    assert row["functions"] == ["IT", "claims handling", "finance"]
    assert team in unattended.bst("list").out


def test_what_needs_a_worker_says_so_in_time(unattended: Place) -> None:
    team = unattended.started()
    since = time.monotonic()
    ran = unattended.bst("status", team, "--json")
    assert time.monotonic() - since < QUERY_PATIENCE_S + STARTUP_S
    assert (ran.code, ran.json["error"]["code"]) == (3, "no_worker")
    assert "start `bst up` or `python worker.py`" in ran.json["error"]["message"]


def test_the_journal_is_read_without_a_server(nowhere: Place) -> None:
    ran = nowhere.bst("events", "claims")
    assert ran.code == 2
    assert "There is no journal at" in ran.err
