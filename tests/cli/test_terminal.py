"""What people see in a terminal: pages, colours, questions, and a page that lives."""

import re
import signal
import subprocess
import time

import pytest

from bst.client import Journeys
from tests.cli.place import BST, Place
from tests.cli.terminal import in_terminal

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def test_a_page_fits_80_columns_and_parts_no_number(place: Place) -> None:
    team = place.stable()
    with in_terminal(place, "status", team, columns=80) as terminal:
        assert terminal.ended() == 0
        written = terminal.written
    assert COLOUR.search(written)
    lines = COLOUR.sub("", written).splitlines()
    assert max(map(len, lines)) <= 80
    page = "\n".join(lines)
    assert not [line for line in lines if line.endswith(" ")]
    for number in ("11.2 days", "20 points", "5 of 5", "10 of 10 points"):
        assert number in page, page


@pytest.mark.parametrize("columns", [40, 60])
def test_a_narrow_terminal_shows_all_of_it(place: Place, columns: int) -> None:
    team = place.stable()
    with in_terminal(place, "status", team, columns=columns, NO_COLOR="1") as terminal:
        assert terminal.ended() == 0
        lines = COLOUR.sub("", terminal.written).splitlines()
    assert max(map(len, lines)) <= columns
    assert "\x1b[3" not in terminal.written  # no colour; bold may stay
    assert "criterion" in terminal.written


def test_no_colour_where_there_is_no_terminal(place: Place) -> None:
    team = place.stable()
    assert "\x1b" not in place.bst("status", team).out
    assert "\x1b" not in place.bst("list").out
    assert "\x1b" not in place.bst("status", "no-such-team").err


def test_errors_are_red_in_a_terminal_alone(place: Place) -> None:
    with in_terminal(place, "status", "no-such-team") as terminal:
        assert terminal.ended() == 2
        assert "\x1b[31m" in terminal.written
    with in_terminal(place, "status", "no-such-team", NO_COLOR="1") as terminal:
        assert terminal.ended() == 2
        assert "\x1b[31m" not in terminal.written


def test_consent_shows_the_evidence_and_asks(place: Place) -> None:
    team = place.stable()
    with in_terminal(place, "consent", team, "--by", "Ana") as terminal:
        shown = terminal.until("do you consent? [y/N]")
        assert "go on from stability to optimization" in shown
        assert "The gate of stability is open: 5 of 5 met" in shown
        terminal.press("n\r")
        assert terminal.ended() == 2
        assert "Nothing was sent." in terminal.written
    with in_terminal(place, "consent", team, "--by", "Ana") as terminal:
        terminal.until("do you consent? [y/N]")
        terminal.press("y\r")
        assert terminal.ended() == 0
        assert "Ana consented on b1" in terminal.written
    with in_terminal(place, "consent", team, "--by", "Ben", "--yes") as terminal:
        assert terminal.ended() == 0
    with in_terminal(place, "consent", team, "--by", "Chloe") as terminal:
        terminal.until("do you consent? [y/N]")
        time.sleep(0.5)  # Python misses a Ctrl-C that comes between the question and its read
        terminal.press("\x03")
        assert terminal.ended() == 130
        assert "Traceback" not in terminal.written


def test_what_changed_while_somebody_read_refuses_the_answer(place: Place) -> None:
    team = place.stable()

    async def withdraw(journeys: Journeys) -> None:
        await journeys.hold(team, by="Ben", reason="wait")

    with in_terminal(place, "consent", team, "--by", "Ana") as terminal:
        terminal.until("do you consent? [y/N]")
        place.ask(withdraw)
        terminal.press("y\r")
        assert terminal.ended() == 2
        assert "No ballot is open" in terminal.written


def test_dissolve_asks_first(place: Place) -> None:
    team = place.started()
    with in_terminal(place, "dissolve", team, "--by", "Ana", "--reason", "x", "--lesson", "y") as terminal:
        terminal.until("for good? [y/N]")
        terminal.press("\r")
        assert terminal.ended() == 2
    assert place.bst("status", team, "--json").json["stage"] == "forming"


def test_watch_lives_and_stops_at_ctrl_c(place: Place) -> None:
    team = place.started()
    with in_terminal(place, "watch", team) as terminal:
        terminal.until("Every member confirmed")
        place.ask(lambda journeys: journeys.confirm(team, by="Ana"))
        terminal.until("1 of 3")
        terminal.press("\x03")
        assert terminal.ended() == 130
        assert "Traceback" not in terminal.written
        assert terminal.written.rstrip().endswith("\x1b[?25h")  # the cursor is back


def test_watch_tells_programs_a_line_per_change_and_ends_with_the_journey(place: Place) -> None:
    import json

    team = place.started()
    with subprocess.Popen(
        [BST, "watch", team, "--json"],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        first = json.loads(program.stdout.readline())
        place.ask(lambda journeys: journeys.dissolve(team, by="Ana", reason="over", lesson="start smaller"))
        rest = [json.loads(line) for line in program.stdout]
        assert program.wait(20) == 0
    assert first["stage"] == "forming"
    assert rest[-1]["ended"] == "over"
    assert [seen for seen in [first, *rest] if seen["stage"] == "dissolved"] == [rest[-1]]


def test_watch_without_a_terminal_stops_at_a_signal_with_its_code(place: Place) -> None:
    team = place.started()
    with subprocess.Popen(
        [BST, "watch", team],
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert team in program.stdout.readline()
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=20)
    assert (program.returncode, err.strip()) == (130, "")
