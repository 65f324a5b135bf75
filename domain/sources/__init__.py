"""Where a metric's numbers come from, as a charter says it: one model per kind of source.

files.py       rows from files, by one SQL query over them
sql.py         rows from a database, by one SQL query
event_log.py   the events of cases, on top of `files` and `sql`
http.py        rows from a web server's answer, JSON or CSV
prometheus.py  one series from Prometheus and its kin, by PromQL
web.py         what the sources that ask a web server share
jira.py        issues of Jira
servicenow.py  records of ServiceNow
github.py      pull requests, issues and deployments of GitHub
gitlab.py      merge requests, issues and deployments of GitLab
items.py       what the last four have in common
manual.py      what members count and record themselves
plugin.py      numbers that an installed plugin gets
inside.py      the words that tell where numbers come from, whatever kind of source it is
"""

from typing import Annotated

from pydantic import Field

from domain.sources.event_log import EventLogSource
from domain.sources.files import FilesSource
from domain.sources.github import GithubSource
from domain.sources.gitlab import GitlabSource
from domain.sources.http import HttpSource
from domain.sources.jira import JiraSource
from domain.sources.manual import ManualSource
from domain.sources.plugin import PluginSource
from domain.sources.prometheus import PrometheusSource
from domain.sources.servicenow import ServiceNowSource
from domain.sources.sql import SqlSource

__all__ = [
    "EventLogSource",
    "FilesSource",
    "GithubSource",
    "GitlabSource",
    "HttpSource",
    "JiraSource",
    "ManualSource",
    "PluginSource",
    "PrometheusSource",
    "ServiceNowSource",
    "Source",
    "SqlSource",
]

Source = Annotated[
    FilesSource
    | SqlSource
    | EventLogSource
    | HttpSource
    | PrometheusSource
    | JiraSource
    | ServiceNowSource
    | GithubSource
    | GitlabSource
    | ManualSource
    | PluginSource,
    Field(discriminator="kind"),
]
