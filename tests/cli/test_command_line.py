"""What `bst` does before it needs a server."""

import importlib
import subprocess
import sys

import click
import pytest

from bst.cli import COMMANDS, bst, errors
from domain.errors import BadInput, CharterRefused, ServerUnreachable, SourceFailed
from domain.finding import Problem
from tests.cli.place import BST, Place

HEAVY = ("temporalio", "rich", "pydantic", "duckdb", "sqlalchemy", "numpy", "ruamel")


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from bst.cli import bst; bst.main(['--help'], standalone_mode=False);"
        f"print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for name, line in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert " ".join(line.split()[:5]) in " ".join(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = importlib.import_module(f"bst.cli.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)
    assert COMMANDS[name] == (command.help or "").split("\n\n")[0].replace("\n", " ").strip()
    for part in command.commands.values() if isinstance(command, click.Group) else (command,):
        assert "--json" in [option for parameter in part.params for option in parameter.opts]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["stauts", "claims"], 2, "'status'"),
        (["status", "--jsn", "claims"], 2, "'--json'"),
        (["status"], 2, "Missing argument 'TEAM'"),
        (["hold", "claims", "--reason", "x"], 2, "--by NAME, or set BST_MEMBER"),
        (["object", "claims", "--by", "Ana", "--kind", "taste", "--reason", "x"], 2, "harms_outcome"),
        (["consent", "claims"], 2, "BST_MEMBER"),
        (["status", "claims"], 3, "bst up"),
        (["list"], 3, "bst up"),
        (["start", "nothing-here.yaml"], 2, "nothing-here.yaml"),
    ],
)
def test_refusals_without_a_server(nowhere: Place, arguments: list[str], code: int, said: str) -> None:
    ran = nowhere.bst(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err

    as_json = nowhere.bst(*arguments, "--json")
    assert as_json.code == code
    assert as_json.err == ""
    assert said in as_json.json["error"]["message"]
    assert as_json.json["error"]["code"] in {"usage", "server_unreachable", "charter_refused"}


def test_no_command_shows_the_help(nowhere: Place) -> None:
    ran = nowhere.bst()
    assert (ran.code, ran.out) == (2, "")
    assert "Take part:" in ran.err


def test_a_wrong_address_is_said_within_seconds(nowhere: Place) -> None:
    ran = nowhere.bst("status", "claims", TEMPORAL_ADDRESS="127.0.0.1:1")
    assert ran.code == 3
    assert "127.0.0.1:1" in ran.err


def test_a_charter_with_errors_is_refused_with_its_lines(nowhere: Place) -> None:
    broken = nowhere.folder / "broken.yaml"
    broken.write_text("team: claims\nmembers: [unclosed\n")
    ran = nowhere.bst("start", "broken.yaml")
    assert ran.code == 2
    assert ran.err.startswith("broken.yaml:")

    problems = nowhere.bst("start", "broken.yaml", "--json").json["error"]["problems"]
    assert problems[0]["line"] >= 2


def test_a_mistake_of_the_program_is_one_sentence_and_a_log(nowhere: Place) -> None:
    script = (
        "import sys; sys.argv = ['bst', 'list']; import bst.cli.asking as a;"
        "a.ask = lambda use: {}['unheard of']; from bst.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=nowhere.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    log = nowhere.folder / "error.log"
    assert done.stderr.splitlines() == [
        f"bst: Something went wrong that should not (KeyError). The details are in {log}."
    ]
    assert "KeyError: 'unheard of'" in log.read_text()


def test_a_log_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BST_HOME", "/dev/null/not-a-folder")
    assert errors.told(RuntimeError("x"), ["list"]) == 1
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("x"), 2),
        (ServerUnreachable("x"), 3),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("x"), 2),
    ],
)
def test_exit_codes(error: BaseException, code: int) -> None:
    assert errors.told(error, ["status", "claims"]) == code


def test_errors_as_json_carry_what_programs_need(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem("error", "E4", 7, 3, "outcome.target", "is the baseline")
    errors.told(CharterRefused("all of it", (problem,)), ["--json"])
    out = capsys.readouterr().out
    assert '"code": "charter_refused"' in out
    assert '"line": 7' in out
    errors.told(SourceFailed("no_such_file", "not there"), ["--json"])
    assert '"source_code": "no_such_file"' in capsys.readouterr().out


def test_what_somebody_wrote_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    errors.told(BadInput("red \x1b[31m and \x07 bell"), [])
    assert (
        capsys.readouterr().err
        == "bst: red \N{REPLACEMENT CHARACTER}[31m and \N{REPLACEMENT CHARACTER} bell\n"
    )


def test_a_reader_who_goes_away_is_no_error(nowhere: Place) -> None:
    program = subprocess.Popen(
        [BST, "--help"], env=nowhere.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    err = program.stderr.read()
    program.stderr.close()
    assert (program.wait(20), err) == (errors.BROKEN_PIPE, b"")


def test_a_terminal_without_the_marks_shows_something(nowhere: Place) -> None:
    ran = nowhere.bst("check", "nothing ✓.yaml", PYTHONIOENCODING="ascii")
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_a_shell_can_complete_commands(nowhere: Place) -> None:
    ran = nowhere.bst(_BST_COMPLETE="bash_complete", COMP_WORDS="bst st", COMP_CWORD="1")
    assert ran.out.split() == ["plain,start", "plain,status"]
    assert "_BST_COMPLETE=bash_complete" in nowhere.bst(_BST_COMPLETE="bash_source").out


def test_the_version_is_said(nowhere: Place) -> None:
    assert nowhere.bst("--version").out.startswith("bst, version ")
    assert bst.name == "bst"
