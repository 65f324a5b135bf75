"""What several folders of tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.mariadb import fresh_mariadb, mariadb_server
from tests.no_skips import pytest_make_collect_report, pytest_runtest_makereport
from tests.postgres import fresh_database, postgres_server

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[URL]:
    """The `postgres` database of a real server, started when first asked for."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server_url: URL) -> Iterator[str]:
    """`postgresql+psycopg://...` with its password: one database of this test process."""
    with fresh_database(postgres_server_url) as url:
        yield url


@pytest.fixture
def fresh_postgres_url(postgres_server_url: URL) -> Iterator[str]:
    """`postgresql+psycopg://...` with its password: an empty database for this test alone."""
    with fresh_database(postgres_server_url) as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_server_url() -> Iterator[URL]:
    """A real server without a database chosen, started when first asked for."""
    with mariadb_server() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_url(mariadb_server_url: URL) -> Iterator[str]:
    """`mysql+pymysql://...` with its password: one database of this test process."""
    with fresh_mariadb(mariadb_server_url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a journal that is not there yet, once in each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kept/journal.db"
    url: str = request.getfixturevalue("fresh_postgres_url")
    return url
