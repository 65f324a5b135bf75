"""A real MariaDB for the tests: a container where a Docker engine answers, else Debian's server as a process.

Debian's package `mariadb-server-core` has the programs alone: no service is set up, and nothing is
started but by the tests. One server per test process; it is there in two seconds.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pymysql
import pytest
from sqlalchemy import URL, create_engine

from tests.containers import LOOPBACK, available, running
from tests.postgres import PATIENCE_SECONDS, hand_over, unprivileged

# The same major version as Debian's, so that both ways test the same database.
IMAGE = "mariadb:10.11"
# What makes an empty folder a database. `mariadb-install-db` feeds the same, and needs the client's package.
_SCRIPTS = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
_SMALL = ("--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M")


@contextmanager
def mariadb_server() -> Iterator[URL]:
    """Give the address of a running server, its user being one that may do everything; stop it afterwards."""
    with _container() if available(IMAGE) else local_mariadb() as url:
        yield url


@contextmanager
def fresh_mariadb(server: URL) -> Iterator[str]:
    """Give the address of an empty database of its own, password included; drop it afterwards."""
    name = f"test_{secrets.token_hex(8)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"create database {name}")
        yield server.set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.exec_driver_sql(f"drop database {name}")
    finally:
        admin.dispose()


@contextmanager
def _container() -> Iterator[URL]:
    from testcontainers.community.mysql import MySqlContainer

    password = secrets.token_hex(12)
    with running(MySqlContainer(IMAGE, username="root", password=password), 3306) as port:
        yield URL.create("mysql+pymysql", "root", password, LOOPBACK, port)


@contextmanager
def local_mariadb() -> Iterator[URL]:
    """Run Debian's server on a socket in a folder of its own."""
    program = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("no MariaDB: install Debian's mariadb-server-core, or start a Docker engine")
    folder = Path(tempfile.mkdtemp(prefix="maria", dir="/tmp"))  # a socket's path has at most 107 bytes
    try:
        (folder / "data").mkdir()
        hand_over(folder)
        _prepare(program, folder)
        with _running(program, folder):
            yield _answering(folder)
    finally:
        shutil.rmtree(folder)


def _prepare(program: str, folder: Path) -> None:
    texts = Path("/usr/share/mysql")
    script = "create database mysql;\nuse mysql;\n" + "".join((texts / name).read_text() for name in _SCRIPTS)
    subprocess.run(
        [program, "--no-defaults", "--bootstrap", f"--datadir={folder / 'data'}", *_SMALL],
        input=script.encode(),
        check=True,
        cwd=folder,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        **unprivileged(),
    )


@contextmanager
def _running(program: str, folder: Path) -> Iterator[None]:
    settings = (
        f"--datadir={folder / 'data'}",
        f"--socket={folder / 'socket'}",
        "--skip-networking",
        "--skip-name-resolve",
        "--innodb-flush-log-at-trx-commit=0",  # the tests kill clients, not the machine
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, "--no-defaults", *settings, *_SMALL],
            cwd=folder,
            stdout=log,
            stderr=log,
            **unprivileged(),
        )
    try:
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_SECONDS)


def _answering(folder: Path) -> URL:
    """Wait for the first answer, make a user with a password, and return the address."""
    deadline, password = time.monotonic() + PATIENCE_SECONDS, secrets.token_hex(12)
    while not _listens(folder / "socket"):
        if time.monotonic() > deadline:
            raise RuntimeError(f"MariaDB did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.02)
    with closing(pymysql.connect(unix_socket=str(folder / "socket"), user="root")) as connection:
        connection.cursor().execute(f"create user tester@'%' identified by '{password}'")
        connection.cursor().execute("grant all on *.* to tester@'%' with grant option")
    place = {"unix_socket": str(folder / "socket")}
    return URL.create("mysql+pymysql", "tester", password, query=place)


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
