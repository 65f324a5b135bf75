"""The `files` source of a charter."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.model import Sent
from domain.values import Path, Query, Span


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
