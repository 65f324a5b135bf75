"""`bst report` and `bst chart`, run as people run them: from a journal, or from a file written of it."""

import csv
import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from activities.journal_store import JournalStore
from bst.cli import _run
from bst.cli.report import FORMATS
from bst.journal_file import write
from bst.report.data import COLUMNS
from bst.report.plot import DRAWN_AT_MOST
from tests.cli.place import BST, ROOT, Ran
from tests.cli.test_commands_document import parsed
from tests.reported import DAYS, RATE, claims_rows

HERE = "a-file.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the journal of a team in its database, and the same as the file of a rehearsal."""
    path = tmp_path_factory.mktemp("reports")
    store = JournalStore(f"sqlite:///{path / 'journal.db'}")
    store.append([row.envelope() for row in claims_rows()])
    store.close()
    write(path / HERE, claims_rows(), origin="rehearsal")
    return path


@pytest.fixture
def bst(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ran]:
    """Run a command as the program does, in this process: what starts with the program costs a second."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BST_JOURNAL", f"sqlite:///{folder / 'journal.db'}")
    monkeypatch.setenv("COLUMNS", "90")

    def run(*arguments: str) -> Ran:
        code = _run(list(arguments))
        told = capfdbinary.readouterr()
        return Ran(code, told.out.decode(), told.err.decode())

    return run


def program(folder: Path, *arguments: str, given: bytes) -> Ran:
    """Run the program itself."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BST_", "TEMPORAL_"))}
    command = [str(BST), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_team_and_a_file_give_the_same_but_for_the_label(folder: Path, bst: Callable[..., Ran]) -> None:
    done = bst("report", "claims")
    assert (done.code, done.out.startswith("claims.html, ")) == (0, True), done.err
    assert "No server or worker answered: the journal may be one measurement behind" in done.out
    again = program(folder, "report", "-", "-o", "-", given=(folder / HERE).read_bytes())
    assert again.code == 0, again.err
    team = (folder / "claims.html").read_text(encoding="utf-8")
    assert "REHEARSAL" not in team
    assert "<strong>REHEARSAL</strong>" in again.out
    main = [text[text.index('<main id="main">') : text.index("</main>")] for text in (team, again.out)]
    assert main[0] == main[1]


def test_a_file_that_is_there_is_replaced_only_by_its_name(folder: Path, bst: Callable[..., Ran]) -> None:
    (folder / "claims.csv").write_text("mine")
    refused = bst("report", "claims", "--format", "csv")
    assert refused.code == 2
    assert "claims.csv is there already. Name it with -o to replace it" in refused.err
    assert (folder / "claims.csv").read_text() == "mine"
    done = bst("report", HERE, "-o", "claims.csv", "--metric", RATE.upper(), "--json")
    size = (folder / "claims.csv").stat().st_size
    told = {"file": "claims.csv", "format": "csv", "bytes": size, "events": len(claims_rows())}
    told["on_their_way"] = None
    assert done.json == told
    rows = list(csv.DictReader(io.StringIO((folder / "claims.csv").read_text(encoding="utf-8-sig"))))
    assert {row["metric"] for row in rows} == {RATE}


def test_one_chart_comes_as_a_picture_and_in_the_terminal(folder: Path, bst: Callable[..., Ran]) -> None:
    png = bst("report", "claims", "-o", "days.png")
    assert png.code == 0, png.err
    assert (folder / "days.png").read_bytes().startswith(b"\x89PNG")
    chart = bst("chart", HERE)
    assert chart.code == 0, chart.err
    assert "REHEARSAL" in chart.out
    assert "one measurement behind" not in chart.out
    assert f"{DAYS} (the outcome, lower is better)" in chart.out
    assert "Calm: the last 10 weeks vary within the limits" in chart.out
    assert "▲ signal for the better" in chart.out
    assert all(len(line) <= 90 for line in chart.out.splitlines())
    assert json.loads(bst("chart", "claims", "--json").out)["metrics"][0]["metric"] == DAYS


REFUSED = [
    (("report", "nobody"), 2, "The journal has no events of 'nobody'"),
    (("report", "claims", "-o", "x.svg", "--metric", "days"), 2, f"no metric 'days': the charter has {DAYS}"),
    (("chart", "claims", "days"), 2, f"There is no metric 'days': the charter has {DAYS}"),
    (("report", "no/such.jsonl"), 2, "no/such.jsonl cannot be read"),
    (("report", "claims", "-o", "no/such/place.html"), 2, "no/such/place.html cannot be written"),
    (("report", "claims", "--metric", DAYS), 2, "--metric goes with --format svg, png, csv or json"),
    (("report", "claims", "--json", "-o", "-"), 2, "--json prints on standard output"),
    (("report", "broken.jsonl"), 1, "line 2, event 1, is not as it was written"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), REFUSED)
def test_what_cannot_be_is_said(
    folder: Path, arguments: tuple[str, ...], code: int, words: str, bst: Callable[..., Ran]
) -> None:
    (folder / "broken.jsonl").write_bytes((folder / HERE).read_bytes().replace(b"Aisha", b"Aysha", 2))
    done = bst(*arguments)
    assert done.code == code
    assert words in done.err + done.out
    assert "Traceback" not in done.err


def test_the_document_shows_commands_that_exist() -> None:
    text = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    shown = [re.split(r" (?:\||#) ?", line)[0].strip() for line in lines]
    assert len(shown) == 8
    for line in shown:
        parsed(line)
    for kind in FORMATS:
        assert f"| `{kind}` |" in text
    assert ", ".join(COLUMNS).replace("_", " ") in text
    assert f"At most {DRAWN_AT_MOST} periods are drawn" in text


@pytest.mark.parametrize("name", ["claims.pdf", "claims.docx"])
def test_a_name_of_no_format_there_is_is_refused(bst: Callable[..., Ran], folder: Path, name: str) -> None:
    ran = bst("report", HERE, "-o", name)

    assert ran.code == 2
    assert not (folder / name).exists()
    assert all(kind in ran.err for kind in FORMATS)
    assert "print the HTML" in " ".join(ran.err.split())
