"""The embedded Temporal server: a process of our own, with its state in a file, that a restart goes on from.

In its folder (`.bst`) are `temporal.db` (the state), `server.log`, `server.json` (where it is reached),
`up.lock` (held by the one program that looks after the server) and `server.lock` (held by the server itself,
through a descriptor it inherits, so it tells the truth even when the program that started it was killed).

A server that survived its program is stopped, not adopted, at the next start: then the server that runs is
always the binary with the flags that this version wants. Nothing is lost by it: the state is in the file.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from bst import dev_server_flags, file_lock
from bst.dev_server_address import Server, free_port, note, read_note
from bst.dev_server_health import is_healthy
from domain.errors import DidNotHold, ServerUnreachable

# Seconds. A start takes 1 to 2; a laptop that is busy with other things may need ten times that.
START_TIMEOUT_S: Final = 40.0
# Seconds between asking, and then being killed. A stop takes 1.
STOP_TIMEOUT_S: Final = 10.0
# Tries. A port that was free may be taken before the server binds it; twice in a row is bad luck.
_START_TRIES: Final = 3
# Bytes of log after which a start puts the old log aside (one is kept).
_LOG_LIMIT_BYTES: Final = 10_000_000
_LOG_LINES_SHOWN: Final = 8


def running_server(home: Path) -> Server | None:
    """Where the embedded server of `home` is reached, or None if none is running."""
    lock = home / "server.lock"
    server = read_note(home / "server.json")
    # The note of an earlier server does not count for one that is still starting.
    if server is None or server.pid != file_lock.read_pid(lock) or not file_lock.is_held(lock):
        return None
    return server


def stop_orphan(home: Path) -> None:
    """Stop a server of `home` whose program was killed: it holds the database, and nobody looks after it.

    Call it with the folder's `up.lock` held, or known to be held by nobody.

    Raises:
        ServerUnreachable: it does not even end when it is killed.
    """
    lock = home / "server.lock"
    for ask in (signal.SIGTERM, signal.SIGKILL):
        if not file_lock.is_held(lock):
            return
        if pid := file_lock.read_pid(lock):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, ask)
        if (descriptor := file_lock.take(lock, wait_s=STOP_TIMEOUT_S)) is not None:
            os.close(descriptor)
            return
    raise ServerUnreachable(f"An earlier run's server in {home} does not stop: end it by hand.")


class DevServer:
    """One embedded server, with `start` and `stop` or as a context manager; it can be started again."""

    def __init__(
        self,
        home: Path,
        temporal: Path,
        *,
        namespace: str = "default",
        in_memory: bool = False,
        time_skipping: bool = False,
        ports: tuple[int, int] | None = (7233, 8233),
    ) -> None:
        """Prepare; nothing is started yet.

        Args:
            home: folder of the server's files; made when it is missing.
            temporal: the Temporal CLI (see `temporal_binary.find_temporal`).
            namespace: made at the start, beside `default`.
            in_memory: keep no state in a file: for tests and rehearsals.
            time_skipping: let clients fast-forward single workflows.
            ports: of the server and of its UI, used when they are free. Those of the last run in `home` come
                first, so that links stay good; without any, free ones are taken.
        """
        self._home = home.absolute()
        self._temporal = temporal
        self._flags = dev_server_flags.flags(
            None if in_memory else self._home / "temporal.db",
            namespace=namespace,
            time_skipping=time_skipping,
        )
        self._namespace = namespace
        self._ports = ports
        self._guard: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Server:
        """Start the server and wait until it serves; the state of an earlier run is there again.

        Raises:
            DidNotHold: another program looks after a server in this folder.
            ServerUnreachable: the server did not start; the message has the last lines of its log.
        """
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._close_to_others()
        self._take_guard()
        try:
            stop_orphan(self._home)
            for _ in range(_START_TRIES - 1):
                with contextlib.suppress(_PortTaken):
                    return self._start_once()
            return self._start_once()
        except BaseException:
            self.stop()
            raise

    def terminate(self) -> None:
        """Ask the server to end, and do not wait for it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Stop the server, and wait until its files are closed; does nothing if there is none."""
        if self._process is not None:
            self.terminate()
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._guard is not None:
            os.close(self._guard)
            self._guard = None

    @property
    def exit_code(self) -> int | None:
        """How the server ended (negative: by this signal), or None while it runs or was never started."""
        return None if self._process is None else self._process.poll()

    def _close_to_others(self) -> None:
        """Leave an earlier server's files to their owner alone: sealed answers are in them in clear."""
        for file in (*self._home.glob("temporal.db*"), *self._home.glob("server.log*")):
            file.chmod(0o600)

    def _take_guard(self) -> None:
        if self._guard is not None:
            return
        lock = self._home / "up.lock"
        self._guard = file_lock.take(lock)
        if self._guard is None:
            server = running_server(self._home)
            where = f", UI at {server.ui}" if server else ""
            raise DidNotHold(
                f"A server already runs in {self._home} (process {file_lock.read_pid(lock)}{where}): "
                "use that one, or stop it first (Ctrl-C where it was started)."
            )
        file_lock.write_pid(self._guard, os.getpid())

    def _start_once(self) -> Server:
        last = read_note(self._home / "server.json")
        wished = [last.ports if last else None, self._ports]
        port = free_port([ports[0] for ports in wished if ports])
        ui_port = free_port([ports[1] for ports in wished if ports], taken=(port,))
        http_port = free_port([], taken=(port, ui_port))
        log = self._home / "server.log"
        if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        log_start = log.stat().st_size if log.exists() else 0
        self._process = self._spawn(log, port, ui_port, http_port)
        started = time.monotonic()
        while not is_healthy(port, ui_port, http_port, self._namespace):
            reason = self._gave_up(started)
            if reason:
                self._refuse(reason, _tail(log, log_start))
            time.sleep(0.05)
        server = Server.here(port, ui_port, self._process.pid)
        note(self._home / "server.json", server)
        return server

    def _spawn(self, log: Path, port: int, ui_port: int, http_port: int) -> subprocess.Popen[bytes]:
        lock = file_lock.take(self._home / "server.lock", wait_s=1.0)
        if lock is None:
            raise ServerUnreachable(
                f"{self._home / 'server.lock'} is held by another process: end it by hand."
            )
        ports = ("--port", str(port), "--ui-port", str(ui_port), "--http-port", str(http_port))
        try:
            with log.open("ab") as output:
                log.chmod(0o600)
                process = subprocess.Popen(  # noqa: S603 (find_temporal chose the program)
                    [self._temporal.absolute(), *self._flags, *ports],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=dev_server_flags.environment(os.environ),
                    # Ctrl-C in the terminal is for the worker; the server ends when that is done.
                    start_new_session=True,
                    pass_fds=(lock,),
                    umask=0o077,
                )
            file_lock.write_pid(lock, process.pid)
        except OSError as error:
            raise ServerUnreachable(f"{self._temporal} cannot be started: {error}.") from error
        finally:
            os.close(lock)  # from here on, the lock is held exactly as long as the server lives
        return process

    def _gave_up(self, started: float) -> str:
        code = self.exit_code
        if code is not None:
            return f"ended while starting (code {code})"
        if time.monotonic() - started > START_TIMEOUT_S:
            return f"did not serve within {START_TIMEOUT_S:.0f} s"
        return ""

    def _refuse(self, reason: str, lines: str) -> None:
        if "address already in use" in lines:
            raise _PortTaken(f"The Temporal server found its port taken. Its log ends with:\n{lines}")
        raise ServerUnreachable(f"The Temporal server {reason}. Its log ends with:\n{lines}")


class _PortTaken(ServerUnreachable):
    """Somebody took a port between our look at it and the server's bind."""


def _tail(log: Path, start: int) -> str:
    """The last lines that were written to `log` after byte `start`."""
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read()[-20_000:].decode(errors="replace").splitlines()
    return "\n".join(lines[-_LOG_LINES_SHOWN:]) or "(nothing)"
