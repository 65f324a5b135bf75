"""The `files` source of a charter."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.model import Sent
from domain.values import Name, Path, Query, Span


class FilesSource(Sent):
    """Rows from CSV, TSV, Parquet, JSON-lines or Excel files, by one SQL query over them.

    The files are the table `data`. The query returns columns `period` (a date
    or time in the period) and `value`, or `period`, `numerator` and `denominator`.
    """

    kind: Literal["files"] = Field(description="`files` for this kind of source.")
    path: Path = Field(
        description="A file or a glob, relative to the worker's data folder; an absolute one where the "
        "worker allows its folder.",
        examples=["claims.csv", "claims/*.parquet"],
    )
    sheet: Name | None = Field(
        default=None,
        description="The sheet of an Excel workbook; the first, if not given.",
        examples=["Weeks"],
    )
    query: Query = Field(
        default="select * from data",
        description="SQL over the table `data`; columns period, value or period, numerator, denominator.",
        examples=["select week as period, days as value from data"],
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")
