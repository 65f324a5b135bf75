"""Where a metric's numbers come from, as a charter says it: one model per kind of source.

files.py      rows from files, by one SQL query over them
sql.py        rows from a database, by one SQL query
event_log.py  the events of cases, on top of `files` and `sql`
manual.py     what members count and record themselves
plugin.py     numbers that an installed plugin gets
inside.py     what the lint looks at in a source, whatever kind it is of
"""

from typing import Annotated

from pydantic import Field

from domain.sources.event_log import EventLogSource
from domain.sources.files import FilesSource
from domain.sources.manual import ManualSource
from domain.sources.plugin import PluginSource
from domain.sources.sql import SqlSource

__all__ = ["EventLogSource", "FilesSource", "ManualSource", "PluginSource", "Source", "SqlSource"]

Source = Annotated[
    FilesSource | SqlSource | EventLogSource | ManualSource | PluginSource, Field(discriminator="kind")
]
