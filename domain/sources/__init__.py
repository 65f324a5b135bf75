"""Where a metric's numbers come from, as a charter says it: one model per kind of source.

files.py       rows from files, by one SQL query over them
sql.py         rows from a database, by one SQL query
http.py        rows from a web server's answer, JSON or CSV
prometheus.py  one series from Prometheus and its kin, by PromQL
web.py         what the sources that ask a web server share
"""

from typing import Annotated

from pydantic import Field

from domain.sources.files import FilesSource
from domain.sources.http import HttpSource
from domain.sources.prometheus import PrometheusSource
from domain.sources.sql import SqlSource

__all__ = ["FilesSource", "HttpSource", "PrometheusSource", "Source", "SqlSource"]

Source = Annotated[FilesSource | SqlSource | HttpSource | PrometheusSource, Field(discriminator="kind")]
