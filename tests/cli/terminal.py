"""A terminal for a program under test: what it writes, colours and all, and keys pressed into it."""

import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl

from tests.cli.place import BST, Place


class Terminal:
    """One program in a terminal of its own."""

    def __init__(self, program: "subprocess.Popen[bytes]", screen: int) -> None:
        self.program = program
        self.written = ""
        self._screen = screen

    def until(self, words: str, seconds: float = 30.0) -> str:
        """Read on until the words have been written; return everything written so far."""
        give_up = time.monotonic() + seconds
        while words not in self.written:
            assert time.monotonic() < give_up, f"{words!r} was not written, but: {self.written}"
            self._read()
        return self.written

    def press(self, keys: str) -> None:
        """Type into the program."""
        os.write(self._screen, keys.encode())

    def ended(self, seconds: float = 30.0) -> int:
        """Read to the end, and return the exit code."""
        give_up = time.monotonic() + seconds
        while self.program.poll() is None:
            assert time.monotonic() < give_up, f"still running: {self.written}"
            self._read()
        while self._read():
            pass
        return self.program.returncode

    def _read(self) -> bool:
        if not select.select([self._screen], [], [], 0.05)[0]:
            return False
        try:
            got = os.read(self._screen, 65536)
        except OSError:  # so Linux says that the other side is closed
            return False
        self.written += got.decode(errors="replace")
        return bool(got)


@contextmanager
def in_terminal(place: Place, *arguments: str, columns: int = 80, **variables: str) -> Iterator[Terminal]:
    """Run `bst` in a terminal of so many columns; it is killed if it outlives the block."""
    screen, line = pty.openpty()
    ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    program = subprocess.Popen(
        [BST, *arguments],
        cwd=place.folder,
        env=place.environment | {"TERM": "xterm-256color"} | variables,
        stdin=line,
        stdout=line,
        stderr=line,
        start_new_session=True,
        preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - makes Ctrl-C a signal
    )
    os.close(line)
    try:
        yield Terminal(program, screen)
    finally:
        if program.poll() is None:
            program.send_signal(signal.SIGKILL)
        program.wait()
        os.close(screen)
