"""What several folders of tests share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from tests.postgres import fresh_database, postgres_server


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
