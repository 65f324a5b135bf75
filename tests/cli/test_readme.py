"""The commands of the README and of Getting started are run, in order, on a real server, as a reader would.

In a document, a block of `sh` holds commands, and the block of `text` after it lines that they print. A
comment says what is unusual: `# ends with 2`, or `until Ctrl-C` for what keeps running. What `make` does is
not run again.
"""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bst.dev_server import running_server
from tests.cli.place import ROOT, bare_environment
from tests.programs import until

DOCUMENTS = ("README.md", "docs/getting-started.md")
PROGRAMS = Path(sys.executable).parent
# Seconds. What a journey does by itself, such as its next measurement, is done within one on an idle machine.
PATIENCE_S = 30.0
# What may be asked again while a journey is still at it: it changes nothing when it is refused.
REPEATABLE = re.compile(r"bst (status|list|events|consent|object)\b")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str) -> list[tuple[str, str]]:
    """Return the code blocks of a document: language and text."""
    return BLOCK.findall((ROOT / document).read_text(encoding="utf-8"))


def commands(block: str) -> list[str]:
    """Return the lines of a block of commands, those that go on joined."""
    return [line for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def squeezed(text: str) -> str:
    return " ".join(text.split())


class Reader:
    """Somebody who follows a document in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT / "examples", folder / "examples")
        (folder / ".venv").symlink_to(sys.prefix)
        self.folder, self.home = folder, folder / ".bst"
        self.home.mkdir()
        environment = bare_environment(self.home)
        self.environment = environment | {"PATH": f"{PROGRAMS}:{environment['PATH']}"}
        self.ending = ExitStack()

    def follow(self, language: str, block: str) -> str:
        """Do what a block says, and return all that was printed."""
        if language == "python":
            return self._done(f"python - <<'END'\n{block}\nEND", 0)
        return "".join(self._line(line) for line in commands(block))

    def again(self, block: str) -> str:
        """Look again at what a block looks at."""
        looks = [line for line in commands(block) if re.match(r"bst (status|list|events)\b", line)]
        return "".join(self._line(line) for line in looks)

    def _line(self, line: str) -> str:
        if line.startswith("make "):
            target = line.split()[1]
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), line
            return ""
        if "until Ctrl-C" in line or line == "bst up":
            return self._kept(line)
        code = int(found[1]) if (found := re.search(r"# .*ends with (\d)$", line)) else 0
        return self._done(line, code)

    def _done(self, line: str, code: int) -> str:
        give_up = time.monotonic() + PATIENCE_S
        while True:
            ran = subprocess.run(
                ["bash", "-c", line],
                cwd=self.folder,
                env=self._surroundings(line),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            if ran.returncode == code or not REPEATABLE.match(line) or time.monotonic() > give_up:
                assert ran.returncode == code, f"{line}\n{ran.stdout}{ran.stderr}"
                return ran.stdout + ran.stderr

    def _surroundings(self, line: str) -> dict[str, str]:
        """Temporal's own command looks at port 7233, which may be somebody else's where tests run."""
        server = running_server(self.home) if line.startswith("temporal ") else None
        return self.environment | ({} if server is None else {"TEMPORAL_ADDRESS": server.address})

    def _kept(self, line: str) -> str:
        """Start what runs until Ctrl-C; `bst up` goes on until the document ends."""
        name = line.split()[1]
        printed = self.folder / f"{name}.txt"
        if name == "up":
            self.ending.enter_context(self._running(line, printed, "task queue", 0))
        else:
            with self._running(line, printed, "gate of", 130):
                pass
        return printed.read_text()

    @contextmanager
    def _running(self, line: str, printed: Path, ready: str, code: int) -> Iterator[None]:
        with printed.open("wb") as file:
            program = subprocess.Popen(
                ["bash", "-c", f"exec {line}"],
                cwd=self.folder,
                env=self.environment,
                stdout=file,
                stderr=file,
            )
        try:
            until(lambda: ready in printed.read_text() or program.poll() is not None, PATIENCE_S * 2)
            yield
            program.send_signal(signal.SIGINT)
            assert program.wait(60) == code, printed.read_text()
        finally:
            if program.poll() is None:
                program.kill()
                program.wait()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    with reader.ending:
        yield reader


@pytest.mark.timeout(300)  # seconds: some forty programs, one after the other
@pytest.mark.parametrize("document", DOCUMENTS)
def test_its_commands_do_what_it_says(reader: Reader, document: str) -> None:
    before, said, promised = "", "", 0
    for language, block in blocks(document):
        if language in {"sh", "python"}:
            before, said = block, reader.follow(language, block)
        elif language == "text":
            for line in block.splitlines():
                give_up = time.monotonic() + PATIENCE_S
                while squeezed(line) not in squeezed(said) and time.monotonic() < give_up:
                    said += reader.again(before)
                    time.sleep(0.2)
                assert squeezed(line) in squeezed(said), f"{line!r} was not printed by\n{before}\n{said}"
                promised += 1
    assert promised
    reader.ending.close()
    assert "Stopped. Nothing is lost" in (reader.folder / "up.txt").read_text()


def test_the_readme_shows_the_charter_that_it_names() -> None:
    shown = [block for language, block in blocks("README.md") if language == "yaml"]
    file = (ROOT / "examples" / "claims" / "charter.yaml").read_text(encoding="utf-8")
    assert shown == ["".join(line for line in file.splitlines(keepends=True) if line[0] != "#")]


def test_every_command_is_in_the_readers_path() -> None:
    for document in DOCUMENTS:
        lines = [line for language, block in blocks(document) if language == "sh" for line in commands(block)]
        assert {"bst up", "bst start", "bst confirm", "bst status", "bst watch", "bst consent"} <= {
            " ".join(line.split()[:2]) for line in lines
        }
        assert any(line.startswith("temporal workflow signal") for line in lines)
