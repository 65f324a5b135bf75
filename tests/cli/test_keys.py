"""Members make keys and sign with them by the command, on a real server; one table says what they may do."""

import stat
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from bst.cli import _run
from bst.cli.permissions import TYPED, WITHOUT_JOURNEY, found, page
from domain.permissions import permissions
from tests.cli.place import MEMBERS, ROOT, Place, Ran
from tests.cli.terminal import in_terminal

WORDS = "open sesame, please"
Bst = Callable[..., Ran]


def keyed(folder: Path, **variables: str) -> dict[str, str]:
    """Return the variables of somebody whose keys are in a folder."""
    return {"BST_KEYS": str(folder / "keys"), **variables}


@pytest.fixture
def bst(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bst:
    """Run the command in this process, where no server and no terminal is needed: it starts in no time."""

    def run(*arguments: str, **variables: str) -> Ran:
        with monkeypatch.context() as patched:
            for name, value in variables.items():
                patched.setenv(name, value)
            code = _run(list(arguments))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


def made(bst: Bst, name: str, folder: Path, *more: str, **variables: str) -> str:
    """Make a key, and return its public half."""
    ran = bst("key", "new", "--name", name, "--json", *more, **keyed(folder, **variables))
    assert ran.code == 0, ran.err
    public: str = ran.json["public"]
    return public


def test_a_key_is_made_for_its_owner_alone_and_never_overwritten(bst: Bst, tmp_path: Path) -> None:
    public = made(bst, "Jana Müller", tmp_path, BST_KEY_PASSPHRASE=WORDS)
    file = tmp_path / "keys" / "jana-muller.key"
    again = bst("key", "new", "--name", "Jana Müller", **keyed(tmp_path, BST_KEY_PASSPHRASE=WORDS))
    listed = bst("key", "list", **keyed(tmp_path))
    shown = bst("key", "show", str(file.with_suffix(".pub")))
    opened = bst("key", "show", str(file), BST_KEY_PASSPHRASE=WORDS)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert WORDS not in file.read_text()
    assert (again.code, "is there already, and a key is never overwritten" in again.err) == (2, True)
    assert listed.out == f"Jana Müller: {public}, private half: {file}\n"
    assert shown.out == f"Jana Müller: {public}\n"
    assert opened.out == f"{public}\n"


@pytest.mark.parametrize(
    ("options", "variables", "words"),
    [
        ([], {}, "nobody is here to ask: set BST_KEY_PASSPHRASE_FILE"),
        ([], {"BST_KEY_PASSPHRASE": ""}, "or say --no-passphrase"),
        ([], {"BST_KEY_PASSPHRASE": "short"}, "8 characters or more"),
        (["--keyring", "--no-passphrase"], {}, "takes no file and no passphrase"),
        # A program that has no keyring to offer: a backend of keyring's own that always fails.
        (["--keyring"], {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}, "does not take the key"),
    ],
)
def test_what_makes_no_key_leaves_nothing_behind(
    bst: Bst, tmp_path: Path, options: list[str], variables: dict[str, str], words: str
) -> None:
    ran = bst("key", "new", "--name", "Ben", *options, **keyed(tmp_path, **variables))
    assert (ran.code, words in ran.err) == (2, True), ran.err
    assert not (tmp_path / "keys").exists() or not list((tmp_path / "keys").iterdir())


def test_a_passphrase_is_asked_for_twice_and_not_shown(nowhere: Place, bst: Bst, tmp_path: Path) -> None:
    with in_terminal(nowhere, "key", "new", "--name", "Ben", BST_KEYS=str(tmp_path / "keys")) as terminal:
        terminal.until("Passphrase: ")
        terminal.press(f"{WORDS}\n")
        terminal.until("The same again: ")
        terminal.press(f"{WORDS}\n")
        assert terminal.ended() == 0
    assert "keys:\r\n  Ben: ed25519:" in terminal.written
    assert WORDS not in terminal.written
    ran = bst("key", "show", str(tmp_path / "keys" / "ben.key"), BST_KEY_PASSPHRASE="something else")
    assert (ran.code, "the passphrase is wrong" in ran.err) == (2, True)


def test_a_team_with_keys_takes_what_is_signed_alone(place: Place, bst: Bst, tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text(f"{WORDS}\n")
    words.chmod(0o600)
    mine = keyed(tmp_path, BST_KEY_PASSPHRASE_FILE=str(words))
    keys = {"Ana": made(bst, "Ana", tmp_path, **mine)}
    keys |= {name: made(bst, name, tmp_path, "--no-passphrase") for name in MEMBERS if name != "Ana"}
    team = place.started(keys=keys)

    nobody = place.bst("confirm", team, "--by", "Ana", BST_KEYS=str(tmp_path / "none"))
    locked = place.bst("confirm", team, "--by", "Ana", **keyed(tmp_path))
    confirmed = place.bst("confirm", team, "--by", "ana", **mine)
    (tmp_path / "keys" / "ben.key").chmod(0o644)
    exposed = place.bst("confirm", team, "--by", "Ben", **mine)
    listed = place.bst("key", "list", team, "--json", **mine)

    assert (nobody.code, locked.code, confirmed.code, exposed.code) == (2, 2, 0, 2)
    assert "its private half is not here" in nobody.err
    assert "has a passphrase and nobody is here to ask" in locked.err
    assert confirmed.out == "Ana confirmed version 1 of the outcome\n"
    assert "Others may read" in exposed.err
    assert [(row["name"], row["public"], row["signatures"]) for row in listed.json] == [
        (name, keys[name], int(name == "Ana")) for name in MEMBERS
    ]

    asked = ("hold", team, "--by", "Ana", "--reason", "an audit")
    with in_terminal(place, *asked, BST_KEYS=str(tmp_path / "keys")) as terminal:
        terminal.until("Passphrase of ")
        terminal.press(f"{WORDS}\n")
        assert terminal.ended() == 0
    assert "Ana holds the journey: an audit" in " ".join(terminal.written.split())


def test_a_key_of_ssh_keygen_is_taken_too(bst: Bst, tmp_path: Path) -> None:
    made(bst, "Ben", tmp_path, "--no-passphrase")
    place = tmp_path / "keys"
    (place / "ben.key").rename(place / "ben")  # as ssh-keygen names its two files
    assert bst("key", "list", "--json", **keyed(tmp_path)).json[0]["private"] == str(place / "ben")
    (place / "rsa.pub").write_text("ssh-rsa AAAA somebody\n")
    ran = bst("key", "show", str(place / "rsa.pub"))
    assert (ran.code, "is no public key as OpenSSH writes it" in ran.err) == (2, True)


def test_the_table_is_the_same_for_everybody_and_read_off_the_commands(bst: Bst) -> None:
    ran = bst("permissions", "--json")
    rows = ran.json["journey"]
    assert len(rows) == len(permissions())
    assert all(not {"role", "who", "may"} & row.keys() for row in rows)
    consent = next(row for row in rows if row["command"] == "bst consent")
    assert (consent["update"], consent["signed"]) == ("consent", True)
    assert "[--digest]" in consent["options"]
    assert [row["command"] for row in ran.json["apart"]][:2] == ["bst pulse draw", "bst pulse answer"]
    assert bst("permissions", BST_MEMBER="Ana").out == bst("permissions", BST_MEMBER="Ben").out


@pytest.mark.parametrize("typed", [*TYPED.values(), *WITHOUT_JOURNEY])
def test_each_row_of_the_table_can_be_typed(typed: str) -> None:
    *words, last = [word for word in typed.split() if not word.startswith("--")]
    for choice in last.split("|"):
        assert not isinstance(found(" ".join((*words, choice))), click.Group)
    flags = {opt for param in found(typed).params for opt in param.opts}
    assert {word for word in typed.split() if word.startswith("--")} <= flags


def test_the_page_is_what_the_command_prints() -> None:
    written = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert written == page(), "run: bst permissions --markdown > docs/permissions.md"
