"""The `sql` source of a charter."""

from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import Field

from domain.model import Sent
from domain.values import Query, Span, Url


class SqlSource(Sent):
    """Rows from a database (SQLite, DuckDB, PostgreSQL, MySQL or MariaDB), by one SQL query.

    The query returns columns `period` (a date or time in the period) and
    `value`, or `period`, `numerator` and `denominator`.
    """

    # What of it needs which module, and how that is installed.
    NEEDS: ClassVar = (
        ("PostgreSQL", "psycopg", "business-service-teams[postgres]"),
        ("MySQL or MariaDB", "pymysql", "business-service-teams[mysql]"),
    )

    kind: Literal["sql"] = Field(description="`sql` for this kind of source.")
    url: Url = Field(
        description="SQLAlchemy URL; ${NAME} is filled in by the worker, so that no password stands here. "
        "`sqlite:///` and `duckdb:///` are followed by a path relative to the worker's data folder.",
        examples=["sqlite:///orders.db", "postgresql+psycopg://reader:${CLAIMS_PASSWORD}@db/claims"],
    )
    query: Query = Field(
        description="Columns period, value or period, numerator, denominator. `:since` and `:until` are the "
        "first moment wanted and the first not wanted any more, `:period` the cadence's word for date_trunc: "
        "`hour`, `day`, `week` or `month`.",
        examples=["select week as period, late as numerator, sent as denominator from orders"],
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")
