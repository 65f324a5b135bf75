"""`bst check` and `bst schema`, run as people run them."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bst.charter_rules import BASE

ROOT = Path(__file__).parents[2]
BST = Path(sys.executable).with_name("bst")
GOOD = BASE.replace("2027-06-30", "2099-06-30")


def bst(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BST, *arguments], cwd=ROOT, input=given, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_clean_charter_is_said_to_be_so_and_what_the_lint_cannot_judge() -> None:
    ran = bst("check", "-", given=GOOD)
    assert (ran.returncode, ran.stderr) == (0, "")
    first, second = ran.stdout.splitlines()
    assert first == "stdin: no errors"
    assert second.startswith("The lint judges form; only readers can judge tangibility")
    assert "Sources are not read here" in second


def test_all_problems_of_all_files_come_one_a_line() -> None:
    ran = bst(
        "check", "examples/bad/squishy.yaml", "examples/bad/portal.yaml", "examples/claims/charter.yaml"
    )
    assert ran.returncode == 2
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("examples/bad/squishy.yaml:3:10: S4 outcome: ")
    assert lines[8].startswith("examples/bad/squishy.yaml:3:10: warning W1 outcome.statement: ")
    assert lines[9].startswith("examples/bad/portal.yaml:4:14: warning W2 ")
    assert lines[14] == "examples/claims/charter.yaml: no errors"
    assert lines[-1] == "12 errors"


def test_warnings_alone_refuse_nothing() -> None:
    ran = bst("check", "-", given=GOOD.replace("target: 3", "target: 3\n  promise: 2"))
    assert ran.returncode == 0
    assert "stdin:11:12: warning C8 outcome.promise:" in ran.stdout
    assert "stdin: no errors, 1 warning" in ran.stdout


def test_a_charter_of_the_past_is_checked_as_of_then() -> None:
    past = BASE.replace("2027-06-30", "2013-12-31")
    assert "E5" in bst("check", "-", given=past).stdout
    assert bst("check", "--today", "2013-01-01", "-", given=past).returncode == 0
    wrong = bst("check", "--today", "1.1.2013", "-", given=past)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "%Y-%m-%d" in wrong.stderr


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), ("team: x", 2), ("", 2), ("\t", 2)])
def test_programs_get_json(text: str, code: int) -> None:
    ran = bst("check", "--json", "-", given=text)
    assert (ran.returncode, ran.stderr) == (code, "")
    answer = json.loads(ran.stdout)
    assert answer["ok"] is (code == 0)
    (file,) = answer["files"]
    assert file["file"] == "stdin"
    assert bool(file["problems"]) is (code != 0)
    for problem in file["problems"]:
        assert set(problem) == {"severity", "code", "line", "column", "where", "message"}


def test_a_file_that_is_not_there_is_a_problem_of_its_own() -> None:
    ran = bst("check", "nothing-here.yaml", "examples/claims/charter.yaml")
    assert ran.returncode == 2
    assert ran.stdout.startswith("nothing-here.yaml: Y1: there is no such file")
    assert "examples/claims/charter.yaml: no errors" in ran.stdout


def test_colours_only_on_a_terminal() -> None:
    terminal, end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"} | {"NO_COLOR": ""}
    command = [str(BST), "check", "examples/bad/portal.yaml"]
    subprocess.run(command, cwd=ROOT, stdout=end, env=environment, timeout=60, check=False)
    os.close(end)
    shown = os.read(terminal, 65_536).decode()
    os.close(terminal)
    assert "\x1b[1;31mE10\x1b[0m" in shown
    assert "\x1b" not in bst("check", "examples/bad/portal.yaml").stdout


def test_the_schema_and_the_reference_are_printed() -> None:
    schema = bst("schema")
    assert (schema.returncode, schema.stderr) == (0, "")
    assert schema.stdout == (ROOT / "charter.schema.json").read_text(encoding="utf-8")
    assert bst("schema", "--json").stdout == schema.stdout
    assert bst("schema", "--markdown").stdout == (ROOT / "docs" / "charter.md").read_text(encoding="utf-8")
