"""`bst rehearse` and `bst what-if`, run as people run them: no server, no worker."""

from pathlib import Path

import pytest

from activities.journal_store import JournalStore
from bst import journal_file
from tests.cli.place import Place, bare_environment
from tests.rehearsing import START, made_up


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with a charter and its past."""
    folder = tmp_path_factory.mktemp("past")
    made_up(folder)
    return Place(folder, bare_environment(folder, BST_DATA=str(folder)))


def test_a_rehearsal_is_told_and_its_journal_proved(past: Place) -> None:
    ran = past.bst("rehearse", "charter.yaml", "--from", str(START), "-o", "past.jsonl")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("REHEARSAL of claims, 2022-08-15 00:00 UTC")
    for words in (
        "every member consents 2 days after a ballot opens",
        "the gate of stability is open",
        "claims entered innovation",
        "claims went back to stability",
        "Without a value: week of 2022-09-12",
        "At the end: in stability since",
    ):
        assert words in " ".join(ran.out.split()), words
    assert journal_file.read(past.folder / "past.jsonl").manifest.origin == "rehearsal"
    proved = past.bst("verify", "past.jsonl")
    assert proved.code == 0, proved.out


def test_programs_get_one_document(past: Place) -> None:
    ran = past.bst(
        "rehearse", "charter.yaml", "--from", str(START), "--to", "2022-10-02", "--json", "--plant",
        "shift:outcome:2022-09-05:+6",
    )  # fmt: skip

    assert ran.code == 0
    assert ran.json["rehearsal"] is True
    assert ran.json["missing"] == ["2022-09-12"]
    assert ran.json["periods"][-1]["period"] == "2022-09-19"
    assert "stability in doubt" in str(ran.json["planted"]), ran.json["planted"]


def test_variants_are_shown_beside_one_another(past: Place) -> None:
    ran = past.bst(
        "rehearse", "charter.yaml", "--from", str(START), "--vary", "stages.optimization.margin=0,9",
        "--resample", "0", COLUMNS="200",
    )  # fmt: skip

    assert ran.code == 0
    assert "With stages.optimization.margin=9 instead of stages.optimization.margin=0" in ran.out
    assert "optimization never opens" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2022-08-15", "--to", "2122-01-01"), "a rehearsal plays the past"),
        (("--from", "soon"), "'soon' does not match"),
        (("--from", "2022-08-15", "--vary", "a=1", "--all"), "leave out"),
        (("--from", "2022-08-15", "--answers", "objects:Bob"), "there is no member 'Bob'"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(past: Place, arguments: tuple[str, ...], words: str) -> None:
    ran = past.bst("rehearse", "charter.yaml", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_what_if_asks_a_journal(past: Place) -> None:
    url = f"sqlite:///{past.folder / 'journal.db'}"
    store = JournalStore(url)
    rows = made_up(past.folder).play().entries()
    store.append([row.envelope() for row in rows])
    store.close()
    amended = Path("amended.yaml")

    ran = past.bst(
        "what-if", "claims", "--set", "stages.optimization.margin=9", "-o", str(amended), BST_JOURNAL=url
    )

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("WHAT IF claims had had stages.optimization.margin=9")
    assert "the record comes out, event by event" in ran.out
    assert "optimization never opens" in ran.out
    assert "bst amend claims amended.yaml --by NAME" in ran.out
    assert "margin: 9" in (past.folder / amended).read_text()
    without = past.bst("what-if", "claims", "--set", "members.Chloe=null", BST_JOURNAL=url)
    assert ", to confirm outcome: " in without.out
    again = past.bst("what-if", "claims", "--set", "a.b=1", "-o", str(amended), BST_JOURNAL=url)
    assert again.code == 2
    assert "`a`" in again.err
    nobody = past.bst("what-if", "claim", "--set", "a.b=1", BST_JOURNAL=url)
    assert nobody.code == 2
    assert "did you mean `claims`" in nobody.err
