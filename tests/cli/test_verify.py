"""`bst export` and `bst verify`, as they are used: a journal leaves its database, and is proved elsewhere."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from activities.journal_store import JournalStore
from bst.journal_file import read, write
from domain.envelope import Entry
from tests.cli.place import ROOT, Place, bare_environment
from tests.lived_story import journal

TEAM = "story"


def keep(folder: Path, rows: list[Entry], name: str = "journal") -> str:
    """Write a journal's database, and return its address."""
    url = f"sqlite:///{folder / name}.db"
    store = JournalStore(url)
    store.append([row.envelope() for row in rows])
    store.close()
    return url


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with the journal of the story, and no server."""
    folder = tmp_path_factory.mktemp("kept")
    return Place(folder, bare_environment(folder, BST_JOURNAL=keep(folder, list(journal()))))


def test_an_exported_journal_is_proved_without_temporal_and_without_a_database(kept: Place) -> None:
    ran = kept.bst("export", TEAM, "-o", "story.jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert f"story: {len(journal())} events in story.jsonl" in ran.out
    assert "bst verify story --against story.jsonl" in ran.out

    without = "import sys; sys.modules['temporalio'] = sys.modules['sqlalchemy'] = None; "
    program = without + "from bst.cli import main; main(['verify', 'story.jsonl'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=kept.folder,
        env=kept.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"story: {len(journal())} events from 2026-01-05 to 2026-05-27")
    assert f"the last is {journal()[-1].hash[:12]}...\n" in done.stdout
    assert "All of it holds." in done.stdout


def test_a_flipped_bit_in_a_file_ends_with_1_and_names_the_line(kept: Place, tmp_path: Path) -> None:
    write(tmp_path / "story.jsonl", journal())
    content = bytearray((tmp_path / "story.jsonl").read_bytes())
    place = content.index(b"a strike")
    content[place] ^= 1
    line = content[:place].count(b"\n") + 1
    (tmp_path / "story.jsonl").write_bytes(content)
    ran = kept.bst("verify", str(tmp_path / "story.jsonl"), "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == "journal_file_changed"
    assert f"line {line}, event {line - 1}, is not as it was written" in ran.json["error"]["message"]


def test_what_does_not_follow_is_shown_with_both_values(kept: Place, tmp_path: Path) -> None:
    rows = [row.envelope() for row in journal()]
    at = next(i for i, row in enumerate(rows) if row.kind == "ballot_closed" and row.body["ballot"] == "b2")
    rows[at] = rows[at].model_copy(update={"body": rows[at].body | {"outcome": "consented"}})
    url = f"sqlite:///{tmp_path / 'forged.db'}"
    JournalStore(url).append(rows)
    ran = kept.bst("verify", TEAM, "--json", BST_JOURNAL=url)
    assert (ran.code, ran.json["ok"]) == (1, False)
    difference = ran.json["difference"]
    assert (difference["seq"], difference["kind"], difference["where"]) == (
        at + 1,
        "ballot_closed",
        "outcome",
    )
    assert (difference["stored"], difference["recomputed"]) == ("consented", "objected")

    assert f"Event {at + 1}, ballot_closed, at 2026-01-19" in difference["sentence"]
    assert 'outcome: stored "consented", computed "objected".' in difference["sentence"]


def test_a_journal_that_was_written_anew_does_not_continue_an_older_export(
    kept: Place, tmp_path: Path
) -> None:
    """Its first line is enough to be kept."""
    write(tmp_path / "older.jsonl", journal())
    line = (tmp_path / "older.jsonl").read_bytes().splitlines(keepends=True)[0]
    (tmp_path / "line.json").write_bytes(line)
    ran = kept.bst("verify", TEAM, "--against", str(tmp_path / "line.json"))
    assert ran.code == 0
    assert f"with its {len(journal())} events" in ran.out

    rows = [row.envelope() for row in journal()]
    at = next(i for i, row in enumerate(rows) if row.kind == "consent_given" and row.body["note"])
    rows[at] = rows[at].model_copy(update={"body": rows[at].body | {"note": "with all my heart"}})
    url = f"sqlite:///{tmp_path / 'forged.db'}"
    JournalStore(url).append(rows)
    ran = kept.bst("verify", TEAM, "--against", str(tmp_path / "line.json"), BST_JOURNAL=url)
    assert ran.code == 1
    assert "the journal was written anew since" in ran.out


def test_a_damaged_database_is_no_journal_that_holds(kept: Place, tmp_path: Path) -> None:
    url = keep(tmp_path, list(journal()), "damaged")
    path = tmp_path / "damaged.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    inner = next(at for at in range(size, len(content), size) if content[at] == 2)  # it leads to the rows
    content[content.index(TEAM.encode(), inner, inner + size)] ^= 0x08
    path.write_bytes(content)
    for command in (("verify", TEAM), ("export", TEAM, "-o", str(tmp_path / "new.jsonl"))):
        ran = kept.bst(*command, "--json", BST_JOURNAL=url)
        assert ran.code == 1
        assert ran.json["error"]["code"] == "journal_damaged"
        assert "restore it from a backup" in ran.json["error"]["message"]
    assert not (tmp_path / "new.jsonl").exists()


def test_answers_on_an_open_ballot_stay_where_they_are(kept: Place, tmp_path: Path) -> None:
    asked = next(row.seq for row in journal() if row.kind == "objection_raised")
    rows = list(journal()[: asked + 2])
    kept_back = [row for row in rows if row.at >= rows[asked - 1].at]
    url = keep(tmp_path, rows, "open")
    ran = kept.bst("export", TEAM, "-o", "-", BST_JOURNAL=url)
    assert ran.code == 0
    assert "the books are open" not in ran.out
    assert f"{len(kept_back)} later events held back" in ran.err
    (tmp_path / "open.jsonl").write_text(ran.out)
    file = read(tmp_path / "open.jsonl")
    assert file.entries == tuple(rows[: -len(kept_back)])
    assert file.manifest.held_back == len(kept_back)
    assert not [row for row in kept_back if row.hash in ran.out]
    ran = kept.bst("verify", str(tmp_path / "open.jsonl"))
    assert ran.code == 0
    assert f"{len(kept_back)} later events held back: answers on an open ballot are sealed." in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("verify", "stroy"), "not_found", "did you mean `story`?"),
        (("verify", "./journal.db"), "journal_file_refused", "there is no manifest"),
        (("export", TEAM, "-o", "journal.db"), "journal_file_refused", "is there already"),
    ],
)
def test_what_cannot_be_used_ends_with_2(
    kept: Place, arguments: tuple[str, ...], code: str, said: str
) -> None:
    ran = kept.bst(*arguments, "--json")
    assert ran.code == 2
    assert ran.json["error"]["code"] == code
    assert said in ran.json["error"]["message"]
