"""A lock that the kernel takes back when its holder dies, however it dies.

A file with a process id in it goes stale; an flock does not. It belongs to the open file, so a child process
that inherits the descriptor holds it on after its parent was killed: that is how an orphaned server is found.
POSIX only.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

# Seconds between two tries; asking costs microseconds.
_POLL_S: Final = 0.02


def take(path: Path, *, wait_s: float = 0.0) -> int | None:
    """The descriptor that holds the lock of `path`, or None if somebody else held it for all of `wait_s` s.

    Close the descriptor to let go. It is not inherited by child processes unless it is passed to them.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    give_up = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                os.close(descriptor)
                return None
            time.sleep(_POLL_S)
        else:
            return descriptor


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock of `path`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask at the same time do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def write_pid(descriptor: int, pid: int) -> None:
    """Note in the lock's file who holds it; the note counts only while the lock is held."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(pid).encode(), 0)


def read_pid(path: Path) -> int | None:
    """The process noted in the lock's file, or None if none is noted."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdecimal() else None
