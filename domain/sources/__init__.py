"""Where a metric's numbers come from, as a charter says it: one model per kind of source.

files.py  rows from files, by one SQL query over them
manual.py what members count and record themselves
sql.py    rows from a database, by one SQL query
"""

from typing import Annotated

from pydantic import Field

from domain.sources.files import FilesSource
from domain.sources.manual import ManualSource
from domain.sources.sql import SqlSource

__all__ = ["FilesSource", "ManualSource", "Source", "SqlSource"]

Source = Annotated[FilesSource | ManualSource | SqlSource, Field(discriminator="kind")]
