"""Where a metric's numbers come from, as a charter says it: one model per kind of source."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.model import Sent
from domain.values import Path, Query, Span, Url


class FilesSource(Sent):
    """Rows from CSV, Parquet or JSON-lines files, by one SQL query over them.

    The files are the table `data`. The query returns columns `period` (a date
    or time in the period) and `value`, or `period`, `numerator` and `denominator`.
    """

    kind: Literal["files"] = Field(description="`files` for this kind of source.")
    path: Path = Field(
        description="A file or a glob, relative to the worker's data folder.",
        examples=["claims.csv", "claims/*.parquet"],
    )
    query: Query = Field(
        default="select * from data",
        description="SQL over the table `data`; columns period, value or period, numerator, denominator.",
        examples=["select week as period, days as value from data"],
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")


class SqlSource(Sent):
    """Rows from a database, by one SQL query, through SQLAlchemy (SQLite or PostgreSQL).

    The query returns columns `period` (a date or time in the period) and
    `value`, or `period`, `numerator` and `denominator`.
    """

    kind: Literal["sql"] = Field(description="`sql` for this kind of source.")
    url: Url = Field(
        description="SQLAlchemy URL; ${NAME} is filled in by the worker, so that no password stands here.",
        examples=["sqlite:///orders.db", "postgresql+psycopg://reader:${CLAIMS_PASSWORD}@db/claims"],
    )
    query: Query = Field(
        description="Columns period, value or period, numerator, denominator; may use :since, :until.",
        examples=["select week as period, late as numerator, sent as denominator from orders"],
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")


Source = Annotated[FilesSource | SqlSource, Field(discriminator="kind")]
